#!/usr/bin/env python3
"""Every walk that the recorder makes in real programs is made again by libunwind: none differs."""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile

SOURCE = """
#include <map>
#include <string>
#include <vector>
std::map<std::string, std::vector<int>> index_of(const std::vector<std::string>& words) {
  std::map<std::string, std::vector<int>> found;
  for (std::size_t i = 0; i < words.size(); ++i) found[words[i]].push_back(int(i));
  return found;
}
"""
SUMMARY = re.compile(r"compared (\d+) walks of (\d+) frames, (\d+) differ")


def compiler_proper(directory):
    """cc1plus on a small file: the program itself, not its driver."""
    if not shutil.which("g++"):
        return None
    path = os.path.join(directory, "words.ii")
    with open(path[:-1] + "pp", "w") as source:
        source.write(SOURCE)
    subprocess.run(["g++", "-E", source.name, "-o", path], check=True)
    proper = subprocess.run(["g++", "-print-prog-name=cc1plus"], check=True, capture_output=True, text=True).stdout.strip()
    return [proper, "-quiet", "-O1", path, "-o", "/dev/null"]


def commands(arguments, directory):
    """(name, command or None when it is not on this machine)"""
    def found(name, *rest):
        return name, [name, *rest] if shutil.which(name) else None
    yield "allocate", [arguments.allocate, "live", "5000", "2"]
    yield "cc1plus", compiler_proper(directory)
    yield found("git", "--version")
    yield found("perl", "-e", "my %h; $h{$_} = [1 .. 10] for 1 .. 2000;")
    yield found("sqlite3", ":memory:", "create table t(a); insert into t values (1), (2); select sum(a) from t")
    yield found("openssl", "req", "-x509", "-newkey", "rsa:1024", "-nodes", "-keyout", "/dev/null", "-out", "/dev/null",
                "-subj", "/CN=x")
    yield found("gdb", "-batch", "-ex", "help all")
    yield found("node", "-e", "1 + 1")  # code that says nothing of its frames: both follow frame pointers


def judge(arguments, command, report):
    env = {**os.environ, "TMRECORD_PRELOAD": arguments.preload, "TMTOOLS_WALKS_REPORT": report}
    recorded = [os.path.join(arguments.tools, "tmrecord"), "-q", "-o", "/dev/null", "--symbols", "never", *command]
    subprocess.run(recorded, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=600)
    text = open(report).read() if os.path.exists(report) else ""
    sums = [tuple(map(int, found)) for found in SUMMARY.findall(text)]
    return tuple(map(sum, zip(*sums))) if sums else (0, 0, 0), text


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tools", required=True, help="the directory of tmrecord")
    parser.add_argument("--preload", required=True, help="the preload library with the judge")
    parser.add_argument("--allocate", required=True, help="the benchmark's program")
    arguments = parser.parse_args()
    failed = False
    with tempfile.TemporaryDirectory() as directory:
        for number, (name, command) in enumerate(commands(arguments, directory)):
            if command is None:
                print("SKIPPED: %s is not on this machine" % name)
                continue
            (walks, frames, differ), text = judge(arguments, command, os.path.join(directory, "report%d" % number))
            print("%-9s %8d walks, %9d frames, %d differ" % (name, walks, frames, differ))
            if differ or not walks:
                failed = True
                print(text[:2000])
    sys.exit(failed)


if __name__ == "__main__":
    main()
