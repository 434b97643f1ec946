"""The broken texts of sites for make_bad.py: each is GOOD but for one thing."""
GOOD = """\
tmtools sites 1
recorder\ttmcheck 1.0
traceback-limit\t25
domain\t7\tarena
size\tcount\tdomain\tfunction\tsite
512\t1\t\t\tapp.py:3
40\t2\t7\tload\tapp.py:10
end\t2\t552\t3
"""


def but(old, new):
    assert GOOD.count(old) == 1, old
    return GOOD.replace(old, new).encode("utf-8", "surrogateescape")


CASES = {
    "good": GOOD.encode(),
    "good-with-carriage-returns": GOOD.replace("\n", "\r\n").encode(),
    "good-escapes": but("load\tapp.py:10", "a\\x1bb\\\\\\u202e\\udce9\tb\\t\\n\\r:c:10"),
    "good-no-site": b"tmtools sites 1\nsize\tcount\tdomain\tfunction\tsite\nend\t0\t0\t0\n",
    "version-2": but("sites 1", "sites 2"),
    "version-10": but("sites 1", "sites 10"),
    "version-missing": but("sites 1", "sites "),
    "header-unknown": but("recorder", "author"),
    "header-twice": but("traceback-limit\t25", "recorder\tsomebody"),
    "header-of-three-fields": but("\t25", "\t25\t26"),
    "header-without-value": but("\t25", ""),
    "limit-is-text": but("\t25", "\tmany"),
    "limit-of-2-to-32": but("\t25", "\t4294967296"),
    "domains-out-of-order": but("domain\t7\tarena", "domain\t7\tarena\ndomain\t7\tpool"),
    "domain-without-name": but("domain\t7\tarena", "domain\t7"),
    "columns-missing": but("size\tcount\tdomain\tfunction\tsite\n", ""),
    "columns-others": but("size\tcount\tdomain", "size\tdomain\tcount"),
    "site-of-four-fields": but("512\t1\t\t\t", "512\t1\t\t"),
    "site-of-six-fields": but("512\t1\t\t\t", "512\t1\t\t\t\t"),
    "site-without-lineno": but("app.py:3", "app.py"),
    "site-lineno-is-text": but("app.py:3", "app.py:three"),
    "site-lineno-is-negative": but("app.py:3", "app.py:-3"),
    "site-lineno-of-2-to-32": but("app.py:3", "app.py:4294967296"),
    "site-size-is-negative": but("512\t", "-512\t"),
    "site-size-is-a-fraction": but("512\t", "512.5\t"),
    "site-size-of-2-to-63": but("512\t", "9223372036854775808\t"),
    "site-size-is-nothing": but("512\t", "\t"),
    "site-count-of-0": but("\t1\t\t\t", "\t0\t\t\t"),
    "site-domain-is-text": but("\t7\tload", "\tarena\tload"),
    "site-twice": but("40\t2\t7\tload\tapp.py:10", "40\t2\t\t\tapp.py:3"),
    "sites-out-of-order": but("40\t2\t7\tload\tapp.py:10", "40\t2\t7\tload\tapp.py:2"),
    "sizes-beyond-63-bits": but("512\t", "9223372036854775807\t"),
    "counts-beyond-63-bits": but("\t1\t\t\t", "\t9223372036854775807\t\t\t"),
    "escape-unknown": but("load", "lo\\ad"),
    "escape-cut": but("load", "load\\x1"),
    "escape-not-hexadecimal": but("load", "load\\uzzzz"),
    "escape-at-the-end": but("load", "load\\"),
    "not-utf-8": but("load", "lo\udcffad"),
    "end-says-other-sites": but("end\t2", "end\t3"),
    "end-says-other-sizes": but("\t552\t", "\t553\t"),
    "end-says-other-counts": but("\t552\t3", "\t552\t4"),
    "end-of-three-fields": but("\t552\t3", "\t552"),
    "end-missing": but("end\t2\t552\t3\n", ""),
    "end-without-line-feed": but("\t552\t3\n", "\t552\t3"),
    "end-and-more": but("\t552\t3\n", "\t552\t3\n512\t1\t\t\tz.py:1\n"),
    "conflict-of-git": but("512\t", "<<<<<<< HEAD\n512\t"),
}
