"""A shop's server loop that leaks: every request leaves one line of history behind.

    python3 shop.py        writes leak-0.pickle, leak-1.pickle, leak-2.pickle
    tmdiff leak-0.pickle leak-1.pickle
"""
import cache
import inventory

history = []  # the leak: nobody ever reads or shortens it


def price(stock, request):
    item = stock[request["item"]]
    return item["cents"] * request["count"]


def handle(stock, pages, request):
    total = price(stock, request)
    history.append("%s bought %d of %s for %d cents" % (
        request["who"], request["count"], request["item"], total))
    return pages.get(request["item"], lambda item: "<h1>%s</h1>" % (item * 4))


def serve(stock, pages, first, last):
    for number in range(first, last):
        handle(stock, pages, {
            "who": "customer-%d" % number,
            "item": "item-%d" % (number % 60),
            "count": number % 7 + 1,
        })


def main(dump):
    history.clear()
    stock = inventory.load(60)
    pages = cache.Cache(40)
    serve(stock, pages, 0, 50)
    dump("leak-0")  # warm: from here on only the history may grow, and it should not
    serve(stock, pages, 50, 200)
    dump("leak-1")
    serve(stock, pages, 200, 350)
    dump("leak-2")


if __name__ == "__main__":
    import tracemalloc
    tracemalloc.start(25)
    main(lambda name: tracemalloc.take_snapshot().dump(name + ".pickle"))
