"""From the start of a process to its first acknowledged record; idle memory and CPU; the smallest heap."""

import json
import os
import subprocess

import ports
from brokers import CONTROLLER_ABOVE
from ground import PROJECT, RAW, fresh
from table import Row, spread, table

TITLE = "Start, rest, smallest heap"
PEER = True
# What Kafka 3.2 ships as config/server.properties, without its comments.
SAMPLE = """broker.id=0
num.network.threads=3
num.io.threads=8
socket.send.buffer.bytes=102400
socket.receive.buffer.bytes=102400
socket.request.max.bytes=104857600
log.dirs=/tmp/kafka-logs
num.partitions=1
num.recovery.threads.per.data.dir=1
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
log.retention.hours=168
log.segment.bytes=1073741824
log.retention.check.interval.ms=300000
zookeeper.connect=localhost:2181
zookeeper.connection.timeout.ms=18000
group.initial.rebalance.delay.ms=0
"""
# Kafka's smallest that serves, and one that does not; Millrace's.
SMALL_HEAPS = (("kafka", "192m"), ("kafka", "128m"), ("millrace", "32m"))
ROWS = [
    Row("start to first acknowledged record, ms", "start", "ms", "≤ 1/10"),
    Row("the same with Kafka's 3.2 sample file, ms", "start", "ms", "≤ 1/10", server="millrace-sample"),
    Row("CPU until 2 s after it, s", "start", "start_cpu_s"),
    Row("idle memory (RSS), MB", "start", "idle_rss_MB", "≤ 1/4"),
    Row("the same with Kafka's 3.2 sample file, MB", "start", "idle_rss_MB", "≤ 1/4", server="millrace-sample"),
    Row("idle CPU, % of a core", "start", "idle_cpu_percent", "≤ 1/15"),
    Row("peak memory (RSS) after 100,000 records of 1 KB in and out, MB", "start", "peak_rss_MB", "≤ 1/4"),
]


# What the harness allows a start, its rest and its load on the slowest machine.
START_MAX_S = 300


def longest_s(ground):
    return START_MAX_S * (3 * ground.rounds + len(SMALL_HEAPS))


def run(ground, results):
    sample = RAW / "kafka-3.2-sample.properties"
    sample.write_text(SAMPLE)
    home = fresh("startup")
    file, port, kafka_port = home / "server.properties", ports.free(), ports.free(CONTROLLER_ABOVE)
    file.write_text(f"listeners=PLAINTEXT://127.0.0.1:{port}\nlog.dirs={home}/data\nlog.segment.delete.delay.ms=1000\n")
    own = {"COMMAND": f"exec {PROJECT}/bin/millrace start --config {file}", "FRESH": f"rm -rf {home}/data"}
    tried = {"COMMAND": f"exec {PROJECT}/bin/millrace start --config {sample}", "FRESH": "rm -rf /tmp/kafka-logs"}
    kinds = [("kafka", {}, kafka_port), ("millrace", own, port), ("millrace-sample", tried, 9092)]
    idle = 20
    for number in range(ground.rounds):
        for name, environment, at in kinds if number % 2 == 0 else kinds[::-1]:
            results.measure("start", name, lambda: once(ground, environment, at, "1g", idle))
    for name, heap in SMALL_HEAPS:
        environment = own | {"KAFKA_HEAP_OPTS": f"-Xmx{heap}"} if name == "millrace" else {}
        at = port if name == "millrace" else kafka_port
        results.measure(f"heap {heap}", name, lambda: once(ground, environment, at, heap, 2))


def once(ground, environment, port, heap, idle):
    """One start; the heap is Kafka's, Millrace has its default unless the environment says another."""
    with ground.quiet():
        out = subprocess.run([ground.peer / "startup", "--rounds", "1", "--heap", heap, "--port", str(port), "--idle", str(idle)],
                             env=dict(os.environ, RUN=str(RAW / "run"), LOG_DIR=str(RAW / "startup/logs"), **environment),
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True)
    return json.loads(out.stdout.splitlines()[-1])


def section(results, parts):
    lines = table(ROWS, results)
    for name, heap in SMALL_HEAPS:
        rounds = results.of(f"heap {heap}", name)
        if rounds:
            serves = all(r.get("served_100k") for r in rounds)
            told = f"serves 100,000 records of 1 KB in and out, peak memory (RSS) {spread([r['peak_rss_MB'] for r in rounds])} MB" \
                if serves else "does not serve 100,000 records" if any(r.get("served") for r in rounds) else "does not start"
            wanted = " (wanted: serves)" if name == "millrace" else ""
            lines += ["", f"`-Xmx{heap}`, {name.capitalize()}: {told}{wanted}."]
    return lines
