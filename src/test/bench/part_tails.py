"""Latency at a fixed rate while the broker has other work: retention, compaction, a cold reader."""

import contextlib
import os
import shutil
import time

import clients
from brokers import forget_pages, pair
from ground import RAW, own_command
from meter import metered, per_unit
from raw_load import PATIENCE_S, RawLoad
from table import Row, figure, median, table

TITLE = "Tail latency while other work goes on"
PEER = True
BYTES = 1_024
RATE = 5_000
DELIVERY_RATE = 500
FEED_RATE = 20_000
FEED_BATCH = {"records": 16, "size": BYTES, "keys": 4_800}
COLD_MB_PER_S = 50
COLD_BATCH = {"records": 16, "size": 4_096}
COLD_PARTITIONS = 4
FILL_MB_PER_S = 100
DELIVERY = "end to end"
QUIET, RETENTION, COMPACTION, COLD = ("nothing else", "retention deletes segments", "the cleaner compacts",
                                      "another connection reads cold bytes")
# Housekeeping as often as it can be, and segments small, so that it happens all the time.
SETTINGS = {"log.retention.check.interval.ms": 1000, "log.cleaner.backoff.ms": 500, "log.initial.task.delay.ms": 500}
SMALL_SEGMENTS = ["segment.bytes=16777216", "file.delete.delay.ms=1000"]


def seconds(ground):
    return 12 if ground.quick else 40


def warm_s(ground):
    """How long the measured load and the other work run before anything is counted."""
    return 5 if ground.quick else 10


def cold_bytes(ground):
    """What is read, with a fifth to spare, as far as two brokers have room for it."""
    room = shutil.disk_usage(RAW).free / 5
    return int(min(COLD_MB_PER_S * 1e6 * (warm_s(ground) + seconds(ground)) * 1.2, room))


def longest_s(ground):
    return 180 + 4 * cold_bytes(ground) / 1e6 / FILL_MB_PER_S + 10 * (seconds(ground) + 2 * warm_s(ground) + 15) * ground.rounds


def run(ground, results):
    with pair(ground, SETTINGS) as brokers:
        for server in brokers:
            clients.create(ground, server, "measured", 6)
            clients.create(ground, server, "delivered", 1)
            clients.create(ground, server, "deleted", 6, "retention.bytes=8388608", *SMALL_SEGMENTS)
            clients.create(ground, server, "compacted", 6, "cleanup.policy=compact", "min.cleanable.dirty.ratio=0.01", *SMALL_SEGMENTS)
            clients.create(ground, server, "cold", COLD_PARTITIONS)
            with ground.quiet():
                fill(server, "cold", cold_bytes(ground))
        os.sync()
        for number in range(ground.rounds):
            results.in_turns(DELIVERY, brokers, number, lambda server: delivered(ground, server))
            for case, work in ((QUIET, lambda _: contextlib.nullcontext(([], {}))), (RETENTION, lambda s: fed(ground, s, "deleted")),
                               (COMPACTION, lambda s: fed(ground, s, "compacted")), (COLD, lambda s: read_cold(ground, s))):
                results.in_turns(case, brokers, number, lambda server: measured(ground, server, work(server)))


def fill(server, topic, bytes_):
    batch = COLD_BATCH["records"] * COLD_BATCH["size"]
    rate = int(FILL_MB_PER_S * 1e6 / batch)
    with RawLoad(server, topic, COLD_PARTITIONS, **COLD_BATCH) as load:
        load.open(COLD_PARTITIONS)
        load.drive_until_taken(COLD_PARTITIONS, 1)
        load.drive(rate, round(bytes_ / batch / rate))


def delivered(ground, server):
    figures = {}
    with ground.quiet(), RawLoad(server, "delivered", 1) as load:
        load.open(1)
        load.drive_until_taken(DELIVERY_RATE, warm_s(ground))
        load.deliver(DELIVERY_RATE, warm_s(ground))
        with metered(server.pids, figures, [load.pid]):
            figures.update(load.deliver(DELIVERY_RATE, seconds(ground)))
    return per_unit(figures, count=figures["requests"])


def measured(ground, server, other_work):
    figures = {}
    with ground.quiet(), RawLoad(server, "measured", 6, size=BYTES, acks=-1) as load:
        load.open(6)
        load.drive_until_taken(RATE, warm_s(ground))
        with other_work as (loads, outcome):
            with metered(server.pids, figures, [load.pid, *loads]):
                figures.update(load.drive(RATE, seconds(ground)))
    return per_unit(figures, count=figures["requests"]) | outcome


@contextlib.contextmanager
def fed(ground, server, topic):
    """Feeds a topic meanwhile; some of its segments must go away before anything is counted, and more while it is."""
    with RawLoad(server, topic, 6, **FEED_BATCH) as feed:
        feed.open(6)
        feed.drive_until_taken(6, 1)
        before, first = size(server, topic), segments(server, topic)
        feed.begin(FEED_RATE // FEED_BATCH["records"])
        time.sleep(warm_s(ground))
        until = time.monotonic() + PATIENCE_S
        while first.keys() <= segments(server, topic).keys():
            if time.monotonic() > until:
                raise RuntimeError(f"nothing of {topic} goes away: the figure would say nothing")
            time.sleep(0.1)
        then = segments(server, topic)
        outcome = {}
        yield [feed.pid], outcome
        if then.keys() <= segments(server, topic).keys():
            raise RuntimeError(f"nothing of {topic} went away: the figure says nothing")
        outcome["gone_MB"] = (before + feed.end()["requests"] * FEED_BATCH["records"] * BYTES - size(server, topic)) / 1e6


def segments(server, topic):
    """Sizes by file. The inode is part of it: a compacted file has the name of the one that it replaced."""
    found = {}
    for file in server.data.glob(f"{topic}-*/*.log"):
        with contextlib.suppress(FileNotFoundError):
            told = file.stat()
            found[file, told.st_ino] = told.st_size
    return found


def size(server, topic):
    return sum(segments(server, topic).values())


@contextlib.contextmanager
def read_cold(ground, server):
    """Reads what is on the disk only, at a rate, so that both brokers have the same work."""
    forget_pages(server, "cold")
    command = own_command("ColdReads", f"address={server.bootstrap}", "topic=cold", f"partitions={COLD_PARTITIONS}",
                          f"megabytes={COLD_MB_PER_S}")
    with clients.beside(command, "ColdReads") as reader:
        if not reader.stdout.readline():
            raise RuntimeError("ColdReads reads nothing")
        time.sleep(warm_s(ground))
        before = disk_reads(server)
        outcome = {}
        yield [reader.pid], outcome
        outcome["cold_MB"] = (disk_reads(server) - before) / 1e6
        if not outcome["cold_MB"]:
            raise RuntimeError("nothing came from the disk: the figure says nothing")


def disk_reads(server):
    """Bytes that the broker made the disk read."""
    total = 0
    for pid in server.pids:
        with open(f"/proc/{pid}/io") as file:
            total += next(int(line.split()[1]) for line in file if line.startswith("read_bytes"))
    return total


def section(results, parts):
    rows = [Row(f"end to end, {DELIVERY_RATE}/s of 100 B: p50, ms", DELIVERY, "p50_ms", "≤ 0.5"), Row("p99, ms", DELIVERY, "p99_ms", "≤ 0.5"),
            Row("p99.9, ms", DELIVERY, "p999_ms", "≤ 0.3"), Row("longest, ms", DELIVERY, "max_ms")]
    for case in (QUIET, RETENTION, COMPACTION, COLD):
        rows += [Row(f"{case}: p50, ms", case, "p50_ms"), Row("p99, ms", case, "p99_ms"),
                 Row("p99.9, ms", case, "p999_ms", "≤ 0.3"), Row("longest, ms", case, "max_ms"),
                 Row("user CPU of the broker in all, µs per measured record", case, "user_us_per_record"),
                 Row("kernel CPU, µs", case, "kernel_us_per_record")]
    said = [f"Acknowledgements of {RATE:,}/s of 1 KB over six connections, acks=all, from the time at which each was due. The clients send requests",
            "that were encoded beforehand, so that they leave the cores to the broker; they and the other work run before anything is counted.",
            "The thousandth of 32 s are 160 records, so a stop of 32 ms in one of them makes the row of p99.9, and less of it in a --quick run.",
            f"Segments of 16 MB; {FEED_RATE:,} records/s of 1 KB in batches of {FEED_BATCH['records']} go into the topic that is cleaned or deleted meanwhile;",
            f"cold bytes are read at {COLD_MB_PER_S} MB/s."]
    for case, key, what in ((RETENTION, "gone_MB", "deleted"), (COMPACTION, "gone_MB", "compacted away"), (COLD, "cold_MB", "read from the disk")):
        both = [median(results, case, name, key) for name in ("kafka", "millrace")]
        if None not in both:
            said.append(f"In a round {figure(both[0])} MB (Kafka) and {figure(both[1])} MB (Millrace) were {what}.")
    return [*table(rows, results), "", *said]
