"""How many acknowledgements share one flush: fdatasync of both brokers, counted by perf."""

import clients
from brokers import pair
from meter import Syncs, metered
from table import Row, table

TITLE = "Acknowledgements per fdatasync"
PEER = True
WAITING = "16 producers, each waiting for its record, 16 partitions"
UNTHROTTLED = "one producer, unthrottled, 4 partitions"


def longest_s(ground):
    return 90 + 100 * ground.rounds


def run(ground, results):
    if not Syncs.possible():
        results.fail("perf is not installed, or may not count system calls here: nothing was measured")
        return
    seconds = 5 if ground.quick else 10
    records = 50_000 if ground.quick else 100_000
    with pair(ground) as brokers:
        for server in brokers:
            for topic, partitions in (("durable-16", 16), ("durable-4", 4)):
                clients.create(ground, server, topic, partitions, "flush.messages=1")
        for number in range(ground.rounds):
            results.in_turns(WAITING, brokers, number, lambda server: counted(
                ground, server, lambda: clients.load(ground, server, "durable-16", 1024, seconds, producers=16)))
            results.in_turns(UNTHROTTLED, brokers, number, lambda server: counted(
                ground, server, lambda: clients.produce(ground, server, "durable-4", records, 1024, "acks=all")))


def counted(ground, server, load):
    figures = {}
    with ground.quiet():
        syncs = Syncs(server.pids)
        try:
            with metered(server.pids, figures):
                figures.update(load())
        finally:
            figures["syncs"] = syncs.stop()
    figures["records_per_sync"] = figures["records"] / max(1, figures["syncs"])
    figures["syncs_per_s"] = figures["records_per_s"] / figures["records_per_sync"]
    return figures


def section(results, parts):
    rows = []
    for case in (WAITING, UNTHROTTLED):
        rows += [Row(f"{case}: records/s", case, "records_per_s", "≥ 4"),
                 Row("acknowledgements per fdatasync", case, "records_per_sync"), Row("fdatasync/s", case, "syncs_per_s")]
    return [*table(rows, results), "", "`flush.messages=1`, acks=all, 1 KB each; fsync counts as well."]
