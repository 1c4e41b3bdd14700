"""The book chapter for 3.2.0, its second half: every tool with its options, then stop and crash."""

import re

from small_machine_broker import BROKER, tutorial
from tools import ALL

TWO_DAYS_MS = "172800000"
row = tutorial.row


# -- kafka-broker-api-versions.sh ------------------------------------------------------------------


@row("kafka-broker-api-versions.sh starts with address, id and rack, then each request that it knows",
     sets=("2.0.0", *ALL))
def api_versions(walk):
    shown = walk.run("bin/kafka-broker-api-versions.sh --bootstrap-server 54.180.108.166:9092").succeeds().shows(
        r"^my-kafka:9092 \(id: 0 rack: null( isFenced: false)?\) -> \($",
        r"^\tProduce\(0\): 0 to 1?\d \[usable: \d+\],$", r"^\tFetch\(1\): \d+ to 1\d \[usable: \d+\],$",
        r"^\tListOffsets\(2\): ", r"^\tMetadata\(3\): ")
    shown.never_says(r"Produce\(0\).*UNSUPPORTED")


# -- kafka-topics.sh and kafka-configs.sh ----------------------------------------------------------


@row("kafka-topics.sh --create with a dot in the name warns and creates", sets=ALL)
def create(walk):
    walk.run(f"bin/kafka-topics.sh --create --bootstrap-server {BROKER} --topic hello.kafka").succeeds().prints(
        "Created topic hello.kafka.").says(
        r"WARNING: Due to limitations in metric names, topics with a period \('\.'\) or underscore \('_'\) could collide")
    walk.run(f"bin/kafka-topics.sh --bootstrap-server {BROKER} --describe --topic hello.kafka").shows(
        r"PartitionCount: 1\tReplicationFactor: 1\t")


@row("kafka-topics.sh --create with partitions, replication factor and retention", sets=ALL)
def create_with_options(walk):
    walk.run(f"bin/kafka-topics.sh --create --bootstrap-server {BROKER} --partitions 3 --replication-factor 1 "
             f"--config retention.ms={TWO_DAYS_MS} --topic hello.kafka.2").succeeds().prints("Created topic hello.kafka.2.")


@row("the command pasted with comments behind its backslashes: the tool says what is stray")
def pasted_comments(walk):
    # A shell that takes no comments at its prompt, as zsh, passes the sign and the words on.
    walk.run(f"bin/kafka-topics.sh --create --bootstrap-server {BROKER} --topic pasted.zsh '\\#' topic Name").says("#")
    # Bash passes the escaped blank on, and ends the command at the comment.
    walk.run(f"bin/kafka-topics.sh \\\n--create \\\n--bootstrap-server {BROKER} \\\n--topic pasted.bash \\   # the name").says(
        r"Created topic pasted\.bash\.|[Bb]ackslash|[Bb]lank|[Cc]omment")


@row("kafka-topics.sh --list", sets=ALL)
def list_topics(walk):
    walk.run(f"bin/kafka-topics.sh --bootstrap-server {BROKER} --list").succeeds().prints("hello.kafka", "hello.kafka.2")


@row("kafka-topics.sh --describe: a header with what was set, and a line for each partition", sets=ALL)
def describe(walk):
    topic_id = r"TopicId: [\w-]{22}\t" if walk.since("2.8.0") else ""
    tail = r"(\tElr: .*)?(\tLastKnownElr: .*)?$"
    shown = walk.run(f"bin/kafka-topics.sh --bootstrap-server {BROKER} --describe --topic hello.kafka.2").succeeds().shows(
        rf"^Topic: hello\.kafka\.2\t{topic_id}PartitionCount: 3\tReplicationFactor: 1\t"
        rf"Configs: segment\.bytes=1073741824,retention\.ms={TWO_DAYS_MS}")
    for partition in range(3):
        shown.shows(rf"^\tTopic: hello\.kafka\.2\tPartition: {partition}\tLeader: 0\tReplicas: 0\tIsr: 0{tail}")
    shown.counts("Partition: ", 3)


@row("kafka-topics.sh --alter --partitions grows a topic, and refuses to shrink it", sets=ALL)
def alter(walk):
    walk.run(f"bin/kafka-topics.sh --bootstrap-server {BROKER} --topic hello.kafka --alter --partitions 4").succeeds()
    walk.run(f"bin/kafka-topics.sh --bootstrap-server {BROKER} --topic hello.kafka --describe").shows(
        "PartitionCount: 4").counts(r"\tPartition: ", 4)
    refused = walk.run(f"bin/kafka-topics.sh --bootstrap-server {BROKER} --topic hello.kafka --alter --partitions 2")
    refused.exits(1).says(r"4.*partitions?|partitions?.*4")


TOPIC_CONFIGS_BY_BROKER = {"2.5.0": "the tool of this version alters topics only through --zookeeper"}


@row("kafka-configs.sh sets the retention of a topic, shows it, and deletes it", sets=ALL, without=TOPIC_CONFIGS_BY_BROKER)
def configs(walk):
    line = f"bin/kafka-configs.sh --bootstrap-server {BROKER} --entity-type topics --entity-name hello.kafka "
    walk.run(line + "--alter --add-config retention.ms=86400000").succeeds().prints(
        "Completed updating config for topic hello.kafka.")
    walk.run(line + "--describe").succeeds().shows(
        r"^Dynamic configs for topic hello\.kafka are:$",
        r"^  retention\.ms=86400000 sensitive=false synonyms=\{DYNAMIC_TOPIC_CONFIG:retention\.ms=86400000.*\}$")
    walk.run(line + "--alter --delete-config retention.ms").succeeds()
    walk.run(line + "--describe").never_says("retention.ms=86400000")


@row("kafka-configs.sh refuses a key or a value that no topic has, and names it", sets=ALL, without=TOPIC_CONFIGS_BY_BROKER)
def wrong_configs(walk):
    line = f"bin/kafka-configs.sh --bootstrap-server {BROKER} --entity-type topics --entity-name hello.kafka --alter "
    walk.run(line + "--add-config retension.ms=1").exits(1).says(r"retension\.ms")
    walk.run(line + "--add-config retention.ms=soon").exits(1).says(r"retention\.ms")


@row("segment.bytes and segment.ms of a topic change without a restart", sets=ALL, without=TOPIC_CONFIGS_BY_BROKER)
def segment_configs(walk):
    walk.run(f"bin/kafka-topics.sh --create --bootstrap-server {BROKER} --topic rolls").succeeds()
    line = f"bin/kafka-configs.sh --bootstrap-server {BROKER} --entity-type topics --entity-name rolls "
    walk.run(line + "--alter --add-config segment.bytes=1048576,segment.ms=600000").succeeds()
    walk.run(line + "--describe").shows("segment.bytes=1048576", "segment.ms=600000")
    walk.run(f"bin/kafka-producer-perf-test.sh --topic rolls --num-records 30 --record-size 100000 --throughput -1 "
             f"--producer-props bootstrap.servers={BROKER} batch.size=100000").succeeds()
    walk.until(lambda: len(list(re.findall(r"\.log\n", walk.run("ls /tmp/kafka-logs/rolls-0").out))) > 1,
               "the partition has a second segment")


@row("a setting of the broker changes while it runs", sets=ALL)
def broker_config(walk):
    line = f"bin/kafka-configs.sh --bootstrap-server {BROKER} --entity-type brokers --entity-name 0 "
    walk.run(line + "--alter --add-config log.retention.ms=604800001").succeeds().prints(
        "Completed updating config for broker 0.")
    walk.run(line + "--describe").succeeds().shows("log.retention.ms=604800001")
    walk.run(line + "--alter --delete-config log.retention.ms").succeeds()


# -- kafka-console-producer.sh and kafka-console-consumer.sh ---------------------------------------


@row("kafka-console-producer.sh at a terminal: a prompt, and each Enter sends", sets=ALL)
def produce(walk):
    walk.at_terminal(f"bin/kafka-console-producer.sh --bootstrap-server {BROKER} --topic hello.kafka",
                     "hello", "kafka").succeeds()


@row("kafka-console-producer.sh with keys", sets=ALL)
def produce_keys(walk):
    walk.run(f'bin/kafka-console-producer.sh --bootstrap-server {BROKER} --topic hello.kafka '
             '--property "parse.key=true" --property "key.separator=:"', stdin="key1:no1\nkey2:no2\nkey3:no3\n").succeeds()


@row("kafka-console-producer.sh with keys and its default separator, a tab", sets=ALL)
def produce_keys_with_tab(walk):
    walk.run(f'bin/kafka-console-producer.sh --bootstrap-server {BROKER} --topic hello.kafka.2 '
             '--property "parse.key=true"', stdin="key1\tno1\nkey2\tno2\n").succeeds()
    walk.run(f"bin/kafka-console-consumer.sh --bootstrap-server {BROKER} --topic hello.kafka.2 --from-beginning "
             "--property print.key=true --max-messages 2").prints("key1\tno1", "key2\tno2")


@row("a key without its separator is refused with the number of the line", sets=ALL)
def produce_without_separator(walk):
    walk.run(f'bin/kafka-console-producer.sh --bootstrap-server {BROKER} --topic hello.kafka.2 '
             '--property parse.key=true --property key.separator=:', stdin="no separator\n").says(
        "No key (found|separator found) on line( number)? 1")


@row("kafka-console-consumer.sh --from-beginning shows every record until Ctrl+C", sets=ALL)
def consume(walk):
    consumer = walk.spawn(f"bin/kafka-console-consumer.sh --bootstrap-server {BROKER} --topic hello.kafka --from-beginning")
    for value in ("hello", "kafka", "no1", "no2", "no3"):
        consumer.awaits(f"^{value}$")
    consumer.interrupt().says("Processed a total of 5 messages")


@row("kafka-console-consumer.sh with keys, a separator and a group; null where there is no key", sets=ALL)
def consume_with_keys(walk):
    consumer = walk.spawn(f'bin/kafka-console-consumer.sh --bootstrap-server {BROKER} --topic hello.kafka '
                          '--property print.key=true --property key.separator="-" --group hello-group --from-beginning')
    for line in ("null-hello", "null-kafka", "key1-no1", "key2-no2", "key3-no3"):
        consumer.awaits(f"^{line}$")
    consumer.interrupt()


@row("a topic that nobody created comes with the number of partitions that is configured")
def automatic_topic(walk):
    walk.run(f"bin/kafka-console-producer.sh --bootstrap-server {BROKER} --topic automatic", stdin="x\n").succeeds()
    walk.run(f"bin/kafka-topics.sh --bootstrap-server {BROKER} --describe --topic automatic").shows("PartitionCount: 1\t")
    walk.run("test -s /tmp/kafka-logs/automatic-0/00000000000000000000.log").succeeds()


@row("text in Korean passes byte for byte", sets=ALL)
def korean(walk):
    walk.file("korean.txt", "카프카에 보내는 글\n둘째 줄 ✓\n")
    walk.run(f"bin/kafka-topics.sh --create --bootstrap-server {BROKER} --topic korean --partitions 1")
    walk.run(f"bin/kafka-console-producer.sh --bootstrap-server {BROKER} --topic korean < korean.txt").succeeds()
    walk.run(f"bin/kafka-console-consumer.sh --bootstrap-server {BROKER} --topic korean --from-beginning "
             "--max-messages 2 > received.txt; cmp korean.txt received.txt").succeeds()


@row("one partition keeps the order", sets=ALL)
def order(walk):
    lines = [f"line {number}" for number in range(200)]
    walk.run(f"bin/kafka-topics.sh --create --bootstrap-server {BROKER} --topic in-order --partitions 1")
    walk.run(f"bin/kafka-console-producer.sh --bootstrap-server {BROKER} --topic in-order",
             stdin="\n".join(lines) + "\n").succeeds()
    walk.run(f"bin/kafka-console-consumer.sh --bootstrap-server {BROKER} --topic in-order --from-beginning "
             "--max-messages 200").lines_are(*lines)


# -- kafka-consumer-groups.sh ----------------------------------------------------------------------


@row("kafka-consumer-groups.sh --list", sets=ALL)
def list_groups(walk):
    walk.run(f"bin/kafka-consumer-groups.sh --bootstrap-server {BROKER} --list").succeeds().prints("hello-group")


@row("kafka-consumer-groups.sh --describe: no active members, and the lag of each partition", sets=ALL)
def describe_group(walk):
    shown = walk.run(f"bin/kafka-consumer-groups.sh --bootstrap-server {BROKER} --group hello-group --describe").succeeds()
    shown.says("^Consumer group 'hello-group' has no active members.$").shows(
        r"^GROUP +TOPIC +PARTITION +CURRENT-OFFSET +LOG-END-OFFSET +LAG +CONSUMER-ID +HOST +CLIENT-ID")
    partitions = [cells for cells in shown.rows() if cells[:2] == ["hello-group", "hello.kafka"]]
    ends = sum(int(cells[4]) for cells in partitions)
    if len(partitions) != 4 or ends != 5 or any(cells[3] != cells[4] or cells[5:] != ["0", "-", "-", "-"] for cells in partitions):
        raise shown.wrong("not four partitions with five records, all consumed")


@row("kafka-consumer-groups.sh with its dashes forgotten says which")
def describe_group_without_dashes(walk):
    walk.run(f"bin/kafka-consumer-groups.sh --bootstrap-server {BROKER} group hello-group --describe group").exits(1).says(
        "--group")


# -- kafka-verifiable-producer.sh and kafka-verifiable-consumer.sh ---------------------------------


@row("kafka-verifiable-producer.sh: JSON lines for the start, each record and the sum", sets=ALL)
def verifiable_producer(walk):
    server = "--bootstrap-server" if walk.own or walk.since("2.5.0") else "--broker-list"
    sent = walk.run(f"bin/kafka-verifiable-producer.sh {server} {BROKER} --max-messages 10 --topic verify-test").succeeds()
    names = [line["name"] for line in sent.json()]
    if names != ["startup_complete"] + ["producer_send_success"] * 10 + ["shutdown_complete", "tool_data"]:
        raise sent.wrong("not the lines of a start, ten records and an end")
    summary = sent.json()[-1]
    if (summary["sent"], summary["acked"]) != (10, 10):
        raise sent.wrong("not ten sent and ten acknowledged")


@row("kafka-verifiable-consumer.sh: JSON lines for assignment, records and commits", sets=ALL)
def verifiable_consumer(walk):
    server = "--bootstrap-server" if walk.own or walk.since("2.5.0") else "--broker-list"
    consumer = walk.spawn(f"bin/kafka-verifiable-consumer.sh {server} {BROKER} --topic verify-test --group-id test-group")
    consumer.awaits('"name":"startup_complete"').awaits('"name":"partitions_assigned"')
    consumer.awaits('"name":"records_consumed"').awaits('"name":"offsets_committed"')
    ended = consumer.end()
    counts = [line["count"] for line in ended.json() if line["name"] == "records_consumed"]
    if sum(counts) != 10:
        raise ended.wrong("not ten records")


# -- kafka-delete-records.sh -----------------------------------------------------------------------


@row("kafka-delete-records.sh deletes from the oldest record up to an offset", sets=("2.0.0", *ALL))
def delete_records(walk):
    keyed = "".join(f"k{number}:more {number}\n" for number in range(60))
    walk.serve(f"bin/kafka-console-producer.sh --bootstrap-server {BROKER} --topic hello.kafka "
               "--property parse.key=true --property key.separator=:", stdin=keyed).succeeds()
    walk.file("delete-topic.json", '{"partitions": [{"topic":"hello.kafka", "partition":0, "offset":3}], "version":1}\n')
    line = f"bin/kafka-delete-records.sh --bootstrap-server {BROKER} --offset-json-file delete-topic.json"
    walk.run(line).succeeds().lines_are("Executing records delete operation", "Records delete operation completed:",
                                        "partition: hello.kafka-0\tlow_watermark: 3")
    first = walk.serve(f"bin/kafka-console-consumer.sh --bootstrap-server {BROKER} --topic hello.kafka --partition 0 "
                       "--offset earliest --max-messages 1 --property print.offset=true --property print.value=false")
    first.shows(r"(Offset:)?3$")


@row("kafka-delete-records.sh with offset -1 deletes all, and refuses an offset that is not there", sets=ALL)
def delete_all_records(walk):
    line = f"bin/kafka-delete-records.sh --bootstrap-server {BROKER} --offset-json-file delete-topic.json"
    walk.file("delete-topic.json", '{"partitions": [{"topic":"hello.kafka", "partition":1, "offset":1000}], "version":1}\n')
    walk.run(line).says(r"partition: hello\.kafka-1\terror: .*(range|offset)")
    walk.file("delete-topic.json", '{"partitions": [{"topic":"hello.kafka", "partition":0, "offset":-1}], "version":1}\n')
    walk.run(line).succeeds().shows(r"^partition: hello\.kafka-0\tlow_watermark: \d+$")


# -- stop and crash --------------------------------------------------------------------------------


@row("after kill -9 the broker serves again within seconds, with every record")
def crash(walk):
    walk.run("kill -9 $(cat logs/millrace.pid)").succeeds()
    walk.run("bin/kafka-server-start.sh -daemon config/server.properties", seconds=10).succeeds()
    walk.run(f"bin/kafka-console-consumer.sh --bootstrap-server {BROKER} --topic in-order --from-beginning "
             "--max-messages 200 --timeout-ms 10000").counts("^line ", 200)


@row("records of a topic with a retention of one second go, and their offsets are not used again")
def retention(walk):
    walk.run("bin/kafka-server-stop.sh").succeeds()
    walk.edit("config/server.properties", log_retention_check_interval_ms="100")
    walk.run("bin/kafka-server-start.sh -daemon config/server.properties --override log.retention.ms=1000").succeeds()
    walk.until(lambda: "in-order:0:200" in walk.run(
        f"bin/kafka-get-offsets.sh --bootstrap-server {BROKER} --topic in-order --time earliest").out,
        "the first offset of in-order is 200")


@row("the console is there on a port of its own, and shows the topics")
def console(walk):
    walk.run("curl -sf --retry 10 --retry-connrefused --retry-delay 1 http://localhost:8080/").succeeds().shows(
        '<div id="app">', "<title>Millrace")
    walk.run("curl -sf http://localhost:8080/api/v1/topics").succeeds().shows('"name":"in-order"')


@row("kafka-server-stop.sh ends the broker")
def stop(walk):
    walk.run("bin/kafka-server-stop.sh").succeeds()
    walk.until(lambda: not walk.run("jps -m").out.count("Kafka config"), "jps shows no broker")


tutorial.later("security", "listeners with TLS and SASL, and tools with --command-config", "TLS and SASL")
tutorial.later("memory-plan", "a plan of heap, direct memory and page cache for this machine", "millrace doctor")
