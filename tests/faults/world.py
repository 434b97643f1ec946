"""What the checks share: the program that writes, the directory that it writes to, and what may be found there."""
import os
import random
import re
import shutil
import statistics
import subprocess
import tempfile
import time


class WriterFault(Exception):
    """The writer broke its promise."""


class Skipped(Exception):
    """This machine cannot do it."""


def require(condition, what, *values):
    if not condition:
        raise WriterFault(what % values if values else what)


def read(path):
    with open(path, "rb") as file:
        return file.read()


class World:
    def __init__(self, options, directory, inputs):
        self.options, self.directory, self.inputs = options, directory, inputs
        self.random = random.Random(options.seed)
        self.current = 0  # which of the two inputs the target holds
        with tempfile.TemporaryDirectory(prefix="faults-", dir=".") as scratch:
            self.learn(os.path.join(os.path.abspath(scratch), options.name))
        require(self.expected[0] != self.expected[1], "both inputs give the same file")
        self.target = self.new_directory("target")
        self.write_whole(self.inputs[0])

    def learn(self, target):
        """What the program writes when nobody disturbs it, and how long that takes."""
        self.expected, times = [], []
        for number in range(6):
            started = time.monotonic()
            self.write_whole(self.inputs[number % 2], target)
            times.append(time.monotonic() - started)
            if number < 2:
                self.expected.append(read(target))
        self.duration = statistics.median(times)  # seconds

    def new_directory(self, name):
        """An empty directory; the path of the target in it is returned."""
        path = os.path.join(self.directory, name)
        shutil.rmtree(path, ignore_errors=True)
        os.makedirs(path)
        return os.path.join(path, self.options.name)

    # Running

    def start(self, source, target=None, faults="", **arguments):
        environment = dict(os.environ)
        faults = ",".join(filter(None, [faults, "no_tmpfile" if self.options.no_tmpfile else ""]))
        if faults:
            if not self.options.faulty_calls:
                raise Skipped("needs --faulty-calls")
            environment.update(LD_PRELOAD=os.path.abspath(self.options.faulty_calls), FAULTY_CALLS=faults,
                               ASAN_OPTIONS="verify_asan_link_order=0")
        return subprocess.Popen(self.options.writer + [source, target or self.target], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, env=environment, **{"stdin": subprocess.DEVNULL, **arguments})

    def run(self, source, target=None, faults="", **arguments):
        """Status and the text of stderr."""
        process = self.start(source, target, faults, **arguments)
        _, errors = process.communicate()
        return process.returncode, errors.decode("utf-8", "replace")

    def write_whole(self, source, target=None):
        status, errors = self.run(source, target)
        require(status == 0, "undisturbed, it ended with status %s: %s", status, errors)

    # What there must be

    def litter(self, target=None):
        directory, name = os.path.split(target or self.target)
        pattern = re.compile(r"\." + re.escape(name) + r"\.[0-9a-f]{16}\.tmp")
        others = [entry for entry in os.listdir(directory) if entry != name]
        for entry in others:
            require(pattern.fullmatch(entry), "it left %s", entry)
        return len(others)

    def require_whole(self, target=None):
        """The target holds what one of the inputs gives; returns which."""
        found = read(target or self.target)
        require(found in self.expected, "half a file: %d bytes, not %s", len(found), " or ".join(
            str(len(whole)) for whole in self.expected))
        return self.expected.index(found)

    def require_refused(self, status, errors, text, what):
        """It ended with an error, in one line, which holds the text."""
        require(status not in (0, 1) and status > 0, "%s: status %s", what, status)
        require(errors.count("\n") == 1 and errors.endswith("\n") and text in errors, "%s: stderr %r", what, errors)

    def require_unchanged(self, what, target=None):
        require(self.require_whole(target) == self.current, "%s: the old file is gone", what)
        require(self.litter(target) == 0, "%s: it left a temporary file", what)

    def next_input(self):
        return self.inputs[1 - self.current]

    def clean(self):
        """One more successful write, after which the target stands alone."""
        self.write_whole(self.next_input())
        self.current = 1 - self.current
        require(self.require_whole() == self.current, "a successful write did not change the file")
        require(self.litter() == 0, "a successful write left a dead writer's file")
