"""tracemalloc's API on the recorder of tmtools: `import tmrecorder as tracemalloc`.

What is here and not there: start(sample_interval=), filters at capture, metrics, and snapshots that are .tms files, which
the tools of tmtools read. What statistics() and its like give is what tracemalloc's own classes make of the same traces.
"""
import gc as _gc
import tracemalloc as _tracemalloc
from tracemalloc import BaseFilter, DomainFilter, Filter, Frame, Statistic, StatisticDiff, Trace, Traceback  # noqa: F401

from . import _tools
from ._snapshot import Snapshot
from ._tmrecorder import (_add_filter, _add_metric, _clear_filters, _get_object_traceback, _take, clear_traces,
                          get_traceback_limit, get_traced_memory, get_tracemalloc_memory, is_tracing, reset_peak, start, stop)

__all__ = ["BaseFilter", "DomainFilter", "Filter", "Frame", "Snapshot", "Statistic", "StatisticDiff", "Trace", "Traceback",
           "add_filter", "add_metric", "clear_filters", "clear_traces", "get_filters", "get_object_traceback",
           "get_traceback_limit", "get_traced_memory", "get_tracemalloc_memory", "is_tracing", "reset_peak", "start", "stop",
           "take_snapshot"]

_filters = []


def get_object_traceback(obj):
    """Where the memory of an object was allocated, as a Traceback; None where that is not known."""
    frames = _get_object_traceback(obj)
    return Traceback(frames) if frames is not None else None


def add_filter(one):
    """Record only what passes a Filter, of those that are included any and of those that are excluded all; from now on.

    ValueError for more than 64, a pattern of more than 247 bytes, or one with a domain: Python's own is recorded alone.
    """
    if not isinstance(one, Filter):
        raise TypeError("expected a Filter, not %s" % type(one).__name__)
    if one.domain not in (None, 0):
        raise ValueError("filters at capture have no domain")
    _add_filter(one.inclusive, one.filename_pattern, one.lineno or 0, one.all_frames)
    _filters.append(one)


def get_filters():
    """The filters at capture."""
    return list(_filters)


def clear_filters():
    """Record all again; from now on."""
    _filters.clear()
    _clear_filters()


def add_metric(name, value, format="int"):
    """Have later snapshots carry a number. `format`: "size", "percent", "int" or any unit."""
    _add_metric(name, value, format)


def _prepare():
    """What is needed to take a snapshot, and the last that it is to have."""
    tmrecord, directory = _tools.path("tmrecord"), _tools.temporary_directory()
    for generation, (stats, count) in enumerate(zip(_gc.get_stats(), _gc.get_count())):
        for name, value in [*stats.items(), ("count", count)]:
            _add_metric("gc.%d.%s" % (generation, name), value, "int")
    return tmrecord, directory


def take_snapshot():
    """A Snapshot of all traces. Its memory is not this process's: a file without a name has it."""
    if not is_tracing():
        raise RuntimeError("the tracemalloc module must be tracing memory allocations to take a snapshot")  # its words
    return Snapshot._of_descriptor(_take(_prepare))


def _get_traces():
    """As that of _tracemalloc: (domain, size, ((filename, lineno), ...), total_nframe) of each block."""
    return take_snapshot().traces._traces if is_tracing() else []


def __getattr__(name):
    """What else tracemalloc has, for those who put this module in its place: also pickle looks there for its classes."""
    return getattr(_tracemalloc, name)
