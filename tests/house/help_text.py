"""The options of a tool, as its --help and its own errors tell them.

Man pages and completions are compared with these.
"""
import os
import re

import house


class Option:
    def __init__(self, short, name, value, text):
        self.short = short  # "-g", or None
        self.name = name  # "--group-by"
        self.value = value  # "KEY", or None
        self.text = text
        self.choices = []

    def names(self):
        return [name for name in (self.short, self.name) if name]


LINE = re.compile(r"  (?:(-\w), |    )(--[\w-]+)(?: (\S+))?(?:\s+(.*))?$")
CHOICES = re.compile(r"is not one of (.*)")


class Tool:
    def __init__(self, path):
        self.name = os.path.basename(path)
        self.options = []
        for line in house.output(path, "--help").split("Options:")[1].splitlines():
            if LINE.match(line):
                self.options.append(Option(*LINE.match(line).groups()))
            elif line.strip():
                self.options[-1].text = ((self.options[-1].text or "") + " " + line.strip()).strip()
        for option in self.options:
            # Of a value that cannot be the tool says which can. Two files are enough arguments for any tool.
            said = house.output(path, option.name, "?", os.devnull, os.devnull) if option.value else ""
            refused = CHOICES.search(said)
            option.choices = refused.group(1).split(", ") if refused else []

    def names(self):
        return {name for option in self.options for name in option.names()}

    def faults_in_help(self):
        if not any(option.choices for option in self.options):
            yield "%s: no option says what its choices are: the check is blind" % self.name
        for option in self.options:
            for choice in option.choices:
                # A format that a tool recognises by itself need not be told in one line of help.
                if option.name != "--input-format" and not re.search(r"\b%s\b" % re.escape(choice), option.text):
                    yield "%s --help: %s does not tell of %s" % (self.name, option.name, choice)
