package io.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.config.BrokerConfig;
import io.millrace.network.WireClient;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.IllegalSaslStateException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker in this process, real clients, real files. */
@Tag("it")
class BrokerIT {
  @TempDir Path folder;
  private final List<Broker> running = new ArrayList<>();

  @AfterEach
  void stopAll() throws Exception {
    for (Broker broker : running) {
      broker.stop().await(10, TimeUnit.SECONDS);
    }
  }

  private Broker start(String... more) throws Exception {
    Map<String, String> written = new HashMap<>();
    written.put("listeners", "PLAINTEXT://127.0.0.1:0");
    written.put("log.dirs", folder.toString());
    for (int i = 0; i < more.length; i += 2) {
      written.put(more[i], more[i + 1]);
    }
    Broker broker =
        Broker.start(BrokerConfig.of(written), StartOptions.PLAIN).await(20, TimeUnit.SECONDS);
    running.add(broker);
    return broker;
  }

  private void stop(Broker broker) throws Exception {
    running.remove(broker);
    broker.stop().await(10, TimeUnit.SECONDS);
  }

  private static String address(Broker broker) {
    return "127.0.0.1:" + broker.port("PLAINTEXT");
  }

  private static void produce(Broker broker, String topic, int from, int to) throws Exception {
    Map<String, Object> settings = Map.of("bootstrap.servers", address(broker), "linger.ms", 5);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      List<Future<?>> sent = new ArrayList<>();
      for (int i = from; i < to; i++) {
        byte[] value = ("value-" + i).getBytes(StandardCharsets.UTF_8);
        sent.add(producer.send(new ProducerRecord<>(topic, 0, null, value)));
      }
      for (Future<?> one : sent) {
        one.get(10, TimeUnit.SECONDS);
      }
    }
  }

  private static List<String> consume(Broker broker, String topic, int count) {
    Map<String, Object> settings = Map.of("bootstrap.servers", address(broker));
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (values.size() < count && System.nanoTime() < deadline) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          assertThat(record.offset()).isEqualTo(values.size());
          values.add(new String(record.value(), StandardCharsets.UTF_8));
        }
      }
    }
    return values;
  }

  @Test
  void realClientsProduceAndConsumeOverARestart() throws Exception {
    Broker first = start();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", address(first)))) {
      admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get(10, TimeUnit.SECONDS);
    }
    produce(first, "t", 0, 1000);
    assertThat(consume(first, "t", 1000)).hasSize(1000).startsWith("value-0").endsWith("value-999");
    String clusterId = first.clusterId();
    stop(first);

    Broker second = start();
    assertThat(second.clusterId()).isEqualTo(clusterId);
    produce(second, "t", 1000, 1500);
    assertThat(consume(second, "t", 1500)).hasSize(1500).endsWith("value-1499");
  }

  @Test
  void createsATopicThatAProducerNames() throws Exception {
    Broker broker = start();
    produce(broker, "auto", 0, 10);
    assertThat(consume(broker, "auto", 10)).hasSize(10);
  }

  @Test
  void limitsOnConnectionsChangeWhileItRuns() throws Exception {
    Broker broker = start();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", address(broker)))) {
      admin.describeCluster().nodes().get(10, TimeUnit.SECONDS);
      AlterConfigOp one =
          new AlterConfigOp(new ConfigEntry("max.connections", "1"), AlterConfigOp.OpType.SET);
      ConfigResource brokers = new ConfigResource(ConfigResource.Type.BROKER, "");
      admin.incrementalAlterConfigs(Map.of(brokers, List.of(one))).all().get(10, TimeUnit.SECONDS);
      // The connection that the answer came by is the one that there may be.
      try (WireClient refused = new WireClient(broker.port("PLAINTEXT"))) {
        assertThat(refused.isClosedByBroker()).isTrue();
      }
    }
  }

  @Test
  void refusesAFolderThatAnotherBrokerHolds() throws Exception {
    start();
    assertThatThrownBy(this::start)
        .isInstanceOf(StartException.class)
        .hasMessageContaining(folder.toString());
  }

  @Test
  void refusesAPortThatIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String listener = "PLAINTEXT://127.0.0.1:" + taken.getLocalPort();
      assertThatThrownBy(() -> start("listeners", listener))
          .isInstanceOf(StartException.class)
          .hasMessageContaining(listener);
    }
  }

  @Test
  void refusesAFolderThatIsAFile() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> start("log.dirs", file.toString()))
        .isInstanceOf(StartException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void clientThatIsSetUpForSaslIsToldAtOnceThatNobodyLogsInHere() throws Exception {
    Broker broker = start();
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            address(broker),
            "security.protocol",
            "SASL_PLAINTEXT",
            "sasl.mechanism",
            "PLAIN",
            "sasl.jaas.config",
            "org.apache.kafka.common.security.plain.PlainLoginModule required"
                + " username=\"u\" password=\"p\";");

    try (Admin admin = Admin.create(settings)) {
      assertThatThrownBy(() -> admin.listTopics().names().get(20, TimeUnit.SECONDS))
          .hasRootCauseInstanceOf(IllegalSaslStateException.class)
          .rootCause()
          .hasMessageContaining("enabled mechanisms are []");
    }
  }
}
