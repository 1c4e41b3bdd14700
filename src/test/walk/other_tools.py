"""The tools that no tutorial names, and that its reader meets next."""

import json
import re

import samples
from engine import Tutorial
from tools import ALL, KAFKA, MILLRACE

BROKER = "localhost:9092"
OWN = (MILLRACE.name,)


def prepare(walk):
    configure(walk)
    walk.serve("bin/kafka-server-start.sh -daemon config/server.properties").succeeds()
    furnish(walk)


def arrive(walk):
    configure(walk)
    walk.run("bin/kafka-server-start.sh -daemon config/server.properties").succeeds()
    furnish(walk)


def configure(walk):
    samples.write(walk.server / "config/server.properties", samples.KAFKA_3_2)


def furnish(walk):
    walk.serve(f"bin/kafka-topics.sh --create --topic t --partitions 2 --bootstrap-server {BROKER}").succeeds()
    walk.serve(f"bin/kafka-console-producer.sh --topic t --bootstrap-server {BROKER} --property parse.key=true "
               "--property key.separator=:", stdin="".join(f"k{n}:value {n}\n" for n in range(10))).succeeds()
    walk.serve(f"bin/kafka-console-consumer.sh --topic t --bootstrap-server {BROKER} --group readers --from-beginning "
               "--max-messages 10").succeeds()


tutorial = Tutorial("other-tools", "the tools that a reader meets next", prepare, arrive)
row = tutorial.row


def since(version, reason="this release has no such tool"):
    """Leaves out the releases before a version."""
    def numbers(text):
        return [int(part) for part in text.split(".")]

    return {name: reason for name in KAFKA if numbers(name) < numbers(version)}


@row("kafka-get-offsets.sh, and by its class as before 3.0", sets=ALL)
def get_offsets(walk):
    if walk.since("3.0.0"):
        shown = walk.run(f"bin/kafka-get-offsets.sh --bootstrap-server {BROKER} --topic t")
    else:
        shown = walk.run(f"bin/kafka-run-class.sh kafka.tools.GetOffsetShell --broker-list {BROKER} --topic t --time -1")
    shown.succeeds().shows(r"^t:0:\d+$", r"^t:1:\d+$")
    if sum(int(line.split(":")[2]) for line in shown.out.splitlines()) != 10:
        raise shown.wrong("not ten records")


@row("kafka-run-class.sh kafka.tools.GetOffsetShell --broker-list", sets=OWN)
def run_class(walk):
    walk.run(f"bin/kafka-run-class.sh kafka.tools.GetOffsetShell --broker-list {BROKER} --topic t --time -1").succeeds().shows(
        r"^t:0:\d+$")


@row("kafka-log-dirs.sh --describe: the size of each partition", sets=ALL)
def log_dirs(walk):
    shown = walk.run(f"bin/kafka-log-dirs.sh --describe --bootstrap-server {BROKER} --topic-list t").succeeds()
    described = shown.json()[0]
    folder = described["brokers"][0]["logDirs"][0]
    if folder["logDir"] != "/tmp/kafka-logs" or {each["partition"] for each in folder["partitions"]} != {"t-0", "t-1"}:
        raise shown.wrong("not the two partitions in their folder")


@row("kafka-dump-log.sh reads the files of the broker", sets=ALL)
def dump_log(walk):
    walk.run("bin/kafka-dump-log.sh --files /tmp/kafka-logs/t-0/00000000000000000000.log --print-data-log").succeeds().shows(
        r"^Dumping /tmp/kafka-logs/t-0/00000000000000000000\.log", r"^(Log s|S)tarting offset: 0",
        r"^baseOffset: 0 lastOffset: \d+ ", r"key: k\d payload: value \d")


@row("kafka-consumer-groups.sh moves a group: --reset-offsets", sets=ALL)
def reset_offsets(walk):
    line = f"bin/kafka-consumer-groups.sh --bootstrap-server {BROKER} --group readers --reset-offsets --topic t --to-earliest "
    walk.run(line + "--dry-run").succeeds().shows(r"^readers +t +0 +0", r"^readers +t +1 +0")
    walk.run(line + "--execute").succeeds()
    shown = walk.run(f"bin/kafka-consumer-groups.sh --bootstrap-server {BROKER} --describe --group readers")
    if sum(int(cells[5]) for cells in shown.rows() if cells[:2] == ["readers", "t"]) != 10:
        raise shown.wrong("not all ten records left to read")


@row("kafka-consumer-groups.sh --state and --members, then --delete", sets=ALL)
def delete_group(walk):
    line = f"bin/kafka-consumer-groups.sh --bootstrap-server {BROKER} "
    walk.run(line + "--describe --group readers --state").succeeds().shows(r"^readers .*Empty +0")
    walk.run(line + "--delete --group readers").succeeds().says(r"Deletion of requested consumer groups \('readers'\) was successful")
    walk.run(line + "--list").never_says("^readers$")


@row("kafka-storage.sh: no format is needed, and random-uuid makes an id", sets=OWN)
def storage(walk):
    walk.run("bin/kafka-storage.sh random-uuid").succeeds().shows(r"^[\w-]{22}$")
    walk.run("bin/kafka-storage.sh format -t ABCDEFGHIJKLMNOPQRSTUg -c config/server.properties").succeeds().says(
        r"(?i)(not|no format\w*) needed")


@row("kafka-cluster.sh cluster-id", sets=KAFKA, without=since("2.8.0"))
def cluster_id(walk):
    walk.run(f"bin/kafka-cluster.sh cluster-id --bootstrap-server {BROKER}").succeeds().shows(r"^Cluster ID: [\w-]{22}$")


@row("kafka-cluster.sh api-versions", sets=("4.4.0",))
def cluster_api_versions(walk):
    walk.run(f"bin/kafka-cluster.sh api-versions --bootstrap-server {BROKER}").succeeds().shows(
        r"\(id: 0 rack: null", r"Produce\(0\)")


@row("kafka-reassign-partitions.sh --list", sets=KAFKA, without=since("2.6.0", "it needs ZooKeeper for it before 2.6"))
def reassignments(walk):
    walk.run(f"bin/kafka-reassign-partitions.sh --bootstrap-server {BROKER} --list").succeeds().says(
        "No partition reassignments found.")


@row("kafka-leader-election.sh for one partition", sets=KAFKA)
def election(walk):
    walk.run(f"bin/kafka-leader-election.sh --bootstrap-server {BROKER} --election-type preferred --topic t --partition 0"
             ).succeeds().says("(?i)valid replica already elected|successfully completed")


@row("kafka-acls.sh --list: without an authorizer the broker says so", sets=KAFKA)
def acls(walk):
    walk.run(f"bin/kafka-acls.sh --bootstrap-server {BROKER} --list").says("No Authorizer is configured")


@row("kafka-transactions.sh list", sets=KAFKA, without=since("3.0.0"))
def transactions(walk):
    walk.run(f"bin/kafka-transactions.sh --bootstrap-server {BROKER} list").succeeds().shows("TransactionalId")


@row("kafka-groups.sh --list", sets=("4.4.0",))
def list_groups(walk):
    walk.run(f"bin/kafka-groups.sh --bootstrap-server {BROKER} --list").succeeds().shows("^GROUP +TYPE +PROTOCOL")


@row("kafka-metadata-quorum.sh describe --status", sets=("4.4.0",))
def quorum(walk):
    walk.run(f"bin/kafka-metadata-quorum.sh --bootstrap-server {BROKER} describe --status").succeeds().shows("^LeaderId: +0")


@row("kafka-features.sh describe", sets=("4.4.0",))
def features(walk):
    walk.run(f"bin/kafka-features.sh --bootstrap-server {BROKER} describe").succeeds()


@row("millrace --help names every command, and each has its help", sets=OWN)
def own_help(walk):
    shown = walk.run("bin/millrace --help").succeeds()
    for command in ("start", "topics", "configs", "produce", "consume", "groups", "offsets", "records", "log-dirs"):
        shown.shows(rf"^ +{command}\b")
        walk.run(f"bin/millrace {command} --help").succeeds().shows("(?i)usage")


@row("--json for scripts", sets=OWN)
def own_json(walk):
    listed = walk.run(f"bin/millrace topics list --bootstrap-server {BROKER} --json").succeeds()
    if not re.search(r'"t"', json.dumps(json.loads(listed.out))):
        raise listed.wrong("the topic is not in it")


tutorial.later("share-group-tool", "kafka-share-groups.sh and kafka-console-share-consumer.sh", "share groups")
