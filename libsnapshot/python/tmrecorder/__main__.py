"""python3 -m tmrecorder [OPTION]... SCRIPT [ARG]...: runs a program of Python under tmrecord.

    -n, --frames N       frames of a traceback (default: 1)
    -o, --output PATTERN names of the snapshots, as tmrecord's (default: %p.%n.tms)
    --interval SEC       a snapshot every so many seconds
    --sample SIZE        record one block in so many bytes
    --native             native frames, too
    -m MODULE, -c CODE   instead of SCRIPT, as python3's

tmrecord lives on when the program is killed, so that its last snapshot is there.
"""
import os
import sys

from . import _tools

_WITH_VALUE = {"-n": "--frames", "--frames": "--frames", "-o": "-o", "--output": "-o", "--interval": "--interval",
               "--sample": "--sample"}
_ALONE = {"--native"}


def _usage(message):
    sys.stderr.write("tmrecorder: %s (python3 -m tmrecorder --help)\n" % message)
    sys.exit(2)


def _split(arguments):
    """Options for tmrecord, and what Python is to run."""
    options = ["--frames", "1"]
    at = 0
    while at < len(arguments) and arguments[at].startswith("-"):
        name, equals, value = arguments[at].partition("=")
        if name in ("-h", "--help"):
            print(__doc__.strip())
            sys.exit(0)
        if name in ("-m", "-c"):
            break
        at += 1
        if name in _ALONE and not equals:
            options.append(name)
            continue
        if name not in _WITH_VALUE:
            _usage("no such option: %s" % name)
        if not equals:
            if at == len(arguments):
                _usage("%s takes a value" % name)
            value = arguments[at]
            at += 1
        options += [_WITH_VALUE[name], value]
    if at == len(arguments):
        _usage("takes a program to run")
    return options, arguments[at:]


def main():
    options, program = _split(sys.argv[1:])
    try:
        tmrecord = _tools.path("tmrecord")
    except _tools.ToolError as error:
        _usage(error)
    sys.stdout.flush()
    os.execv(tmrecord, [tmrecord, *options, "--", sys.executable, *program])


if __name__ == "__main__":
    main()
