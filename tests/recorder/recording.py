"""What the judges of the recorder share: programs run under tmrecord, and what their snapshots say, as tmconvert tells it."""
import collections
import glob
import json
import os
import subprocess
import sys
import tempfile

SKIPPED = 77  # ctest's SKIP_RETURN_CODE

# frames: oldest first, each a dict of "function", "module", "filename", "lineno" where known. thread: the system's id.
Block = collections.namedtuple("Block", "address size thread domain frames")
Run = collections.namedtuple("Run", "status stdout stderr snapshots")


class Fault(Exception):
    """What a recorder did is not what it must do."""


class Tools:
    def __init__(self, directory):
        self.directory = os.path.abspath(directory)
        missing = [name for name in ("tmrecord", "tmconvert") if not os.access(self.path(name), os.X_OK)]
        if missing:
            print("SKIPPED: no %s in %s" % (" and ".join(missing), self.directory))
            sys.exit(SKIPPED)

    def path(self, name):
        return os.path.join(self.directory, name)

    def command(self, pattern, command, options=()):
        return [self.path("tmrecord"), "-o", pattern, *options, "--", *command]

    def record(self, command, options=(), name="snapshot.tms", folder=None, timeout=300, wrap=(), **how):
        """Runs the command; its snapshots go into a new folder and are read before that is removed.

        `how` is for subprocess.run. `name` may have tmrecord's placeholders. `wrap` comes before tmrecord.
        """
        with tempfile.TemporaryDirectory() as own:
            folder = folder or own
            result = subprocess.run([*wrap, *self.command(os.path.join(folder, name), command, options)],
                                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                    timeout=timeout, check=False, **how)
            paths = sorted(glob.glob(os.path.join(glob.escape(folder), "*.tms")))
            return Run(result.returncode, result.stdout, result.stderr, [self.read(path) for path in paths])

    def read(self, path):
        result = subprocess.run([self.path("tmconvert"), "-q", "--symbolize", "--to", "json", path, "-"], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, check=False)
        if result.returncode != 0:
            raise Fault("tmconvert %s: status %d: %s" % (path, result.returncode, result.stderr.decode().strip()))
        return json.loads(result.stdout)


def the_snapshot(run):
    """The only one that a run left."""
    if len(run.snapshots) != 1:
        raise Fault("%d snapshots, not 1; status %d; stderr: %s"
                    % (len(run.snapshots), run.status, run.stderr.decode(errors="replace").strip()))
    return run.snapshots[0]


def blocks_of(snapshot):
    """All blocks, each by itself; address and thread are None where they are not known."""
    threads = [thread["id"] for thread in snapshot["info"].get("threads", [])]
    for total in snapshot["totals"]:
        for trace in total["traces"]:
            address = int(trace["address"], 16) if "address" in trace else None
            thread = threads[trace["thread"]] if "thread" in trace else None
            for _ in range(trace["count"]):
                yield Block(address, trace["size"], thread, total["domain"], total["traceback"])


def function_name(frame):
    """Without the parameters and qualifiers of C++: what C would call it."""
    return frame.get("function", "?").split("(")[0].split("::")[-1]


def functions_in(frames, program):
    """Names of those frames that are the program's own, oldest first. Frames of libraries are left out."""
    return [function_name(frame) for frame in frames if is_in(frame, program)]


def is_in(frame, program):
    return os.path.realpath(frame.get("module", "")) == os.path.realpath(program)


def conclude(faults, most=30):
    """Prints faults, and ends with the status that says whether there were any."""
    for fault in faults[:most]:
        print("FAIL: " + fault)
    if len(faults) > most:
        print("FAIL: and %d more" % (len(faults) - most))
    sys.exit(1 if faults else 0)
