"""The workloads of the peer harness on both brokers in turns: CPU per GB, latency, memory."""

import json
import os
import re
import signal
import statistics
import subprocess

import clients
from brokers import forget_pages, pair
from ground import RAW, say, use_memory
from meter import metered, per_unit
from table import Row, table

TITLE = "One broker under load"
PEER = True
THROUGHPUT = {
    "produce-1k": "produce 1 KB in 16 KB batches, acks=1",
    "produce-1k-batch256k": "produce 1 KB in 256 KB batches, acks=1",
    "produce-100b-all": "produce 100 B, acks=all",
    "produce-1k-lz4": "produce 1 KB of JSON, lz4",
    "produce-1k-zstd": "produce 1 KB of JSON, zstd",
    "produce-200-partitions": "produce 1 KB to 200 partitions",
}
# The harness consumes 0.6 GB, ten to twenty samples of the clock for a broker: it says only how long joining takes.
JOINING = "consume-1k"
WARM, COLD = "consume-warm", "consume-cold"
CONSUMPTION = {WARM: "consume 1 KB, warm", COLD: "consume 1 KB, none of it in the page cache"}
CONSUMED_RECORDS, CONSUMED_TIMES = 1_000_000, 4
# The harness waits for the lock within the time that it has.
PATIENCE_FOR_LOCK = 3
LATENCY = {
    "rate-20k": "20,000/s of 1 KB, acks=all",
    "rate-5k-us": "5,000/s of 1 KB, acks=all, linger 0",
    "end-to-end": "end to end, one record of 100 B under way (Kafka's tool, whole ms)",
}
OTHERS = ["end-to-end-us", "durable-16-producers", "durable-batches", "create-1000-partitions", "connections"]
LEFT_OUT_WHEN_QUICK = {"end-to-end", "connections"}


def rows():
    for case, what in {**THROUGHPUT, **CONSUMPTION}.items():
        yield Row(f"{what}: user CPU, s/GB", case, "user_s_per_GB", "≤ 0.3")
        yield Row("kernel CPU, s/GB", case, "kernel_s_per_GB", "≤ 1")
        yield Row("records/s", case, "records_per_s")
        yield Row("peak memory (RSS), MB", case, "peak_rss_MB")
    for case, what in LATENCY.items():
        yield Row(f"{what}: p50, ms", case, "p50_ms")
        yield Row("p99, ms", case, "p99_ms")
        yield Row("p99.9, ms", case, "p999_ms", "≤ 0.3")
        yield Row("user CPU, s/GB", case, "user_s_per_GB")
        yield Row("kernel CPU, s/GB", case, "kernel_s_per_GB")
    yield Row("end to end, 500/s of 100 B, linger 0: p50, ms", "end-to-end-us", "p50_ms", "≤ 0.5")
    yield Row("p99, ms", "end-to-end-us", "p99_ms", "≤ 0.5")
    yield Row("p99.9, ms", "end-to-end-us", "p999_ms", "≤ 0.3")
    yield Row("its acknowledgement: p99, ms", "end-to-end-us", "ack_p99_ms")
    for case, what in (("durable-16-producers", "a flush before each answer, 16 producers each waiting"),
                       ("durable-batches", "a flush before each answer, one producer unthrottled")):
        yield Row(f"{what}: records/s", case, "records_per_s", "≥ 4")
        yield Row("p99, ms", case, "p99_ms")
        yield Row("user CPU, s/GB", case, "user_s_per_GB")
        yield Row("kernel CPU, s/GB", case, "kernel_s_per_GB")
    yield Row("1,000 partitions created by one request, ms until all have leaders", "create-1000-partitions", "one_request_ms", "≤ 1/5")
    yield Row("1,000 partitions created by 100 requests, one by one, ms", "create-1000-partitions", "one_by_one_ms", "≤ 1/10")
    yield Row("joining an empty group in a client just started, ms", JOINING, "join_ms", "≤ 1/20")


def workloads(ground):
    return [case for case in [*THROUGHPUT, JOINING, *LATENCY, *OTHERS] if not (ground.quick and case in LEFT_OUT_WHEN_QUICK)]


def longest_s(ground):
    return (240 + 600 * ground.rounds) * (PATIENCE_FOR_LOCK if ground.lock else 1)


def run(ground, results):
    with pair(ground) as brokers:
        for number in range(ground.rounds):
            use_memory()
            one_round(ground, results, brokers if number % 2 == 0 else brokers[::-1])
        consume(ground, brokers, results)


def one_round(ground, results, brokers):
    """Each workload with the first broker, then with the other."""
    command = [ground.peer / "bench", "--rounds", 1, "--only", ",".join(ordered(workloads(ground))), "--out", RAW / "peer-bench.json"]
    for broker in brokers:
        command += ["--name", broker.name, "--bootstrap", broker.bootstrap, "--broker-pid", broker.pids[0]]
    command += ["--lock", ground.lock] if ground.lock else []
    follow([str(word) for word in command], results)


def consume(ground, brokers, results):
    """A fresh topic, as the harness deletes its own."""
    for server in brokers:
        clients.create(ground, server, "consumed", 6)
        with ground.quiet():
            clients.produce(ground, server, "consumed", CONSUMED_RECORDS, 1024, "acks=1")
    for number in range(ground.rounds):
        for case in CONSUMPTION:
            results.in_turns(case, brokers, number, lambda server, case=case: consumed(ground, server, case == COLD))


def consumed(ground, server, cold):
    """The same records several times over, each by a consumer of its own, for enough samples of the clock."""
    passes = []
    for _ in range(CONSUMED_TIMES):
        figures = {}
        with ground.quiet():
            if cold:
                os.sync()
                forget_pages(server, "consumed")
            with metered(server.pids, figures):
                figures.update(clients.consume(ground, server, "consumed", CONSUMED_RECORDS))
        passes.append(figures)
    told = {key: sum(each[key] for each in passes) for key in ("user_s", "kernel_s", "records")}
    told |= {key: statistics.median(each[key] for each in passes) for key in ("records_per_s", "others_cores")}
    told["peak_rss_MB"] = max(each["peak_rss_MB"] for each in passes)
    told = per_unit(told, bytes_=told["records"] * 1024)
    return told | {"cpu_s_per_GB": told["user_s_per_GB"] + told["kernel_s_per_GB"]}


def ordered(cases):
    """The consumer reads what the workload of its name wrote: right behind it, so that it is warm."""
    rest = [case for case in cases if case != JOINING]
    rest.insert(rest.index("produce-1k") + 1, JOINING)
    return rest


def follow(command, results):
    """Takes each figure as the harness tells it, so that none is lost when it is stopped."""
    harness = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True,
                               env=dict(os.environ, RUN=str(RAW / "run")))
    try:
        for line in harness.stderr:
            told = re.match(r"\S+ \d+ (\S+) (\S+) (\{.*\})$", line)
            if told:
                figures = json.loads(told.group(3))
                if "cpu_s_per_GB" in figures:
                    figures["kernel_s_per_GB"] = figures["cpu_s_per_GB"] - figures["user_s_per_GB"]
                results.add(told.group(1), told.group(2), figures)
            elif line.startswith("FAILED"):
                results.fail(line.strip()[7:])
            else:
                say(line.rstrip())
        if harness.wait():
            results.fail(f"the peer harness ended with {harness.returncode}")
    finally:
        if harness.poll() is None:
            os.killpg(harness.pid, signal.SIGTERM)
            harness.wait()


def section(results, parts):
    return [*table(rows(), results), "", "GB counts the payload before compression. With the Java clients on the same cores, records/s mostly",
            "shows the client; the broker's CPU is the fairer figure. The system counts the sum of user and kernel time",
            "exactly and divides it by samples: in a short round a row can be divided wrongly, never added up wrongly. Each round of",
            f"consuming is {CONSUMED_TIMES} consumers, one after the other, that read {CONSUMED_RECORDS:,} records each. Free memory was used once",
            "before each round: pages that a virtual machine has never used cost several times as much kernel time."]
