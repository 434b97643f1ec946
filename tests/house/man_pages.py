#!/usr/bin/env python3
"""man_pages.py TOOL...: man pages tell all options of --help, each with its choices and short name, and no others."""
import re
import sys

import house
from help_text import Tool


def sections(page):
    """The lines of each .Sh section."""
    found = {}
    for line in page.splitlines():
        if line.startswith(".Sh "):
            lines = found.setdefault(line[4:].strip(), [])
        elif found:
            lines.append(line)
    return found


def option_items(lines):
    """The text below each ".It Fl ..." of OPTIONS: {("-g", "--group-by"): text}."""
    items = {}
    current = None
    for line in lines:
        if line.startswith(".It Fl"):
            current = tuple("-" + name.replace("\\", "") for name in re.findall(r"Fl ([\w\\-]+)", line))
            items[current] = line + "\n"
        elif line.startswith((".El", ".Ss")):
            current = None
        elif current:
            items[current] += line + "\n"
    return items


def faults_of(tool):
    page = sections(house.read("man/%s.1" % tool.name))
    items = option_items(page["OPTIONS"])
    described = {name for names in items for name in names}
    for name in sorted(tool.names() - described):
        yield "%s is not among the OPTIONS" % name
    for name in sorted(described - tool.names()):
        yield "%s is told, but is no option" % name

    synopsis = "\n".join(page["SYNOPSIS"])
    for option in tool.options:
        letters = "".join(re.findall(r"Fl (\w+(?: \| \w)*)", synopsis))
        told = option.short[1] in letters if option.short else option.name.replace("--", "Fl \\-") in synopsis
        if not told:
            yield "%s is not in the SYNOPSIS" % option.name
        text = items.get(tuple(option.names()), "")
        if option.value and "Ar " + option.value.split("[")[0] not in text.partition("\n")[0]:
            yield "%s: its value is %s" % (option.name, option.value)
        words = set(re.findall(r"[\w-]+", " ".join(re.findall(r"^\.(?:Cm|Pq Cm) (.*)$", text, re.MULTILINE))))
        for choice in set(option.choices) - words:
            yield "%s: %s is not told" % (option.name, choice)


def main():
    faults = []
    for tool in map(Tool, sys.argv[1:]):
        faults += tool.faults_in_help()
        faults += ["man/%s.1: %s" % (tool.name, fault) for fault in faults_of(tool)]
    house.conclude(faults)


main()
