"""The quick start with 2.5.0: an address by hand, the first topics, then acknowledgements,
partitioner, lag and its monitoring."""

import samples
from engine import Tutorial
from tools import ALL, KAFKA

# The address that the reader puts in the place of your.host.name.
ADDRESS = "54.180.108.166:9092"


def prepare(walk):
    configure(walk)
    walk.serve("bin/kafka-server-start.sh -daemon config/server.properties").succeeds()


def configure(walk):
    samples.write(walk.server / "config/server.properties", samples.KAFKA_2_5)


tutorial = Tutorial("quick-start", "quick start with 2.5.0", prepare, configure)
row = tutorial.row


@row("your.host.name left in advertised.listeners is refused in one line")
def placeholder(walk):
    walk.run("bin/kafka-server-start.sh config/server.properties --override "
             "advertised.listeners=PLAINTEXT://your.host.name:9092").fails_in_one_line().says(
        r"advertised\.listeners.*your\.host\.name")


@row("the heap by KAFKA_HEAP_OPTS, zookeeper and broker with -daemon")
def start(walk):
    walk.env["KAFKA_HEAP_OPTS"] = "-Xmx400m -Xms400m"
    walk.run("bin/zookeeper-server-start.sh -daemon config/zookeeper.properties").succeeds().says("(?i)not needed")
    walk.run("bin/kafka-server-start.sh -daemon config/server.properties").succeeds()
    walk.run("jps -m").shows(r"^\d+ Kafka config/server\.properties")


@row("without advertised.listeners the broker answers with the address that was dialled", sets=("2.0.0", *ALL))
def dialled_address(walk):
    for address in (ADDRESS, "127.0.0.1:9092"):
        host = address.split(":")[0].replace(".", r"\.")
        walk.run(f"bin/kafka-broker-api-versions.sh --bootstrap-server {address}").succeeds().shows(
            rf"^({host}|localhost):9092 \(id: 0 rack: null( isFenced: false)?\) -> \($", r"Produce\(0\)")


@row("kafka-topics.sh --create over several lines", sets=ALL)
def create(walk):
    walk.run(f"bin/kafka-topics.sh \\\n--create \\\n--bootstrap-server {ADDRESS} \\\n--topic hello.kafka").succeeds().prints(
        "Created topic hello.kafka.")
    walk.run(f"bin/kafka-topics.sh \\\n--create \\\n--bootstrap-server {ADDRESS} \\\n--partitions 3 \\\n"
             "--replication-factor 1 \\\n--config retention.ms=172800000 \\\n--topic hello.kafka.2").succeeds().prints(
        "Created topic hello.kafka.2.")


@row("kafka-topics.sh --list, by the name in /etc/hosts", sets=ALL)
def list_topics(walk):
    walk.run("bin/kafka-topics.sh --bootstrap-server my-kafka:9092 --list").succeeds().prints("hello.kafka", "hello.kafka.2")


@row("kafka-producer-perf-test.sh with acks 0, 1 and all", sets=ALL)
def producer_performance(walk):
    for acknowledged in ("0", "1", "all"):
        walk.run(f"bin/kafka-producer-perf-test.sh --topic hello.kafka.2 --num-records 2000 --record-size 100 "
                 f"--throughput -1 --producer-props bootstrap.servers={ADDRESS} acks={acknowledged}").succeeds().shows(
            r"^2000 records sent, [\d.]+ records/sec \([\d.]+ MB/sec\), [\d.]+ ms avg latency, [\d.]+ ms max latency, "
            r"\d+ ms 50th, \d+ ms 95th, \d+ ms 99th, \d+ ms 99.9th.$")


@row("kafka-consumer-perf-test.sh, and the client's metric for the lag", sets=ALL)
def consumer_performance(walk):
    option = f"--bootstrap-server {ADDRESS}" if walk.own or walk.since("2.8.0") else f"--broker-list {ADDRESS}"
    amount = "--num-records" if walk.tools.name == "4.4.0" else "--messages"
    # The tool of 2.5.0 fails by itself when it prints metrics.
    metrics = " --print-metrics" if walk.since("2.8.0") else ""
    shown = walk.run(f"bin/kafka-consumer-perf-test.sh {option} --topic hello.kafka.2 {amount} 6000{metrics}").succeeds()
    shown.shows(r"^start\.time, end\.time, data\.consumed\.in\.MB, MB\.sec, data\.consumed\.in\.nMsg, nMsg\.sec, "
                r"rebalance\.time\.ms, fetch\.time\.ms, fetch\.MB\.sec, fetch\.nMsg\.sec")
    if metrics:
        shown.shows("records-lag-max")


@row("the same key lands in the same partition, whatever tool sends it", sets=ALL)
def partitioner(walk):
    keyed = "".join(f"key{number}:x\n" for number in range(20))
    producer = (f"bin/kafka-console-producer.sh --bootstrap-server {ADDRESS} --property parse.key=true "
                "--property key.separator=: --topic ")
    for topic in ("theirs", "ours"):
        walk.serve(f"bin/kafka-topics.sh --create --bootstrap-server {ADDRESS} --partitions 4 --topic {topic}").succeeds()
    walk.run(producer + "theirs", stdin=keyed).succeeds()
    walk.serve(producer + "ours", stdin=keyed).succeeds()
    offsets = f"bin/kafka-get-offsets.sh --bootstrap-server {ADDRESS} --topic "
    theirs = walk.serve(offsets + "theirs").succeeds()
    if theirs.out.replace("theirs", "ours") != walk.serve(offsets + "ours").out or ":0\n" in theirs.out:
        raise theirs.wrong("the keys are not spread alike")


@row("a browser's record with the same key lands in the same partition")
def browser_partitioner(walk):
    walk.serve(f"bin/kafka-topics.sh --create --bootstrap-server {ADDRESS} --partitions 4 --topic pages").succeeds()
    records = ",".join(f'{{"k":"key{number}","v":"x"}}' for number in range(20))
    walk.run("curl -sf -H 'Content-Type: application/json' --data '{\"records\":[" + records + "]}' "
             "http://localhost:8080/api/v1/topics/pages/records").succeeds()
    offsets = f"bin/kafka-get-offsets.sh --bootstrap-server {ADDRESS} --topic "
    pages = walk.serve(offsets + "pages").succeeds()
    if pages.out.replace("pages", "ours") != walk.serve(offsets + "ours").out:
        raise pages.wrong("the keys are not spread as by the producer")


@row("the lag of a group is what is stored minus what is committed", sets=ALL)
def lag(walk):
    walk.serve(f"bin/kafka-topics.sh --create --bootstrap-server {ADDRESS} --topic lags").succeeds()
    send = f"bin/kafka-console-producer.sh --bootstrap-server {ADDRESS} --topic lags"
    walk.serve(send, stdin="x\n" * 10).succeeds()
    walk.run(f"bin/kafka-console-consumer.sh --bootstrap-server {ADDRESS} --topic lags --group slow --from-beginning "
             "--max-messages 10").succeeds()
    walk.serve(send, stdin="x\n" * 31).succeeds()
    walk.run(f"bin/kafka-consumer-groups.sh --bootstrap-server {ADDRESS} --describe --group slow").shows(
        r"^slow +lags +0 +10 +41 +31 ")


@row("a reader of __consumer_offsets finds the commits", sets=KAFKA)
def offsets_topic(walk):
    if walk.since("4.0.0"):
        formatter = "org.apache.kafka.tools.consumer.OffsetsMessageFormatter"
        commit = r'"group":"slow","topic":"lags","partition":0.*"offset":10'
    else:
        formatter = r"kafka.coordinator.group.GroupMetadataManager\$OffsetsMessageFormatter"
        commit = r"^\[slow,lags,0\]::OffsetAndMetadata\(offset=10,"
    walk.run(f"bin/kafka-console-consumer.sh --bootstrap-server {ADDRESS} --topic __consumer_offsets --from-beginning "
             f"--formatter {formatter} --timeout-ms 5000").shows(commit)


tutorial.later("wrong-hosts", "a line of /etc/hosts with name and address in the wrong order is found", "millrace doctor")
tutorial.later("burrow", "the paths of a monitor of lag, answered by the broker itself", "a monitor's own paths")
tutorial.later("share-groups", "several consumers share one partition, as with a message broker", "share groups")
tutorial.later("decoding", "the console shows Avro by a schema; JSON and text it shows already", "schemas")
tutorial.later("racks", "replicas spread over racks", "the cluster")
