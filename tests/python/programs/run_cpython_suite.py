"""Runs CPython's test_tracemalloc with tmrecorder in tracemalloc's place. Prints the outcome of each test as JSON."""
import io
import json
import sys
import unittest

import tmrecorder

sys.modules["tracemalloc"] = tmrecorder


class Outcomes(unittest.TextTestResult):
    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        self.of = {}

    def _note(self, test, outcome, text=""):
        name = ".".join(test.id().split(" ")[0].split(".")[-2:])
        if outcome != "passed" or name not in self.of:
            self.of[name] = (outcome, text)

    def addSuccess(self, test):
        self._note(test, "passed")

    def addFailure(self, test, err):
        self._note(test, "failed", self._exc_info_to_string(err, test))

    def addError(self, test, err):
        self._note(test, "failed", self._exc_info_to_string(err, test))

    def addSkip(self, test, reason):
        self._note(test, "skipped", reason)

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self._note(test, "failed", self._exc_info_to_string(err, test))


from test import test_tracemalloc  # noqa: E402  (of this CPython)


def traceback_of(domain, address):
    """CPython's own function asks its tracemalloc. The tests have one block in the domain."""
    for trace in tmrecorder._get_traces():
        if trace[0] == domain:
            return trace[2]
    return None


for name, function in (("_testcapi", "tracemalloc_get_traceback"), ("_testinternalcapi", "_PyTraceMalloc_GetTraceback")):
    module = getattr(test_tracemalloc, name, None)
    if hasattr(module, function):
        setattr(module, function, traceback_of)

assert test_tracemalloc.tracemalloc is tmrecorder
suite = unittest.defaultTestLoader.loadTestsFromModule(test_tracemalloc)
result = unittest.TextTestRunner(stream=io.StringIO(), resultclass=Outcomes, buffer=True).run(suite)
json.dump(result.of, sys.stdout)
