"""Loads that come from Kafka's own tools and from the peer harness, through its class path."""

import contextlib
import re
import subprocess

from ground import last_json, say


def create(ground, server, topic, partitions, *config):
    ground.peer_java("peer.Topics", "create", server.bootstrap, topic, partitions, *config)


def delete(ground, server, prefix):
    ground.peer_java("peer.Topics", "delete", server.bootstrap, prefix)


def produce(ground, server, topic, records, size, *properties, rate=-1):
    """Kafka's producer tool; the rate leaves out the first fifth."""
    out = ground.peer_java("org.apache.kafka.tools.ProducerPerformance", "--bootstrap-server", server.bootstrap,
                           "--topic", topic, "--num-records", records, "--record-size", size, "--throughput", rate,
                           "--reporting-interval", 600000, "--warmup-records", records // 5, "--command-property", *properties)
    told = re.search(r"([\d.]+) records/sec", out[out.index("steady state"):])
    return {"records": records, "bytes": records * size, "records_per_s": float(told.group(1))}


def consume(ground, server, topic, records):
    """Kafka's consumer tool; the rate leaves out joining the group."""
    out = ground.peer_java("org.apache.kafka.tools.ConsumerPerformance", "--bootstrap-server", server.bootstrap,
                           "--topic", topic, "--num-records", records, "--hide-header").strip().splitlines()[-1].split(", ")
    if int(out[4]) < records:
        raise RuntimeError(f"consumed {out[4]} of {records}")
    return {"records": int(out[4]), "records_per_s": float(out[9]), "join_ms": float(out[6])}


def load(ground, server, topic, size, seconds, **options):
    """peer.Load: latency from the time at which each record was due, of all but the first fifth."""
    return loaded(ground.peer_java(*load_arguments(server, topic, size, seconds, **options)), size, seconds)


def load_arguments(server, topic, size, seconds, **options):
    more = [word for key, value in options.items() for word in (f"--{key}", value)]
    return ["peer.Load", "--bootstrap", server.bootstrap, "--topic", topic, "--size", size, "--seconds", seconds, *more]


def loaded(out, size, seconds):
    told = last_json(out)
    if told["errors"]:
        raise RuntimeError(f"{told['errors']} records failed")
    records = int(told["records_per_s"] * seconds)
    figures = {"records": records, "bytes": records * size, "records_per_s": told["records_per_s"]}
    figures.update({f"{key}_ms": value / 1000 for key, value in told["ack_us"].items()})
    if told.get("delivery_us"):
        figures.update({f"delivery_{key}_ms": value / 1000 for key, value in told["delivery_us"].items()})
    return figures


@contextlib.contextmanager
def beside(command, name):
    """Runs a command while the work inside goes on, then ends it; it must not have failed before."""
    process = subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True)
    try:
        yield process
        if process.poll() not in (None, 0):
            raise RuntimeError(f"{name} ended with {process.returncode}: {process.stdout.read()[-400:]}")
    finally:
        if process.poll() is None:
            process.terminate()
        try:
            process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            say(f"{name} does not end, it is killed")
            process.kill()
            process.communicate()
