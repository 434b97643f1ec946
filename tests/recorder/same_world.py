"""Makes two ways to run a program look the same to it, so that it allocates the same.

Programs copy their environment (perl, gawk, python, whatever calls setenv), so that each name and each length of a value
counts. What one side adds for itself (LD_PRELOAD, GLIBCXX_FORCE_NEW, what a recorder hands on) the other is given too, of
the same length; LD_PRELOAD, which neither can be without, is brought to one length by a library that does nothing, whose
path is written as long as is needed.

Threads have a table of the modules with thread-local variables. A recorder has some, so the library beside the judge has, too.
"""
import os
import subprocess

PRELOAD = "LD_PRELOAD"

BASE = {
    "PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "TZ": "UTC", "LC_ALL": "C.UTF-8",
    # What is not the same from run to run.
    "PYTHONHASHSEED": "0", "PERL_HASH_SEED": "0", "PERL_PERTURB_KEYS": "0", "PYTHONDONTWRITEBYTECODE": "1",
    # All blocks of Python by malloc, and not in its own arenas.
    "PYTHONMALLOC": "malloc",
    # For tmrecord itself, where that is built with it: something else is preloaded before its runtime.
    "ASAN_OPTIONS": "verify_asan_link_order=0",
}


def seen(command, environment):
    """The environment of a program that is run by the command."""
    result = subprocess.run([*command, "/usr/bin/env", "-0"], env=environment, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True)
    return dict(entry.partition("=")[::2] for entry in os.fsdecode(result.stdout).split("\0") if entry)


def longer(path, by):
    """Another path of the same file, so many bytes longer: slashes in a row are as one."""
    directory, name = os.path.split(path)
    return directory + "/" * (1 + by) + name


def shape(environment):
    return sorted((name, len(value)) for name, value in environment.items())


class Unlike(Exception):
    """The environments could not be made alike."""


def alike(left, right, left_library, right_library):
    """Environments to start both commands in, so that the programs that they run see ones of the same shape."""
    given = [{**BASE, PRELOAD: left_library}, {**BASE, PRELOAD: right_library}]
    found = [seen(left, given[0]), seen(right, given[1])]
    for mine, other in ((0, 1), (1, 0)):
        given[mine].update({name: value for name, value in found[other].items() if name not in found[mine]})
    lengths = [len(environment[PRELOAD]) for environment in found]
    short = lengths.index(min(lengths))
    given[short][PRELOAD] = longer(given[short][PRELOAD], max(lengths) - min(lengths))
    found = [seen(left, given[0]), seen(right, given[1])]
    if shape(found[0]) != shape(found[1]):
        raise Unlike("environments differ: %r and %r" % (shape(found[0]), shape(found[1])))
    return given
