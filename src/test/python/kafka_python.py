"""The scenarios of ScriptedClientTest with kafka-python, an implementation of the protocol of its own.

python3 kafka_python.py SCENARIO BOOTSTRAP '{"its":"arguments"}'; one line of JSON per event.
"""

import json
import os
import signal
import sys
import threading

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import NewTopic
from kafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from kafka.structs import OffsetAndMetadata


def varied(count):
    """The messages that every client sends; the same formula as Samples.java."""
    for i in range(count):
        yield {
            "key": None if i % 4 == 0 else f"key-{i % 7}".encode(),
            "value": None if i % 5 == 4 else f"value {i} {'abc' * (i % 50)}".encode(),
            "headers": [("trace", f"t{i}".encode()), ("empty", b"")] if i % 3 == 0 else [],
        }


def say(event):
    print(json.dumps(event), flush=True)


def text(data):
    return None if data is None else data.decode()


def create(bootstrap, topic, partitions):
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    admin.create_topics([NewTopic(topic, partitions, 1)])
    say({"topics": admin.list_topics()})
    admin.close()


def produce(bootstrap, topic, codec, count, batches, **ignored):
    compression = None if codec == "none" else codec
    # What lingers is sent by flush().
    producer = KafkaProducer(
        bootstrap_servers=bootstrap, acks="all", compression_type=compression, linger_ms=60_000
    )
    size = -(-count // batches)
    sent = []
    for number, message in enumerate(varied(count), 1):
        # This client takes no record without key and value.
        if message["key"] is None and message["value"] is None:
            message["value"] = b""
        sent.append(producer.send(topic, partition=0, **message))
        if number % size == 0:
            producer.flush()
            say({"sent": number})
    producer.flush()
    for answer in sent:
        answer.get(10)
    producer.close()


def consume(bootstrap, topic, group, count):
    consumer = KafkaConsumer(
        topic,
        bootstrap_servers=bootstrap,
        group_id=group,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        fetch_max_wait_ms=200,
    )
    for seen, record in enumerate(consumer, 1):
        say(
            {
                "partition": record.partition,
                "offset": record.offset,
                "key": text(record.key),
                "value": text(record.value),
                "headers": {key: text(value) for key, value in record.headers},
            }
        )
        if seen == count:
            break
    consumer.commit({TopicPartition(topic, record.partition): OffsetAndMetadata(record.offset + 1, "")})
    consumer.close()


def member(bootstrap, topic, group):
    asked = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: asked.set())
    consumer = KafkaConsumer(
        topic,
        bootstrap_servers=bootstrap,
        group_id=group,
        session_timeout_ms=2000,
        heartbeat_interval_ms=300,
        fetch_max_wait_ms=200,
        partition_assignment_strategy=[RoundRobinPartitionAssignor],
    )
    told = None
    while not asked.is_set():
        consumer.poll(100)
        assigned = sorted(each.partition for each in consumer.assignment())
        if assigned != told:
            told = assigned
            say({"assigned": assigned})
    consumer.close()


def offset_at(bootstrap, topic, timestamp):
    consumer = KafkaConsumer(bootstrap_servers=bootstrap)
    partition = TopicPartition(topic, 0)
    say({"offset": consumer.offsets_for_times({partition: timestamp})[partition].offset})
    consumer.close()


scenarios = {
    "create": create,
    "produce": produce,
    "consume": consume,
    "member": member,
    "offsetAt": offset_at,
}

if __name__ == "__main__":
    scenario, bootstrap, arguments = sys.argv[1:]
    scenarios[scenario](bootstrap, **json.loads(arguments))
    sys.stdout.flush()
    os._exit(0)
