#!/usr/bin/env python3
"""Keeps the tail short: a file over 400 lines, a function over 60, a public header over 150 or a tool over 130 is a
request for a new room. limits.txt lists the exceptions, each with its reason; one that is not needed is a fault too.
"""
import ast
import os
import re

import house

FOLDERS = ("libsnapshot", "formats", "apps", "tests", "samples")
FUNCTION_LIMIT = 60


def file_limit(path):
    if re.match(r"libsnapshot/include/", path):
        return 150
    return 130 if re.match(r"apps/[^/]+\.cpp$", path) else 400


# A definition ends its first lines with "{" at the indent of its closing "}": .clang-format makes sure of that.
OPENING = re.compile(r"^( *)(?!namespace|class|struct|enum|union|extern|else|[}#/]| *//)(\S.*\{)$")
NAME = re.compile(r"([\w:~]+)\s*\(")


def cpp_functions(lines):
    """(name, length) of all that have a body of several lines, at namespace or class level."""
    for number, line in enumerate(lines):
        match = OPENING.match(line)
        if not match or len(match.group(1)) > 2:
            continue
        indent = match.group(1)
        start = number
        while start > 0 and "(" not in lines[start] and lines[start].strip():
            start -= 1
        name = NAME.search(lines[start])
        end = next((at for at in range(number + 1, len(lines)) if lines[at].startswith(indent + "}")), number)
        if name and name.group(1) != "TEST_SUITE":  # a namespace to doctest
            yield name.group(1), end - start + 1


def python_functions(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name, node.end_lineno - node.lineno + 1


def read_exceptions():
    exceptions = {}
    for line in house.read("tests/house/limits.txt").splitlines():
        if line and not line.startswith("#"):
            what, _, reason = line.partition(": ")
            exceptions[what] = reason.strip()
    return exceptions


def long_things():
    for path in house.files(*FOLDERS, ends=(".h", ".cpp", ".py", ".sh")):
        text = house.read(path)
        lines = text.splitlines()
        if len(lines) > file_limit(path):
            yield path, "%d lines, more than %d" % (len(lines), file_limit(path))
        if path.endswith(".sh"):
            continue
        for name, length in python_functions(text) if path.endswith(".py") else cpp_functions(lines):
            if length > FUNCTION_LIMIT:
                yield path + " " + name, "%d lines, more than %d" % (length, FUNCTION_LIMIT)


def main():
    exceptions = read_exceptions()
    found = dict(long_things())
    faults = [what + ": " + why for what, why in found.items() if not exceptions.get(what)]
    faults += ["limits.txt: no exception is needed for " + what for what in exceptions if what not in found]
    if not any(True for _ in cpp_functions(house.read("apps/tmtop.cpp").splitlines())):
        faults.append("no function was found in apps/tmtop.cpp: the check is blind")
    house.conclude(faults)


main()
