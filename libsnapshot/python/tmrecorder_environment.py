"""TMRECORDER=FRAMES: to record from the interpreter's start on. tmrecorder.pth imports this where the variable is set.

It stands beside the package: whatever goes wrong here is a line on stderr, and the program runs without being recorded.
"""
import os
import sys

MOST_FRAMES = 65535


def start(text):
    if not (text.isdigit() and 1 <= int(text) <= MOST_FRAMES):
        return "%s is not a number of frames from 0 to %d" % (ascii(text), MOST_FRAMES)
    try:
        import tmrecorder
        tmrecorder.start(int(text))
    except ImportError as error:
        # Subinterpreters run this as well; the main one has begun already.
        return None if "subinterpreters" in str(error) else str(error)
    except RuntimeError as error:
        return str(error)
    return None


_refusal = start(os.environ["TMRECORDER"])
if _refusal is not None and sys.stderr is not None:
    sys.stderr.write("tmrecorder: TMRECORDER: %s; nothing is recorded\n" % _refusal)
