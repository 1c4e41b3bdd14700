"""kill -9 of the leader, or of a group's coordinator, under load: how long clients stand still, what is lost."""

import json
import subprocess

from brokers import running
from clusters import KafkaCluster, MillraceCluster
from table import Row, table

TITLE = "Failover"
PEER = True
KINDS = ("leader", "coordinator")
ROUND_S = 90


def longest_s(ground):
    return 4 * (120 + ROUND_S * ground.rounds)


def run(ground, results):
    """Each kind on a fresh cluster: Kafka, Millrace, Millrace, Kafka."""
    order = [(kind, which) for kind, both in zip(KINDS, ((KafkaCluster, MillraceCluster), (MillraceCluster, KafkaCluster))) for which in both]
    for kind, which in order:
        told = {}
        results.measure(f"audit of {kind}", which.name, lambda: audited(ground, which, kind, told))
        for one in told.get("rounds", []):
            results.add(kind, which.name, one["after_kill"] | {"full_isr_s": one["full_isr_after_restart_ms"] / 1000})


def audited(ground, which, kind, told):
    """All kills of one kind; told receives their rounds."""
    with ground.quiet(), running(which(ground)) as (cluster,):
        after = 14 if ground.quick else 20
        out = subprocess.run(
            [ground.peer / "failover", "--bootstrap", cluster.bootstrap, "--kill", kind, "--kill-command", cluster.kill_command,
             "--start-command", cluster.start_command, "--rounds", str(ground.rounds), "--after", str(after), "--steady", "5"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if out.returncode:
        raise RuntimeError(out.stderr[-600:])
    told.update(json.loads(out.stdout[out.stdout.index("{"):]))
    return {key: told[key] for key in ("acked", "failed", "lost", "duplicated")}


def section(results, parts):
    rows = [Row("leader killed: longest time without an acknowledgement, ms", "leader", "ack_gap_ms", "≤ 1/10"),
            Row("restart until all replicas are in sync, s", "leader", "full_isr_s", "≤ 1/5"),
            Row("coordinator killed: longest time without a delivery, ms", "coordinator", "delivery_gap_ms", "≤ 1/10"),
            Row("without a commit, ms", "coordinator", "commit_gap_ms", "≤ 1/10"),
            Row("without an acknowledgement, ms", "coordinator", "ack_gap_ms", "≤ 1/10"),
            Row("restart until all replicas are in sync, s", "coordinator", "full_isr_s", "≤ 1/5")]
    said = []
    for name in ("kafka", "millrace"):
        audits = [r for kind in KINDS for r in results.of(f"audit of {kind}", name)]
        if audits:
            total = {key: sum(r[key] for r in audits) for key in audits[0]}
            said.append(f"{name.capitalize()}: {total['acked']:,} records acknowledged, {total['lost']:,} lost, "
                        f"{total['duplicated']:,} doubled, {total['failed']:,} failed.")
    return [*table(rows, results), "", "One partition, replication factor 3, `min.insync.replicas` 2, 1,000 records/s from an idempotent producer.", *said]
