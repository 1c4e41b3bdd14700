"""Three brokers with acks=all: CPU of all of them, latency, and latency while one of them comes back."""

import time

import clients
from brokers import running
from clusters import KafkaCluster, MillraceCluster
from ground import say
from meter import cpu, memory_mb, metered, per_unit
from table import Row, table

TITLE = "Three brokers, acks=all"
PEER = True
FULL, STEADY, RETURN = "produce 1 KB, unthrottled", "5,000/s of 1 KB, linger 0", "the same while a broker that was killed comes back"
RATE = 5_000
BACKLOG_RECORDS = 200_000
LOAD_BEGINS_S = 2.5
RETURN_S_MIN = 25  # so that either one is back, and has what it missed, before the latencies cease to count


def longest_s(ground):
    return 150 + 200 * ground.rounds


def run(ground, results):
    seconds = 10 if ground.quick else 25
    records = 200_000 if ground.quick else 600_000
    with running(KafkaCluster(ground)) as (kafka,), running(MillraceCluster(ground)) as (millrace,):
        clusters = (kafka, millrace)
        for cluster in clusters:
            clients.create(ground, cluster, "spread", 6)
            clients.produce(ground, cluster, "spread", records, 1024, "acks=all")  # warm-up, not counted
        for number in range(ground.rounds):
            results.in_turns(FULL, clusters, number, lambda cluster: full(ground, cluster, records))
            results.in_turns(STEADY, clusters, number, lambda cluster: steady(ground, cluster, seconds))
            results.in_turns(RETURN, clusters, number, lambda cluster: returning(ground, cluster, max(seconds, RETURN_S_MIN)))


def full(ground, cluster, records):
    figures = {}
    with ground.quiet(), metered(cluster.pids, figures):
        figures.update(clients.produce(ground, cluster, "spread", records, 1024, "acks=all"))
    return per_unit(figures, bytes_=figures["bytes"], count=records)


def steady(ground, cluster, seconds):
    figures = {}
    with ground.quiet(), metered(cluster.pids, figures):
        figures.update(clients.load(ground, cluster, "spread", 1024, seconds, rate=RATE))
    return per_unit(figures, bytes_=figures["bytes"], count=figures["records"])


def returning(ground, cluster, seconds):
    """The third is killed, misses 200 MB, and starts when the latencies begin to count."""
    with ground.quiet():
        cluster.kill(3)
        clients.produce(ground, cluster, "spread", BACKLOG_RECORDS, 1024, "acks=all")
        command = ground.peer_command(*clients.load_arguments(cluster, "spread", 1024, seconds, rate=RATE))
        with clients.beside(command, "peer.Load") as load:
            time.sleep(LOAD_BEGINS_S + seconds / 5)
            cluster.start(3)
            out = load.stdout.read()
            load.wait(30)
        figures = clients.loaded(out, 1024, seconds)
        await_all_in_sync(ground, cluster)
    say(f"cluster: {cluster.name}: CPU of the one that came back {sum(cpu(cluster.pids[2:])):.1f} s")
    return figures | {"returned_rss_MB": memory_mb(cluster.pids[2:])}


def await_all_in_sync(ground, cluster):
    """Until acks=all from all three: a topic of three replicas that needs all of them takes a record."""
    topic = f"whole-{time.monotonic_ns()}"
    clients.create(ground, cluster, topic, 1, "min.insync.replicas=3")
    clients.produce(ground, cluster, topic, 10, 100, "acks=all", "delivery.timeout.ms=60000")
    clients.delete(ground, cluster, topic)


def section(results, parts):
    rows = [Row(f"{FULL}: user CPU of all three, s/GB", FULL, "user_s_per_GB", "≤ 0.3"),
            Row("kernel CPU of all three, s/GB", FULL, "kernel_s_per_GB", "≤ 1"), Row("records/s", FULL, "records_per_s"),
            Row("peak memory (RSS) of all three, MB", FULL, "peak_rss_MB")]
    for case in (STEADY, RETURN):
        rows += [Row(f"{case}: p50, ms", case, "p50_ms"), Row("p99, ms", case, "p99_ms"), Row("p99.9, ms", case, "p999_ms", "≤ 0.3"),
                 Row("longest, ms", case, "max_ms"), Row("user CPU of all three, s/GB", case, "user_s_per_GB"),
                 Row("kernel CPU of all three, s/GB", case, "kernel_s_per_GB")]
    return [*table(rows, results), "", "Six partitions, replication factor 3, `min.insync.replicas` 2; all on the loopback of one machine. GB counts the",
            "payload once. The broker that comes back was killed with SIGKILL and has missed 200 MB."]
