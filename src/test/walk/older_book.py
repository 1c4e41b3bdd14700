"""The older book of the 0.8 era: build, one node with one broker, and the ideas behind the design."""

import samples
from engine import Mismatch, Tutorial
from tools import ALL, KAFKA

BROKER = "localhost:9092"


def prepare(walk):
    configure(walk)
    walk.serve("bin/kafka-server-start.sh -daemon config/server.properties").succeeds()


def configure(walk):
    samples.write(walk.server / "config/server.properties", samples.KAFKA_2_5)


tutorial = Tutorial("older-book", "older book of the 0.8 era", prepare, configure)
row = tutorial.row

SPEAKS_ZOOKEEPER = "it speaks ZooKeeper's protocol, and there is no ZooKeeper here"
NO_ZOOKEEPER = {
    "2.0.0": SPEAKS_ZOOKEEPER,
    "2.5.0": "this release has no --zookeeper in it any more",
    "2.8.2": "this release has no --zookeeper in it any more",
    "3.2.0": "this release has no --zookeeper in it any more",
    "4.4.0": "this release has no --zookeeper in it any more",
}
NO_BROKER_LIST = {"4.4.0": "this release has no --broker-list any more"}


# -- installing and starting -----------------------------------------------------------------------


@row("the build makes one archive below 72 MB with bin, config and libs, and its checksums")
def archive(walk):
    walk.run("ls ../../millrace-*.tar.gz").succeeds().counts("tar.gz", 1)
    walk.run("tar tzf ../../millrace-*.tar.gz").succeeds().shows(
        "^[^/]+/bin/kafka-topics.sh$", "^[^/]+/libs/.*jar$", "^[^/]+/conf/server.properties$", "^[^/]+/config")
    walk.run("test $(stat -c %s ../../millrace-*.tar.gz) -lt 72000000").succeeds()
    walk.run("cd ../..; sha256sum -c millrace-*.tar.gz.sha256; sha512sum -c millrace-*.tar.gz.sha512").succeeds()


@row("a Java that is too old, by JAVA_HOME: one line says which package to install")
def old_java_home(walk):
    old = make_old_java(walk)
    refused = walk.run("bin/kafka-server-start.sh config/server.properties", JAVA_HOME=str(old))
    refused.fails_in_one_line().says(r"Java 17", r"1\.8\.0_312", r"(?i)install.*j(dk|re)")


@row("a Java that is too old, first on the path: the same; JAVA_HOME goes before the path")
def old_java_on_path(walk):
    old = make_old_java(walk)
    path = f"{old}/bin:{walk.env['PATH']}"
    walk.env.pop("JAVA_HOME", None)
    walk.run("bin/kafka-server-start.sh config/server.properties", PATH=path).fails_in_one_line().says(r"1\.8\.0_312")
    current = walk.run("dirname $(dirname $(readlink -f $(command -v java)))").out.strip()
    walk.run("bin/kafka-server-start.sh --check-config config/server.properties", PATH=path, JAVA_HOME=current).succeeds()


def make_old_java(walk):
    folder = walk.work / "java-8"
    (folder / "bin").mkdir(parents=True, exist_ok=True)
    (folder / "release").write_text('JAVA_VERSION="1.8.0_312"\n')
    program = folder / "bin/java"
    program.write_text('#!/bin/sh\necho \'openjdk version "1.8.0_312"\' >&2\n')
    program.chmod(0o755)
    return folder


@row("zookeeper-server-start.sh in the foreground says that it is not needed and returns")
def zookeeper(walk):
    walk.run("bin/zookeeper-server-start.sh config/zookeeper.properties").succeeds().says("(?i)not needed")


@row("kafka-server-start.sh in the foreground; Ctrl+C is a clean stop within two seconds")
def foreground(walk):
    for times in (1, 2):
        broker = walk.spawn("bin/kafka-server-start.sh config/server.properties")
        walk.until(lambda: walk.run("grep -c 'ready in' logs/server.log").out.strip() == str(times), "the broker is ready")
        broker.interrupt()
        walk.run("grep -c 'clean shutdown' logs/server.log").shows(f"^{times}$")
    walk.run("bin/kafka-server-start.sh -daemon config/server.properties").succeeds()


# -- topic, producer, consumer ---------------------------------------------------------------------


@row("kafka-create-topic.sh --zookeeper --replica --partition, the tool of 0.8")
def create_topic(walk):
    walk.run("bin/kafka-create-topic.sh --zookeeper localhost:2181 --replica 1 --partition 1 --topic kafkatopic").succeeds().says(
        "(?i)creat.*", "--bootstrap-server")
    walk.run(f"bin/kafka-topics.sh --describe --topic kafkatopic --bootstrap-server {BROKER}").shows(
        "PartitionCount: 1\tReplicationFactor: 1")


@row("the printed slip --broker`list: the tool names --broker-list")
def misprinted_option(walk):
    walk.run(f"bin/kafka-console-producer.sh '--broker`list' {BROKER} --topic kafkatopic", stdin="lost\n").exits(1).says(
        "--broker-list")


@row("kafka-console-producer.sh --broker-list", sets=("2.0.0", *ALL), without=NO_BROKER_LIST)
def produce(walk):
    walk.run(f"bin/kafka-console-producer.sh --broker-list {BROKER} --topic kafkatopic", stdin="hello\nkafka\n").succeeds()


@row("kafka-console-consumer.sh --zookeeper", sets=("2.0.0", *ALL), without=NO_ZOOKEEPER)
def consume_with_zookeeper(walk):
    walk.run("bin/kafka-console-consumer.sh --zookeeper localhost:2181 --topic kafkatopic --from-beginning "
             "--max-messages 2").succeeds().prints("hello", "kafka").says("--bootstrap-server")


@row("kafka-console-consumer.sh --bootstrap-server reads what was sent", sets=("2.0.0", *ALL))
def consume(walk):
    if not walk.own and walk.since("4.0.0"):
        # Nothing was sent yet: the line of the tutorial has an option that this release dropped.
        walk.run(f"bin/kafka-console-producer.sh --bootstrap-server {BROKER} --topic kafkatopic",
                 stdin="hello\nkafka\n").succeeds()
    walk.run(f"bin/kafka-console-consumer.sh --bootstrap-server {BROKER} --topic kafkatopic --from-beginning "
             "--max-messages 2 --timeout-ms 10000").succeeds().lines_are("hello", "kafka")


# -- the ideas -------------------------------------------------------------------------------------


def topic(walk, name, partitions=1):
    walk.serve(f"bin/kafka-topics.sh --create --topic {name} --partitions {partitions} --bootstrap-server {BROKER}").succeeds()


@row("a producer in synchronous mode: --sync", sets=ALL)
def synchronous(walk):
    topic(walk, "synchronous")
    walk.run(f"bin/kafka-console-producer.sh {server(walk)} --topic synchronous --sync", stdin="x\n").succeeds()
    read_all(walk, "synchronous", "x")


def server(walk):
    return f"--bootstrap-server {BROKER}" if walk.since("2.5.0") else f"--broker-list {BROKER}"


def read_all(walk, name, *lines):
    walk.run(f"bin/kafka-console-consumer.sh --bootstrap-server {BROKER} --topic {name} --from-beginning "
             f"--max-messages {len(lines)} --timeout-ms 10000").lines_are(*lines)


@row("acknowledged by none, by the leader, by all replicas: --request-required-acks 0, 1, -1, all", sets=ALL)
def acks(walk):
    topic(walk, "acknowledged")
    for acknowledged in ("0", "1", "-1", "all"):
        walk.run(f"bin/kafka-console-producer.sh {server(walk)} --topic acknowledged --request-required-acks {acknowledged}",
                 stdin=f"acks {acknowledged}\n").succeeds()
    read_all(walk, "acknowledged", "acks 0", "acks 1", "acks -1", "acks all")


@row("batches compressed with gzip, snappy, lz4 and zstd are stored as they come and read by every consumer", sets=ALL)
def compression(walk):
    topic(walk, "compressed")
    lines = []
    for codec in ("none", "gzip", "snappy", "lz4", "zstd"):
        walk.run(f"bin/kafka-console-producer.sh {server(walk)} --topic compressed --compression-codec {codec}",
                 stdin=f"{codec} {codec}\n").succeeds()
        lines.append(f"{codec} {codec}")
    read_all(walk, "compressed", *lines)


@row("records stay, and are read again from any offset", sets=ALL)
def read_again(walk):
    topic(walk, "kept")
    walk.serve(f"bin/kafka-console-producer.sh --bootstrap-server {BROKER} --topic kept",
               stdin="".join(f"record {number}\n" for number in range(10))).succeeds()
    for _ in range(2):
        walk.run(f"bin/kafka-console-consumer.sh --bootstrap-server {BROKER} --topic kept --partition 0 --offset 5 "
                 "--max-messages 1").lines_are("record 5")


@row("one record goes to one consumer of a group; another group gets them all", sets=ALL)
def groups(walk):
    topic(walk, "shared", partitions=2)
    line = f"bin/kafka-console-consumer.sh --bootstrap-server {BROKER} --topic shared --from-beginning --group "
    two = [walk.spawn(line + "workers"), walk.spawn(line + "workers")]
    members = f"bin/kafka-consumer-groups.sh --bootstrap-server {BROKER} --describe --group workers"
    walk.until(lambda: len({cells[6] for cells in walk.serve(members).rows() if cells[:1] == ["workers"]} - {"-"}) == 2,
               "both consumers have a partition")
    walk.serve(f"bin/kafka-console-producer.sh --bootstrap-server {BROKER} --topic shared --property parse.key=true "
               "--property key.separator=:", stdin="".join(f"k{n}:record {n}\n" for n in range(100))).succeeds()

    def received():
        return sorted(line for each in two for line in each.text().splitlines() if line.startswith("record"))

    walk.until(lambda: len(received()) >= 100, "all records are there")
    if received() != sorted(f"record {n}" for n in range(100)) or not all("record" in each.text() for each in two):
        raise Mismatch(f"not each record once, at both consumers: {received()}")
    for each in two:
        each.interrupt()
    walk.run(line + "readers --max-messages 100 --timeout-ms 10000").counts("^record", 100)


@row("a group keeps its position: what was read is not read again", sets=ALL)
def position(walk):
    line = f"bin/kafka-console-consumer.sh --bootstrap-server {BROKER} --topic kept --from-beginning --group resumes "
    walk.run(line + "--max-messages 5").counts("^record", 5)
    walk.run(line + "--max-messages 5").lines_are(*(f"record {n}" for n in range(5, 10)))
    walk.run(f"bin/kafka-consumer-groups.sh --bootstrap-server {BROKER} --describe --group resumes").shows(
        r"^resumes +kept +0 +10 +10 +0 ")


@row("a producer that sends while the broker is killed loses nothing and doubles nothing",
     sets=("millrace", "3.2.0", "4.4.0"))
def resend(walk):
    topic(walk, "resent")
    lines = [f"record {number}" for number in range(10_000)]
    producer = walk.spawn(f"bin/kafka-console-producer.sh --bootstrap-server {BROKER} --topic resent "
                          "--request-required-acks -1 --message-send-max-retries 50")
    producer.type("\n".join(lines[:5000]) + "\n")
    walk.until(lambda: size(walk, "resent") > 0, "the first records are stored")
    walk.run("kill -9 $(cat logs/millrace.pid)", at=walk.server).succeeds()
    producer.type("\n".join(lines[5000:]) + "\n")
    walk.serve("bin/kafka-server-start.sh -daemon config/server.properties").succeeds()
    producer.process.stdin.close()
    producer.process.wait(30)
    walk.serve(f"bin/kafka-console-consumer.sh --bootstrap-server {BROKER} --topic resent --from-beginning "
               "--max-messages 10000 --timeout-ms 10000").lines_are(*lines)
    walk.serve(f"bin/kafka-get-offsets.sh --bootstrap-server {BROKER} --topic resent").prints("resent:0:10000")


def size(walk, name):
    return int(walk.run(f"cat /tmp/kafka-logs/{name}-0/*.log | wc -c").out)


@row("a restart keeps everything", sets=ALL)
def restart(walk):
    offsets = (f"bin/kafka-get-offsets.sh --bootstrap-server {BROKER} --topic kept" if walk.since("3.2.0") else
               f"bin/kafka-run-class.sh kafka.tools.GetOffsetShell --broker-list {BROKER} --topic kept")
    walk.run(offsets).prints("kept:0:10")
    walk.serve("bin/kafka-server-stop.sh").succeeds()
    walk.serve("bin/kafka-server-start.sh -daemon config/server.properties").succeeds()
    walk.run(offsets).prints("kept:0:10")


@row("a browser sees compressed batches as text")
def browser_text(walk):
    topic(walk, "packed")
    codecs = ("none", "gzip", "snappy", "lz4", "zstd")
    for codec in codecs:
        walk.serve(f"bin/kafka-console-producer.sh --bootstrap-server {BROKER} --topic packed --compression-codec {codec}",
                   stdin=f"packed with {codec}\n").succeeds()
    walk.run("curl -sN --max-time 5 'http://localhost:8080/sse/v1/topics/packed?from=earliest'").shows(
        *(f"packed with {codec}" for codec in codecs))


@row("the preferred leader is elected on demand", sets=KAFKA)
def election(walk):
    walk.run(f"bin/kafka-leader-election.sh --election-type preferred --all-topic-partitions --bootstrap-server {BROKER}").succeeds()


tutorial.later("mirroring", "one cluster copied into another", "mirroring")
