package io.millrace.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Lives through a start, a record, a group, the usual tools and a stop, so that the JVM can keep
 * the classes of all that for later starts (class data sharing). Run by {@code bin/millrace} once
 * per build. Confined to: the main thread.
 */
public final class Rehearsal {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final String TOPIC = "rehearsal";

  private Rehearsal() {}

  /**
   * Runs it.
   *
   * @param arguments an empty folder
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    int port = freePort();
    Path file =
        Files.writeString(
            folder.resolve("server.properties"),
            """
            broker.id=0
            listeners=PLAINTEXT://127.0.0.1:%d
            log.dirs=%s
            offsets.topic.num.partitions=1
            zookeeper.connect=localhost:2181
            """
                .formatted(port, folder.resolve("data")));
    Main.main(new String[] {"start", "--config", file.toString()});
    useBroker("127.0.0.1:" + port);
    useTools("127.0.0.1:" + port);
    System.exit(0);
  }

  /** One command of each kind: what they share makes up nearly all of their classes. */
  private static void useTools(String bootstrap) {
    List<String> commands =
        List.of(
            "kafka-topics --create --if-not-exists --topic " + TOPIC,
            "kafka-topics --describe --topic " + TOPIC,
            "kafka-topics --list",
            "kafka-configs --describe --entity-type topics --entity-name " + TOPIC,
            "kafka-console-consumer --from-beginning --max-messages 1 --topic " + TOPIC,
            "kafka-console-producer --topic " + TOPIC,
            "kafka-consumer-groups --describe --group " + TOPIC,
            "kafka-get-offsets --topic " + TOPIC,
            "kafka-log-dirs --describe",
            "kafka-broker-api-versions",
            "topics list",
            "topics describe " + TOPIC,
            "groups list",
            "groups describe " + TOPIC,
            "consume --from beginning --max 1 " + TOPIC,
            "offsets --json");
    for (String command : commands) {
      String[] words = (command + " --bootstrap-server " + bootstrap).split(" ");
      ToolCommands.run(words)
          .filter(code -> code != 0)
          .ifPresent(code -> System.err.println(command + " ended with " + code));
    }
  }

  /** A failure here is only told: what was loaded until then is worth keeping. */
  private static void useBroker(String bootstrap) {
    try {
      produce(bootstrap);
      consume(bootstrap);
    } catch (KafkaException | ExecutionException e) {
      System.err.println("the rehearsal ended early: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void produce(String bootstrap) throws ExecutionException, InterruptedException {
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers",
            bootstrap,
            "max.block.ms",
            (int) PATIENCE.toMillis(),
            "request.timeout.ms",
            (int) PATIENCE.toMillis(),
            "delivery.timeout.ms",
            (int) PATIENCE.toMillis() + 1000);
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>(TOPIC, "key", "value")).get();
    }
  }

  private static void consume(String bootstrap) {
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers",
            bootstrap,
            "group.id",
            TOPIC,
            "auto.offset.reset",
            "earliest",
            "default.api.timeout.ms",
            (int) PATIENCE.toMillis());
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of(TOPIC));
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (consumer.poll(Duration.ofMillis(100)).isEmpty() && System.nanoTime() < deadline) {}
      consumer.commitSync();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
