"""A server that takes orders, with one leak, a cache that only looks like one, and memory of C's beneath. It ends by itself.

    tmrecord --interval 1 --frames 25 -o 'orders.%04n.tms' python3 python_leak.py 500000
    tmtrend --mine --pattern 'orders.*.tms'      which lines keep growing
    tmtop -g domain orders.0004.tms              what SQLite took by malloc is there, too

See: await_payment() has every tenth order wait for a payment that never comes, and keeps it for that. page() fills a cache
of 2,000 pages, and log() a table of 5,000 rows, from which the oldest go.
"""
import json
import random
import sqlite3
import sys
from collections import OrderedDict

PAGES = 2000
ROWS = 5000


class Order:
    __slots__ = ("number", "who", "items", "cents")

    def __init__(self, number, who, items, cents):
        self.number = number
        self.who = who
        self.items = items
        self.cents = cents


class Shop:
    def __init__(self):
        self.waiting = []  # the leak: who is in it never leaves
        self.pages = OrderedDict()
        self.database = sqlite3.connect(":memory:")
        self.database.execute("create table log (number integer primary key, who text, cents integer)")

    def page(self, item):
        if item not in self.pages:
            self.pages[item] = ("<h1>%s</h1>" % item) * 10
        self.pages.move_to_end(item)
        if len(self.pages) > PAGES:
            self.pages.popitem(last=False)
        return self.pages[item]

    def await_payment(self, order):
        self.waiting.append(order)

    def log(self, order):
        self.database.execute("insert into log values (?, ?, ?)", (order.number, order.who, order.cents))
        self.database.execute("delete from log where number <= ?", (order.number - ROWS,))

    def serve(self, text):
        request = json.loads(text)
        order = Order(request["number"], request["who"], request["items"], 300 * request["count"])
        self.page("%s for %s" % (order.items, order.who))
        if order.number % 10 == 0:
            self.await_payment(order)
        else:
            self.log(order)


def requests(count, seed):
    chance = random.Random(seed)
    for number in range(count):
        yield json.dumps({"number": number, "who": "customer-%d" % chance.randrange(900), "count": chance.randrange(1, 5),
                          "items": "item-%d and item-%d" % (chance.randrange(400), chance.randrange(400))})


shop = Shop()


def main(count):
    for text in requests(count, seed=1):
        shop.serve(text)
    print("%d orders, %d pages, %d waiting" % (count, len(shop.pages), len(shop.waiting)))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20000)
