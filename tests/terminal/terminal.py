"""Terminals of tmux, in which a tool is run as a person would."""
import os
import re
import shlex
import subprocess
import time
import unicodedata

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SAMPLES = os.path.join(ROOT, "samples", "snapshots")
PATIENCE = 60  # seconds; only a failure takes so long

ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[()].|.)")
DONE = re.compile(r"\n\[status (\d+)\]")

# What the person may have set, and the tools or less heed.
CLEAN = ("CLICOLOR_FORCE", "COLUMNS", "LESS", "LESSOPEN", "LINES", "MORE", "NO_COLOR", "PAGER", "TMUX")


class Fault(Exception):
    """The tool did what it must not."""


def require(condition, what, *arguments):
    if not condition:
        raise Fault(what % arguments)


def without_escapes(text):
    return ESCAPE.sub("", text)


def width(line):
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1
               for character in line if not unicodedata.combining(character))


def environment(tools, folder, variables):
    """Of a person who set nothing else."""
    values = {name: value for name, value in os.environ.items() if name not in CLEAN}
    values.update(PATH=tools + os.pathsep + values.get("PATH", os.defpath), TERM="screen", LC_ALL="C.UTF-8",
                  HOME=folder, LESSHISTFILE="-")
    values.update(variables)
    return {name: value for name, value in values.items() if value is not None}


class Server:
    """A tmux of our own, that reads nobody's configuration."""

    def __init__(self, tools, folder):
        self.tools = tools
        self.folder = folder
        self.runs = 0
        config = os.path.join(folder, "tmux.conf")
        with open(config, "w", encoding="utf-8") as file:
            file.write("set -g status off\nset -g default-terminal screen\nset -sg escape-time 0\n"
                       "set -s exit-empty off\n")
        self.command = ["tmux", "-u", "-S", os.path.join(folder, "socket"), "-f", config]

    def ask(self, *words):
        done = subprocess.run(self.command + list(words), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              env=environment(self.tools, self.folder, {}), timeout=PATIENCE, check=False)
        require(done.returncode == 0, "tmux %s: %s", " ".join(words), done.stdout.decode())
        return done.stdout.decode("utf-8", "replace")

    def stop(self):
        subprocess.run(self.command + ["kill-server"], stderr=subprocess.DEVNULL, check=False)

    def run(self, command, columns=80, **variables):
        """Starts a command of sh on a screen of its own. A variable that is None is unset."""
        self.runs += 1
        return Screen(self, "run-%d" % self.runs, command, columns, variables)


class Screen:
    """One terminal and the command in it, which begins when everything that it writes is kept."""
    ROWS = 24

    def __init__(self, server, name, command, columns, variables):
        self.server = server
        self.name = name
        self.command = command
        self.path = os.path.join(server.folder, name)
        sets = environment(server.tools, server.folder, variables)
        script = self.path + ".sh"
        with open(script, "w", encoding="utf-8") as file:
            # Ctrl-C is for the command. The sign that it ended stays on the screen until we have looked.
            file.write("trap : INT\ncd %s\n" % shlex.quote(SAMPLES))
            wait = " ".join(map(shlex.quote, server.command)) + " wait-for "
            file.write("%s begin-%s\n" % (wait, name))
            file.write("%s\n" % command)
            file.write("printf '\\n[status %%d]\\n' $?\n%s end-%s\n" % (wait, name))
        server.ask("new-session", "-d", "-s", name, "-x", str(columns), "-y", str(self.ROWS),
                   "env", "-i", *("%s=%s" % item for item in sets.items()), "sh", script)
        server.ask("pipe-pane", "-t", name, "cat > " + shlex.quote(self.path + ".raw"))
        server.ask("wait-for", "-S", "begin-" + name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.ask("kill-session", "-t", self.name)

    def press(self, *keys):
        self.server.ask("send-keys", "-t", self.name, *keys)

    def raw(self):
        """All that was written to the terminal so far, with the escape codes."""
        try:
            with open(self.path + ".raw", encoding="utf-8", errors="surrogateescape", newline="") as file:
                return file.read().replace("\r\n", "\n")
        except FileNotFoundError:
            return ""

    def shown(self, *options):
        """The lines on the screen now."""
        return [line.rstrip() for line in self.server.ask("capture-pane", "-p", "-t", self.name, *options).splitlines()]

    def wait(self, condition, what):
        end = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > end:
                raise Fault("%s: %s did not come within %d s; the screen:\n%s"
                            % (self.command, what, PATIENCE, "\n".join(self.shown())))
            time.sleep(0.02)

    def is_done(self):
        return DONE.search(self.raw()) is not None

    def finish(self):
        """Waits for the end. Returns the status, and all that was written."""
        self.wait(self.is_done, "its end")
        before, status = DONE.split(self.raw())[:2]
        return int(status), before

    def shown_at_end(self):
        """The lines above the sign of the end, as they came to stand on the screen, or above it."""
        self.wait(lambda: any(line.startswith("[status") for line in self.shown()), "its end on the screen")
        text = "\n".join(self.shown("-S", "-"))
        return text.partition("\n[status")[0].rstrip("\n") + "\n"


def piped(server, command, columns, **variables):
    """(status, stdout, stderr) of a command of sh whose output is a pipe."""
    done = subprocess.run(["sh", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=SAMPLES,
                          stdin=subprocess.DEVNULL, timeout=PATIENCE, check=False,
                          env=environment(server.tools, server.folder, {"COLUMNS": str(columns), **variables}))
    return (done.returncode, *(text.decode("utf-8", "surrogateescape") for text in (done.stdout, done.stderr)))
