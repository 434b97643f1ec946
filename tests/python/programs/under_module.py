"""Runs a program under tmrecorder, started in the same process, or not (0): python3 under_module.py FRAMES PROGRAM ARG..."""
import runpy
import sys

if sys.argv[1] != "0":
    import tmrecorder
    tmrecorder.start(int(sys.argv[1]))
sys.argv[:] = sys.argv[2:]
runpy.run_path(sys.argv[0], run_name="__main__")
