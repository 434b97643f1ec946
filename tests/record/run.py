#!/usr/bin/env python3
"""run.py TMRECORD TMINFO RECORDER: programs under tmrecord end, stop and print as they do without, and their snapshots hold
what the recorder put into its region. RECORDER is a stand-in that puts MADE_BLOCKS blocks of 100 bytes there.
"""
import glob
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

TMRECORD, TMINFO, RECORDER = map(os.path.abspath, sys.argv[1:4])
SECONDS = 20  # the most that anything takes


def wait_for(condition):
    """What the condition gives, once that is true."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        result = condition()
        if result:
            return result
        time.sleep(0.01)
    raise AssertionError("waited in vain for " + condition.__name__)


def stat_of(pid):
    with open("/proc/%d/stat" % pid) as file:
        return file.read().rpartition(")")[2].split()


def child_of(pid):
    for path in glob.glob("/proc/[0-9]*"):
        try:
            child = int(os.path.basename(path))
            # While it is not another program yet it is tmrecord still.
            if int(stat_of(child)[1]) == pid and os.readlink(path + "/exe") != TMRECORD:
                return child
        except OSError:
            pass
    return None


class Recorded(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.environment = dict(os.environ, TMRECORD_PRELOAD=RECORDER, MADE_BLOCKS="3")

    def tearDown(self):
        shutil.rmtree(self.folder)

    def start(self, *words, **options):
        return subprocess.Popen((TMRECORD,) + words, cwd=self.folder, env=dict(self.environment, **options),
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def run_it(self, *words, **options):
        process = self.start(*words, **options)
        out, error = process.communicate(timeout=SECONDS)
        return process.returncode, out, error

    def start_sleep(self, *words, **options):
        """tmrecord, and the process of the program when that is recorded."""
        tool = self.start(*words, "sleep", "100", **options)
        program = wait_for(lambda: child_of(tool.pid))
        wait_for(lambda: "recorded" in self.listed(program))
        return tool, program

    def listed(self, pid):
        lines = self.run_it("--recover")[1].splitlines()
        return "".join(line for line in lines if line.startswith("%d " % pid))

    def files(self):
        return sorted(name for name in os.listdir(self.folder) if name.endswith(".tms"))

    def info(self, name):
        said = subprocess.run((TMINFO, "--json", os.path.join(self.folder, name)), capture_output=True, text=True)
        self.assertEqual(said.stderr, "")
        return json.loads(said.stdout)

    def count(self, name):
        return self.info(name)["snapshots"][0]["count"]

    def test_the_status_and_the_streams_are_those_of_the_program(self):
        status, out, error = self.run_it("sh", "-c", "echo out; echo err >&2; exit 7")
        self.assertEqual((status, out), (7, "out\n"))
        self.assertEqual(error, "err\ntmrecord: sh: 1 snapshot, sh.0.tms: 300 B in 3 blocks\n")
        self.assertEqual(self.count("sh.0.tms"), 3)

    def test_a_signal_that_ends_the_program_ends_tmrecord(self):
        for number in signal.SIGSEGV, signal.SIGKILL, signal.SIGTERM, signal.SIGABRT:
            status, _, error = self.run_it("-q", "sh", "-c", "kill -%d $$" % number)
            self.assertEqual((status, error), (-number, ""))
        self.assertEqual(len(self.files()), 4)

    def test_signals_are_handed_on(self):
        for number in signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1, signal.SIGRTMIN:
            tool, _ = self.start_sleep("-q")
            tool.send_signal(number)
            self.assertEqual(tool.wait(SECONDS), -number)
            tool.communicate()

    def test_it_stops_and_goes_on_with_the_program(self):
        tool, program = self.start_sleep("-q")
        os.kill(program, signal.SIGSTOP)
        wait_for(lambda: stat_of(tool.pid)[0] == "T")
        tool.send_signal(signal.SIGCONT)
        wait_for(lambda: stat_of(program)[0] == "S")
        tool.terminate()
        tool.communicate(timeout=SECONDS)

    def test_blocked_and_ignored_signals_are_the_programs_own(self):
        script = "grep -h '^Sig[BI]' /proc/self/status"
        plain = subprocess.run(("sh", "-c", script), capture_output=True, text=True).stdout
        self.assertEqual(self.run_it("-q", "sh", "-c", script)[1], plain)

    def test_another_image_has_snapshots_of_its_own(self):
        status, _, error = self.run_it("-o", "x.%n.tms", "sh", "-c", "exec sleep 0.1")
        self.assertEqual(status, 0)
        self.assertEqual(self.files(), ["x.0.tms", "x.1.tms"])
        self.assertIn("2 snapshots, x.0.tms and x.1.tms", error)

    def test_snapshots_come_by_time(self):
        self.run_it("--interval", "0.1", "-o", "t.%04n.%e.tms", "sleep", "0.55")
        names = self.files()
        self.assertRegex(names[0], r"t\.000\d\.interval\.tms")
        self.assertRegex(names[-1], r"t\.000\d\.exit\.tms")
        self.assertGreaterEqual(len(names), 3)

    def test_snapshots_come_by_limits(self):
        self.run_it("--on", "growth:100,rss:1K,exit,peak", "-o", "%e.tms", "sleep", "0.3")
        self.assertEqual(self.files(), ["exit.tms", "growth.tms", "peak.tms", "rss.tms"])
        metrics = {metric["name"]: metric["value"] for metric in self.info("peak.tms")["snapshots"][0]["metrics"]}
        self.assertEqual(metrics["peak_share"], 1)

    def test_no_file_is_replaced_where_names_have_numbers(self):
        for _ in range(3):
            self.run_it("-q", "true")
        self.assertEqual(self.files(), ["true.0.tms", "true.1.tms", "true.2.tms"])

    def test_clients_change_what_is_recorded(self):
        tool, program = self.start_sleep("-q", "--paused")
        self.assertEqual(self.run_it("--start", str(program)), (0, "", ""))
        self.assertEqual(self.run_it("--stop", str(program)), (0, "", ""))
        self.run_it("--snapshot", str(program), "-o", "before.tms")
        self.assertEqual(self.run_it("--clear", str(program)), (0, "", ""))
        self.run_it("--snapshot", str(program), "-o", "after.tms")
        self.assertEqual((self.count("before.tms"), self.count("after.tms")), (3, 0))
        tool.terminate()
        tool.communicate(timeout=SECONDS)

    def test_what_is_left_when_tmrecord_is_killed_can_be_recovered(self):
        tool, program = self.start_sleep(MADE_BLOCKS="20000")
        tool.kill()
        tool.wait(SECONDS)
        self.assertEqual(stat_of(program)[0], "S")  # it goes on
        self.assertIn("orphan", self.listed(program))
        os.kill(program, signal.SIGKILL)
        wait_for(lambda: "ended" in self.listed(program))
        status, _, error = self.run_it("-o", "late.tms", "--recover", str(program))
        self.assertEqual(status, 0, error)
        self.assertEqual(self.count("late.tms"), 20000)
        self.assertEqual(self.listed(program), "")
        tool.communicate(timeout=SECONDS)

    def test_a_snapshot_that_cannot_be_written_is_not_lost(self):
        os.mkdir(os.path.join(self.folder, "gone"))
        status, _, error = self.run_it("-o", "gone/a.tms", "rmdir", "gone")
        self.assertEqual(status, 2)
        self.assertIn("tmrecord: gone/a.tms: No such file or directory\n", error)
        region = re.search(r"tmrecord --recover (\S+) writes it", error).group(1)
        self.assertEqual(self.run_it("-o", "a.tms", "--recover", region)[0], 0)
        self.assertEqual(self.count("a.tms"), 3)
        self.assertFalse(os.path.exists(region))

    def test_a_program_without_the_recorder_is_told_of(self):
        status, _, error = self.run_it("true", MADE_ABSENT="1")
        self.assertEqual(status, 0)
        self.assertEqual(error, "tmrecord: true: nothing was recorded: the recorder was never loaded into it\n")

    def test_programs_that_load_no_recorder_are_refused(self):
        static = shutil.which("ldconfig", path="/sbin:/usr/sbin")
        if static:
            status, _, error = self.run_it(static, "-p")
            self.assertEqual(status, 2)
            self.assertEqual(error, "tmrecord: %s: is statically linked: the recorder cannot be loaded into it\n" % static)
        if os.geteuid() == 0:
            path = os.path.join(self.folder, "other")
            shutil.copy("/bin/true", path)
            os.chown(path, 1, 1)
            os.chmod(path, 0o4755)
            status, _, error = self.run_it(path)
            self.assertEqual(status, 2)
            self.assertIn("runs with the rights of another user", error)

    def test_a_limit_of_the_size_of_files_is_an_error(self):
        done = subprocess.run(("sh", "-c", 'ulimit -f 4; exec "$@"', "sh", TMRECORD, "true"), cwd=self.folder,
                              env=self.environment, capture_output=True, text=True, timeout=SECONDS)
        self.assertEqual(done.returncode, 2)
        self.assertIn("no region can be made there: File too large", done.stderr)

    def test_no_region_is_left(self):
        process = self.start("-q", "true")
        process.communicate(timeout=SECONDS)
        self.assertEqual(glob.glob("/dev/shm/tmrecord-%d/%d-*" % (os.geteuid(), process.pid)), [])


unittest.main(argv=sys.argv[:1] + sys.argv[4:])
