"""What is done to a writer. Each check takes a World and returns what to say of it, or raises WriterFault."""
import collections
import ctypes
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time

from world import Skipped, read, require

SIGNAL_ROUNDS = 20


def interrupted(world, number, rounds):
    """Ends that many writers by the signal, each at a moment of its own. Returns how they were found."""
    found = collections.Counter()
    for attempt in range(4 * rounds):
        if found["killed"] == rounds:
            break
        process = world.start(world.next_input())
        time.sleep(world.random.uniform(0, world.duration))
        process.send_signal(number)
        errors = process.communicate()[1]
        found["killed" if process.returncode != 0 else "too late"] += 1
        now = world.require_whole()
        if now != world.current:
            found["new file"] += 1
        require(process.returncode != 0 or now != world.current, "it ended with status 0 and the old file: %s", errors)
        world.current = now
        found["litter"] += world.litter()
        if attempt % 10 == 9:
            world.clean()
    world.clean()
    require(found["killed"] == rounds, "only %d of %d writers were killed in time", found["killed"], rounds)
    return found


def told(found, name):
    return "%d writers ended by %s (%d more were done before it), %d files new, %d temporary files of the dead" % (
        found["killed"], name, found["too late"], found["new file"], found["litter"])


def kill(world):
    """kill -9 at random moments"""
    return told(interrupted(world, signal.SIGKILL, world.options.rounds), "SIGKILL")


def signals(world):
    """SIGTERM, SIGINT and SIGHUP at random moments"""
    return "\n    ".join(told(interrupted(world, number, SIGNAL_ROUNDS), number.name)
                         for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP))


def calls(world):
    """the process dies at each of its system calls in turn; and each fails in turn"""
    count, status = 0, -signal.SIGKILL
    while status != 0:
        require(status == -signal.SIGKILL and count < 3000, "killed at call %d, it ended with status %d", count, status)
        status, _ = world.run(world.next_input(), faults="kill=%d" % (count + 1))
        world.current = world.require_whole()
        world.litter()
        count += status != 0
    require(count >= 5, "only %d of its calls were seen", count)
    for call in range(1, count + 1):
        what = "when call %d fails" % call
        status, errors = world.run(world.next_input(), faults="fail=%d" % call)
        now = world.require_whole()
        require(world.litter() == 0, "%s, it leaves a temporary file", what)
        if status != 0:
            world.require_refused(status, errors, "Input/output error", what)
        else:
            require(now != world.current, "%s, it ends with status 0 and the old file", what)
        world.current = now
    world.clean()
    return "each of %d" % count


def size_limit(world):
    """the file grows past RLIMIT_FSIZE, with SIGXFSZ ignored and not"""
    most = min(map(len, world.expected)) // 2

    def limit(action):
        signal.signal(signal.SIGXFSZ, action)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    status, errors = world.run(world.next_input(), preexec_fn=lambda: limit(signal.SIG_IGN))
    world.require_refused(status, errors, "File too large", "with a limit")
    world.require_unchanged("with a limit")
    status, _ = world.run(world.next_input(), preexec_fn=lambda: limit(signal.SIG_DFL))
    require(status != 0, "it wrote past its limit")
    require(world.require_whole() == world.current, "SIGXFSZ: the old file is gone")
    world.clean()


def full_disk(world):
    """the disk is full: a small tmpfs, in a namespace of its own"""
    # For the larger file and half of the other, which is written then.
    small, large = sorted(range(2), key=lambda number: len(world.expected[number]))
    pages = [-(-len(whole) // 4096) for whole in world.expected]
    room = (pages[large] + pages[small] // 2) * 4096
    place = os.path.join(world.directory, "small")
    os.makedirs(place, exist_ok=True)
    mount = ["unshare", "-rm", "sh", "-c", 'mount -t tmpfs -o size=%d tmpfs "$0" && exec "$@"' % room, place]
    try:
        probe = subprocess.run(mount + ["true"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except OSError as error:
        raise Skipped(str(error))
    if probe.returncode != 0:
        raise Skipped("no tmpfs can be mounted here: " + probe.stdout.decode("utf-8", "replace").strip())
    options = world.options
    inner = [sys.executable, "-B", sys.argv[0], "on_full_disk", "--directory", place, "--name", options.name,
             "--seed", str(options.seed), "--inputs", world.inputs[large], world.inputs[small]]
    if options.no_tmpfile:
        inner += ["--no-tmpfile", "--faulty-calls", options.faulty_calls]
    inner += ["--writer"] + options.writer
    done = subprocess.run(mount + inner, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    text = done.stdout.decode("utf-8", "replace").strip()
    if done.returncode == 77:
        raise Skipped(text.splitlines()[-1])
    require(done.returncode == 0, "%s", text)
    return text.splitlines()[-1].partition(": ")[2]


def on_full_disk(world):
    """the directory's disk has room for one file and not for two"""
    free = os.statvfs(world.directory).f_bavail
    if len(world.expected[1 - world.current]) <= free * os.statvfs(world.directory).f_frsize:
        raise Skipped("the disk has room for another")
    for _ in range(3):
        status, errors = world.run(world.next_input())
        world.require_refused(status, errors, "No space left on device", "on a full disk")
        world.require_unchanged("on a full disk")
        require(os.statvfs(world.directory).f_bavail == free, "it kept some of the disk")
    os.unlink(world.target)
    world.clean()
    return "ok, with %d KiB free" % (free * os.statvfs(world.directory).f_frsize // 1024)


def not_almighty():
    """So that permissions bind root, too: without CAP_DAC_OVERRIDE in the program's bounding set."""
    ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)


def read_only(world):
    """the directory may not be written to, or the file"""
    for path, name in (os.path.dirname(world.target), "directory"), (world.target, "file"):
        mode = os.stat(path).st_mode & 0o777
        os.chmod(path, mode & 0o555)
        try:
            status, errors = world.run(world.next_input(), preexec_fn=not_almighty)
        finally:
            os.chmod(path, mode)
        world.require_refused(status, errors, "Permission denied", "a read-only " + name)
        world.require_unchanged("a read-only " + name)


class Halfway:
    """A writer that has been given half of its input."""

    def __init__(self, world, source, target):
        text = read(source)
        self.rest = text[len(text) // 2:]
        self.process = world.start("/dev/stdin", target, stdin=subprocess.PIPE)
        self.process.stdin.write(text[:len(text) // 2])
        self.process.stdin.flush()
        time.sleep(0.1)  # it may have opened the file now, or open it later: both must do

    def finish(self):
        errors = self.process.communicate(self.rest)[1]
        return self.process.returncode, errors.decode("utf-8", "replace")


def removed(world):
    """the directory is removed while the file is written"""
    target = world.new_directory("removed")
    writer = Halfway(world, world.inputs[0], target)
    shutil.rmtree(os.path.dirname(target))
    status, errors = writer.finish()
    world.require_refused(status, errors, "No such file or directory", "without its directory")
    require(not os.path.exists(os.path.dirname(target)), "it made the directory anew")


def at_once(world):
    """several write one file: each is whole, the last one wins, and none removes another's temporary file"""
    for first in range(2):
        writer = Halfway(world, world.inputs[first], world.target)
        world.write_whole(world.inputs[1 - first])
        require(world.require_whole() == 1 - first, "the second writer's file is not there")
        status, errors = writer.finish()
        require(status == 0, "a writer was disturbed by another: %s", errors)
        require(world.require_whole() == first, "the last writer did not win")
        require(world.litter() == 0, "two writers left a temporary file")
    for _ in range(10):
        writers = [world.start(world.inputs[number % 2]) for number in range(6)]
        for writer in writers:
            errors = writer.communicate()[1]
            require(writer.returncode == 0, "a writer was disturbed by another: %s", errors)
        world.require_whole()
        require(world.litter() == 0, "six writers left a temporary file")
    world.current = world.require_whole()


def link(world):
    """the target is a link, to a file and to nothing"""
    for name in "file", "nothing":
        target = world.new_directory("far-" + name)
        link_name = os.path.join(world.new_directory("near") + "-link" + os.path.splitext(target)[1])
        if name == "file":
            world.write_whole(world.inputs[0], target)
        os.symlink(target, link_name)
        world.write_whole(world.inputs[1], link_name)
        require(os.path.islink(link_name), "the link became a file")
        require(world.require_whole(target) == 1, "what the link names was not written")
        require(world.litter(target) == 0 and os.listdir(os.path.dirname(link_name)) == [os.path.basename(link_name)],
                "it left a temporary file")


def fifo(world):
    """the target is a FIFO"""
    target = world.new_directory("fifo")
    os.mkfifo(target)
    texts = []
    reader = threading.Thread(target=lambda: texts.append(read(target)), daemon=True)
    reader.start()
    world.write_whole(world.inputs[0], target)
    reader.join(10)
    require(texts == [world.expected[0]], "the reader did not get the file")
    require(os.listdir(os.path.dirname(target)) == [os.path.basename(target)], "there is more than the FIFO")


ALL = {check.__name__: check
       for check in (kill, signals, calls, size_limit, full_disk, read_only, removed, at_once, link, fifo)}
ON_DEMAND = {"on_full_disk": on_full_disk}
