"""Writes line_tables.txt: tables of lines of code objects, and what CPython's own PyCode_Addr2Line() makes of them.

    python3 tests/unit/tables/make_line_tables.py PYTHON... > tests/unit/tables/line_tables.txt

With tabs: kind (1 up to 3.9, 2 of 3.10, 3 from 3.11), bytes in hexadecimal, first line, and the lines of the instructions from
the one before the first on, as LINExCOUNT with spaces; 0 is none.
"""
import ctypes
import itertools
import subprocess
import sys

SOURCE = ('''
def plain(a, b):
    c = a + b

    return [c,
            a,
            b]

class Made:
    """Text."""
    x = (1 +
         2)
    def method(self, *, key=None):
        for i in range(10):
            if i % 2: continue
            try:
                yield i
            except (KeyError,
                    ValueError) as error:
                print(error)
            finally:
                key = None
        else:
            return {k: v
                    for k, v in self.items()
                    if v}
BLANK
def after(): return lambda x: (x,

    x)
async def task(one):
    async with one as two:
        async for three in two: await three
    assert one, (two,
                 three)
    while True:
        break
'''.replace("BLANK", "\n" * 300)
          + "long = [" + ", ".join("a%d + b%d" % (i, i) for i in range(90)) + "]\n"
          + "deep(" * 9 + "\n" * 140 + "x" + ")" * 9)


def codes(code):
    yield code
    for one in code.co_consts:
        if isinstance(one, type(code)):
            yield from codes(one)


def main():
    minor = sys.version_info[1]
    lines = ctypes.pythonapi.PyCode_Addr2Line
    lines.argtypes = [ctypes.py_object, ctypes.c_int]
    kind = 1 if minor < 10 else 2 if minor == 10 else 3
    for code in codes(compile(SOURCE, "source", "exec")):
        table = code.co_lnotab if kind == 1 else code.co_linetable
        found = [max(0, lines(code, at * 2)) for at in range(-1, len(code.co_code) // 2)]
        runs = ["%dx%d" % (line, len(list(group))) for line, group in itertools.groupby(found)]
        print(kind, table.hex() or "-", code.co_firstlineno, " ".join(runs), sep="\t")


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    else:
        rows = []
        for python in sys.argv[1:]:
            rows += subprocess.run([python, __file__], stdout=subprocess.PIPE, check=True).stdout.decode().splitlines()
        print("\n".join(dict.fromkeys(rows)))
