#!/usr/bin/env python3
"""Judges that the recorder is a good guest in CPython: programs do the same with it as without, whatever they do.

    python3 tests/python/guest.py [CHECK...] --tools build/dev/apps --package build/dev/libsnapshot/python \\
        [--rounds 1000] [--suites test_json test_asyncio test_threading test_gc]

--list names the checks. --suites: of CPython's own tests, run under tmrecord.
"""
import os
import re
import subprocess
import tempfile

import pythons
from recording import Fault, blocks_of, the_snapshot

FRAMES = "12"
GUESTS = os.path.join(pythons.PROGRAMS, "guests.py")
UNDER_MODULE = os.path.join(pythons.PROGRAMS, "under_module.py")
NAMES = ("threads", "coroutines", "generators", "exceptions", "uncaught", "recursion", "fork", "pool_fork", "pool_spawn",
         "subinterpreter", "daemons", "at_exit", "codes", "signals", "traced", "frames", "killed")
OF_MODULE = ("start_stop", "clear", "snapshots", "codes", "totals", "subinterpreter")


def short(data):
    text = data.decode(errors="replace")
    return repr(text if len(text) < 400 else "..." + text[-400:])


def faults_of_sameness(found, expected):
    for what in ("returncode", "stdout", "stderr"):
        one, other = getattr(found, what), getattr(expected, what)
        if one != other:
            yield "%s is %s, not %s" % (what, one if what == "returncode" else short(one),
                                        other if what == "returncode" else short(other))


def under_tmrecord(world, command, path, *options):
    return [world.tools.path("tmrecord"), "--quiet", "--frames", FRAMES, "-o", path, *options, "--", *command]


def programs(world, python):
    """Under tmrecord, with its processes and alone."""
    with tempfile.TemporaryDirectory() as folder:
        for name in NAMES:
            command = [python.path, GUESTS, name]
            expected = world.run(command)
            for options in ((), ("--follow-fork", "--native")):
                path = os.path.join(folder, "%p.%P.%n.tms" if options else "a.tms")
                found = world.run(under_tmrecord(world, command, path, *options))
                yield from ("%s: %s%s" % (name, "with its children: " if options else "", fault)
                            for fault in faults_of_sameness(found, expected))
            if not os.path.exists(os.path.join(folder, "a.tms")):
                yield "%s: no snapshot" % name
            for left in os.listdir(folder):
                os.remove(os.path.join(folder, left))


def in_process(world, python):
    """With tmrecorder started by the program itself."""
    for name in NAMES:
        found, expected = (world.run([python.path, UNDER_MODULE, frames, GUESTS, name]) for frames in (FRAMES, "0"))
        if expected.stderr and not found.stderr.startswith(b"Traceback"):
            yield from ("%s: %s" % (name, fault) for fault in faults_of_sameness(found, expected))
        elif (found.returncode, found.stdout) != (expected.returncode, expected.stdout):
            yield from ("%s: %s" % (name, fault) for fault in faults_of_sameness(found, expected))


def module(world, python):
    """Its functions at random moments, under threads; and where it must refuse."""
    for name in OF_MODULE:
        for stop in ("", "1"):
            found = world.run(["/usr/bin/env", "STOP=" + stop, python.path, os.path.join(pythons.PROGRAMS, "module_guests.py"),
                               name, str(world.options.rounds if stop else max(1, world.options.rounds // 5))])
            wanted = rb"[^\n]*subinterpreters[^\n]*\nok\n" if name == "subinterpreter" else rb"ok\n"
            if found.returncode != 0 or not re.fullmatch(wanted, found.stdout) or found.stderr:
                yield "%s: status %d; stdout %s; stderr %s" % (name, found.returncode, short(found.stdout), short(found.stderr))


def deaths(world, python):
    """However a program dies, what it held is in the snapshot."""
    for how in ("SIGKILL", "SIGTERM", "SIGSEGV", "SIGABRT", "_exit"):
        command = [python.path, os.path.join(pythons.PROGRAMS, "plant_and_die.py"), how]
        recorded = world.tools.record(command, ["--frames", FRAMES], env=world.environment())
        expected = world.run(command)
        if (recorded.status, recorded.stdout) not in ((expected.returncode, expected.stdout),
                                                      (128 - expected.returncode, expected.stdout)):
            yield "%s: status %d, not %d; stdout %s" % (how, recorded.status, expected.returncode, short(recorded.stdout))
        found = sorted(block.size for block in blocks_of(the_snapshot(recorded))
                       if any(frame.get("function", "").startswith("plant") for frame in block.frames[-2:])
                       and 1024 <= block.size < 1034)
        if found != [1024 + i for i in range(10)]:
            yield "%s: the planted blocks are %r" % (how, found)


def outcome_of_suite(result):
    """The last words of a run of tests, without its times."""
    text = (result.stdout + result.stderr).decode(errors="replace")
    found = re.findall(r"^(?:.* tests? (?:OK|failed|skipped|run).*|Result: .*|\s+test_\w+.*)$", text, re.MULTILINE)
    return result.returncode, [re.sub(r"[0-9.]+ (?:ms|sec|min)", "", line) for line in found if "run:" not in line]


def suites(world, python):
    """CPython's own tests."""
    for suite in world.options.suites:
        if world.run([python.path, "-c", "import test." + suite]).returncode != 0:
            raise pythons.Skipped("has no " + suite)
        with tempfile.TemporaryDirectory() as folder:
            command = [python.path, "-m", "test", suite]
            expected = world.run(command, timeout=1200, cwd=folder)
            found = world.run(under_tmrecord(world, command, os.path.join(folder, "a.tms")), timeout=1200, cwd=folder)
        wanted, told = outcome_of_suite(expected), outcome_of_suite(found)
        print("    %s: status %d: %s" % (suite, wanted[0], wanted[1][-1:]))
        if told != wanted:
            yield "%s: %r, not %r; the end: %s" % (suite, told, wanted, short(found.stdout + found.stderr))


ALL = {check.__name__: check for check in (programs, in_process, module, deaths, suites)}


def faults_of(world, python):
    checks = world.options.check or list(ALL)
    for name in checks:
        try:
            yield from ("%s: %s" % (name, fault) for fault in ALL[name](world, python))
        except pythons.Skipped as reason:
            if checks == [name]:
                raise
            print("SKIPPED: %s: %s: %s" % (name, python.path, reason))
        except (Fault, subprocess.TimeoutExpired) as fault:
            yield "%s: %s" % (name, fault)


def main():
    parser = pythons.parser_of(__doc__)
    parser.add_argument("check", nargs="*", help="what to try (default: all)")
    parser.add_argument("--list", action="store_true", help="name the checks")
    parser.add_argument("--rounds", type=int, default=300, help="of the module's checks (default: %(default)s)")
    parser.add_argument("--suites", nargs="*", default=["test_json"], help="of CPython's tests (default: test_json)")
    options = parser.parse_args()
    if options.list:
        for name, check in ALL.items():
            print("%-16s %s" % (name, check.__doc__))
        return
    unknown = set(options.check) - set(ALL)
    if unknown:
        parser.error("no such check: " + ", ".join(sorted(unknown)))
    pythons.judge(pythons.World(options), faults_of)


if __name__ == "__main__":
    main()
