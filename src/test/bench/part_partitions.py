"""What a broker needs as its partitions grow: CPU of a request, memory, latency."""

import clients
import meter
from brokers import pair
from ground import last_json, say
from raw_load import RawLoad
from table import Row, table

TITLE = "Partitions"
PEER = True
# The last makes it 10,000 in all: Kafka decides on no more than 10,000 records at once.
COUNTS = (1, 100, 1_000, 8_900)
RATE = 2_000
CONNECTIONS = 20
TOPICS, PARTITIONS_OF_EACH = 100, 10
CREATED = 2 * 2 * TOPICS * PARTITIONS_OF_EACH  # two rounds, each by one request and one by one


def longest_s(ground):
    return 300 + (240 if ground.quick else 360) * ground.rounds


def run(ground, results):
    """Each round on fresh brokers, whose partitions grow from count to count."""
    seconds = 5 if ground.quick else 10
    for number in range(ground.rounds):
        with pair(ground, {"num.partitions": 1}) as brokers:
            results.in_turns("creation", brokers, number, lambda server: creation(ground, server))
        with pair(ground, {"num.partitions": 1}) as brokers:
            bare = {server.name: meter.memory_mb(server.pids) for server in brokers}
            for server in brokers:
                clients.create(ground, server, "warm", 1)
                with RawLoad(server, "warm", 1) as load:  # warm-up, not counted
                    load.open(CONNECTIONS)
                    load.drive(RATE, seconds)
            for count in COUNTS:
                results.in_turns(f"{count} partitions", brokers, number,
                                 lambda server: one(ground, server, count, seconds) | {"bare_rss_MB": bare[server.name]})


def creation(ground, server):
    """By a warm client, on a broker that has just started and on the same one when it has done it once."""
    with ground.quiet():
        figures = {}
        with meter.metered(server.pids, figures):
            told = last_json(ground.own_java("TopicCreations", f"bootstrap={server.bootstrap}", f"topics={TOPICS}",
                                             f"partitions={PARTITIONS_OF_EACH}", "rounds=2"))
    for state, round_ in zip(("first", "warm"), told["rounds"]):
        figures.update({f"{state}_{key}": value for key, value in round_.items()})
    figures["user_us"], figures["kernel_us"] = (figures[f"{kind}_s"] * 1e6 / CREATED for kind in ("user", "kernel"))
    return figures


def one(ground, server, count, seconds):
    with ground.quiet():
        created = {}
        with meter.metered(server.pids, created):
            clients.create(ground, server, f"many-{count}", count)
        with RawLoad(server, f"many-{count}", count) as load:
            load.open(CONNECTIONS)
            load.drive_until_taken(RATE, max(1, count // RATE))  # every partition once, so that its files are there
            figures = {}
            with meter.metered(server.pids, figures):
                driven = load.drive(RATE, seconds)
        figures["client_s"] = figures.pop("client_cpu_s")
        read = {}
        with meter.metered(server.pids, read):
            read.update(clients.load(ground, server, f"many-{count}", 100, seconds, rate=500, consume="yes"))
    say(f"partitions: {count} on {server.name}: created in {created['seconds']:.1f} s")
    figures.update({key: driven[key] for key in ("requests", "p50_ms", "p99_ms", "p999_ms")})
    for kind in ("user", "kernel"):
        figures[f"{kind}_us_per_request"] = figures[f"{kind}_s"] * 1e6 / driven["requests"]
        figures[f"{kind}_us_end_to_end"] = read[f"{kind}_s"] * 1e6 / read["records"]
        figures[f"create_{kind}_us"] = created[f"{kind}_s"] * 1e6 / count
    figures.update(delivery_p50_ms=read["delivery_p50_ms"], delivery_p99_ms=read["delivery_p99_ms"],
                   live_heap_MB=meter.live_heap_kb(server.pids) / 1024, rss_MB=meter.memory_mb(server.pids))
    return figures


def section(results, parts):
    rows = [Row("1,000 partitions by one request to a broker just started, ms until all have leaders", "creation", "first_one_request_ms"),
            Row("the same again, ms", "creation", "warm_one_request_ms", "≤ 1/5"),
            Row("until all logs answer, ms", "creation", "warm_one_request_open_ms", "≤ 1/5"),
            Row("by 100 requests, one by one, ms until all have leaders", "creation", "warm_one_by_one_ms", "≤ 1/10"),
            Row("user CPU to create one, µs", "creation", "user_us"), Row("kernel CPU to create one, µs", "creation", "kernel_us")]
    for count in COUNTS:
        case = f"{count} partitions"
        rows += [Row(f"{count:,} partition{'s' if count > 1 else ''}: user CPU of a produce request, µs", case, "user_us_per_request"),
                 Row("kernel CPU, µs", case, "kernel_us_per_request"), Row("p99, ms", case, "p99_ms"),
                 Row("end to end through one consumer of all: user CPU of a record, µs", case, "user_us_end_to_end"),
                 Row("kernel CPU, µs", case, "kernel_us_end_to_end"), Row("p50, ms", case, "delivery_p50_ms"),
                 Row("p99, ms", case, "delivery_p99_ms"), Row("user CPU to create one, µs", case, "create_user_us"),
                 Row("live Java heap, MB", case, "live_heap_MB"), Row("memory (RSS), MB", case, "rss_MB")]
    return [*table(rows, results), "", f"{RATE:,} requests/s over {CONNECTIONS} connections, one record of 100 B each, to all partitions in turn; then 500 records/s",
            "from Kafka's producer to a consumer of all partitions. A broker keeps the partitions of the rows before: in the end it has 10,000."]
