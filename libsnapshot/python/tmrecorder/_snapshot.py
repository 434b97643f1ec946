"""tracemalloc.Snapshot in a .tms file."""
import io
import os
import pickle
import shutil
import sys
import tracemalloc
from datetime import datetime, timezone
from tracemalloc import Statistic, Traceback

from . import _tools

_PICKLES = (".pickle", ".pkl")


class _Unpickler(pickle.Unpickler):
    def find_class(self, module, name):
        """Of tracemalloc itself, whatever was put in its place."""
        return getattr(tracemalloc, name)


class Snapshot(tracemalloc.Snapshot):
    """tracemalloc's, with the same results. Traces become objects of Python only when they are asked for one by one:
    statistics() and compare_to() are counted by tmtop.
    """

    def __init__(self, traces, traceback_limit):
        self._descriptor = None
        self._info = None
        super().__init__(traces, traceback_limit)

    def __del__(self):
        descriptor, self.__dict__["_descriptor"] = self.__dict__.get("_descriptor"), None
        if descriptor is not None:
            os.close(descriptor)

    @classmethod
    def _of_descriptor(cls, descriptor):
        """Of an open file, which is then the snapshot's."""
        self = cls.__new__(cls)
        self._descriptor = descriptor
        self._info = None
        return self

    @staticmethod
    def load(filename):
        """A snapshot from a file of any format that tmtools reads: .tms, a pickle of tracemalloc's, and so on. Nothing
        in it is run.
        """
        self = Snapshot._of_descriptor(os.open(filename, os.O_RDONLY | os.O_CLOEXEC))
        self.info  # not read when it is asked for first: now, so that a bad file fails here
        return self

    def _tool(self, name, *arguments, how=_tools.run):
        return how(name, *arguments, "/dev/fd/%d" % self._descriptor, descriptor=self._descriptor)

    @property
    def info(self):
        """What tminfo --json tells of the snapshot; empty for one that was made of traces."""
        if self._info is None:
            self._info = self._tool("tminfo", "--json", how=_tools.run_json) if self._descriptor is not None else {}
        return self._info

    @property
    def timestamp(self):
        """When it was taken, as a datetime; None where that is not known."""
        text = self._about("time")
        if text is None:
            return None
        return datetime.strptime(text[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc)

    @property
    def metrics(self):
        """The named numbers of the moment: of the process, the collector, and add_metric()."""
        return {one["name"]: one["value"] for one in self._about("metrics") or ()}

    def _about(self, key):
        return (self.info.get("snapshots") or [{}])[0].get(key)

    @property
    def traces(self):
        if "_traces" not in self.__dict__:
            # Our own tool writes the pickle, so it is safe to read.
            plain = _Unpickler(io.BytesIO(_tools.run("tmconvert", "--quiet", "--to", "tracemalloc",
                                                     "/dev/fd/%d" % self._descriptor, "-",
                                                     descriptor=self._descriptor))).load()
            if sys.version_info < (3, 9):  # whose traces have no total_nframe
                plain = tracemalloc.Snapshot([trace[:3] for trace in plain.traces._traces], plain.traceback_limit)
            self.__dict__["_traces"] = plain.traces
        return self.__dict__["_traces"]

    @traces.setter
    def traces(self, traces):
        self.__dict__["_traces"] = traces

    @property
    def traceback_limit(self):
        if "_limit" not in self.__dict__:
            self.__dict__["_limit"] = self._about("traceback_limit")
        return self.__dict__["_limit"]

    @traceback_limit.setter
    def traceback_limit(self, limit):
        self.__dict__["_limit"] = limit

    def dump(self, filename):
        """Writes a .tms file, or a pickle that tracemalloc.Snapshot.load() reads when the name ends in .pickle or .pkl."""
        if not str(filename).endswith(_PICKLES) and self._descriptor is not None:
            with open("/dev/fd/%d" % self._descriptor, "rb") as source, open(filename, "wb") as target:
                shutil.copyfileobj(source, target)
            return
        plain = tracemalloc.Snapshot((), self.traceback_limit)
        plain.traces = self.traces
        plain.dump(filename)

    def filter_traces(self, filters):
        plain = super().filter_traces(filters)
        return Snapshot(plain.traces._traces, plain.traceback_limit)

    def _group_by(self, key_type, cumulative):
        """As tracemalloc's: a dict of Statistics by their Traceback."""
        is_plain = "_traces" in self.__dict__ or key_type not in ("traceback", "filename", "lineno")
        if is_plain or (cumulative and key_type == "traceback"):
            return super()._group_by(key_type, cumulative)
        options = ["--cumulative", "--count-recursion"] if cumulative else []
        found = self._tool("tmtop", "--format", "json", "--limit", "0", "--group-by", key_type, *options,
                           how=_tools.run_json)
        result = {}
        for row in found["statistics"]:
            # A Traceback is made of the most recent frame first, and turns them round.
            frames = tuple((frame["filename"], frame.get("lineno", 0)) for frame in reversed(row["traceback"]))
            traceback = Traceback(frames)
            result[traceback] = Statistic(traceback, row["size"], row["count"])
        return result
