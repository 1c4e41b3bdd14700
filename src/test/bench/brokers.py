"""Starts the brokers that are compared, each with the settings of the peer harness, on free ports."""

import contextlib
import os
import shutil
import signal
import subprocess
import time

import ports
from ground import PROJECT, fresh

HEAP = "1g"
START_S = 90
# Where kafka-node puts the controller of a broker.
CONTROLLER_ABOVE = 1000


def lines(settings):
    return "".join(f"{key}={value}\n" for key, value in settings.items())


class Kafka:
    """One Kafka of the peer harness."""

    name = "kafka"

    def __init__(self, ground, settings=None):
        port = ports.free(CONTROLLER_ABOVE)
        self.peer, self.home, self.bootstrap = ground.peer, fresh("kafka"), f"127.0.0.1:{port}"
        subprocess.run([self.peer / "kafka-node", "format", self.home, "1", str(port), f"1@127.0.0.1:{port + CONTROLLER_ABOVE}"], check=True)
        with open(self.home / "server.properties", "a") as file:
            file.write(lines(settings or {}))
        self.data = self.home / "data"
        try:
            subprocess.run([self.peer / "kafka-up", "--port", str(port), "--dir", self.home, "--heap", HEAP],
                           check=True, stdout=subprocess.DEVNULL)
            self.pids = [int((self.home / "pid").read_text())]
        except BaseException:
            self.stop()
            raise

    def stop(self):
        subprocess.run([self.peer / "kafka-down", "--dir", self.home])
        shutil.rmtree(self.data, ignore_errors=True)


class Millrace:
    """One broker of this build."""

    name = "millrace"

    def __init__(self, ground, settings=None):
        port = ports.free()
        self.home, self.bootstrap = fresh("millrace"), f"127.0.0.1:{port}"
        self.data = self.home / "data"
        # As the peer harness sets Kafka up; all else is the default.
        own = {"listeners": f"PLAINTEXT://127.0.0.1:{port}", "log.dirs": self.data, "log.segment.delete.delay.ms": 1000}
        (self.home / "server.properties").write_text(lines(own | (settings or {})))
        self.process = started(self.home)
        self.pids = [self.process.pid]
        try:
            await_ready([self.home], [self.process])
        except BaseException:
            self.stop()
            raise

    def stop(self):
        end([self.process])
        shutil.rmtree(self.data, ignore_errors=True)


def started(home):
    with open(home / "console.txt", "w") as console:
        return subprocess.Popen([PROJECT / "bin/millrace", "start", "--config", home / "server.properties"], stdout=console,
                                stderr=subprocess.STDOUT, env=dict(os.environ, KAFKA_HEAP_OPTS=f"-Xmx{HEAP}", LOG_DIR=str(home / "logs")))


def await_ready(homes, processes=()):
    until = time.monotonic() + START_S
    for home in homes:
        console = home / "console.txt"
        while "ready in" not in (console.read_text() if console.exists() else ""):
            if time.monotonic() > until or any(p.poll() is not None for p in processes):
                raise RuntimeError(f"Millrace did not start: {console.read_text()[-600:]}")
            time.sleep(0.1)


def end(processes):
    for process in processes:
        process.send_signal(signal.SIGTERM)
    for process in processes:
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def forget_pages(server, topic):
    """Drops a topic's batches from the page cache, so that they are read from the disk; they must have been written there."""
    for file in server.data.glob(f"{topic}-*/*.log"):
        with open(file, "rb") as opened:
            os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


@contextlib.contextmanager
def running(*brokers):
    """Ends them all, whatever comes."""
    try:
        yield brokers
    finally:
        for broker in brokers:
            broker.stop()


@contextlib.contextmanager
def pair(ground, settings=None):
    """A fresh Kafka and a fresh Millrace beside each other."""
    with running(Kafka(ground, settings)) as (kafka,), running(Millrace(ground, settings)) as (millrace,):
        yield kafka, millrace
