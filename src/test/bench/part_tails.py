"""Latency at a fixed rate while the broker has other work: retention, compaction, a cold reader."""

import contextlib
import os
import shutil
import threading

import clients
from brokers import forget_pages, pair
from ground import RAW, last_json, own_command
from meter import metered, per_unit
from table import Row, figure, median, table

TITLE = "Tail latency while other work goes on"
PEER = True
RATE = 5_000
FEED_RATE = 20_000
FEED_BYTES = 1_024
QUIET, RETENTION, COMPACTION, COLD = ("nothing else", "retention deletes segments", "the cleaner compacts",
                                      "another connection reads cold bytes")
WRITE_GB_PER_S = 0.05
# Housekeeping as often as it can be, and segments small, so that it happens all the time.
SETTINGS = {"log.retention.check.interval.ms": 1000, "log.cleaner.backoff.ms": 500, "log.initial.task.delay.ms": 500}
SMALL_SEGMENTS = ["segment.bytes=16777216", "file.delete.delay.ms=1000"]


def seconds(ground):
    return 8 if ground.quick else 20


def cold_bytes(ground):
    """What is asked for, as far as two brokers have room for it."""
    room = shutil.disk_usage(RAW).free / 5
    return int(min((1 if ground.quick else ground.cold_gb) * 1e9, room))


def longest_s(ground):
    return 120 + 2 * cold_bytes(ground) / 1e9 / WRITE_GB_PER_S + 8 * (seconds(ground) + 15) * ground.rounds


def run(ground, results):
    cold = cold_bytes(ground)
    with pair(ground, SETTINGS) as brokers:
        for server in brokers:
            clients.create(ground, server, "measured", 6)
            clients.create(ground, server, "deleted", 6, "retention.bytes=8388608", *SMALL_SEGMENTS)
            clients.create(ground, server, "compacted", 6, "cleanup.policy=compact", "min.cleanable.dirty.ratio=0.01", *SMALL_SEGMENTS)
            clients.create(ground, server, "cold", 4)
            with ground.quiet():
                for _ in range(max(1, round(cold / 2e9))):
                    clients.produce(ground, server, "cold", int(min(cold, 2e9)) // 4096, 4096, "acks=1", "batch.size=262144")
        os.sync()
        for number in range(ground.rounds):
            for case, work in ((QUIET, lambda _: contextlib.nullcontext({})), (RETENTION, lambda s: fed(ground, s, "deleted")),
                               (COMPACTION, lambda s: fed(ground, s, "compacted")), (COLD, lambda s: ColdReader(ground, s, cold))):
                results.in_turns(case, brokers, number, lambda server: measured(ground, server, work(server)))


def measured(ground, server, other_work):
    figures = {}
    with ground.quiet(), other_work as done:
        with metered(server.pids, figures):
            figures.update(clients.load(ground, server, "measured", 1024, seconds(ground), rate=RATE))
    per_unit(figures, count=figures["records"])
    return figures | (done() if callable(done) else {})


@contextlib.contextmanager
def fed(ground, server, topic):
    """Feeds a topic meanwhile; afterwards it must be smaller than what went into it."""
    before = size(server, topic)
    command = own_command("KeyedFeed", f"bootstrap={server.bootstrap}", f"topic={topic}", f"rate={FEED_RATE}",
                          f"size={FEED_BYTES}", "keys=5000", f"seconds={seconds(ground) + 4}")
    with clients.beside(command, "KeyedFeed") as feed:
        outcome = {}
        yield lambda: outcome
        sent = last_json(feed.stdout.read())["sent"]  # waits until it has sent everything
        outcome["gone_MB"] = (before + sent * FEED_BYTES - size(server, topic)) / 1e6
    if outcome["gone_MB"] <= 0:
        raise RuntimeError(f"nothing of {topic} went away: the figure says nothing")


def size(server, topic):
    return sum(file.stat().st_size for file in server.data.glob(f"{topic}-*/*.log") if file.exists())


class ColdReader:
    """Reads a topic from its start, with its pages dropped before, again and again until it is left."""

    def __init__(self, ground, server, cold):
        self.ground, self.server, self.records = ground, server, cold // 4096 * 9 // 10
        self.over, self.read, self.error = threading.Event(), 0, None

    def __enter__(self):
        forget_pages(self.server, "cold")
        self.reader = threading.Thread(target=self.go_on)
        self.reader.start()
        return lambda: {"cold_MB": self.read / 1e6}

    def __exit__(self, *_):
        self.over.set()
        self.reader.join()
        if self.error:
            raise self.error

    def go_on(self):
        command = self.ground.peer_command(
            "org.apache.kafka.tools.ConsumerPerformance", "--bootstrap-server", self.server.bootstrap, "--topic", "cold",
            "--num-records", self.records, "--hide-header")
        try:
            while not self.over.is_set():
                before = disk_reads(self.server)
                with clients.beside(command, "ConsumerPerformance") as consumer:
                    while consumer.poll() is None and not self.over.wait(0.1):
                        pass
                self.read += disk_reads(self.server) - before
                forget_pages(self.server, "cold")
        except (RuntimeError, OSError) as e:
            self.error = e


def disk_reads(server):
    """Bytes that the broker made the disk read."""
    total = 0
    for pid in server.pids:
        with open(f"/proc/{pid}/io") as file:
            total += next(int(line.split()[1]) for line in file if line.startswith("read_bytes"))
    return total


def section(results, parts):
    rows = []
    for case in (QUIET, RETENTION, COMPACTION, COLD):
        rows += [Row(f"{case}: p50, ms", case, "p50_ms"), Row("p99, ms", case, "p99_ms"),
                 Row("p99.9, ms", case, "p999_ms", "≤ 0.3"), Row("longest, ms", case, "max_ms"),
                 Row("user CPU of the broker in all, µs per measured record", case, "user_us_per_record"),
                 Row("kernel CPU, µs", case, "kernel_us_per_record")]
    said = [f"{RATE:,}/s of 1 KB, acks=all, linger 0, from the time at which each was due. Segments of 16 MB; {FEED_RATE:,} records/s of 1 KB",
            "go into the topic that is cleaned or deleted meanwhile."]
    for case, key, what in ((RETENTION, "gone_MB", "deleted"), (COMPACTION, "gone_MB", "compacted away"), (COLD, "cold_MB", "read from the disk")):
        both = [median(results, case, name, key) for name in ("kafka", "millrace")]
        if None not in both:
            said.append(f"In a round {figure(both[0])} MB (Kafka) and {figure(both[1])} MB (Millrace) were {what}.")
    return [*table(rows, results), "", *said]
