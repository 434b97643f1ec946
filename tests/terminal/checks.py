"""What must hold of each tool. A check takes a Server, the tool's name and its row, and raises Fault."""
import os
import signal
import subprocess
import time

from terminal import DONE, SAMPLES, Fault, environment, piped, require, width, without_escapes

WIDTHS = (80, 200)
HERE = os.path.dirname(os.path.abspath(__file__))


def run(server, command, columns=80, **variables):
    with server.run(command, columns, **variables) as screen:
        return screen.finish()


def require_plain(server, command, text, columns=80):
    """The text is what goes into a pipe."""
    status, wanted, said = piped(server, command, columns)
    require(status == 0 and not said and wanted, "%s: as a pipe: status %d, %s", command, status, said)
    require(text == wanted, "%s: at a terminal it prints\n%s\nand into a pipe\n%s", command, text, wanted)


def screens(server, name, tool):
    """what a terminal shows is as recorded, and fits"""
    shown = ""
    for columns in WIDTHS:
        status, text = run(server, "%s %s" % (name, tool.short), columns)
        require(status == 0, "%s: status %d: %s", name, status, text)
        require(("\x1b[" in text) == tool.colors, "%s: colours at a terminal: %r", name, text)
        require_plain(server, "%s %s" % (name, tool.short), without_escapes(text), columns)
        shown += "== %d columns: %s %s\n%s" % (columns, name, tool.short, text.replace("\x1b", "ESC"))
    path = os.path.join(HERE, "screens", name + ".txt")
    if os.environ.get("UPDATE"):
        with open(path, "w", encoding="utf-8") as file:
            file.write(shown)
    with open(path, encoding="utf-8") as file:
        recorded = file.read()
    require(shown == recorded, "%s: it shows\n%s\nbut recorded is (UPDATE=1 records what is shown)\n%s", name, shown,
            recorded)


def widths(server, name, tool):
    """no line is wider than the terminal"""
    if not tool.fits:
        return
    for columns in WIDTHS:
        for arguments in tool.short, tool.long:
            _, text = run(server, "%s %s" % (name, arguments), columns, PAGER="")
            lines = without_escapes(text).splitlines()
            widest = max(lines, key=width)
            require(width(widest) <= columns, "%s: %d columns of %d:\n%s", name, width(widest), columns, widest)
            require(len(lines) > 3, "%s: nothing was judged", name)


def plain_places(server, name, tool):
    """no escape code under NO_COLOR, on a dumb terminal, or in a pipe; and no pager on a dumb one"""
    command = "%s %s" % (name, tool.short)
    status, text = run(server, command, NO_COLOR="1")
    require(status == 0 and "\x1b" not in text, "%s: under NO_COLOR: %r", name, text)
    for term in "dumb", None:
        status, text = run(server, "%s %s" % (name, tool.long), TERM=term, PAGER="touch paged", NO_COLOR="1")
        require(status == 0, "%s: TERM=%s: status %d", name, term, status)
        require_plain(server, "%s %s" % (name, tool.long), text)
    _, text = run(server, command, TERM="dumb")
    require("\x1b" not in text, "%s: on a dumb terminal: %r", name, text)
    _, text = run(server, command + " | cat")
    require("\x1b" not in text and text, "%s: in a pipe: %r", name, text)


def closed_pipes(server, name, tool):
    """a reader that goes away is no fault"""
    command = "%s %s" % (name, tool.long)
    first = piped(server, command, 80)[1].splitlines()[0]
    _, text = run(server, command + " | head -1", COLUMNS="80")
    require(text == first + "\n", "%s | head -1: %s", command, text)
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(["sh", "-c", "exec " + command], stdout=writing, stderr=subprocess.PIPE, cwd=SAMPLES,
                          check=False, env=environment(server.tools, server.folder, {}))
    os.close(writing)
    require(done.returncode in (0, -signal.SIGPIPE) and not done.stderr, "%s: closed pipe: status %d: %s", name,
            done.returncode, done.stderr)


def no_pager(server, name, tool):
    """what nobody wants paged is printed: --no-pager, PAGER empty or cat, a short output, a pager that is none"""
    mark = os.path.join(server.folder, name + "-paged")
    marking = "touch %s; cat" % mark
    long = "%s %s" % (name, tool.long)
    plain = [(long, {"PAGER": ""}), (long, {"PAGER": " cat "}),
             ("%s %s" % (name, tool.short), {"PAGER": marking}), (long + " | cat", {"PAGER": marking})]
    if tool.pages:
        plain.append((long + " --no-pager", {"PAGER": marking}))
    else:
        plain.append((long, {"PAGER": marking}))
    for command, variables in plain:
        status, text = run(server, command, NO_COLOR="1", **variables)
        require(status == 0 and not os.path.exists(mark), "%s: %s: status %d, paged: %s", command, variables, status,
                os.path.exists(mark))
        if not command.endswith("cat"):
            require_plain(server, command, text)
    if not tool.pages:
        return
    status, _ = run(server, long, PAGER=marking)
    require(status == 0 and os.path.exists(mark), "%s: PAGER was not run", long)
    status, text = run(server, long, NO_COLOR="1", PAGER="/no/such/program")
    complaint, _, rest = text.partition("\n")
    require(status == 0 and "/no/such/program" in complaint, "%s: without its pager: status %d: %s", long, status, text)
    require_plain(server, long, rest)


def less_is_up(screen):
    shown = [line for line in screen.shown() if line]
    return bool(shown) and shown[-1] == ":"


def pager(server, name, tool):
    """less comes up with colours, survives Ctrl-C, shows the end, and q leaves it"""
    if not tool.pages:
        return
    command = "%s %s" % (name, tool.long)
    lines = piped(server, command, 80)[1].splitlines()
    with server.run(command) as screen:
        screen.wait(lambda: less_is_up(screen), "less")
        require(screen.shown()[0] == lines[0].rstrip(), "%s: less begins with %s", name, screen.shown()[0])
        require(not tool.colors or "\x1b[1m" in screen.raw(), "%s: no colours in less: %r", name, screen.raw())
        screen.press("C-c")

        def last_line_comes():
            screen.press("G")  # less may throw keys away that follow Ctrl-C
            return lines[-1].rstrip() in screen.shown()
        screen.wait(last_line_comes, "the last line")
        require(not screen.is_done(), "%s: less ended by itself", name)
        screen.press("q")
        status, _ = screen.finish()
        require(status == 0, "%s: left by q: status %d", name, status)
    status, text = run(server, command, NO_COLOR="1", PAGER="head -1")
    require(status == 0 and text == lines[0] + "\n", "%s: left early: status %d: %s", name, status, text)
    _, text = run(server, command, PAGER='printf "%s\\n" "$LESS"')
    require(text == "FRX\n", "%s: LESS is %s", name, text)
    _, text = run(server, command, PAGER='printf "%s\\n" "$LESS"', LESS="-S")
    require(text == "-S\n", "%s: the user's LESS is %s", name, text)


def own_status(server, name, tool):
    """the status is the tool's, and its message comes when the pager is gone"""
    if not tool.message:
        return
    arguments, own = tool.message
    command = "%s %s" % (name, arguments)
    for pager_command in "cat; sleep 0.2; echo GONE", "head -1 > /dev/null; echo GONE":
        status, text = run(server, command, PAGER=pager_command)
        before, _, after = text.partition("GONE\n")
        require(status == own, "%s: status %d", command, status)
        require(after.startswith(name + ": ") and name + ": " not in before, "%s: its message: %s", command, text)


class SlowInput:
    """Standard input that comes in two halves, through a FIFO."""

    def __init__(self, server, tool):
        with open(os.path.join(SAMPLES, tool.input), "rb") as file:
            self.text = file.read()
        server.runs += 1
        self.path = os.path.join(server.folder, "slow-%d" % server.runs)
        os.mkfifo(self.path)
        self.descriptor = -1

    def open(self):
        try:
            self.descriptor = os.open(self.path, os.O_WRONLY | os.O_NONBLOCK)  # fails while nobody reads
        except OSError:
            pass
        return self.descriptor >= 0

    def first_half(self, screen):
        screen.wait(self.open, "its opening of the input")
        os.write(self.descriptor, self.text[:len(self.text) // 2])

    def second_half(self):
        os.write(self.descriptor, self.text[len(self.text) // 2:])
        self.close()

    def close(self):
        os.close(self.descriptor)


NAME = "standard input"


def progress(server, name, tool):
    """a bar comes while reading takes long, moves at a bearable pace, and is gone afterwards"""
    slow = SlowInput(server, tool)
    command = "%s %s" % (name, tool.slow)
    begin = time.monotonic()
    with server.run("%s < %s" % (command, slow.path), PAGER="") as screen:
        slow.first_half(screen)
        screen.wait(lambda: any(line.startswith(NAME + "  ") for line in screen.shown()), "the bar")
        screen.wait(lambda: screen.raw().count(NAME) >= 5, "a bar that is drawn again")
        slow.second_half()
        status, text = screen.finish()
        drawn, passed = text.count(NAME), time.monotonic() - begin
        require(drawn <= 10 * passed, "%s: it draws %d bars in %.1f s", name, drawn, passed)
        shown = screen.shown_at_end()
    wanted = piped(server, "cat %s | %s" % (tool.input, command), 80)[1]
    # Long lines are wrapped on the screen.
    require(status == 0 and unwrapped(shown) == unwrapped(wanted), "%s: status %d, and the screen:\n%s\nnot\n%s", name,
            status, shown, wanted)


def unwrapped(text):
    return "".join(text.split())


def progress_of_failure(server, name, tool):
    """the bar is gone before the message of what went wrong"""
    slow = SlowInput(server, tool)
    with server.run("%s %s < %s" % (name, tool.slow, slow.path)) as screen:
        slow.first_half(screen)
        screen.wait(lambda: any(line.startswith(NAME + "  ") for line in screen.shown()), "the bar")
        slow.close()
        status, _ = screen.finish()
        shown = screen.shown_at_end()
    require(status == 2 and shown.startswith("%s: %s: " % (name, NAME)) and shown.count(NAME) == 1,
            "%s: status %d, and the screen:\n%s", name, status, shown)


def no_progress(server, name, tool):
    """no bar where stderr is no terminal, or a dumb one"""
    for redirection, variables in ("2> %s", {}), ("", {"TERM": "dumb"}), ("", {"TERM": None}):
        slow = SlowInput(server, tool)
        errors = slow.path + ".err"
        redirection = redirection and redirection % errors
        with server.run("%s %s < %s %s" % (name, tool.slow, slow.path, redirection), PAGER="", **variables) as screen:
            slow.first_half(screen)
            end = time.monotonic() + 1.2  # time enough for a bar to come
            screen.wait(lambda: time.monotonic() > end, "time")
            slow.second_half()
            status, text = screen.finish()
        require(status == 0 and "\r" not in text and NAME + "  " not in text, "%s: status %d: %r", name, status, text)
        if redirection:
            with open(errors, encoding="utf-8") as file:
                require(not file.read(), "%s: it writes into a file of errors", name)


ALL = (screens, widths, plain_places, closed_pipes, no_pager, pager, own_status, progress, progress_of_failure,
       no_progress)
