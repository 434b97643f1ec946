"""Record a real heap: work the standard library hard under tracemalloc, keep what it builds, and dump it.

    real_heap.py [--traces 1000000] [--frames 25] [--later LATER.pickle] OUT.pickle

The generator's dumps are reproducible but invented; this one has the sharing, the order and the recursion of a living
process. It names the files of the machine that it runs on, so its dumps are for measuring and are never committed.
"""
import argparse
import ast
import copy
import importlib
import json
import json.decoder
import json.scanner
import pathlib
import pickle
import sys
import sysconfig
import tokenize
import tracemalloc

# Modules with much to define, so that some tracebacks go through the import system as every real program's do.
IMPORTS = ("argparse asyncio concurrent.futures configparser csv ctypes dataclasses decimal difflib doctest email.message "
           "fractions html.parser http.server imaplib inspect logging.config mailbox multiprocessing.pool nntplib optparse "
           "pdb plistlib pydoc smtplib sqlite3 statistics tarfile turtle typing unittest.mock urllib.request wsgiref.handlers "
           "xml.dom.minidom xml.etree.ElementTree xmlrpc.client zipfile zoneinfo").split()


def import_modules():
    for name in IMPORTS:
        try:
            importlib.import_module(name)
        except ImportError:
            pass  # not every interpreter is built with every module


def pure_json_decoder():
    """The decoder without its C parts: it recurses in Python, so tracebacks differ with the shape of the document."""
    decoder = json.JSONDecoder()
    decoder.parse_object = json.decoder.JSONObject
    decoder.parse_array = json.decoder.JSONArray
    decoder.parse_string = json.decoder.py_scanstring
    decoder.scan_once = json.scanner.py_make_scanner(decoder)
    return decoder


def tree_converter():
    """A function that makes plain dicts and lists of an ast node.

    It is written as a compiler's passes are: one function for each kind of node, one line for each field. So a traceback
    tells the way through the tree, and there are as many tracebacks as in a program that computes with trees.
    """
    lines = ["def value(it):",
             "    if isinstance(it, AST):",
             "        return globals()[type(it).__name__](it)",
             "    if isinstance(it, list):",
             "        return [value(item) for item in it]",
             "    return it if isinstance(it, (str, int, type(None))) else repr(it)"]
    for name, kind in sorted(vars(ast).items()):
        if isinstance(kind, type) and issubclass(kind, ast.AST) and kind is not ast.AST:
            lines += [f"def {name}(node):", f"    return {{'node': {name!r},"]
            lines += [f"        {field!r}: value(getattr(node, {field!r}, None))," for field in kind._fields]
            lines += ["    }"]
    namespace = {"AST": ast.AST}
    exec(compile("\n".join(lines), "tree_converter.py", "exec"), namespace)
    return namespace["value"]


def copied(document):
    return copy.deepcopy(document)


def decoded(document, decoder=pure_json_decoder()):
    return decoder.decode(json.dumps(document))


def unpickled(document):
    return pickle.loads(pickle.dumps(document))


def tokens(path):
    with tokenize.open(path) as file:
        return list(tokenize.generate_tokens(file.readline))


def work(path, as_document=tree_converter()):
    """Read one source file in several ways; yields what each way built, all of it worth keeping."""
    try:
        tree = ast.parse(path.read_bytes())
        document = as_document(tree)
        yield tree
        yield document
        yield copied(tree)
        yield decoded(document)
        yield unpickled(document)
        yield tokens(path)
    except (SyntaxError, UnicodeDecodeError, RecursionError):
        pass  # the library keeps broken files for its own tests


def fill(kept, sources, blocks):
    """Work through the sources until about `blocks` blocks are alive.

    The interpreter's own count of small blocks is free and near enough to the number of traces, which is not.
    """
    for path in sources:
        for built in work(path):
            kept.append(built)
            if sys.getallocatedblocks() >= blocks:
                return
    print("real_heap.py: the standard library is exhausted", file=sys.stderr)


def dump(path):
    snapshot = tracemalloc.take_snapshot()
    snapshot.dump(path)
    print(f"{path}: {len(snapshot.traces)} traces, {pathlib.Path(path).stat().st_size} bytes")


def main():
    parser = argparse.ArgumentParser(description="Record a real heap with tracemalloc.")
    parser.add_argument("out", metavar="OUT.pickle")
    parser.add_argument("--traces", type=int, default=1_000_000, help="about this many (default: %(default)s)")
    parser.add_argument("--frames", type=int, default=25, help="traceback limit (default: %(default)s)")
    parser.add_argument("--later", metavar="LATER.pickle", help="work on, five per cent more, and dump again")
    options = parser.parse_args()

    sys.setrecursionlimit(10_000)
    sources = iter(sorted(pathlib.Path(sysconfig.get_path("stdlib")).rglob("*.py")))
    kept = []
    before = sys.getallocatedblocks()
    tracemalloc.start(options.frames)
    import_modules()
    fill(kept, sources, before + options.traces)
    dump(options.out)
    if options.later:
        del kept[::50]  # a process also lets go
        fill(kept, sources, before + options.traces * 21 // 20)
        dump(options.later)


if __name__ == "__main__":
    main()
