"""Recursion: the same line several times in one traceback.

`tmtop -c` charges each block once per line. `--count-recursion` charges it once per frame, as CPython
does, so a line that calls itself eight times is charged eight times.

    python3 recurse.py     writes recurse.pickle
"""


def tree(depth):
    """Direct recursion: every node is made below the same two lines."""
    if depth == 0:
        return bytearray(16)
    left = tree(depth - 1)
    right = tree(depth - 1)
    return [left, right]


def expression(tokens):
    """Mutual recursion: expression -> factor -> expression, as in a parser."""
    node = ["sum", factor(tokens)]
    while tokens and tokens[-1] == "+":
        tokens.pop()
        node.append(factor(tokens))
    return node


def factor(tokens):
    token = tokens.pop()
    if token == "(":
        node = ["group", expression(tokens)]
        tokens.pop()
        return node
    return ["number", token * 3]


def countdown(depth):
    """Deeper than any traceback limit: the oldest frames are lost, total_nframe tells how many."""
    return [bytes(40)] + countdown(depth - 1) if depth else []


def main(dump):
    kept = tree(5), expression(list(reversed("((1+2)+((3)+4))+5"))), countdown(30)
    dump("recurse")
    return kept


if __name__ == "__main__":
    import tracemalloc
    tracemalloc.start(25)
    main(lambda name: tracemalloc.take_snapshot().dump(name + ".pickle"))
