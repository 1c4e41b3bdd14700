"""Where the benches run: folders, the lock, the Java programs of the peer harness and of this project."""

import contextlib
import fcntl
import json
import mmap
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
RAW = PROJECT / "target/bench"
LONGEST_CLIENT_S = 280
# More than what one round of the load writes; what is left runs the machine.
USED_BYTES_MAX, LEFT_BYTES = 12 << 30, 4 << 30


class Overtime(Exception):
    """A part took longer than it may."""


@dataclass(frozen=True)
class Ground:
    """What was asked for. Peer is the folder of the peer harness, or None."""

    peer: Path | None
    rounds: int
    quick: bool
    lock: Path | None
    sockets: tuple

    @contextlib.contextmanager
    def quiet(self):
        """Holds the lock file that others who measure on this machine respect; waiting for it costs no time."""
        if self.lock is None:
            yield
            return
        with open(self.lock, "w") as file:
            left, _ = signal.setitimer(signal.ITIMER_REAL, 0)
            fcntl.flock(file, fcntl.LOCK_EX)
            signal.setitimer(signal.ITIMER_REAL, left)
            yield

    def peer_java(self, main, *arguments, timeout=LONGEST_CLIENT_S):
        """Runs a class of the peer harness, or of Kafka's tools; what it printed."""
        return finished(self.peer_command(main, *arguments), timeout)

    def peer_command(self, main, *arguments):
        return ["java", "-Xmx512m", f"-Dlog4j2.configurationFile={self.peer}/conf/log4j2.properties",
                "-cp", f"{self.peer}/target/classes:{self.peer}/target/lib/*", main, *map(str, arguments)]

    def own_java(self, main, *arguments, timeout=LONGEST_CLIENT_S):
        """Runs a load of io.millrace.bench; what it printed."""
        return finished(own_command(main, *arguments), timeout)


def own_command(main, *arguments):
    return ["java", "-Xmx512m", "-cp", class_path(), "io.millrace.bench." + main, *map(str, arguments)]


def finished(command, timeout):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=timeout)
    if done.returncode:
        name = next((word for word in command if "." in word and "/" not in word and "=" not in word), command[0])
        raise RuntimeError(f"{name} ended with {done.returncode}: {(done.stdout + done.stderr)[-600:]}")
    return done.stdout


def say(text):
    print(time.strftime("%H:%M:%S"), text, file=sys.stderr, flush=True)


def fresh(name):
    """An empty folder of that name below the raw figures."""
    path = RAW / name
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


def build():
    """The broker as it is run, and the loads; Maven is asked only when sources are newer."""
    subprocess.run([PROJECT / "bin/millrace", "build"], check=True)
    class_path()


def class_path():
    """Classes of the broker, the tests and their libraries."""
    listed = RAW / "class-path.txt"
    sources = [PROJECT / "pom.xml", *(PROJECT / "src").rglob("*.java")]
    if not listed.exists() or any(s.stat().st_mtime > listed.stat().st_mtime for s in sources):
        RAW.mkdir(parents=True, exist_ok=True)
        goals = ["test-compile", "dependency:build-classpath", f"-Dmdep.outputFile={listed}",
                 "-Dmdep.includeScope=test", "-Dspotless.check.skip", "-Dconsole.skip"]
        maven = ["mvn", "-f", PROJECT / "pom.xml", "-q", "-B", *goals]
        if subprocess.run([*maven, "-o"], stdout=subprocess.DEVNULL).returncode:
            subprocess.run(maven, check=True)
        listed.touch()
    return f"{PROJECT}/target/test-classes:{PROJECT}/target/classes:{listed.read_text().strip()}"


def use_memory():
    """Uses memory once that is free. A virtual machine gets it from its host page by page when it is used for the first
    time, and a write to the page cache that does so takes six times as long: a load would measure who came first."""
    free_kb = int(re.search(r"MemAvailable:\s+(\d+)", Path("/proc/meminfo").read_text()).group(1))
    length = min(USED_BYTES_MAX, free_kb * 1024 - LEFT_BYTES) // mmap.PAGESIZE * mmap.PAGESIZE
    if length > 0:
        mmap.mmap(-1, length, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | mmap.MAP_POPULATE).close()


@contextlib.contextmanager
def at_most(seconds):
    """Ends the work inside with Overtime when it takes longer."""
    def ring(_signal, _frame):
        raise Overtime(f"stopped after {seconds:,.0f} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def machine():
    """One line about this machine."""
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = int(re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text()).group(1)) >> 20
    java = subprocess.run(["java", "-version"], capture_output=True, text=True).stderr.split('"')[1]
    cores = f"{os.cpu_count()} cores" + (f" ({model.group(1)})" if model else "")
    return f"{cores}, {memory} GiB, kernel {platform.release()}, Java {java}"


def last_json(text):
    """The last line of what a program printed, which is one object."""
    return json.loads(text.strip().splitlines()[-1])
