"""Makes fnmatch_cases.txt: random shell patterns and texts, and whether CPython's fnmatch says that they match.

    python3.13 tests/unit/tables/make_fnmatch_cases.py > tests/unit/tables/fnmatch_cases.txt

The alphabet is what patterns treat specially, and little else, so that odd sets and ranges are common. Lines are "1" or "0", a
tab, the pattern, a tab and the text. Half of the pairs match.
"""

import fnmatch
import random
import warnings

ALPHABET = "ab-]![^\\*?&~|c"
PLAIN = "abc-]![^\\"
PAIRS = 6000


def random_text(source, most, alphabet):
    return "".join(source.choice(alphabet) for _ in range(source.randrange(most + 1)))


def random_set(source):
    """A set that is closed, unlike most sets that chance alone writes."""
    inside = random_text(source, 7, "abc-]!^-\\&~|[")
    return "[" + source.choice(["", "!"]) + inside + "]"


def random_pattern(source):
    parts = []
    for _ in range(source.randrange(1, 4)):
        parts.append(source.choice([random_set, lambda s: random_text(s, 6, ALPHABET)])(source))
    return "".join(parts)


def text_like(source, pattern):
    """A text that has some chance to match: literals stay, what is special becomes something."""
    text = "".join(character if character not in "*?" else random_text(source, 2, PLAIN) for character in pattern)
    begin, end = text.find("["), text.rfind("]")
    if 0 <= begin < end and source.randrange(4):
        text = text[:begin] + source.choice(PLAIN) + text[end + 1 :]
    return text


def main():
    warnings.simplefilter("ignore")  # re warns of sets within sets
    source = random.Random(20240229)
    wanted = {False: PAIRS // 2, True: PAIRS // 2}
    seen = set()
    rows = []
    while any(wanted.values()):
        pattern = random_pattern(source)
        text = source.choice([text_like(source, pattern), random_text(source, 6, PLAIN)])
        answer = fnmatch.fnmatchcase(text, pattern)
        if wanted[answer] == 0 or (pattern, text) in seen:
            continue
        seen.add((pattern, text))
        wanted[answer] -= 1
        rows.append((pattern, text, answer))
    for pattern, text, answer in sorted(rows):
        print(f"{int(answer)}\t{pattern}\t{text}")


main()
