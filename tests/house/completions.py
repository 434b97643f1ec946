#!/usr/bin/env python3
"""completions.py SHELL TOOL...: asks the shell itself what it would complete, and compares that with --help."""
import os
import re
import shutil
import sys
import tempfile

import house
from help_text import Tool

FOLDER = os.path.join(house.ROOT, "apps", "completions")


class Bash:
    source = os.path.join(FOLDER, "tmtools.bash")

    def ask(self, tool, *words):
        typed = (tool,) + words
        script = """source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
                    _tmtools "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
                    printf '%s\\n' "${COMPREPLY[@]}" """
        return set(house.output("bash", "-c", script, self.source, *typed).split())

    def options(self, tool):
        return self.ask(tool, "-")

    def values(self, tool, name):
        spaced = self.ask(tool, name, "")
        return spaced if not name.startswith("--") else spaced & self.ask(tool, name, "=", "")


class Zsh:
    """Completion needs a terminal there: what it hands to _arguments is read instead."""
    source = os.path.join(FOLDER, "_tmtools")

    def specs(self, tool):
        script = "_arguments() { print -rl -- $@ }; run() { source $1 }; service=$1; run $0"
        return house.output("zsh", "-fc", script, self.source, tool).splitlines()

    def named(self, tool):
        """(option, the rest of its specification)"""
        for spec in self.specs(tool):
            match = re.match(r"(?:\([^)]*\)|\*)?(--?\w[\w-]*)[+=]?(\[.*)$", spec)
            if match:
                yield match.groups()

    def options(self, tool):
        return {name for name, _ in self.named(tool)}

    def values(self, tool, name):
        rest = dict(self.named(tool)).get(name, "")
        match = re.search(r":\(([^)]*)\)$", rest)
        return set(match.group(1).split()) if match else set()


class Fish:
    source = os.path.join(FOLDER, "tmtools.fish")

    def ask(self, tool, typed):
        with tempfile.TemporaryDirectory() as folder:  # which holds no file to complete
            path = os.path.join(folder, tool + ".fish")
            shutil.copy(self.source, path)
            script = "source %s; mkdir %s/empty; cd %s/empty; complete -C '%s %s'" % (path, folder, folder, tool, typed)
            return {line.split("\t")[0] for line in house.output("fish", "--no-config", "-c", script).splitlines()}

    def options(self, tool):
        return self.ask(tool, "-")

    def values(self, tool, name):
        return self.ask(tool, name + " ")


def faults_of(shell, tool):
    offered = shell.options(tool.name)
    for name in sorted(tool.names() - offered):
        yield "does not offer " + name
    for name in sorted(offered - tool.names()):
        yield "offers %s, which is no option" % name
    for option in tool.options:
        for name in option.names():
            if option.choices and shell.values(tool.name, name) != set(option.choices):
                yield "%s: offers %s, not %s" % (name, sorted(shell.values(tool.name, name)), sorted(option.choices))


def main():
    name, *tools = sys.argv[1:]
    house.need(name)
    shell = {"bash": Bash, "zsh": Zsh, "fish": Fish}[name]()
    faults = house.output(name, "-n", shell.source).splitlines()
    for tool in map(Tool, tools):
        faults += ["%s: %s: %s" % (name, tool.name, fault) for fault in faults_of(shell, tool)]
    house.conclude(faults)


main()
