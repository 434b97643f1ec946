"""What is run of each tool: a row a tool. Arguments are a shell's, in samples/snapshots."""
from typing import NamedTuple


class Tool(NamedTuple):
    short: str             # fits on a screen of 24 lines; recorded in screens/
    long: str              # does not, and is 0 in status
    slow: str              # reads standard input, and has answered when that ends
    input: str             # what is put there
    colors: bool = True    # at a terminal
    fits: bool = True      # no line is wider than the terminal
    pages: bool = True     # what is longer than the screen is shown through a pager
    message: tuple = ()    # what is longer than a screen, and has something to say on stderr after it; its status


TOOLS = {
    "tmtop": Tool(
        short="-n 3 -g traceback leak-1.pickle",
        long="-n 0 -g traceback startup.pickle",
        slow="-n 5 -", input="inventory.pickle",
        message=("-n 0 -g traceback --timing startup.pickle", 0)),
    "tmdiff": Tool(
        short="-g traceback leak-0.pickle leak-1.pickle",
        long="-n 0 leak-0.pickle startup.pickle",
        slow="-n 5 leak-0.pickle -", input="leak-1.pickle",
        message=("-n 0 --fail-above 1 leak-0.pickle startup.pickle", 1)),
    "tmgrep": Tool(
        short="-i '*/shop.py' -g traceback leak-0.pickle",
        long="-n 0 -g traceback -i '*' startup.pickle",
        slow="-n 5 -i '*' -", input="inventory.pickle",
        message=("-n 0 -g traceback -i '*' --timing startup.pickle", 0)),
    "tmtrace": Tool(
        short="-n 2 leak-1.pickle",
        long="-n 0 leak-1.pickle",
        slow="-n 2 -", input="leak-1.pickle", fits=False,
        message=("-n 0 --timing leak-1.pickle", 0)),
    "tmconvert": Tool(
        short="--list",
        long="startup.pickle - --to json",
        slow="--quiet --to folded - -", input="inventory.pickle",
        colors=False, fits=False, pages=False),
    "tminfo": Tool(
        short="leak-1.tms",
        long="leak-1.tms leak-0.pickle leak-2.pickle",
        slow="-", input="inventory.pickle", fits=False,
        message=("leak-1.tms leak-0.pickle leak-2.pickle no-such-file", 2)),
    "tmtrend": Tool(
        short="-n 3 series",
        long="-n 0 startup.pickle startup.pickle startup.pickle startup.pickle",
        slow="inventory.pickle inventory.pickle inventory.pickle -", input="inventory.pickle",
        message=("-n 0 --timing startup.pickle startup.pickle startup.pickle startup.pickle", 0)),
    "tmcheck": Tool(
        short="--warn 'size>+10%@site' --min-growth 8K --baseline leak-0.pickle leak-1.pickle",
        long="--warn 'size>0@site' startup.pickle",
        slow="--fail 'size>1G' -", input="inventory.pickle", fits=False, pages=False),
}
