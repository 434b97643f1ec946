"""Where the tools of tmtools are, and how they are run."""
import json
import os
import shutil
import subprocess

# In the package (a wheel), in the build, or where CMake installed both; then PATH.
_PLACES = ("bin", "../../../apps", "@tools_place@")


class ToolError(RuntimeError):
    """A tool is missing, or failed. The message is its own."""


def path(name):
    """The path of a tool. TMTOOLS_BIN names another directory."""
    here = os.path.dirname(os.path.abspath(__file__))
    for place in (os.environ.get("TMTOOLS_BIN"), *(os.path.join(here, place) for place in _PLACES)):
        if place and os.access(os.path.join(place, name), os.X_OK):
            return os.path.normpath(os.path.join(place, name))
    found = shutil.which(name)
    if found is None:
        raise ToolError("%s is not installed beside the package tmrecorder, nor in PATH; TMTOOLS_BIN says where it is" % name)
    return found


def temporary_directory():
    return os.environ.get("TMPDIR") or "/tmp"


def run(name, *arguments, descriptor=None):
    """What a tool prints. `descriptor`: of a file that it opens as /dev/fd/N."""
    result = subprocess.run([path(name), *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, check=False, pass_fds=() if descriptor is None else (descriptor,))
    if result.returncode != 0:
        raise ToolError(result.stderr.decode(errors="replace").strip())
    return result.stdout


def run_json(name, *arguments, descriptor=None):
    return json.loads(run(name, *arguments, descriptor=descriptor).decode("utf-8", "surrogatepass"))
