"""What the checks of the house share."""
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SKIPPED = 77  # ctest's SKIP_RETURN_CODE


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def files(*folders, ends=(".h", ".cpp")):
    """Paths below the folders, as seen from the root."""
    for folder in folders:
        for parent, _, names in sorted(os.walk(os.path.join(ROOT, folder))):
            for name in sorted(names):
                if name.endswith(tuple(ends)):
                    yield os.path.relpath(os.path.join(parent, name), ROOT)


def need(program):
    """Ends the test as skipped, loudly, where the program that judges is missing."""
    if shutil.which(program) is None:
        print("SKIPPED: " + program + " is not installed")
        sys.exit(SKIPPED)


def output(*command):
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                            check=False)
    return result.stdout.decode()


def conclude(faults):
    for fault in faults:
        print(fault)
    sys.exit(1 if faults else 0)
