"""Joining an empty group: in a client that has just started, and in one that is warm."""

import clients
from brokers import pair
from ground import last_json
from table import Row, table

TITLE = "Joining a group"
PEER = True
ROWS = [Row("joining an empty group, first join of a client's process, ms", "join", "cold_ms"),
        Row("in a warm client, ms (median of its joins)", "join", "warm_ms", "≤ 1/20"),
        Row("the slowest of them, ms", "join", "warm_max_ms")]


def longest_s(ground):
    return 120 + 180 * ground.rounds


def run(ground, results):
    with pair(ground) as brokers:
        for server in brokers:
            clients.create(ground, server, "groups", 6)
        for number in range(ground.rounds):
            results.in_turns("join", brokers, number, lambda server: joins(ground, server, 4 if ground.quick else 9))


def joins(ground, server, count):
    with ground.quiet():
        told = last_json(ground.own_java("GroupJoins", f"bootstrap={server.bootstrap}", "topic=groups", f"joins={count}"))
    warm = sorted(told["ms"][1:])
    return {"cold_ms": told["ms"][0], "warm_ms": warm[len(warm) // 2], "warm_max_ms": warm[-1]}


def section(results, parts):
    return [*table(ROWS, results), "", "From `subscribe` until partitions are assigned; the coordinator's topic is there already, save at the first join.",
            "The first join of a process is mostly the client's own start, so what is wanted is said of the warm one."]
