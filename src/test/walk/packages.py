"""The packages of Confluent 5.0: names without .sh, a data folder with an owner, systemd, and one
server in the place of three."""

import samples
from engine import Tutorial
from older_book import SPEAKS_ZOOKEEPER
from tools import ALL, KAFKA

BROKERS = "kafka-broker01:9092,kafka-broker02:9092,kafka-broker03:9092"
ZOOKEEPERS = "kafka-broker01:2181,kafka-broker02:2181,kafka-broker03:2181"


def prepare(walk):
    configure(walk)
    walk.run("mkdir -p /var/lib/kafka/data")
    walk.serve("bin/kafka-server-start -daemon config/server.properties").succeeds()
    walk.env["PATH"] = f"{walk.home}/bin:{walk.env['PATH']}"


def configure(walk):
    samples.write(walk.server / "config/server.properties", samples.KAFKA_2_5 | {"log.dirs": "/var/lib/kafka/data"})


tutorial = Tutorial("packages", "Confluent 5.0 packages, on one server", prepare, configure)
row = tutorial.row

NEEDS_ADDRESS = {
    "2.0.0": SPEAKS_ZOOKEEPER, "2.5.0": SPEAKS_ZOOKEEPER, "2.8.2": SPEAKS_ZOOKEEPER,
    "3.2.0": "this release has no --zookeeper any more", "4.4.0": "this release has no --zookeeper any more"}


@row("a data folder that cannot be written: one line with the path, the user and the cure")
def folder_not_writable(walk):
    refused = walk.run("bin/kafka-server-start config/server.properties --override log.dirs=/proc/x").fails_in_one_line()
    refused.says("cannot write", "/proc/x", r"root|user")


@row("of several data folders one that cannot be written is named, and the others serve")
def one_folder_fails(walk):
    walk.run("mkdir -p /var/lib/kafka/data").succeeds()
    walk.run("bin/kafka-server-start -daemon config/server.properties --override log.dirs=/var/lib/kafka/data,/proc/x").succeeds()
    walk.run("cat logs/server.log").shows("(WARN|ERROR).*/proc/x")
    walk.run("bin/kafka-server-stop").succeeds()


@row("the data folder that the tutorial makes; the broker puts its files there")
def data_folder(walk):
    walk.run("mkdir -p /var/lib/kafka/data").succeeds()
    walk.run("bin/kafka-server-start -daemon config/server.properties").succeeds()
    walk.run("test -s /var/lib/kafka/data/meta.properties").succeeds()
    walk.env["PATH"] = f"{walk.home}/bin:{walk.env['PATH']}"


@row("the unit millrace.service is well formed, waits for readiness and has its limits")
def systemd_unit(walk):
    unit = walk.run("find . -name millrace.service").out.split()
    if len(unit) != 1:
        raise walk.run("find . -name '*.service'").wrong("there is no millrace.service, or more than one")
    walk.run(f"cat {unit[0]}").shows("^Type=notify$", "^LimitNOFILE=", "^TimeoutStopSec=")
    walk.needs("systemd-analyze")
    walk.run(f"systemd-analyze verify {unit[0]}").never_says("(?i)unknown|fail(?!s)|missing '='")


@row("a page for those who come from another distribution")
def coming_from(walk):
    walk.run("test -s docs/coming-from-kafka.md").succeeds()


@row("the two names of Confluent's units; that of ZooKeeper does nothing and says so")
def systemd_aliases(walk):
    found = walk.run("find . -name '*.service' | xargs cat").succeeds()
    found.shows("confluent-kafka", "(?i)not needed")
    walk.run("find . -name 'confluent-zookeeper*'").shows("confluent-zookeeper")


@row("the tools without .sh, found by the path, tell their version")
def versions(walk):
    for tool in ("kafka-topics", "kafka-console-producer", "kafka-console-consumer"):
        walk.run(f"{tool} --version").succeeds().shows(r"^\S*\d+\.\d+\.\d+")


@row("kafka-topics --zookeeper --create", sets=("2.0.0", *ALL), without=NEEDS_ADDRESS)
def create_with_zookeeper(walk):
    walk.run("kafka-topics --zookeeper kafka-server:2181 --create --topic first-test --partitions 3 "
             "--replication-factor 1").succeeds().says('Created topic "?first-test"?', "--bootstrap-server")


@row("kafka-topics --zookeeper with three hosts: --describe", sets=("2.0.0", *ALL), without=NEEDS_ADDRESS)
def describe_with_zookeeper(walk):
    walk.run(f"kafka-topics --zookeeper {ZOOKEEPERS} --describe --topic first-test").succeeds().shows(
        r"^Topic: first-test\t.*PartitionCount: 3\tReplicationFactor: 1").counts(r"\tLeader: 0\tReplicas: 0\tIsr: 0", 3)


@row("kafka-topics --bootstrap-server --create, --describe", sets=KAFKA)
def create(walk):
    walk.run(f"kafka-topics --bootstrap-server {BROKERS} --create --topic first-test --partitions 3 "
             "--replication-factor 1").succeeds().prints("Created topic first-test.")
    walk.run(f"kafka-topics --bootstrap-server {BROKERS} --describe --topic first-test").counts(
        r"\tLeader: 0\tReplicas: 0\tIsr: 0", 3)


@row("a replication factor beyond the brokers is an error that names both numbers", sets=ALL)
def too_many_replicas(walk):
    walk.run(f"kafka-topics --bootstrap-server {BROKERS} --create --topic replicated --partitions 3 "
             "--replication-factor 3").exits(1).says("(?i)replication factor", r"\b3\b.*\b1 broker")


@row("kafka-topics --list and --delete", sets=ALL)
def list_and_delete(walk):
    walk.run(f"kafka-topics --bootstrap-server {BROKERS} --create --topic leaves").succeeds()
    walk.run(f"kafka-topics --bootstrap-server {BROKERS} --list").prints("first-test", "leaves")
    walk.run(f"kafka-topics --bootstrap-server {BROKERS} --delete --topic leaves").succeeds()
    walk.run(f"kafka-topics --bootstrap-server {BROKERS} --list").prints("first-test").never_says("leaves")
    walk.run(f"kafka-topics --bootstrap-server {BROKERS} --delete --topic never-there").exits(1).says("never-there")


@row("kafka-console-producer --broker-list to a consumer that waits", sets=("2.0.0", *ALL))
def produce_and_consume(walk):
    if walk.tools.name == "2.0.0":
        walk.serve(f"bin/kafka-topics --bootstrap-server {BROKERS} --create --topic first-test --partitions 3").succeeds()
    option = "--bootstrap-server" if walk.tools.name == "4.4.0" else "--broker-list"
    consumer = walk.spawn(f"kafka-console-consumer --bootstrap-server {BROKERS} --topic first-test --group console")
    walk.until(lambda: "console" in walk.serve(
        f"bin/kafka-consumer-groups --bootstrap-server {BROKERS} --describe --group console --members").out,
        "the consumer has joined")
    walk.until(lambda: walk.serve(
        f"bin/kafka-consumer-groups --bootstrap-server {BROKERS} --describe --group console --state").out.count("Stable"),
        "the consumer has its partitions")
    walk.at_terminal(f"kafka-console-producer {option} {BROKERS} --topic first-test", "Hello Kafka !").succeeds()
    consumer.awaits("^Hello Kafka !$").interrupt()


@row("kafka-server-stop and zookeeper-server-stop, in this order")
def stop(walk):
    walk.run("kafka-server-stop").succeeds()
    walk.run("zookeeper-server-stop").succeeds().says("(?i)no ZooKeeper")


tutorial.later("install", "rpm and deb with the tools on the path, and the service by systemctl", "packages")
tutorial.later("three-servers", "three servers: leaders spread, replicas staggered, majority, order of the stop", "the cluster")
