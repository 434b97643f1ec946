#!/usr/bin/env python3
"""programs.py TMRECORD TMINFO: programs of the system do under the recorder what they do without, and hold what they should."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

TMRECORD, TMINFO = map(os.path.abspath, sys.argv[1:3])

PROGRAMS = {  # name of the snapshot, what is run
    "ls": ("ls", "/usr/bin"),
    "sort": ("sort", "-r", "/etc/passwd"),
    "awk": ("awk", "-F:", "{ sum += $3 } END { print sum; exit 3 }", "/etc/passwd"),
    "perl": ("perl", "-e", "my %seen = map { $_ => 1 } 1 .. 20000; print scalar(%seen); exit 5"),
    "bash": ("bash", "-c", "for i in 1 2 3; do echo $i | tr 1 x; done; exit 9"),
    "sed": ("sed", "-n", "s/root/&&/p", "/etc/passwd"),
    "git": ("git", "--version"),
    "gzip": ("gzip", "-c", "/etc/passwd"),
    "cat": ("cat", "/no/such/file"),
}


class Programs(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()

    def tearDown(self):
        shutil.rmtree(self.folder)

    def run_in(self, *words):
        done = subprocess.run(words, cwd=self.folder, capture_output=True, timeout=60)
        return done.returncode, done.stdout, done.stderr

    def snapshot(self, name):
        out = self.run_in(TMINFO, "--json", name)[1]
        return json.loads(out)["snapshots"][0]

    def test_they_do_what_they_do_without(self):
        for name, words in PROGRAMS.items():
            if not shutil.which(words[0]):
                continue
            with self.subTest(name):
                self.assertEqual(self.run_in(TMRECORD, "-q", *words), self.run_in(*words))
                self.assertIn("%s.0.tms" % name, os.listdir(self.folder))

    def test_what_is_alive_is_there_after_any_end(self):
        block = 7654321  # bytes, such as nobody else asks for
        script = "my $kept = 'x' x %d; kill '%s', $$; sleep 9"
        for signal in "KILL", "SEGV", "TERM", "ABRT":
            self.run_in(TMRECORD, "-q", "-o", signal + ".tms", "perl", "-e", script % (block, signal))
            self.assertGreaterEqual(self.snapshot(signal + ".tms")["size"], block)

    def test_many_short_runs(self):
        for _ in range(30):
            self.assertEqual(self.run_in(TMRECORD, "-q", "-o", "t.tms", "true"), (0, b"", b""))


unittest.main(argv=sys.argv[:1] + sys.argv[3:])
