"""Three brokers from the three files of the tutorial, which differ in broker.id, listeners and
log.dirs only: one cluster, of which one is killed, then another."""

import re
import time

import samples
from engine import PATIENCE_S, Tutorial
from tools import MILLRACE

PORTS = {0: 9092, 1: 9093, 2: 9094}
ALL_THREE = "localhost:9092,localhost:9093,localhost:9094"
SETS = (MILLRACE.name, "3.2.0")


def config(broker):
    return f"config/server{broker or ''}.properties"


def prepare(walk):
    for broker, port in PORTS.items():
        samples.write(walk.server / config(broker), samples.KAFKA_2_8 | {
            "broker.id": str(broker), "listeners": f"PLAINTEXT://localhost:{port}",
            "log.dirs": f"/tmp/kafka-logs{broker or ''}"})
    for broker in PORTS:
        start(walk, broker)


def start(walk, broker):
    walk.serve(f"LOG_DIR=/tmp/log{broker} bin/kafka-server-start.sh -daemon {config(broker)}", seconds=2 * PATIENCE_S).succeeds()


def kill(walk, broker):
    """As a reader does who looks the number up with ps."""
    pattern = config(broker).replace(".", "[.]")
    walk.serve(f"kill -9 $(pgrep -f 'config/{pattern.removeprefix('config/')}')").succeeds()


tutorial = Tutorial("whole-cluster", "three brokers as one cluster", prepare, prepare)
row = tutorial.row


def described(walk, address, topic="topic2"):
    """Leader, replicas and ISR by partition, as an address tells them."""
    shown = walk.run(f"bin/kafka-topics.sh --describe --topic {topic} --bootstrap-server {address}")
    found = re.findall(r"Partition: (\d+)\s+Leader: (\w+)\s+Replicas: ([\d,]+)\s+Isr: ([\d,]*)", shown.out)
    return {int(partition): (leader, replicas.split(","), isr.split(",")) for partition, leader, replicas, isr in found}


def in_sync(walk, address):
    told = described(walk, address)
    return told and all(len(isr) == 2 and leader != "none" for leader, _, isr in told.values())


def produce(walk, address, *messages):
    walk.run(f"bin/kafka-console-producer.sh --topic topic2 --bootstrap-server {address}",
             stdin="".join(f"{message}\n" for message in messages)).succeeds()


@row("the second and the third broker join by the same zookeeper.connect", sets=SETS)
def three_join(walk):
    def seen(port):
        shown = walk.run(f"bin/kafka-broker-api-versions.sh --bootstrap-server localhost:{port}").succeeds()
        return len(re.findall(r"^\S+ \(id: \d+ rack: null", shown.out, re.MULTILINE)) == 3

    for port in PORTS.values():
        walk.until(lambda: seen(port), f"localhost:{port} names three brokers")


@row("a topic with three partitions and two replicas, created at one broker, described at all", sets=SETS)
def replicated_topic(walk):
    walk.run("bin/kafka-topics.sh --create --topic topic2 --bootstrap-server localhost:9093 --partitions 3 "
             "--replication-factor 2").succeeds().prints("Created topic topic2.")

    def same():
        told = [described(walk, f"localhost:{port}") for port in PORTS.values()]
        return told[0] if told[0] and told[0] == told[1] == told[2] else None

    partitions = walk.until(same, "all three tell the same")
    if len({leader for leader, _, _ in partitions.values()}) != 3:
        raise AssertionError(f"the leaders are not on three brokers: {partitions}")
    if any(len(isr) != 2 for _, _, isr in partitions.values()):
        raise AssertionError(f"not two replicas in sync each: {partitions}")


@row("messages are sent to one broker and read from another", sets=SETS)
def produce_and_consume(walk):
    produce(walk, "localhost:9092", "First Message", "Second Message")
    walk.run("bin/kafka-console-consumer.sh --topic topic2 --bootstrap-server localhost:9094 --from-beginning "
             "--max-messages 2 --timeout-ms 20000").succeeds().prints("First Message", "Second Message")


@row("the cluster says that it can lose one broker, whichever is asked")
def says_what_can_be_lost(walk):
    for port in PORTS.values():
        walk.run(f"bin/millrace cluster status --bootstrap-server localhost:{port}").succeeds().says(
            "can lose 1 broker", r"^0\t.*\bthere\b", r"^2\t.*\bthere\b")
    walk.run("bin/millrace cluster events --bootstrap-server localhost:9093").succeeds().says("Broker 2 joined the cluster")


@row("a group goes on when broker 2 is killed", sets=SETS)
def kill_one(walk):
    group = walk.spawn(f"bin/kafka-console-consumer.sh --topic topic2 --bootstrap-server {ALL_THREE} --from-beginning --group one")
    group.awaits("First Message")
    kill(walk, 2)
    walk.until(lambda: described(walk, "localhost:9092") and all(leader != "2" and isr == [one for one in isr if one != "2"]
                           for leader, _, isr in described(walk, "localhost:9092").values()),
               "broker 2 leads nothing and is in no ISR", 60)
    produce(walk, "localhost:9092", "Third Message", "Fourth Message")
    group.awaits("Third Message", 60).awaits("Fourth Message", 60)
    group.interrupt()


@row("broker 2 comes back, and all replicas are in sync again", sets=SETS)
def come_back(walk):
    start(walk, 2)
    walk.until(lambda: in_sync(walk, "localhost:9094"),
               "all replicas are in sync again", 60)


@row("with two of three killed: no leader where both replicas are gone, one sentence for what needs a majority", sets=SETS)
def kill_two(walk):
    kill(walk, 2)
    time.sleep(1)
    kill(walk, 1)
    both = [number for number, (_, replicas, _) in described(walk, "localhost:9092").items() if set(replicas) == {"1", "2"}]

    def none():
        told = described(walk, "localhost:9092")
        return both and all(told[number][0] in ("none", "-1") for number in both)

    walk.until(none, "the partition of brokers 1 and 2 has no leader", 60)


@row("both come back: nothing that was acknowledged is lost", sets=SETS)
def all_come_back(walk):
    start(walk, 1)
    start(walk, 2)
    walk.until(lambda: in_sync(walk, "localhost:9093"),
               "all replicas are in sync again", 60)
    walk.run("bin/kafka-console-consumer.sh --topic topic2 --bootstrap-server localhost:9093 --from-beginning "
             "--max-messages 4 --timeout-ms 20000").succeeds().prints(
        "First Message", "Second Message", "Third Message", "Fourth Message")


@row("a broker is emptied by one command, and filled again")
def drain(walk):
    walk.run("bin/millrace cluster drain 2", seconds=60).exits(0).says("Broker 2 (is empty|leads nothing)")
    if any("2" in replicas for _, replicas, _ in described(walk, "localhost:9092").values()):
        raise AssertionError("broker 2 still holds a partition of topic2")
    walk.run("bin/millrace cluster rebalance", seconds=60).succeeds()
    walk.run("bin/millrace cluster status --check").succeeds()


@row("kafka-metadata-quorum.sh: three vote, one leads", sets=(MILLRACE.name,))
def quorum(walk):
    walk.run("bin/kafka-metadata-quorum.sh --bootstrap-server localhost:9092 describe --status").succeeds().shows(
        r'^CurrentVoters: .*"id": 0.*"id": 1|^CurrentVoters: .*"id": 1.*"id": 0')
    walk.run("bin/kafka-metadata-quorum.sh --bootstrap-server localhost:9092 describe --replication").succeeds().counts(
        "Leader", 1)


@row("kafka-reassign-partitions.sh moves a partition, kafka-leader-election.sh gives it back", sets=SETS)
def reassign(walk):
    walk.file("move.json", '{"version":1,"partitions":[{"topic":"topic2","partition":0,"replicas":[2,0]}]}')
    line = "bin/kafka-reassign-partitions.sh --bootstrap-server localhost:9092 --reassignment-json-file move.json "
    walk.run(line + "--execute").succeeds().says("Successfully started partition reassignment for topic2-0")
    walk.until(lambda: "topic2-0 is complete" in walk.run(line + "--verify").out, "the reassignment is completed")
    walk.run("bin/kafka-leader-election.sh --bootstrap-server localhost:9092 --election-type preferred "
             "--topic topic2 --partition 0").succeeds()
    walk.until(lambda: described(walk, "localhost:9092")[0][0] == "2", "the preferred replica leads")
