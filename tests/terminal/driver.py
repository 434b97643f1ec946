#!/usr/bin/env python3
"""Runs tools in the terminals of tmux, as tools.py lists them, and checks what a person there gets.

    python3 tests/terminal/driver.py --tools build/dev/apps tmtop...

UPDATE=1 in the environment records in screens/ what is shown. Status 1 when anything is wrong, 77 without tmux or less.
"""
import argparse
import shutil
import sys
import tempfile

import checks
from terminal import Fault, Server
from tools import TOOLS


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tools", required=True, metavar="FOLDER")
    parser.add_argument("--only", help="one check")
    parser.add_argument("tool", nargs="+", choices=sorted(TOOLS))
    options = parser.parse_args()
    for program in "tmux", "less":
        if shutil.which(program) is None:
            print("SKIPPED: %s is not installed" % program)
            return 77
    faults = 0
    with tempfile.TemporaryDirectory(prefix="terminal-") as folder:
        server = Server(options.tools, folder)
        try:
            for name in options.tool:
                for check in checks.ALL:
                    if options.only in (None, check.__name__):
                        faults += not passes(check, server, name)
        finally:
            server.stop()
    return 1 if faults else 0


def passes(check, server, name):
    try:
        check(server, name, TOOLS[name])
    except Fault as fault:
        print("FAILED: %s: %s\n%s" % (name, check.__doc__, fault))
        return False
    print("ok: %s: %s" % (name, check.__doc__))
    return True


if __name__ == "__main__":
    sys.exit(main())
