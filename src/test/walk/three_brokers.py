"""Three brokers on macOS and Windows: here with the first of them, then every tool without an
address, and the managed service with the tools of 2.8.2."""

import samples
from engine import Tutorial
from tools import ALL

BROKER = "localhost:9092"


def prepare(walk):
    configure(walk)
    walk.serve("bin/kafka-server-start.sh -daemon config/server.properties").succeeds()


def configure(walk):
    samples.write(walk.server / "config/server.properties", samples.KAFKA_2_8 | {
        "broker.id": "0", "listeners": "PLAINTEXT://localhost:9092", "log.dirs": "/tmp/kafka-logs"})


tutorial = Tutorial("three-brokers", "three brokers on macOS and Windows, one of them", prepare, configure)
row = tutorial.row


@row("zookeeper-server-start.sh says that it is not needed, zookeeper-server-stop.sh too")
def zookeeper(walk):
    walk.run("bin/zookeeper-server-start.sh config/zookeeper.properties").succeeds().says("(?i)not needed")
    walk.run("bin/zookeeper-server-stop.sh").succeeds().says("(?i)no ZooKeeper")


@row("the broker runs behind & and ends with the tool for it")
def background(walk):
    walk.spawn("bin/kafka-server-start.sh config/server.properties & wait")
    walk.until(lambda: walk.run("grep 'ready in' logs/server.log").out, "the broker is ready")
    walk.run("bin/kafka-server-stop.sh").succeeds()
    walk.until(lambda: walk.run("grep 'clean shutdown' logs/server.log").out, "the broker has stopped")
    walk.run("bin/kafka-server-start.sh -daemon config/server.properties").succeeds()


@row("a .bat for each script, in bin\\windows and in bin")
def batch_files(walk):
    scripts = [name[:-3] for name in walk.run("ls bin").out.split() if name.endswith(".sh")]
    for script in scripts:
        walk.run(f"test -s bin/windows/{script}.bat && test -s bin/{script}.bat").succeeds()
    walk.run("grep -il wmic bin/windows/*.bat").exits(1)


# -- topic names -----------------------------------------------------------------------------------


@row("topic names: up to 249 of letters, digits, dot, underscore and hyphen", sets=ALL)
def names(walk):
    def create(name):
        return walk.run(f"bin/kafka-topics.sh --create --topic '{name}' --bootstrap-server {BROKER}")

    create("t" * 249).succeeds().prints(f"Created topic {'t' * 249}.")
    create("t" * 250).exits(1).says("longer than the max allowed length 249")
    create("..").exits(1).says(r"cannot be ..\.. or|'\.\.' is not allowed")
    create("two words").exits(1).says("contains (one or more characters other than|illegal characters)")
    create("topic-example1").succeeds()


@row("names that differ only in dot and underscore collide", sets=ALL)
def colliding_names(walk):
    line = f"bin/kafka-topics.sh --create --bootstrap-server {BROKER} --topic "
    walk.run(line + "collides.here").succeeds().says("WARNING: Due to limitations in metric names")
    walk.run(line + "collides_here").exits(1).says("collides with existing topics?: collides.here")


# -- each tool without an address, as the tutorial prints it; Kafka's own tools need the address ----


def at(walk):
    """What Millrace's tools may leave out."""
    return "" if walk.own else f" --bootstrap-server {BROKER}"


@row("kafka-topics.sh without an address: create, describe, alter, list", sets=ALL)
def topics(walk):
    walk.run("bin/kafka-topics.sh --create --topic topic3 --partitions 1" + at(walk)).succeeds().prints("Created topic topic3.")
    walk.run("bin/kafka-topics.sh --describe --topic topic3" + at(walk)).succeeds().shows("PartitionCount: 1\t")
    walk.run("bin/kafka-topics.sh --alter --topic topic3 --partitions 3" + at(walk)).succeeds()
    walk.run("bin/kafka-topics.sh --describe --topic topic3" + at(walk)).counts("\tPartition: ", 3)
    walk.run("bin/kafka-topics.sh --list" + at(walk)).succeeds().prints("topic3")


@row("kafka-configs.sh without an address", sets=ALL,
     without={"2.5.0": "the tool of this version alters topics only through --zookeeper"})
def configs(walk):
    walk.run("bin/kafka-configs.sh --alter --entity-type topics --entity-name topic3 "
             "--add-config retention.ms=86400000" + at(walk)).succeeds()
    walk.run("bin/kafka-topics.sh --describe --topic topic3" + at(walk)).shows("retention.ms=86400000")


@row("MILLRACE_BOOTSTRAP or KAFKA_BOOTSTRAP_SERVERS stand for the address")
def address_by_environment(walk):
    for variable in ("MILLRACE_BOOTSTRAP", "KAFKA_BOOTSTRAP_SERVERS"):
        walk.run("bin/kafka-topics.sh --list", **{variable: "127.0.0.1:9092"}).succeeds().prints("topic3")
        walk.run("bin/kafka-topics.sh --list", **{variable: "127.0.0.1:9"}).exits(1).says("127.0.0.1:9")


@row("kafka-console-producer.sh --request-required-acks, --message-send-max-retries", sets=ALL)
def producer_options(walk):
    walk.run("bin/kafka-console-producer.sh --topic topic3 --request-required-acks 1" + at(walk), stdin="acks\n").succeeds()
    walk.run("bin/kafka-console-producer.sh --topic topic3 --message-send-max-retries 50" + at(walk), stdin="retries\n").succeeds()


@row("kafka-verifiable-producer.sh sends a hundred", sets=ALL)
def verifiable(walk):
    walk.run("bin/kafka-verifiable-producer.sh --topic topic3 --max-messages 100" + at(walk)).succeeds().counts(
        '"name":"producer_send_success"', 100)


@row("kafka-console-consumer.sh without a group, with one, and with keys", sets=ALL)
def consumers(walk):
    line = "bin/kafka-console-consumer.sh --topic topic3 --from-beginning --max-messages 102 --timeout-ms 15000"
    walk.run(line + at(walk)).prints("acks", "retries").counts("^.+$", 102)
    walk.run(line + " --group group1" + at(walk)).prints("acks", "retries").counts("^.+$", 102)
    walk.run(line + ' --group group2 --property print.key=true --property key.separator="-"' + at(walk)).prints(
        "null-acks", "null-retries").counts("^null-", 102)


@row("kafka-consumer-groups.sh: list, and describe a group", sets=ALL)
def groups(walk):
    walk.run("bin/kafka-consumer-groups.sh --list" + at(walk)).succeeds().prints("group1", "group2")
    shown = walk.run("bin/kafka-consumer-groups.sh --describe --group group1" + at(walk)).succeeds()
    shown.says("Consumer group 'group1' has no active members.")
    if sum(int(cells[3]) for cells in shown.rows() if cells[:2] == ["group1", "topic3"]) != 102:
        raise shown.wrong("not 102 records committed")


# -- the managed service ---------------------------------------------------------------------------


@row("the commands for the managed service, with a list of endpoints", sets=ALL)
def managed_service(walk):
    endpoints = "--bootstrap-server kafka-broker01:9092,localhost:9092"
    walk.run(f"bin/kafka-topics.sh --create --topic topic4 {endpoints}").succeeds().prints("Created topic topic4.")
    walk.at_terminal(f"bin/kafka-console-producer.sh --topic topic4 {endpoints}", "First Message", "Second Message").succeeds()
    walk.run(f"bin/kafka-console-consumer.sh --topic topic4 --from-beginning {endpoints} --max-messages 2").lines_are(
        "First Message", "Second Message")


# -- Connect ---------------------------------------------------------------------------------------


@row("connect-standalone.sh says where Kafka's own is to be typed")
def connect(walk):
    walk.run("bin/connect-standalone.sh config/connect-standalone.properties config/connect-file-sink.properties").exits(1).says(
        "type this line in a folder of Kafka")


tutorial.later("windows", "the .bat files run on Windows", "a Windows machine among those that test")
tutorial.later("file-sink", "connect-standalone.sh writes a topic into a file", "Connect")
