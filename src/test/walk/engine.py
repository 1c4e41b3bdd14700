"""What the rows of a walk are written with: lines that are typed, and what must come back."""

import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field

import tools as toolsets

PATIENCE_S = 30
PROMPT = r"^>"


class Mismatch(AssertionError):
    """What a reader saw is not what the tutorial promised."""


class NotHere(Exception):
    """This machine lacks what the row needs; the text says what."""


@dataclass
class Row:
    """One promise: a sentence, the code that checks it, and for which tool sets."""

    key: str
    says: str
    check: object
    sets: tuple
    without: dict = field(default_factory=dict)
    later: str = ""


class Tutorial:
    """The rows of one walk-through in the order in which a reader meets them."""

    def __init__(self, key, title, prepare, arrive=lambda walk: None):
        """Prepare starts the broker for a reader who has Kafka's own tools; arrive is for one with ours."""
        self.key, self.title, self.prepare, self.arrive, self.rows = key, title, prepare, arrive, []

    def row(self, says, sets=(toolsets.MILLRACE.name,), without=None):
        """Without: tool set → why this row cannot be walked with it."""

        def add(check):
            key = f"{self.key}.{check.__name__}"
            self.rows.append(Row(key, says, check, tuple(sets), without or {}))
            return check

        return add

    def later(self, key, says, comes_with):
        """A promise that comes true with another capability."""
        self.rows.append(Row(f"{self.key}.{key}", says, None, (), {}, comes_with))

    def sets(self):
        return [name for name in toolsets.BY_NAME if any(name in row.sets for row in self.rows)]


@dataclass
class Output:
    """What one typed line gave back."""

    line: str
    out: str
    err: str
    code: int

    def prints(self, *lines):
        """Each is exactly one line of the output; a tab or spaces at the end do not count."""
        present = [line.rstrip() for line in self.out.splitlines()]
        for line in lines:
            if line.rstrip() not in present:
                raise self.wrong(f"no line is: {line}")
        return self

    def shows(self, *patterns):
        """Each is found in the output."""
        for pattern in patterns:
            if not re.search(pattern, self.out, re.MULTILINE):
                raise self.wrong(f"the output does not show: {pattern}")
        return self

    def says(self, *patterns):
        """Each is found in the output or among the messages."""
        for pattern in patterns:
            if not re.search(pattern, self.out + "\n" + self.err, re.MULTILINE):
                raise self.wrong(f"it does not say: {pattern}")
        return self

    def never_says(self, *patterns):
        for pattern in patterns:
            if re.search(pattern, self.out + "\n" + self.err, re.MULTILINE):
                raise self.wrong(f"it must not say: {pattern}")
        return self

    def counts(self, pattern, expected):
        found = len(re.findall(pattern, self.out, re.MULTILINE))
        if found != expected:
            raise self.wrong(f"{found} times instead of {expected}: {pattern}")
        return self

    def lines_are(self, *expected):
        """The whole output, line by line."""
        if self.out.splitlines() != list(expected):
            raise self.wrong(f"the output is not: {list(expected)}")
        return self

    def succeeds(self):
        return self.exits(0)

    def exits(self, code):
        if self.code != code:
            raise self.wrong(f"the exit code is {self.code}, not {code}")
        return self

    def fails_in_one_line(self):
        """Exit code 1, and a sentence instead of a stack trace."""
        self.exits(1).never_says(r"^\s+at [\w.$]+\(", r"^Exception in thread")
        if len(self.err.strip().splitlines()) > 3:
            raise self.wrong("more than a sentence and its hint")
        return self

    def rows(self):
        """The lines of a table, each as its cells."""
        return [line.split() for line in self.out.splitlines() if line.strip()]

    def json(self):
        """The lines that are JSON objects."""
        return [json.loads(line) for line in self.out.splitlines() if line.startswith("{")]

    def wrong(self, what):
        return Mismatch(f"{what}\n    $ {self.line}\n{indent(self.out)}{indent(self.err)}    exit code {self.code}")


def indent(text, most=40):
    lines = text.splitlines()
    if len(lines) > most:
        lines = lines[: most // 2] + ["..."] + lines[-most // 2:]
    return "".join(f"    | {line[:300]}\n" for line in lines)


class Running:
    """A line that is typed with & behind it, or in a terminal of its own."""

    def __init__(self, walk, line, process, file):
        self.walk, self.line, self.process, self.file = walk, line, process, file

    def text(self):
        return self.file.read_text(errors="replace")

    def awaits(self, pattern, seconds=PATIENCE_S):
        """Waits until its output shows the pattern."""
        def shown():
            return re.search(pattern, self.text(), re.MULTILINE)

        self.walk.until(shown, f"{self.line}\n{indent(self.text())}    shows {pattern}", seconds,
                        give_up=lambda: self.process.poll() is not None and not shown())
        return self

    def type(self, text):
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()
        return self

    def interrupt(self):
        """Ctrl+C; gives what was printed."""
        return self.end(signal.SIGINT)

    def end(self, sign=signal.SIGTERM):
        if self.process.poll() is None:
            os.killpg(self.process.pid, sign)
        try:
            code = self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            raise Mismatch(f"{self.line}\n{indent(self.text())}    did not end after {sign.name}") from None
        return Output(self.line, self.text(), "", code)


class Walk:
    """One reader with one tool set: a home folder with `bin`, a shell, and a broker's home."""

    def __init__(self, tools, home, server, work):
        self.tools = tools
        self.home = home
        self.server = server
        self.work = work
        self.env = dict(os.environ, COLUMNS="200")
        for name in [name for name in self.env if name.startswith(("KAFKA_", "MILLRACE_"))]:
            del self.env[name]
        self.started = []

    @property
    def own(self):
        return self.tools.own

    def since(self, version):
        """True for Millrace's tools and for Kafka's from a version on."""
        def numbers(text):
            return [int(part) for part in text.split(".")]

        return self.own or numbers(self.tools.name) >= numbers(version)

    def run(self, line, stdin="", seconds=PATIENCE_S, at=None, **env):
        """Types a line in the home folder, with keys that follow, and waits until it ends."""
        typed = stdin.encode() if isinstance(stdin, str) else stdin
        process = subprocess.Popen(
            ["bash", "-c", line], cwd=at or self.home, env=self.env | env, start_new_session=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            out, err = process.communicate(typed, seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
            raise Output(line, out.decode(errors="replace"), err.decode(errors="replace"), -1).wrong(
                f"not finished after {seconds} s") from None
        return Output(line, out.decode(errors="replace"), err.decode(errors="replace"), process.returncode)

    def serve(self, line, **options):
        """The same on the machine of the broker, whose tools are Millrace's."""
        return self.run(line, at=self.server, **options)

    def spawn(self, line, at=None, **env):
        """Types a line and goes on while it runs."""
        file = self.work / f"spawned-{len(self.started)}.txt"
        with file.open("wb") as sink:
            process = subprocess.Popen(["bash", "-c", line], cwd=at or self.home, env=self.env | env,
                                       start_new_session=True, stdin=subprocess.PIPE, stdout=sink,
                                       stderr=subprocess.STDOUT)
        running = Running(self, line, process, file)
        self.started.append(running)
        return running

    def at_terminal(self, line, *keys, prompt=PROMPT, end=b"\x04"):
        """Types a line at a terminal, then each text after a prompt, then the end key (Ctrl+D)."""
        child, master = pty.fork()
        if child == 0:
            os.chdir(self.home)
            os.execvpe("bash", ["bash", "-c", line], self.env | {"TERM": "dumb"})
        seen = b""
        try:
            for number, key in enumerate([*keys, None], start=1):
                seen = read_until(master, seen, lambda text: len(re.findall(prompt, text, re.M)) >= number, line)
                os.write(master, end if key is None else key.encode() + b"\n")
            seen = read_until(master, seen, None, line)
        except Mismatch:
            os.kill(child, signal.SIGKILL)
            raise
        finally:
            os.close(master)
            status = os.waitpid(child, 0)[1]
        return Output(line, seen.decode(errors="replace").replace("\r", ""), "", os.waitstatus_to_exitcode(status))

    def end_spawned(self):
        """Ends what a row left running."""
        for running in self.started:
            if running.process.poll() is None:
                os.killpg(running.process.pid, signal.SIGKILL)
                running.process.wait()

    def until(self, condition, what, seconds=PATIENCE_S, give_up=lambda: False):
        """Asks again and again until the condition holds; gives its value."""
        deadline = time.monotonic() + seconds
        while not (value := condition()):
            if give_up() or time.monotonic() > deadline:
                raise Mismatch(f"waited in vain until {what}")
            time.sleep(0.05)
        return value

    def file(self, name, text):
        """Writes a file into the home folder, as with an editor."""
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.write_text(text)
        return path

    def edit(self, name, **changes):
        """Changes keys of a properties file on the broker's machine, as with an editor."""
        path = self.server / name
        lines = path.read_text().splitlines()
        for key, value in changes.items():
            key = key.replace("_", ".")
            kept = [line for line in lines if not re.match(rf"#?{re.escape(key)}=", line)]
            lines = kept + ([] if value is None else [f"{key}={value}"])
        path.unlink()
        path.write_text("\n".join(lines) + "\n")

    def needs(self, *programs):
        for program in programs:
            if not shutil.which(program):
                raise NotHere(f"there is no {program} on this machine")


def read_until(master, seen, condition, line):
    """Reads a terminal until the condition holds, or its end where there is none."""
    deadline = time.monotonic() + PATIENCE_S
    while condition is None or not condition(seen.decode(errors="replace").replace("\r", "")):
        ready = select.select([master], [], [], max(0, deadline - time.monotonic()))[0]
        try:
            chunk = os.read(master, 65536) if ready else b""
        except OSError:
            chunk = b""
        if not chunk:
            if ready and condition is None:
                return seen
            text = seen.decode(errors="replace")
            raise Mismatch(f"waited in vain at the terminal\n    $ {line}\n{indent(text)}")
        seen += chunk
    return seen
