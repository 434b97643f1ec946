"""Builds a wheel of tmrecorder (PEP 517), with no more than Python itself and what the tools are built with.

The wheel is for all CPythons from 3.8 on, and holds the tools that the package runs. They need the libraries that they
were built with, so it is for machines like this one.

    --config-settings build-dir=DIR    where to build; of one that is configured only what is missing is built
    CMAKE_ARGS                         options for cmake
"""
import base64
import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
TARGETS = ("tmrecorder_module", "tmrecord_preload", "tmrecord", "tmtop", "tminfo", "tmconvert")
TAG = "cp38-abi3-" + re.sub(r"[-.]", "_", sysconfig.get_platform())
ABOUT = """Metadata-Version: 2.1
Name: tmrecorder
Version: %s
Summary: tracemalloc's API on the recorder of tmtools
License: MIT
Requires-Python: >=3.8
"""
WHEEL = """Wheel-Version: 1.0
Generator: tmtools
Root-Is-Purelib: false
Tag: %s
"""


def run(*command):
    print(" ".join(map(shlex.quote, command)), file=sys.stderr, flush=True)
    subprocess.run(command, check=True, stdout=sys.stderr)


def version():
    path = os.path.join(ROOT, "CMakeLists.txt")
    if not os.path.isfile(path):
        sys.exit("tmrecorder is built in a checkout of tmtools, and this is not in one: there is no %s" % path)
    with open(path, encoding="utf-8") as file:
        return re.search(r"project\(tmtools VERSION (\S+)", file.read()).group(1)


def build(settings, folder):
    """Puts the files of the wheel into a folder."""
    where = (settings or {}).get("build-dir") or os.path.join(ROOT, "build", "wheel")
    if not os.path.isfile(os.path.join(where, "CMakeCache.txt")):
        generator = ("-G", "Ninja") if shutil.which("ninja") else ()
        run("cmake", "-S", ROOT, "-B", where, *generator, "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_INSTALL_LIBDIR=lib",
            "-DTMTOOLS_TESTS=OFF", "-DPython3_EXECUTABLE=" + sys.executable, *shlex.split(os.environ.get("CMAKE_ARGS", "")))
    run("cmake", "--build", where, "--parallel", str(os.cpu_count() or 1), "--target", *TARGETS)
    run("cmake", "--install", where, "--component", "wheel", "--strip", "--prefix", folder)


def folder_of_metadata():
    return "tmrecorder-%s.dist-info" % version()


def write_metadata(folder):
    os.mkdir(folder)
    for name, text in (("METADATA", ABOUT % version()), ("WHEEL", WHEEL % TAG)):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)
    shutil.copy(os.path.join(ROOT, "LICENSE"), folder)


def files_below(folder):
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            yield os.path.relpath(os.path.join(parent, name), folder)


def pack(folder, path):
    """A wheel of all that is in the folder; its list of files is the last of them."""
    record = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in files_below(folder):
            archive.write(os.path.join(folder, name), name)
            with open(os.path.join(folder, name), "rb") as file:
                data = file.read()
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
            record.append("%s,sha256=%s,%d\n" % (name, digest, len(data)))
        of_record = folder_of_metadata() + "/RECORD"
        archive.writestr(of_record, "".join(record) + of_record + ",,\n")


# The hooks of PEP 517.

def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    write_metadata(os.path.join(metadata_directory, folder_of_metadata()))
    return folder_of_metadata()


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    name = "tmrecorder-%s-%s.whl" % (version(), TAG)
    with tempfile.TemporaryDirectory() as folder:
        build(config_settings, folder)
        write_metadata(os.path.join(folder, folder_of_metadata()))
        pack(folder, os.path.join(wheel_directory, name))
    return name


def build_sdist(sdist_directory, config_settings=None):
    sys.exit("tmrecorder is a part of tmtools, and has no source distribution of its own")
