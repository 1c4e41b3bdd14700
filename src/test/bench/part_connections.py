"""What connections cost: 1,000 and 10,000, idle and active."""

import resource
import time

import clients
import meter
from brokers import pair
from raw_load import RawLoad
from table import Row, table

TITLE = "Connections"
PEER = True
COUNTS = (1_000, 10_000)
RATE = 5_000  # requests a second over all connections, however many they are
SPARE_FILES = 1_000
# The system drops a connection that finds the backlog full, and the client tries again a second later.
BACKLOG = {"socket.listen.backlog.size": 4096}


def longest_s(ground):
    return 300 + 300 * ground.rounds


def run(ground, results):
    seconds = 5 if ground.quick else 10
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0] - SPARE_FILES
    with pair(ground, BACKLOG) as brokers:
        for server in brokers:
            clients.create(ground, server, "connections", 6)
            with RawLoad(server, "connections", 6) as load:  # warm-up, not counted
                load.open(100)
                load.drive(RATE, seconds)
        for number in range(ground.rounds):
            for count in COUNTS:
                if count > most:
                    results.fail(f"{count} connections: this process may have {most} (ulimit -n)")
                else:
                    results.in_turns(f"{count} connections", brokers, number, lambda server: held(ground, server, count, seconds))


def held(ground, server, count, seconds):
    with ground.quiet(), RawLoad(server, "connections", 6) as load:
        load.open(1)
        heap, resident = meter.live_heap_kb(server.pids), meter.memory_mb(server.pids)
        figures, opening, idle, active = {}, {}, {}, {}
        with meter.metered(server.pids, opening):
            figures["open_ms"] = load.open(count)["ms"] / count
            time.sleep(1)
        figures["heap_kb"] = (meter.live_heap_kb(server.pids) - heap) / count
        figures["rss_kb"] = (meter.memory_mb(server.pids) - resident) * 1024 / count
        with meter.metered(server.pids, idle):
            time.sleep(seconds)
        with meter.metered(server.pids, active):
            driven = load.drive(RATE, seconds)
        # Read while all are open and have been used: buffers and sessions are there.
        figures["active_rss_kb"] = (meter.memory_mb(server.pids) - resident) * 1024 / count
        load.close()
    figures["opening_cpu_ms"] = (opening["user_s"] + opening["kernel_s"]) * 1000 / count
    figures["idle_cpu_percent"] = (idle["user_s"] + idle["kernel_s"]) * 100 / idle["seconds"]
    figures["user_us_per_request"] = active["user_s"] * 1e6 / driven["requests"]
    figures["kernel_us_per_request"] = active["kernel_s"] * 1e6 / driven["requests"]
    figures.update({key: driven[key] for key in ("requests_per_s", "p50_ms", "p99_ms", "p999_ms")})
    figures["others_cores"] = idle["others_cores"]
    return figures


def section(results, parts):
    rows = []
    for count in COUNTS:
        case = f"{count} connections"
        rows += [Row(f"{count:,} connections: live Java heap of one, KB", case, "heap_kb", "≤ 0.5"),
                 Row("resident memory of one, idle, KB", case, "rss_kb", "≤ 0.5"),
                 Row("resident memory of one, after use, KB", case, "active_rss_kb", "≤ 0.5"),
                 Row("CPU to open one, ms", case, "opening_cpu_ms", "≤ 0.5"),
                 Row("CPU of all while idle, % of a core", case, "idle_cpu_percent", "≤ 0.5"),
                 Row(f"{RATE:,} produce requests/s over them: user CPU of one, µs", case, "user_us_per_request", "≤ 0.5"),
                 Row("kernel CPU of one, µs", case, "kernel_us_per_request", "≤ 1"),
                 Row("p50, ms", case, "p50_ms"), Row("p99, ms", case, "p99_ms"), Row("p99.9, ms", case, "p999_ms")]
    return [*table(rows, results), "", "A request is one record of 100 B, acks=1. Resident memory is what it grew by, so a heap that has room already",
            "hides what connections need; the live heap, after a full collection, does not. Memory of the kernel is in neither.",
            "Both listen with a backlog of 4,096, Millrace's default: with Kafka's of 50 a client that opens them one after the other waits a second for each 50."]
