"""What the readers of reports share: strict JSON, shapes of objects, and the words that names become."""
import json
import re
import unicodedata


class Fault(Exception):
    """What is wrong with a report."""


def need(condition, what):
    if not condition:
        raise Fault(what)


def no_constant(name):
    raise Fault("%s is no JSON" % name)


def no_duplicates(pairs):
    names = [name for name, _ in pairs]
    need(len(names) == len(set(names)), "a member twice: %r" % names)
    return dict(pairs)


def read_json(data):
    """The document of UTF-8 bytes. Python's json takes NaN, and a member twice: not here."""
    return json.loads(data.decode("utf-8"), parse_constant=no_constant, object_pairs_hook=no_duplicates)


def check_well_formed(value, where="document"):
    """No text anywhere that is not Unicode, which most readers of JSON refuse."""
    if isinstance(value, str):
        need(not re.search("[\ud800-\udfff]", value), "%s: a lone surrogate in %r" % (where, value))
    elif isinstance(value, list):
        for at, item in enumerate(value):
            check_well_formed(item, "%s[%d]" % (where, at))
    elif isinstance(value, dict):
        for name, item in value.items():
            check_well_formed(name, where)
            check_well_formed(item, where + "." + name)


def shape(value, where, required, optional=None):
    """An object with these members and no other; a member is a type, a set of values, or a function that checks it."""
    need(isinstance(value, dict), "%s is no object" % where)
    members = dict(required, **(optional or {}))
    for name in required:
        need(name in value, "%s has no %s" % (where, name))
    for name, item in value.items():
        need(name in members, "%s has an unknown member %s" % (where, name))
        kind, here = members[name], where + "." + name
        if isinstance(kind, (set, frozenset)):
            need(type(item) in {type(choice) for choice in kind} and item in kind, "%s is %r" % (here, item))
        elif isinstance(kind, type):
            need(type(item) is kind, "%s is no %s: %r" % (here, kind.__name__, item))
        else:
            kind(item, here)
    return value


def list_of(check, least=0):
    def check_list(value, where):
        need(isinstance(value, list) and len(value) >= least, "%s is no list of %d" % (where, least))
        for at, item in enumerate(value):
            check(item, "%s[%d]" % (where, at))

    return check_list


def text(value, where):
    need(isinstance(value, str) and value != "", "%s is no text: %r" % (where, value))


def number(value, where):
    need(type(value) in (int, float), "%s is no number: %r" % (where, value))


def positive(value, where):
    need(type(value) is int and value >= 1, "%s is not 1 or more: %r" % (where, value))


def well_formed(name):
    """What a name with lone surrogates becomes: the byte of PEP 383, or the code point, in hexadecimal."""
    def escape(match):
        code = ord(match.group())
        return "\\x%02x" % (code - 0xDC00) if 0xDC80 <= code <= 0xDCFF else "\\u%04x" % code

    return re.sub("[\ud800-\udfff]", escape, name)


def visible(name):
    """And what one line for people makes of it: controls, and what turns the direction of text, in hexadecimal."""
    def show(character):
        turns = unicodedata.bidirectional(character) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
        if unicodedata.category(character) != "Cc" and not turns and character not in "\u200e\u200f":
            return character
        code = ord(character)
        return "\\x%02x" % code if code < 0x100 else "\\u%04x" % code

    return "".join(show(character) for character in well_formed(name))


def weight(finding):
    return "inconclusive" if finding["inconclusive"] else finding["rule"]["severity"]


def count(report, kind):
    return sum(weight(finding) == kind for finding in report["findings"])


def fails_otherwise(report):
    """The check failed, though no finding says so: no report may look like a pass then."""
    return (report["status"] != 0 or report["verdict"] == "fail") and count(report, "fail") == 0
