"""What guest.py checks. Each check yields what is wrong."""
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time

import guest_programs
from recording import Fault, blocks_of, function_name, the_snapshot

CLEAN = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
PLANTED = [1000 + i for i in range(10)]
RECORDERS_LINE = re.compile(rb"tmrecord: [^\n]*\n")


def plain(command, **how):
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
                          timeout=300, **how)


def short(data):
    text = data.decode(errors="replace")
    return repr(text if len(text) < 200 else text[:200] + "...")


def is_planted(block):
    return block.size in PLANTED and "plant" in map(function_name, block.frames)


def faults_of_planted(snapshot, wanted=tuple(PLANTED)):
    found = sorted(block.size for block in blocks_of(snapshot) if is_planted(block))
    if found != sorted(wanted):
        yield "the planted blocks recorded are %r, not %r" % (found, list(wanted))


def faults_of_sameness(recorded, expected):
    """The same status and output; on stderr one line more, at the end."""
    if recorded.status != expected.returncode:
        yield "status %d, not %d; stderr: %s" % (recorded.status, expected.returncode, short(recorded.stderr))
    if recorded.stdout != expected.stdout:
        yield "stdout is %s, not %s" % (short(recorded.stdout), short(expected.stdout))
    rest = recorded.stderr[len(expected.stderr):]
    if not recorded.stderr.startswith(expected.stderr) or not RECORDERS_LINE.fullmatch(rest):
        yield "stderr is %s, not that of the program, %s, and one line of tmrecord" % (short(recorded.stderr),
                                                                                      short(expected.stderr))


def programs(world):
    """Debian's programs print the same and end the same."""
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        for command in guest_programs.commands(folder):
            count += 1
            expected = plain(command, env=CLEAN, cwd=folder)
            recorded = world.tools.record(command, env=CLEAN, cwd=folder)
            faults = list(faults_of_sameness(recorded, expected))
            if len(recorded.snapshots) != 1:
                faults.append("%d snapshots" % len(recorded.snapshots))
            yield from ("%s: %s" % (" ".join(command)[:70], fault) for fault in faults)
    if count < guest_programs.FEWEST:
        yield "only %d programs are installed" % count
    print("    %d programs" % count)


def true(world):
    """/bin/true, again and again."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "true.tms")
        for number in range(world.options.count):
            result = plain(world.tools.command(path, ["/bin/true"]))
            if result.returncode != 0 or not RECORDERS_LINE.fullmatch(result.stderr) or not os.path.exists(path):
                yield "run %d: status %d, stderr %s, snapshot %s" % (number, result.returncode, short(result.stderr),
                                                                    os.path.exists(path))
            elif number % 100 == 0:
                world.tools.read(path)
            if os.path.exists(path):
                os.remove(path)


def deaths(world):
    """However a program dies, its snapshot is there, and its parent sees that death."""
    for how in ("segv", "abort", "kill", "term", "fpe", "_exit", "quick_exit", "exit", "return"):
        command = [world.sample("crashing"), how]
        recorded = world.tools.record(command)
        faults = [*faults_of_sameness(recorded, plain(command)), *faults_of_planted(the_snapshot(recorded))]
        yield from ("%s: %s" % (how, fault) for fault in faults)


def awkward(world):
    """Programs that close, leave, drop or forget what a recorder may want."""
    root = os.geteuid() == 0
    for how, needs_root in (("close", False), ("chdir", False), ("environ", False), ("vfork", False), ("limit", False),
                            ("nobody", True), ("chroot", True)):
        if needs_root and not root:
            print("SKIPPED: awkward %s needs root" % how)
            continue
        with tempfile.TemporaryDirectory() as folder:
            # The program may remove the folder that it is given.
            gone = os.path.join(folder, "gone")
            os.mkdir(gone)
            recorded = world.tools.record([world.program("awkward"), how, gone])
        if (recorded.status, recorded.stdout) != (0, b"planted\n"):
            yield "%s: status %d, stdout %s, stderr %s" % (how, recorded.status, short(recorded.stdout),
                                                          short(recorded.stderr))
        # One of the ten was freed and allocated anew elsewhere.
        yield from ("%s: %s" % (how, fault) for fault in faults_of_planted(the_snapshot(recorded), PLANTED[1:]))


def stress(world):
    """Threads, forks, signals, dlopen and exceptions at once."""
    for seed in range(1, 1 + world.options.seeds):
        command = [world.program("stress"), str(world.options.rounds), str(seed), world.program("libplugin.so")]
        yield from ("seed %d: %s" % (seed, fault)
                    for fault in faults_of_sameness(world.tools.record(command), plain(command)))


def forks(world):
    """A parent's snapshot does not have what its children do; theirs have what they inherited and did."""
    recorded = world.tools.record([world.sample("forking")], ["--follow-fork"], name="%p.%P.%n.tms")
    seen = sorted(tuple(sum(block.size == size for block in blocks_of(snapshot)) for size in (1000, 2000))
                  for snapshot in recorded.snapshots)
    if seen != [(5, 1), (5, 2), (5, 3), (10, 0)]:
        yield "blocks of 1000 and 2000 bytes in the snapshots are %r; stderr: %s" % (seen, short(recorded.stderr))
    alone = the_snapshot(world.tools.record([world.sample("forking")]))
    if sum(block.size == 1000 for block in blocks_of(alone)) != 10:
        yield "children change what is recorded of their parent"


def child_of(pid):
    with open("/proc/%d/task/%d/children" % (pid, pid), encoding="ascii") as file:
        return file.read().split()[0]


def recorder_killed(world):
    """tmrecord dies: the program goes on, and its snapshot can be had afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        command = world.tools.command(os.path.join(folder, "a.tms"), [world.program("awkward"), "wait"])
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            ready = process.stdout.readline()
            pid = child_of(process.pid)
            process.send_signal(signal.SIGKILL)
            time.sleep(0.2)
            process.stdin.close()  # then the program plants ten more, and ends
            said = process.stdout.read()
        if (ready, said) != (b"ready\n", b"planted\n"):
            yield "the program did not go on: stdout %s, %s" % (short(ready), short(said))
        recovered = os.path.join(folder, "recovered.tms")
        result = plain([world.tools.path("tmrecord"), "--recover", "-o", recovered, pid])
        if result.returncode != 0 or not os.path.exists(recovered):
            yield "--recover: status %d, stderr %s" % (result.returncode, short(result.stderr))
            return
        yield from faults_of_planted(world.tools.read(recovered), PLANTED[1:] + PLANTED)


def two_recorders(world):
    """One under the other: the inner one records, and the program does not mind."""
    with open(world.tools.path("tmrecord"), "rb") as file:
        if b"libasan.so" in file.read():
            print("SKIPPED: AddressSanitizer, with which tmrecord is built, lets nothing be preloaded before it")
            return
    with tempfile.TemporaryDirectory() as folder:
        inner = world.tools.command(os.path.join(folder, "inner.tms"), [world.sample("crashing"), "exit"])
        recorded = world.tools.record(inner, folder=folder, name="outer.tms")
        if (recorded.status, recorded.stdout) != (7, b"planted\n"):
            yield "status %d, stdout %s, stderr %s" % (recorded.status, short(recorded.stdout), short(recorded.stderr))
        path = os.path.join(folder, "inner.tms")
        if not os.path.exists(path):
            yield "no snapshot of the inner one; stderr: %s" % short(recorded.stderr)
        else:
            yield from faults_of_planted(world.tools.read(path))


def faults_of_rescue(world, stderr, folder):
    """tmrecord says how to have the snapshot all the same; that works."""
    said = re.search(rb"tmrecord --recover (\S+)", stderr)
    path = os.path.join(folder, "rescued.tms")
    if not said or not re.fullmatch(rb"(tmrecord: [^\n]*\n)+", stderr):
        yield "stderr does not say how to recover: %s" % short(stderr)
        return
    result = plain([world.tools.path("tmrecord"), "--recover", "-o", path, os.fsdecode(said.group(1))])
    if result.returncode != 0 or not os.path.exists(path):
        yield "--recover: status %d, stderr %s" % (result.returncode, short(result.stderr))
        return
    yield from faults_of_planted(world.tools.read(path))
    os.remove(path)


def no_room(world):
    """Where the snapshot cannot be written, the program runs all the same, and its snapshot can be had elsewhere."""
    with tempfile.TemporaryDirectory() as folder:
        places = {"target gone": os.path.join(folder, "gone", "a.tms")}
        disk = os.path.join(folder, "disk")
        os.mkdir(disk)
        mounted = os.geteuid() == 0 and plain(["mount", "-t", "tmpfs", "-o", "size=4k", "none", disk]).returncode == 0
        if mounted:
            places["disk full"] = os.path.join(disk, "a.tms")
            with open(os.path.join(disk, "all"), "wb") as file:
                file.write(bytes(4096))
        else:
            print("SKIPPED: disk full needs root")
        try:
            for name, path in places.items():
                result = plain(world.tools.command(path, [world.sample("crashing"), "exit"]))
                if (result.returncode, result.stdout) != (7, b"planted\n"):
                    yield "%s: status %d, stdout %s" % (name, result.returncode, short(result.stdout))
                if os.path.exists(path):
                    yield "%s: something was written" % name
                yield from ("%s: %s" % (name, fault) for fault in faults_of_rescue(world, result.stderr, folder))
        finally:
            if mounted:
                plain(["umount", disk])


def refused(world):
    """setuid and static programs, and what is no program, are refused with one line."""
    with tempfile.TemporaryDirectory() as folder:
        own = os.path.join(folder, "setuid")
        shutil.copy("/bin/true", own)
        os.chmod(own, 0o4755)
        text = os.path.join(folder, "text")
        with open(text, "w", encoding="ascii") as file:
            file.write("no program\n")
        wanted = {"static": world.program("static_program"), "missing": os.path.join(folder, "missing"), "text": text}
        if os.geteuid() != 0:
            print("SKIPPED: a program that is setuid to root needs root")
        else:
            os.chown(own, 65534, 65534)  # to another user than the one that runs it
            os.chmod(own, 0o4755)
            os.chmod(folder, 0o755)
            wanted["setuid"] = own
        for name, program in wanted.items():
            result = plain(world.tools.command(os.path.join(folder, "a.tms"), [program]))
            if result.returncode not in (2, 126, 127) or not RECORDERS_LINE.fullmatch(result.stderr) or result.stdout:
                yield "%s: status %d, stdout %s, stderr %s" % (name, result.returncode, short(result.stdout),
                                                              short(result.stderr))
            if os.path.exists(os.path.join(folder, "a.tms")):
                yield "%s: a snapshot was written" % name


ALL = {check.__name__: check for check in (programs, true, deaths, awkward, stress, forks, recorder_killed, two_recorders,
                                           no_room, refused)}


def run(check, world):
    try:
        return list(check(world))
    except (Fault, subprocess.TimeoutExpired) as fault:
        return [str(fault)]
