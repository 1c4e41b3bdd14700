"""Talks to io.millrace.bench.ConnectionsLoad: connections that are held open, and requests at a rate over them."""

import json
import select
import subprocess
import time

from ground import own_command

PATIENCE_S = 120


class RawLoad:
    """One load beside a broker; ends when it is left."""

    def __init__(self, server, topic, partitions, **frames):
        command = own_command("ConnectionsLoad", f"address={server.bootstrap}", f"topic={topic}", f"partitions={partitions}",
                              *(f"{key}={value}" for key, value in frames.items()))
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.pid = self.process.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()

    def open(self, count):
        return self.ask(f"open {count}")

    def drive(self, rate, seconds):
        """Requests at a rate; latencies in ms."""
        return self.ask_all_taken(f"drive {rate} {seconds}")

    def deliver(self, rate, seconds):
        """Records at a rate to one partition, which are fetched meanwhile; latencies of their delivery in ms."""
        return self.ask_all_taken(f"deliver {rate} {seconds}")

    def begin(self, rate):
        """Requests at a rate until end."""
        self.ask(f"begin {rate}")

    def end(self):
        return self.ask_all_taken("end")

    def ask_all_taken(self, command):
        told = self.ask(command)
        if told["refused"] or told["missing"]:
            raise RuntimeError(f"{told['refused']} requests were refused, {told['missing']} are not answered")
        return told

    def drive_until_taken(self, rate, seconds):
        """As drive, again until all are taken: Kafka names leaders before their logs are there."""
        until = time.monotonic() + PATIENCE_S
        while self.ask(f"drive {rate} {seconds}")["refused"]:
            if time.monotonic() > until:
                raise RuntimeError(f"requests are still refused after {PATIENCE_S} s")
            time.sleep(1)

    def close(self):
        return self.ask("close")

    def ask(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE_S)
        line = self.process.stdout.readline() if ready else ""
        if not line:
            self.process.kill()
            raise RuntimeError(f"ConnectionsLoad: no answer to {command}: {self.process.communicate()[1][-600:]}")
        return json.loads(line)
