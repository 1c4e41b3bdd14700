"""The keys that are set in the sample files of Kafka's releases, with the values that they have there."""

COMMON = {
    "num.network.threads": "3",
    "num.io.threads": "8",
    "socket.send.buffer.bytes": "102400",
    "socket.receive.buffer.bytes": "102400",
    "socket.request.max.bytes": "104857600",
    "log.dirs": "/tmp/kafka-logs",
    "num.partitions": "1",
    "num.recovery.threads.per.data.dir": "1",
    "offsets.topic.replication.factor": "1",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "log.retention.hours": "168",
    "log.segment.bytes": "1073741824",
    "log.retention.check.interval.ms": "300000",
}
ZOOKEEPER = COMMON | {
    "broker.id": "0",
    "zookeeper.connect": "localhost:2181",
    "zookeeper.connection.timeout.ms": "18000",
    "group.initial.rebalance.delay.ms": "0",
}
# The samples of 2.5, 2.8 and 3.2 set the same keys.
KAFKA_2_5 = KAFKA_2_8 = KAFKA_3_2 = ZOOKEEPER


def write(file, keys):
    """Writes a properties file anew; another hard link of the old one stays as it is."""
    file.unlink(missing_ok=True)
    file.write_text("".join(f"{key}={value}\n" for key, value in keys.items()))
