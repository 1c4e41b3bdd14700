package io.millrace.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.compat.client.KafkaClients;
import io.millrace.compat.client.Message;
import io.millrace.compat.client.Receiver;
import io.millrace.model.TopicPartition;
import io.millrace.testkit.BrokerProcess;
import io.millrace.testkit.Child;
import io.millrace.testkit.Folders;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Kafka's own command line tools, as processes: they verify the files, print the offsets topic, and
 * administer the running broker.
 */
@Tag("it")
class KafkaToolsTest {
  private static final String TOOLS = "org.apache.kafka.tools.";

  private final KafkaClients java = ClientVersion.V4_4_0.clients();

  @Test
  void dumpLogFindsNothingWrongInFilesOfStoppedBroker() {
    Path home = Folders.empty("dump-log");
    List<TopicPartition> partitions = new ArrayList<>();
    try (BrokerProcess broker = BrokerProcess.start(home)) {
      for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
        TopicPartition partition =
            Samples.topic(
                java,
                broker.bootstrap(),
                "dump-" + codec,
                Map.of("segment.bytes", "1048576", "index.interval.bytes", "1024"));
        partitions.add(partition);
        Samples.send(
            java,
            broker.bootstrap(),
            large(partition.topic(), 3000),
            Map.of("compression.type", codec, "batch.size", 8000));
      }
      broker.stop();

      String dumped = dump(broker.data(), partitions, ".log", "--deep-iteration");
      assertThat(dumped).contains("offset: 2999 ").doesNotContain("isvalid: false");
      assertThat(SegmentFiles.of(broker.data(), partitions.get(0)).segments().size()).isPositive();
      assertSound(dumped);
      assertSound(dump(broker.data(), partitions, "index", "--verify-index-only"));
      assertThat(dump(broker.data(), partitions, "index", "--index-sanity-check"))
          .contains("passed sanity check");
      String snapshots = dump(broker.data(), partitions, ".snapshot");
      assertThat(snapshots).contains("producerId:");
    }
  }

  @Test
  void dumpLogFindsNothingWrongInCompactedFiles() {
    Path home = Folders.empty("dump-compacted");
    Map<String, String> eager =
        Map.of("log.cleaner.backoff.ms", "200", "log.initial.task.delay.ms", "100");
    try (BrokerProcess broker = BrokerProcess.start(home, eager)) {
      TopicPartition partition =
          Samples.topic(
              java,
              broker.bootstrap(),
              "compacted",
              Map.of(
                  "cleanup.policy", "compact",
                  "min.cleanable.dirty.ratio", "0.01",
                  "segment.bytes", "1048576"));
      Samples.send(java, broker.bootstrap(), keyed(partition.topic(), 6000), Map.of());

      await("the sealed segments to be cleaned")
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(500))
          .until(() -> Samples.countAll(java, broker.bootstrap(), partition) < 3000);
      Map<String, String> last = lastValues(broker, partition);
      assertThat(last)
          .hasSize(100)
          .allSatisfy(
              (key, value) ->
                  assertThat(Integer.parseInt(value.substring(0, value.indexOf(' '))))
                      .isBetween(5900, 5999));
      broker.stop();

      String dumped = dump(broker.data(), List.of(partition), ".log", "--deep-iteration");
      assertThat(dumped).contains("offset: 5999 ").doesNotContain("isvalid: false");
      assertThat(dump(broker.data(), List.of(partition), "index", "--index-sanity-check"))
          .contains("passed sanity check");
    }
  }

  @Test
  void formattersPrintOffsetsAndGroups() {
    BrokerProcess broker = SharedBroker.get();
    TopicPartition partition = Samples.topic(java, broker.bootstrap(), "printed", Map.of());
    Samples.send(java, broker.bootstrap(), Samples.varied(partition.topic(), 20), Map.of());
    try (Receiver receiver =
        java.receiver(
            Map.of(
                "bootstrap.servers",
                broker.bootstrap(),
                "group.id",
                partition.topic(),
                "client.id",
                "printer",
                "auto.offset.reset",
                "earliest"))) {
      receiver.subscribe(partition.topic());
      Samples.poll(receiver, 20);
      receiver.commit(partition, 17, "noted");

      Child offsets = print(broker, "OffsetsMessageFormatter");
      Child groups = print(broker, "GroupMetadataMessageFormatter");
      assertThat(entries(offsets))
          .anySatisfy(
              line ->
                  assertThat(line)
                      .contains("\"group\":\"" + partition.topic() + "\"")
                      .contains("\"topic\":\"" + partition.topic() + "\"")
                      .contains("\"offset\":17", "\"metadata\":\"noted\""));
      assertThat(entries(groups))
          .anySatisfy(
              line ->
                  assertThat(line)
                      .contains("\"group\":\"" + partition.topic() + "\"")
                      .contains("\"protocolType\":\"consumer\"", "\"clientId\":\"printer\""));
      assertThat(
              tool(
                  "consumer.group.ConsumerGroupCommand",
                  "--bootstrap-server",
                  broker.bootstrap(),
                  "--describe",
                  "--group",
                  partition.topic()))
          .anySatisfy(
              line ->
                  assertThat(line.split("\\s+"))
                      .contains(partition.topic(), "0", "17", "20", "3", "printer"));
    }
  }

  /** The offsets topic as a formatter of Kafka prints it, an entry per element. */
  private static List<String> entries(Child printing) {
    String printed = String.join("", printing.awaitSuccess(60));
    return Arrays.asList(printed.split("(?<=\\})(?=\\{\"key\")"));
  }

  private static Child print(BrokerProcess broker, String formatter) {
    return Child.start(
        command(
            "consumer.ConsoleConsumer",
            "--bootstrap-server",
            broker.bootstrap(),
            "--topic",
            "__consumer_offsets",
            "--from-beginning",
            "--timeout-ms",
            "6000",
            "--formatter",
            TOOLS + "consumer." + formatter));
  }

  @Test
  void toolsAdministerTopicsAndGroups() {
    BrokerProcess broker = SharedBroker.get();
    String topic = SharedBroker.unique("tooled");
    String[] to = {"--bootstrap-server", broker.bootstrap()};

    tool("TopicCommand", with(to, "--create", "--topic", topic, "--partitions", "3"));
    assertThat(tool("TopicCommand", with(to, "--describe", "--topic", topic)))
        .first()
        .asString()
        .contains("PartitionCount: 3", "ReplicationFactor: 1");
    Samples.send(java, broker.bootstrap(), Samples.varied(topic, 25), Map.of());
    assertThat(tool("GetOffsetShell", with(to, "--topic", topic)))
        .containsExactlyInAnyOrder(topic + ":0:25", topic + ":1:0", topic + ":2:0");
    tool(
        "consumer.group.ConsumerGroupCommand",
        with(
            to,
            "--group",
            topic,
            "--topic",
            topic,
            "--reset-offsets",
            "--to-offset",
            "5",
            "--execute"));
    assertThat(
            tool("consumer.group.ConsumerGroupCommand", with(to, "--describe", "--group", topic)))
        .anySatisfy(line -> assertThat(line.split("\\s+")).contains(topic, "0", "5", "25", "20"));
    assertThat(tool("LogDirsCommand", with(to, "--describe", "--topic-list", topic)))
        .last()
        .asString()
        .contains("\"partition\":\"" + topic + "-0\"");
    assertThat(tool("BrokerApiVersionsCommand", to)).anyMatch(line -> line.contains("Produce(0)"));
    tool("TopicCommand", with(to, "--delete", "--topic", topic));
    assertThat(tool("TopicCommand", with(to, "--list"))).doesNotContain(topic);
  }

  private static String[] with(String[] first, String... more) {
    return Stream.concat(Arrays.stream(first), Arrays.stream(more)).toArray(String[]::new);
  }

  /** What DumpLogSegments prints when index and log disagree. */
  private static void assertSound(String dumped) {
    assertThat(dumped)
        .doesNotContain("Mismatches in", "Index timestamp", "Found", "Non-consecutive", "corrupt");
  }

  private static String dump(
      Path data, List<TopicPartition> partitions, String suffix, String... flags) {
    String files =
        partitions.stream()
            .flatMap(partition -> list(data.resolve(partition.folderName())))
            .filter(file -> file.endsWith(suffix) && !file.endsWith(".txnindex"))
            .collect(Collectors.joining(","));
    List<String> arguments = new ArrayList<>(List.of("--files", files));
    arguments.addAll(Arrays.asList(flags));
    return String.join("\n", tool("DumpLogSegments", arguments.toArray(String[]::new)));
  }

  private static Stream<String> list(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(Path::toString).sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> tool(String name, String... arguments) {
    return Child.run(command(name, arguments));
  }

  private static List<String> command(String name, String... arguments) {
    String classPath =
        ClientVersion.jarsOf("kafka-tools-4.3.1").stream()
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                TOOLS + name));
    command.addAll(Arrays.asList(arguments));
    return command;
  }

  private Map<String, String> lastValues(BrokerProcess broker, TopicPartition partition) {
    int count = Samples.countAll(java, broker.bootstrap(), partition);
    return Samples.read(java, broker.bootstrap(), partition, count).stream()
        .collect(Collectors.toMap(Message::key, Message::value, (before, now) -> now));
  }

  private static List<Message> large(String topic, int count) {
    String filler = " lorem ipsum".repeat(40);
    return IntStream.range(0, count)
        .mapToObj(i -> Message.to(topic, 0, "key-" + i % 100, i + filler + i * 31L))
        .toList();
  }

  private static List<Message> keyed(String topic, int count) {
    String filler = " some text".repeat(50);
    return IntStream.range(0, count)
        .mapToObj(i -> Message.to(topic, 0, "key-" + i % 100, i + filler))
        .toList();
  }
}
