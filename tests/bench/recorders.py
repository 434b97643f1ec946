"""The recorders that record.py compares, and the programs that it records."""
import os
import shutil
import subprocess
from typing import NamedTuple

LIBRARY = "/usr/lib/x86_64-linux-gnu/"
INTERVAL = 512 * 1024  # bytes, for sampling


class Recorder(NamedTuple):
    name: str
    command: list  # in front of the program's; OUT is a path in an empty folder, TMRECORD the tool
    environment: dict
    slow: bool  # gets fewer runs
    needs: str  # a program or library, or it is skipped


def preload(library, **environment):
    return {"LD_PRELOAD": LIBRARY + library, **environment}


def dhat(name, *options):
    return Recorder(name, ["valgrind", "-q", "--tool=dhat", *options, "--dhat-out-file=OUT"], {}, True, "valgrind")


JEMALLOC, TCMALLOC = "libjemalloc.so.2", "libtcmalloc.so.4"
# gperftools would write a file each time that so many bytes more are there.
NEVER = str(1 << 50)
HEAP = {"HEAPPROFILE": "OUT", "HEAP_PROFILE_ALLOCATION_INTERVAL": NEVER, "HEAP_PROFILE_INUSE_INTERVAL": NEVER}

RECORDERS = [
    Recorder("plain", [], {}, False, ""),
    Recorder("tmrecord", ["TMRECORD", "-o", "OUT.tms", "--"], {}, False, "TMRECORD"),
    Recorder("tmrecord, sampling", ["TMRECORD", "-o", "OUT.tms", "--sample", str(INTERVAL), "--"], {}, False, "TMRECORD"),
    Recorder("heaptrack --raw", ["heaptrack", "--raw", "-o", "OUT"], {}, False, "heaptrack"),
    Recorder("jemalloc", [], preload(JEMALLOC), False, LIBRARY + JEMALLOC),
    Recorder("jemalloc, sampling", [], preload(JEMALLOC, MALLOC_CONF="prof:true,prof_final:true,prof_prefix:OUT"), False,
             LIBRARY + JEMALLOC),
    Recorder("jemalloc, every block", [], preload(JEMALLOC, MALLOC_CONF="prof:true,lg_prof_sample:0,prof_final:true,"
                                                                        "prof_prefix:OUT"), True, LIBRARY + JEMALLOC),
    Recorder("tcmalloc", [], preload(TCMALLOC), False, LIBRARY + TCMALLOC),
    Recorder("gperftools", [], preload(TCMALLOC, **HEAP), True, LIBRARY + TCMALLOC),
    dhat("DHAT"),
    dhat("DHAT, 30 callers", "--num-callers=30"),
]


def missing(recorder, tmrecord):
    """What is needed and not there, or an empty string."""
    needed = tmrecord if recorder.needs == "TMRECORD" else recorder.needs
    return "" if not needed or shutil.which(needed) or os.path.isfile(needed) else needed


def jemalloc_profiles():
    """Whether this build of jemalloc has its profiler; one without says that it does not know the option."""
    result = subprocess.run(["/bin/true"], env={**os.environ, **preload(JEMALLOC, MALLOC_CONF="prof:true")},
                            stderr=subprocess.PIPE, check=False)
    return not result.stderr


class Case(NamedTuple):
    name: str
    command: list  # ALLOCATE and ALLOCATE_FP are the program's two builds
    unit: float  # what its own seconds are divided by, for its own ns; 0: it does not tell any


def cases(blocks, pairs):
    found = []
    for threads in (1, 2):
        for build, how in (("ALLOCATE_FP", "frame pointers"), ("ALLOCATE", "no frame pointers")):
            found.append(Case("live, %d thread%s, %s" % (threads, "s"[: threads - 1], how),
                              [build, "live", str(blocks), str(threads)], 2 * blocks))
    found.append(Case("pairs, frame pointers", ["ALLOCATE_FP", "pairs", str(pairs)], pairs))
    found.append(Case("pairs, no frame pointers", ["ALLOCATE", "pairs", str(pairs)], pairs))
    found.append(Case("cc1plus", ["CC1PLUS", "-quiet", "-fpreprocessed", "-O1", "SOURCE", "-o", "/dev/null"], 0))
    return found
