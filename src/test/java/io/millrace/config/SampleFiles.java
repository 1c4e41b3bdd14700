package io.millrace.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The keys that are not commented out in the sample files of Kafka's releases. */
final class SampleFiles {
  private static final Map<String, String> COMMON =
      Map.ofEntries(
          Map.entry("num.network.threads", "3"),
          Map.entry("num.io.threads", "8"),
          Map.entry("socket.send.buffer.bytes", "102400"),
          Map.entry("socket.receive.buffer.bytes", "102400"),
          Map.entry("socket.request.max.bytes", "104857600"),
          Map.entry("log.dirs", "/tmp/kafka-logs"),
          Map.entry("num.partitions", "1"),
          Map.entry("num.recovery.threads.per.data.dir", "1"),
          Map.entry("offsets.topic.replication.factor", "1"),
          Map.entry("transaction.state.log.replication.factor", "1"),
          Map.entry("transaction.state.log.min.isr", "1"),
          Map.entry("log.retention.hours", "168"),
          Map.entry("log.segment.bytes", "1073741824"),
          Map.entry("log.retention.check.interval.ms", "300000"));

  /** ZooKeeper samples of 2.5, 2.8 and 3.2; the KRaft samples of 2.8 and 3.2, and that of 4.x. */
  static final List<Map<String, String>> ALL =
      List.of(
          with(
              "broker.id", "0",
              "zookeeper.connect", "localhost:2181",
              "zookeeper.connection.timeout.ms", "18000",
              "group.initial.rebalance.delay.ms", "0"),
          with(
              "process.roles", "broker,controller",
              "node.id", "1",
              "controller.quorum.voters", "1@localhost:9093",
              "listeners", "PLAINTEXT://:9092,CONTROLLER://:9093",
              "inter.broker.listener.name", "PLAINTEXT",
              "advertised.listeners", "PLAINTEXT://localhost:9092",
              "controller.listener.names", "CONTROLLER",
              "listener.security.protocol.map",
                  "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT"),
          with(
              "process.roles", "broker,controller",
              "node.id", "1",
              "controller.quorum.bootstrap.servers", "localhost:9093",
              "listeners", "PLAINTEXT://:9092,CONTROLLER://:9093",
              "inter.broker.listener.name", "PLAINTEXT",
              "advertised.listeners", "PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093",
              "controller.listener.names", "CONTROLLER",
              "share.coordinator.state.topic.replication.factor", "1",
              "share.coordinator.state.topic.min.isr", "1"));

  private SampleFiles() {}

  private static Map<String, String> with(String... namesAndTexts) {
    Map<String, String> all = new HashMap<>(COMMON);
    for (int i = 0; i < namesAndTexts.length; i += 2) {
      all.put(namesAndTexts[i], namesAndTexts[i + 1]);
    }
    return all;
  }
}
