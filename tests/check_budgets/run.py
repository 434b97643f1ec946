#!/usr/bin/env python3
"""budget.schema.json and tmcheck take and refuse the same budgets.

    run.py --tmcheck PROGRAM --schema budget.schema.json --samples samples

A table of budgets, the sample, and thousands that are made of the sample by putting other values and keys into it. What
is refused has status 2, nothing on stdout, and one line that names the file and what is wrong in it.
"""
import argparse
import copy
import json
import os
import random
import subprocess
import sys
import tempfile

from validate import Schema

RULE = {"measure": "growth", "limit": 1}


def of(**changes):
    """A budget of one rule; None takes a key away."""
    rule = {key: value for key, value in dict(RULE, **changes).items() if value is not None}
    return {"version": 1, "rules": [rule]}


GOOD = [
    of(), of(limit=0), of(limit="1MiB"), of(limit="1.5k"), of(limit=".5K"), of(limit="7 B"), of(limit=2.0),
    of(limit=2**62), of(quantity="count", limit=10), of(quantity="average", limit="1K"),
    of(measure="percent", limit=2.5), of(measure="percent", limit=10, quantity="count"), of(measure="absolute"),
    of(scope="total"), of(scope="site"), of(scope="new-site", measure="absolute"), of(scope={"glob": "*"}),
    of(scope={"directory": "/srv"}), of(scope={"domain": 0}), of(scope={"domain": "malloc"}), of(min_growth="8K"),
    of(require="count"), of(severity="warn"), of(name="a"), dict(of(), min_growth=5), dict(of(), require="count"),
    dict(of(), **{"$schema": "x"}),
]
BAD = [
    [], 3, "text", None, {}, {"version": 1}, {"rules": [RULE]}, {"version": 2, "rules": [RULE]},
    {"version": "1", "rules": [RULE]}, {"version": True, "rules": [RULE]}, {"version": 1, "rules": []},
    {"version": 1, "rules": RULE}, {"version": 1, "rules": [3]}, dict(of(), limits=3), dict(of(), min_growth=-1),
    dict(of(), min_growth="lots"), dict(of(), require="size"), dict(of(), **{"$schema": 3}),
    of(limt=1), of(limit=None), of(measure=None), of(measure="relative"), of(measure=["growth"]), of(limit=-1),
    of(limit=1.5), of(limit=True), of(limit=None, measure="percent"), of(limit="lots"), of(limit=""), of(limit="1 KK"),
    of(limit="-1"), of(limit="inf"), of(limit=2**63), of(limit=1e300), of(limit=[1]), of(limit={"size": 1}),
    of(quantity="count", limit="1K"), of(quantity="count", limit=0.5), of(quantity="bytes"), of(quantity=1),
    of(measure="percent", limit="10"), of(measure="percent", limit=-0.5), of(measure="percent", limit="10%"),
    of(scope="sites"), of(scope=0), of(scope={}), of(scope={"glob": ""}), of(scope={"glob": 3}),
    of(scope={"glob": "a", "domain": 1}), of(scope={"file": "a"}), of(scope={"domain": -1}), of(scope={"domain": 0.5}),
    of(scope={"domain": 2**32}), of(scope={"domain": ""}), of(scope={"directory": ["a"]}), of(scope="new-site"),
    of(scope="new-site", measure="percent"), of(measure="absolute", min_growth=1),
    of(measure="absolute", require="count"), of(severity="error"), of(severity=1), of(name=""), of(name=3),
    of(require=True), of(min_growth=0.5),
]

# Of text: (what, how the message goes on behind the name of the file).
NO_JSON = [
    ("", "line 1, column 1: is not JSON: it ends too early"),
    ("{", "line 1, column 2: is not JSON: it ends too early"),
    ('{"version": 1,\n "rules": [],}', "line 2, column 14: is not JSON"),
    ('{"version": NaN}', "line 1, column 13: is not JSON"),
    ('{"version": Infinity}', "line 1, column 13: is not JSON"),
    ('{"version": 1e999}', "is not JSON as it is read here: number overflow"),
    ('{"version": 1, "version": 1}', "the key 'version' stands twice in an object"),
    ("[" * 100000, "is nested more than 8 deep"),
    ("// a comment\n{}", "line 1, column 1: is not JSON"),
    ('{"version": 1} {}', "line 1, column 16: is not JSON"),
    ("\0", "line 1, column 1: is not JSON"),
]

VALUES = [0, 1, -1, 0.5, 2**63, "", "1K", "count", "site", "new-site", "percent", "absolute", [], {}, None, True,
          {"glob": "*"}, {"domain": 7}, {"domain": "x"}]
KEYS = ["name", "scope", "quantity", "measure", "limit", "min_growth", "require", "severity", "version", "rules", "x"]


def changed(budget, source):
    """The budget with one or two values, in any of its objects, replaced, added or taken away."""
    budget = copy.deepcopy(budget)
    for _ in range(source.randint(1, 2)):
        target = source.choice([budget] + [rule for rule in budget.get("rules") or [] if isinstance(rule, dict)]
                               if isinstance(budget.get("rules"), list) else [budget])
        key = source.choice(KEYS)
        if source.random() < 0.25:
            target.pop(key, None)
        else:
            target[key] = copy.deepcopy(source.choice(VALUES))
    return budget


def has_twin_names(budget):
    """What no schema can say."""
    names = [rule.get("name") for rule in budget["rules"] if "name" in rule]
    return len(names) != len(set(names))


class Tool:
    def __init__(self, tmcheck, samples, folder):
        self.path = os.path.join(folder, "budget.json")
        snapshots = os.path.join(samples, "snapshots")
        self.command = [tmcheck, "--baseline", os.path.join(snapshots, "leak-0.pickle"), "--budget", self.path,
                        os.path.join(snapshots, "leak-1.pickle")]

    def refusal(self, text):
        """What is said of a text that is refused, without the name of the file; else None."""
        with open(self.path, "w", encoding="utf-8") as file:
            file.write(text)
        done = subprocess.run(self.command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
                              universal_newlines=True)
        if done.returncode in (0, 1) and not done.stderr and done.stdout:
            return None
        start = "tmcheck: %s: " % self.path
        if done.returncode != 2 or done.stdout or done.stderr.count("\n") != 1 or not done.stderr.startswith(start):
            raise RuntimeError("%s: status %d, %r, %r" % (text[:200], done.returncode, done.stdout, done.stderr))
        return done.stderr[len(start):-1]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name in "--tmcheck", "--schema", "--samples":
        parser.add_argument(name, required=True)
    parser.add_argument("--seeds", type=int, default=400)
    options = parser.parse_args()
    with open(options.schema, encoding="utf-8") as file:
        schema = Schema(json.load(file))
    with open(os.path.join(options.samples, "budget.json"), encoding="utf-8") as file:
        sample = json.load(file)
    made = [changed(sample, random.Random(seed)) for seed in range(options.seeds)]
    faults = []
    refused = 0
    with tempfile.TemporaryDirectory() as folder:
        tool = Tool(options.tmcheck, options.samples, folder)
        table = [(budget, True) for budget in GOOD + [sample]] + [(budget, False) for budget in BAD]
        for budget, good in table + [(budget, None) for budget in made]:
            valid, said = schema.accepts(budget), tool.refusal(json.dumps(budget))
            if good is not None and valid != good:
                faults.append("the schema %s %s" % ("takes" if valid else "refuses", json.dumps(budget)))
            if valid != (said is None) and not (valid and has_twin_names(budget)):
                faults.append("the schema %s and tmcheck says %s: %s" % (
                    "takes" if valid else "refuses", said, json.dumps(budget)))
            refused += good is None and said is not None
        for text, wanted in NO_JSON:
            said = tool.refusal(text)
            if said is None or not said.startswith(wanted):
                faults.append("%r: %s, not %s" % (text[:80], said, wanted))
        twins = {"version": 1, "rules": [dict(RULE, name="a"), dict(RULE, name="a")]}
        if tool.refusal(json.dumps(twins)) is None:
            faults.append("two rules of one name are taken")
    if not options.seeds // 5 < refused < options.seeds:
        faults.append("%d of %d made budgets were refused: the test is blind" % (refused, options.seeds))
    print("%d budgets, %d of %d made ones refused, %d faults" % (
        len(GOOD) + len(BAD) + len(NO_JSON) + len(made), refused, len(made), len(faults)))
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
