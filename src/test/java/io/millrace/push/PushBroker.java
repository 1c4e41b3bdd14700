package io.millrace.push;

import io.millrace.app.Broker;
import io.millrace.app.StartOptions;
import io.millrace.config.BrokerConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/** A broker in this process with its web door open. Thread-safe. */
final class PushBroker implements AutoCloseable {
  static final String JSON = "millrace.v1.json";
  static final String BIN = "millrace.v1.bin";

  final Broker broker;
  final Admin admin;

  PushBroker(Path folder, String... more) throws Exception {
    Map<String, String> written = new HashMap<>();
    written.put("listeners", "PLAINTEXT://127.0.0.1:0");
    written.put("http.host", "127.0.0.1");
    written.put("http.port", "0");
    written.put("log.dirs", folder.toString());
    for (int i = 0; i < more.length; i += 2) {
      written.put(more[i], more[i + 1]);
    }
    broker = Broker.start(BrokerConfig.of(written), StartOptions.PLAIN).await(20, TimeUnit.SECONDS);
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> broker.webPort() > 0);
    admin = Admin.create(Map.of("bootstrap.servers", address()));
  }

  String address() {
    return "127.0.0.1:" + broker.port("PLAINTEXT");
  }

  int port() {
    return broker.webPort();
  }

  long metric(String name) {
    return broker.metrics().snapshot().getOrDefault(name, 0L);
  }

  void create(String topic, int partitions, Map<String, String> configs) throws Exception {
    admin
        .createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(configs)))
        .all()
        .get(10, TimeUnit.SECONDS);
  }

  void create(String topic, int partitions) throws Exception {
    create(topic, partitions, Map.of());
  }

  SocketClient open() throws Exception {
    return SocketClient.open(port(), "/ws/v1", JSON);
  }

  /** Produces values to partition 0 as one batch. */
  void produce(String topic, String... values) throws Exception {
    produce(topic, 0, Map.of(), values);
  }

  void produce(String topic, int partition, Map<String, Object> settings, String... values)
      throws Exception {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("bootstrap.servers", address());
    all.putIfAbsent("linger.ms", 50);
    all.putIfAbsent("max.block.ms", 10_000);
    all.putIfAbsent("batch.size", 4 << 20);
    all.putIfAbsent("max.request.size", 16 << 20);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer())) {
      List<Future<?>> sent = new ArrayList<>();
      for (String value : values) {
        int equals = value.indexOf("=>");
        byte[] key = equals < 0 ? null : bytes(value.substring(0, equals));
        String text = equals < 0 ? value : value.substring(equals + 2);
        byte[] body = text.equals("null") && equals >= 0 ? null : bytes(text);
        sent.add(producer.send(new ProducerRecord<>(topic, partition, key, body)));
      }
      for (Future<?> one : sent) {
        one.get(10, TimeUnit.SECONDS);
      }
    }
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws Exception {
    admin.close();
    broker.stop().await(20, TimeUnit.SECONDS);
  }
}
