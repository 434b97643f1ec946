#!/usr/bin/env python3
"""Judges that the recorder is a good guest: programs do the same with it as without, whatever they do.

    python3 tests/recorder/guest.py [CHECK...] --tools build/dev/apps --programs build/dev/tests/recorder \\
        --samples build/dev/samples [--count 10000] [--rounds 3000] [--seeds 5]

--list names the checks. Status 1 when anything is wrong, 77 without tmrecord.
"""
import argparse
import os

import guest_checks
from recording import Tools, conclude


class World:
    """What is at hand."""

    def __init__(self, options):
        self.options = options
        self.tools = Tools(options.tools)

    def program(self, name):
        return os.path.join(os.path.abspath(self.options.programs), name)

    def sample(self, name):
        return os.path.join(os.path.abspath(self.options.samples), name)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split(":", maxsplit=1)[0])
    parser.add_argument("check", nargs="*", help="what to try (default: all)")
    parser.add_argument("--list", action="store_true", help="name the checks")
    parser.add_argument("--tools", default="build/dev/apps", help="the directory of tmrecord and tmconvert")
    parser.add_argument("--programs", default="build/dev/tests/recorder", help="the directory of stress and others")
    parser.add_argument("--samples", default="build/dev/samples", help="the directory of the sample programs")
    parser.add_argument("--count", type=int, default=200, help="runs of /bin/true (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=200, help="of each thread of stress (default: %(default)s)")
    parser.add_argument("--seeds", type=int, default=2, help="of stress (default: %(default)s)")
    options = parser.parse_args()
    if options.list:
        for name, check in guest_checks.ALL.items():
            print("%-16s %s" % (name, check.__doc__))
        return
    unknown = set(options.check) - set(guest_checks.ALL)
    if unknown:
        parser.error("no such check: " + ", ".join(sorted(unknown)))
    world = World(options)
    faults = []
    for name in options.check or guest_checks.ALL:
        found = guest_checks.run(guest_checks.ALL[name], world)
        print("%s: %s" % (name, "%d faults" % len(found) if found else "ok"), flush=True)
        faults += ["%s: %s" % (name, fault) for fault in found]
    conclude(faults)


if __name__ == "__main__":
    main()
