#!/usr/bin/env python3
"""Reads the reports that print_reports makes with strict readers of each format, and holds them against the JSON report,
which report.schema.json and the unit tests judge. Then damages reports, which the readers must notice.

    run.py --print-reports PROGRAM --schema report.schema.json [--seeds N]
"""
import argparse
import copy
import os
import random
import subprocess
import sys
import tempfile

import junit
import others
import sarif
import schema
from strict import Fault, read_json

READERS = {
    "text": others.check_text,
    "markdown": others.check_markdown,
    "step-summary": others.check_markdown,
    "github": others.check_github,
    "gitlab": others.check_gitlab,
    "junit": junit.check,
    "sarif": sarif.check,
    "benchmark": others.check_benchmark,
}


def read(folder, name):
    with open(os.path.join(folder, name), "rb") as file:
        return file.read()


def is_refused(check, *arguments):
    try:
        check(*arguments)
    except (Fault, KeyError, TypeError, AttributeError, ValueError, SyntaxError, IndexError):
        return True
    return False


def members(value):
    """Every object of a document and the names of its members."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield value, name
            yield from members(item)
    elif isinstance(value, list):
        for item in value:
            yield from members(item)


def damaged(document, chance):
    """A copy with a member that has another type, or an unknown one."""
    result = copy.deepcopy(document)
    owner, name = chance.choice(list(members(result)))
    if chance.random() < 0.5:
        owner["another"] = owner[name]
    else:
        owner[name] = 1.5 if isinstance(owner[name], str) else "text"
    return result


def check_schema_notices(validator, document, faults):
    """A validator that takes everything would prove nothing."""
    chance = random.Random(1)
    for _ in range(300):
        if not is_refused(validator.check, damaged(document, chance)):
            faults.append("the schema takes a damaged report")
    for owner, name in list(members(copy.deepcopy(document))):
        missing = copy.deepcopy(owner)
        del missing[name]
    for name in document:
        missing = {other: item for other, item in document.items() if other != name}
        if not is_refused(validator.check, missing):
            faults.append("the schema takes a report without " + name)


def check_readers_notice(folder, report, faults):
    """Nor would readers that do."""
    changes = {
        "sarif": [(b'"level": "error"', b'"level": "none"'), (b'"startLine": 19', b'"startLine": 0'),
                  (b'"baselineState": "new", ', b""), (b'"kind": "external"', b'"kind": "other"'),
                  (b'"uriBaseId": "%SRCROOT%"', b'"uriBaseId": "SRC"'), (b'"ruleIndex": 1', b'"ruleIndex": 0')],
        "junit": [(b"</failure>", b""), (b'failures="1"', b'failures="0"'), (b"<system-out>", b"<system-out>\x01"),
                  (b'classname="tmcheck"', b'class="tmcheck"')],
        "gitlab": [(b'"begin": 19', b'"begin": 0'), (b'"major"', b'"error"'), (b'"path": "', b'"path": "./')],
        "benchmark": [(b'"value": 5000', b'"value": "5000"'), (b'"unit"', b'"units"')],
        "github": [(b"%25", b"%"), (b"::error file", b"::error  f:ile"), (b"line=19", b"line=20")],
        "markdown": [(b"<code>", b"<code>|"), (b"<!-- tmcheck -->", b"<!-- x -->"), (b"</details>", b"")],
        "text": [(b"tmcheck: fail", b"tmcheck: pass"), (b"    at ", b"    ")],
    }
    for kind, pairs in changes.items():
        data = read(folder, "plain." + kind)
        for old, new in pairs:
            if old not in data:
                faults.append("%s: the report has no %r" % (kind, old))
            elif not is_refused(READERS[kind], data.replace(old, new, 1), report):
                faults.append("%s: nobody notices %r in place of %r" % (kind, new, old))


def check_all(folder, validator, faults):
    names = sorted(name[:-len(".json")] for name in os.listdir(folder) if name.endswith(".json"))
    for name in names:
        try:
            report = read_json(read(folder, name + ".json"))
            validator.check(report)
        except Fault as fault:
            faults.append("%s.json: %s" % (name, fault))
            continue
        for kind, check in READERS.items():
            try:
                check(read(folder, name + "." + kind), report)
            except (Fault, ValueError, SyntaxError) as fault:
                faults.append("%s.%s: %s" % (name, kind, fault))
    return len(names)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--print-reports", required=True)
    parser.add_argument("--schema", required=True)
    parser.add_argument("--seeds", type=int, default=400)
    options = parser.parse_args()
    with open(options.schema, "rb") as file:
        validator = schema.Validator(read_json(file.read()))
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([options.print_reports, folder, str(options.seeds)], check=True)
        seen = check_all(folder, validator, faults)
        if seen != options.seeds + 4:
            faults.append("%d reports, not %d" % (seen, options.seeds + 4))
        report = read_json(read(folder, "plain.json"))
        check_schema_notices(validator, report, faults)
        check_readers_notice(folder, report, faults)
    for fault in faults[:20]:
        print(fault.encode("utf-8", "backslashreplace").decode())
    print("%d reports of each of %d kinds, %d faults" % (seen, len(READERS) + 1, len(faults)))
    sys.exit(1 if faults else 0)


main()
