"""A program that lives in the standard library: nearly all of what it holds is allocated inside of other people's code.

    python3 digest.py         runs; tests/interop/mine.py records it
"""
import argparse
import collections
import csv
import decimal
import email.message
import email.parser
import email.policy
import io
import json
import logging
import re
import sqlite3
import string
import tempfile
import textwrap
import threading
import urllib.parse
import xml.etree.ElementTree as ElementTree
import zipfile

KEPT = []


def letters():
    for number in range(60):
        message = email.message.EmailMessage()
        message["Subject"] = "letter %d" % number
        message["From"], message["To"] = "ann@example.org", "bob@example.org"
        message.set_content("body " * number)
        KEPT.append(email.parser.BytesParser(policy=email.policy.default).parsebytes(bytes(message)))


def documents():
    root = ElementTree.Element("catalogue")
    for number in range(200):
        ElementTree.SubElement(root, "item", name="item %d" % number).text = "%d" % (number * 7)
    KEPT.append(ElementTree.fromstring(ElementTree.tostring(root)))
    KEPT.append(json.loads(json.dumps([{"name": str(number), "of": [number] * 3} for number in range(300)])))


def tables():
    database = sqlite3.connect(":memory:")
    database.execute("create table sold (item text, price integer)")
    database.executemany("insert into sold values (?, ?)", (("item %d" % n, n * 3) for n in range(300)))
    KEPT.append(database.execute("select * from sold").fetchall())
    out = io.StringIO()
    csv.writer(out).writerows(KEPT[-1])
    KEPT.append(list(csv.DictReader(io.StringIO(out.getvalue()), fieldnames=["item", "price"])))
    KEPT.append(database)


def patterns():
    KEPT.extend(re.compile(r"(?:%s)+\d{%d}" % (letter, at + 1)) for at, letter in enumerate(string.ascii_lowercase))
    KEPT.append([urllib.parse.urlsplit("http://example.org/%d?q=%d" % (n, n)) for n in range(100)])
    KEPT.append(textwrap.wrap("word " * 400, 40))
    KEPT.append([decimal.Decimal(n) / 7 for n in range(1, 100)])


def archives():
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w") as archive:
            for number in range(40):
                archive.writestr("member %d" % number, "text" * number)
        KEPT.append(zipfile.ZipFile(file).infolist())


def logs():
    logger = logging.getLogger("digest")
    handler = logging.StreamHandler(io.StringIO())
    logger.addHandler(handler)
    for number in range(50):
        logger.warning("warned %d times", number)
    KEPT.append(handler)


def options():
    parser = argparse.ArgumentParser(prog="digest")
    for letter in string.ascii_lowercase.replace("h", ""):
        parser.add_argument("-" + letter, help="option %s" % letter)
    KEPT.append((parser, parser.format_help()))


class Index(collections.UserDict):
    def add(self, words):
        for word in words:
            self.setdefault(word, collections.Counter())[len(word)] += 1


def index():
    made = Index()
    made.add("word%d" % number for number in range(300))
    KEPT.append(made)


def main():
    work = [letters, documents, tables, patterns, archives, logs, options, index]
    for step in work[1:]:
        step()
    thread = threading.Thread(target=work[0])
    thread.start()
    thread.join()


if __name__ == "__main__":
    main()
