"""Code from files with difficult names: templates, notebooks, archives, other people's encodings.

All blocks have the same size, so the rows of a report are ordered by these names alone.

    python3 names.py       writes names.pickle
"""
NAMES = [
    "<string>", "<unknown>", "<frozen zipimport>", "<template 'home page'>", "<ipython-input-3-abc>",
    "/srv/shop/compiled.pyc", "/srv/shop/compiled.py", "/srv/shop/bundle.zip/cart.pyc", ".pyc", "bare",
    "/srv/shop/with space.py", "/srv/shop/tab\there.py", "/srv/shop/line\nfeed.py", "/srv/shop/return\r.py",
    "/srv/shop/red\x1b[31m.py", "/srv/shop/bell\x07\x7f.py", "/srv/shop/next\x85line\u2028.py",
    "/srv/shop/odd[1]*?.py", "/srv/shop/back\\slash.py", "/srv/shop/quote\"'.py", "/srv/shop/a:b.py", "C:\\shop\\app.py",
    # Not UTF-8 on disk: each such byte is one surrogate in a str. The order is by code point:
    # surrogates (U+DC80 and up) before U+FFxx before anything outside the BMP. UTF-16 and UTF-8 bytes say otherwise.
    b"/srv/shop/caf\xe9.py".decode("utf-8", "surrogateescape"), b"/srv/shop/\xff\xfe.py".decode("utf-8", "surrogateescape"),
    "/srv/shop/caf\u00e9.py", "/srv/shop/\uff21.py", "/srv/shop/\ufffd.py", "/srv/shop/\U0001f40d.py", "/srv/shop/\u6771\u4eac.py",
]


def main(dump):
    places = [(name, lineno) for name in NAMES for lineno in (1, 12)]
    kept = dict.fromkeys(places)  # as large as it gets: below the names nothing is allocated but the blocks
    for place in places:
        name, lineno = place
        code = compile("\n" * (lineno - 1) + "kept[place] = bytes(100)", name, "exec")
        exec(code, {"kept": kept, "place": place})
    dump("names")
    return kept


if __name__ == "__main__":
    import tracemalloc
    tracemalloc.start(25)
    main(lambda name: tracemalloc.take_snapshot().dump(name + ".pickle"))
