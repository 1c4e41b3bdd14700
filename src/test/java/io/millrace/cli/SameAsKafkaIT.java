package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.BrokerProcess;
import io.millrace.testkit.Folders;
import io.millrace.testkit.OriginalTools;
import io.millrace.testkit.Typed;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our tools and Kafka's newest ones say the same when the same is typed at the same broker. */
@Tag("it")
class SameAsKafkaIT {
  private static final Map<String, String> CLASSES =
      Map.of(
          "kafka-topics", "TopicCommand",
          "kafka-broker-api-versions", "BrokerApiVersionsCommand",
          "kafka-configs", "ConfigCommand",
          "kafka-delete-records", "DeleteRecordsCommand",
          "kafka-get-offsets", "GetOffsetShell",
          "kafka-log-dirs", "LogDirsCommand",
          "kafka-cluster", "ClusterTool",
          "kafka-groups", "GroupsCommand",
          "kafka-reassign-partitions", "reassign.ReassignPartitionsCommand",
          "kafka-leader-election", "LeaderElectionCommand");

  /** The broker's number; the harness of Apache Kafka gives it another. */
  private static final String NODE = BrokerProcess.isKafka() ? "1" : "0";

  private static final OriginalTools KAFKA = OriginalTools.in("kafka-tools-4.4.0");

  private static BrokerProcess broker;

  /** A command line, whose words stand apart by single spaces. */
  private record Line(String tool, List<String> arguments) {
    static Line of(String typed) {
      List<String> words = Arrays.asList(typed.replace("{N}", NODE).split(" "));
      return new Line(words.get(0), words.subList(1, words.size()));
    }

    Line with(String name) {
      return new Line(
          tool, arguments.stream().map(argument -> argument.replace("{T}", name)).toList());
    }

    private String[] complete() {
      List<String> all = new ArrayList<>(arguments);
      all.addAll(List.of("--bootstrap-server", broker.bootstrap()));
      return all.toArray(String[]::new);
    }

    Typed.Printed ours() {
      return Typed.inPipe().kafka(tool, complete());
    }

    Typed.Printed kafkas() {
      return KAFKA.run(CLASSES.get(tool), complete());
    }

    @Override
    public String toString() {
      return tool + " " + String.join(" ", arguments);
    }
  }

  @BeforeAll
  static void fill() throws Exception {
    broker = BrokerProcess.start(Folders.empty("same-as-kafka"), Map.of("num.partitions", "2"));
    run("kafka-topics --create --topic hello.kafka --partitions 3 --config retention.ms=172800000");
    run("kafka-topics --create --topic plain");
    run("kafka-topics --create --topic strict --config min.insync.replicas=2");
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers", broker.bootstrap(),
            "key.serializer", StringSerializer.class,
            "value.serializer", StringSerializer.class);
    try (KafkaProducer<String, String> producer = new KafkaProducer<>(settings)) {
      for (int i = 0; i < 5; i++) {
        producer.send(new ProducerRecord<>("hello.kafka", 0, 1000L * i, "k", "v" + i)).get();
      }
    }
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
      TopicPartition read = new TopicPartition("hello.kafka", 0);
      commit(admin, "readers", Map.of(read, new OffsetAndMetadata(3)));
    }
  }

  private static void commit(
      Admin admin, String group, Map<TopicPartition, OffsetAndMetadata> offsets)
      throws InterruptedException, ExecutionException {
    admin.alterConsumerGroupOffsets(group, offsets).all().get();
  }

  private static void run(String typed) {
    Typed.Printed printed = Line.of(typed).ours();
    assertThat(printed.exitCode()).as(typed + ": " + printed).isZero();
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  static Stream<Line> questions() {
    return Stream.of(
            "kafka-topics --list",
            "kafka-topics --list --exclude-internal",
            "kafka-topics --list --topic hello.*",
            "kafka-topics --list --topic nosuch",
            "kafka-topics --describe",
            "kafka-topics --describe --topic hello.kafka",
            "kafka-topics -describe -topic plain",
            "kafka-topics --describe --topic hello.kafka,plain",
            "kafka-topics --describe --topic=plain --partition-size-limit-per-response 1",
            "kafka-topics --describe --exclude-internal",
            "kafka-topics --describe --under-replicated-partitions",
            "kafka-topics --describe --unavailable-partitions",
            "kafka-topics --describe --under-min-isr-partitions",
            "kafka-topics --describe --at-min-isr-partitions --topic plain",
            "kafka-topics --describe --topics-with-overrides --exclude-internal",
            "kafka-topics --describe --topic nosuch --if-exists",
            "kafka-topics --describe --topic-id AAAAAAAAAAAAAAAAAAAAAA --topic plain",
            "kafka-configs --describe --entity-type topics --entity-name hello.kafka",
            "kafka-configs --describe --topic hello.kafka --all",
            "kafka-configs --describe --topic nosuch",
            "kafka-configs --describe --entity-type topics",
            "kafka-configs --describe --entity-type brokers",
            "kafka-configs --describe --entity-type brokers --entity-default",
            "kafka-configs --describe --broker {N} --all",
            "kafka-configs --describe --broker 17",
            "kafka-configs --describe --broker-defaults",
            "kafka-configs --describe --group nosuch",
            "kafka-get-offsets",
            "kafka-get-offsets --topic hello.kafka",
            "kafka-get-offsets --topic hello.* --partitions 0,2 --time -2",
            "kafka-get-offsets --topic hello.kafka --time 2500",
            "kafka-get-offsets --topic hello.kafka --time 99999999999999",
            "kafka-get-offsets --topic hello.kafka --time max-timestamp",
            "kafka-get-offsets --topic-partitions hello.*:0-2,:1 --exclude-internal-topics",
            "kafka-get-offsets --topic-partitions plain:1-,strict:-1",
            "kafka-log-dirs --describe",
            "kafka-log-dirs --describe --topic-list plain,hello.kafka --broker-list {N}",
            "kafka-cluster cluster-id",
            "kafka-cluster list-endpoints",
            "kafka-cluster api-versions",
            "kafka-groups --list",
            "kafka-groups --list --group-type classic",
            "kafka-groups --list --consumer",
            "kafka-groups --list --share",
            "kafka-groups --list --protocol nosuch",
            "kafka-reassign-partitions --list",
            "kafka-leader-election --election-type preferred --topic plain --partition 0")
        .map(Line::of);
  }

  @ParameterizedTest
  @MethodSource("questions")
  void answersWithTheSameLines(Line line) {
    Typed.Printed ours = line.ours();

    assertThat(ours.exitCode()).as(ours.err()).isZero();
    assertThat(comparable(line, ours))
        .containsExactlyInAnyOrderElementsOf(comparable(line, line.kafkas()));
  }

  /** Lines, with what Kafka's tools print in the order of a hash table brought into one order. */
  private static List<String> comparable(Line line, Typed.Printed printed) {
    return line.tool.equals("kafka-log-dirs")
        ? printed.lines().stream().map(SameAsKafkaIT::sorted).toList()
        : printed.lines();
  }

  private static String sorted(String text) {
    if (!text.startsWith("{")) {
      return text;
    }
    JsonObject root = new JsonObject(text);
    for (Object broker : root.getJsonArray("brokers")) {
      for (Object folder : ((JsonObject) broker).getJsonArray("logDirs")) {
        JsonArray partitions = ((JsonObject) folder).getJsonArray("partitions");
        List<JsonObject> all = new ArrayList<>();
        partitions.forEach(one -> all.add((JsonObject) one));
        all.sort(Comparator.comparing(one -> one.getString("partition")));
        ((JsonObject) folder).put("partitions", new JsonArray(all));
      }
    }
    return root.encode();
  }

  static Stream<Line> mistakes() {
    String longName = "x".repeat(250);
    return Stream.of(
            "kafka-topics --describe --topic nosuch",
            "kafka-topics --describe --topic [",
            "kafka-topics --describe --topic-id not-an-id",
            "kafka-topics --describe --topic-id AAAAAAAAAAAAAAAAAAAAAQ",
            "kafka-topics --describe --if-exists",
            "kafka-topics --topic plain",
            "kafka-topics --list --describe",
            "kafka-topics --create",
            "kafka-topics --create --topic plain",
            "kafka-topics --create --topic " + longName,
            "kafka-topics --create --topic a/b",
            "kafka-topics --create --topic ..",
            "kafka-topics --create --topic many --replication-factor 3",
            "kafka-topics --create --topic none --replication-factor 0",
            "kafka-topics --create --topic none --partitions 0",
            "kafka-topics --create --topic none --config retension.ms=1",
            "kafka-topics --create --topic none --config retention.ms=week",
            "kafka-topics --create --topic none --config retention.ms",
            "kafka-topics --create --topic none --replica-assignment 0:0",
            "kafka-topics --create --topic none --replica-assignment 0,0:1",
            "kafka-topics --create --topic none --replica-assignment {N} --partitions 1",
            "kafka-topics --create --topic none --if-exists",
            "kafka-topics --delete",
            "kafka-topics --delete --topic nosuch",
            "kafka-topics --delete --topic plain --if-not-exists",
            "kafka-topics --alter --topic hello.kafka",
            "kafka-topics --alter --topic hello.kafka --partitions 2",
            "kafka-topics --alter --topic hello.kafka --partitions 3",
            "kafka-topics --alter --topic nosuch --partitions 3",
            "kafka-topics --alter --topic plain --partitions 3 --replication-factor 1",
            "kafka-topics --list --partitions 3",
            "kafka-topics --list --config a=b",
            "kafka-topics --list --under-replicated-partitions",
            "kafka-topics --describe --unavailable-partitions --topics-with-overrides",
            "kafka-topics --delete --topic plain --exclude-internal",
            "kafka-configs --entity-type topics",
            "kafka-configs --describe --alter --topic plain",
            "kafka-configs --describe --topic plain --add-config a=b",
            "kafka-configs --describe",
            "kafka-configs --describe --entity-type topic",
            "kafka-configs --describe --entity-type topics --entity-type topics",
            "kafka-configs --describe --entity-type topics --entity-type users",
            "kafka-configs --describe --entity-type topics --topic plain",
            "kafka-configs --describe --entity-type topics --entity-default",
            "kafka-configs --describe --entity-type brokers --entity-name one",
            "kafka-configs --describe --entity-type broker-loggers",
            "kafka-configs --alter --topic plain",
            "kafka-configs --alter --entity-type topics --add-config a=b",
            "kafka-configs --alter --entity-type brokers --add-config a=b",
            "kafka-configs --alter --topic plain --add-config retention.ms",
            "kafka-configs --alter --topic plain --add-config reten!tion.ms=1",
            "kafka-configs --alter --user u --add-config nosuch=1",
            "kafka-configs --alter --client c --add-config nosuch=1",
            "kafka-configs --alter --client c --delete-config nosuch",
            "kafka-configs --alter --ip 127.0.0.1 --add-config nosuch=1",
            "kafka-configs --alter --user-defaults --add-config SCRAM-SHA-256=[password=p]",
            "kafka-delete-records",
            "kafka-get-offsets --topic nosuch",
            "kafka-get-offsets --time tomorrow",
            "kafka-get-offsets --partitions one",
            "kafka-get-offsets --topic plain --topic-partitions plain:0",
            "kafka-log-dirs",
            "kafka-log-dirs --describe --broker-list 17",
            "kafka-groups --group-type consumer",
            "kafka-groups --list --group-type nosuch",
            "kafka-groups --list --share --consumer",
            "kafka-reassign-partitions --verify --list",
            "kafka-reassign-partitions --list --throttle 4",
            "kafka-reassign-partitions --execute",
            "kafka-leader-election --election-type preferred --topic nosuch --partition 0",
            "kafka-leader-election --election-type preferred --topic plain",
            "kafka-leader-election --election-type preferred")
        .map(Line::of);
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void failsWithTheSameFirstLine(Line line) {
    Typed.Printed ours = line.ours();
    Typed.Printed kafkas = line.kafkas();

    assertThat(ours.exitCode()).isEqualTo(kafkas.exitCode()).isEqualTo(1);
    assertThat(first(ours)).isEqualTo(first(kafkas));
  }

  private static String first(Typed.Printed printed) {
    return Stream.concat(printed.lines().stream(), printed.errorLines().stream())
        .filter(line -> !line.startsWith("WARNING: Due to limitations"))
        .findFirst()
        // Kafka's tools look at the settings of a new topic themselves, ours ask the broker, which
        // says the same and more.
        .map(line -> line.replaceAll("; did you mean .*|(?<=retention.ms: ).*", ""))
        .orElse("");
  }

  /** What only a broker answers that keeps quotas and credentials. */
  private static final List<List<String>> QUOTA_STORIES =
      List.of(
          List.of(
              "kafka-configs --alter --entity-type users --entity-name {T} --entity-type clients"
                  + " --entity-name c --add-config producer_byte_rate=1024,request_percentage=50",
              "kafka-configs --alter --user {T} --add-config consumer_byte_rate=99.5",
              "kafka-configs --describe --user {T}",
              "kafka-configs --describe --user {T} --client c",
              "kafka-configs --describe --entity-type clients --entity-type users",
              "kafka-configs --alter --user {T} --delete-config consumer_byte_rate",
              "kafka-configs --alter --user {T} --delete-config consumer_byte_rate",
              "kafka-configs --alter --user {T} --client c --delete-config"
                  + " producer_byte_rate,request_percentage"),
          List.of(
              "kafka-configs --alter --user {T} --add-config"
                  + " SCRAM-SHA-256=[iterations=8192,password=p],SCRAM-SHA-512=[password=q]",
              "kafka-configs --describe --entity-type users --entity-name {T}",
              "kafka-configs --alter --user {T} --add-config SCRAM-SHA-256=[iterations=1,password=p]",
              "kafka-configs --alter --user {T} --delete-config SCRAM-SHA-256,SCRAM-SHA-512",
              "kafka-configs --describe --user {T}"),
          List.of(
              "kafka-configs --alter --ip 127.0.0.9 --add-config connection_creation_rate=7",
              "kafka-configs --describe --entity-type ips",
              "kafka-configs --alter --ip 127.0.0.9 --delete-config connection_creation_rate",
              "kafka-configs --alter --client-defaults --add-config producer_byte_rate=2048",
              "kafka-configs --describe --entity-type clients --entity-default",
              "kafka-configs --alter --client-defaults --delete-config producer_byte_rate"),
          List.of(
              "kafka-configs --alter --group {T} --add-config consumer.session.timeout.ms=50000",
              "kafka-configs --describe --group {T}",
              "kafka-configs --alter --client-metrics {T} --add-config"
                  + " interval.ms=1000,metrics=[a.,b.]",
              "kafka-configs --describe --entity-type client-metrics",
              "kafka-configs --alter --client-metrics {T} --delete-config interval.ms,metrics",
              "kafka-configs --alter --broker-logger {N} --add-config kafka.server=DEBUG",
              "kafka-configs --alter --broker-logger {N} --delete-config kafka.server",
              "kafka-configs --alter --broker-logger {N} --add-config no.such.logger=DEBUG"));

  static Stream<List<Line>> stories() {
    List<List<String>> quotas = BrokerProcess.isKafka() ? QUOTA_STORIES : List.of();
    return Stream.concat(topicStories(), quotas.stream())
        .map(lines -> lines.stream().map(Line::of).toList());
  }

  private static Stream<List<String>> topicStories() {
    return Stream.of(
        List.of(
            "kafka-topics --create --topic {T}_a --partitions 2 --config retention.ms=60000",
            "kafka-topics --create --topic {T}_a",
            "kafka-topics --create --topic {T}_a --if-not-exists",
            "kafka-topics --alter --topic {T}_a --partitions 4",
            "kafka-topics --describe --topic {T}_a",
            "kafka-topics --alter --topic {T}_a --partitions 4 --if-exists",
            "kafka-topics --delete --topic {T}_a",
            "kafka-topics --delete --topic {T}_a --if-exists",
            "kafka-topics --alter --topic {T}_a --partitions 5 --if-exists",
            "kafka-topics --describe --topic {T}_a"),
        List.of(
            "kafka-topics --create --topic {T}b --replica-assignment {N},{N},{N}",
            "kafka-topics --alter --topic {T}b --partitions 4 --replica-assignment {N},{N},{N},{N}",
            "kafka-topics --describe --topic {T}b",
            "kafka-configs --alter --entity-type topics --entity-name {T}b --add-config"
                + " retention.ms=86400000,cleanup.policy=[compact,delete]",
            "kafka-configs --describe --entity-type topics --entity-name {T}b",
            "kafka-configs --alter --topic {T}b --delete-config retention.ms,cleanup.policy",
            "kafka-configs --alter --topic {T}b --delete-config retention.ms",
            "kafka-configs --describe --topic {T}b",
            "kafka-topics --describe --topic {T}b --topics-with-overrides"),
        List.of(
            "kafka-configs --alter --broker {N} --add-config log.cleaner.threads=2",
            "kafka-configs --describe --broker {N}",
            "kafka-configs --alter --broker {N} --delete-config log.cleaner.threads",
            "kafka-configs --describe --broker {N}",
            "kafka-configs --alter --broker-defaults --add-config log.retention.ms=3600000",
            "kafka-configs --describe --entity-type brokers",
            "kafka-configs --alter --entity-type brokers --entity-default --delete-config"
                + " log.retention.ms"));
  }

  @ParameterizedTest
  @MethodSource("stories")
  void tellsTheSameWhileItChangesThings(List<Line> story) {
    List<String> ours = new ArrayList<>();
    List<String> kafkas = new ArrayList<>();
    story.forEach(line -> ours.add(line + "\n" + told(line.with("t-mine").ours(), "t-mine")));
    story.forEach(line -> kafkas.add(line + "\n" + told(line.with("t-them").kafkas(), "t-them")));

    assertThat(String.join("\n", ours)).isEqualTo(String.join("\n", kafkas));
  }

  private static String told(Typed.Printed printed, String name) {
    String out =
        printed.out().replace(name, "{T}").replaceAll("TopicId: [\\w-]{22}", "TopicId: {id}");
    return out + "exit " + printed.exitCode();
  }

  @Test
  void listsApiVersionsUnderTheHeadThatTutorialsShow() {
    Line line = Line.of("kafka-broker-api-versions");

    assertThat(line.ours().lines())
        .first()
        .isEqualTo(broker.bootstrap() + " (id: " + NODE + " rack: null) -> (");
    assertThat(line.ours().out()).isEqualTo(line.kafkas().out().replace(" isFenced: false)", ")"));
  }

  @Test
  void deletesRecordsWithTheSameLines() throws IOException {
    Path file = broker.data().resolveSibling("delete.json");
    Files.writeString(
        file,
        "{\"partitions\":[{\"topic\":\"hello.kafka\",\"partition\":0,\"offset\":3},"
            + "{\"topic\":\"hello.kafka\",\"partition\":1,\"offset\":9}],\"version\":1}");
    Line line = Line.of("kafka-delete-records --offset-json-file " + file);

    Typed.Printed ours = line.ours();

    assertThat(ours.lines())
        .contains("partition: hello.kafka-0\tlow_watermark: 3")
        .containsExactlyInAnyOrderElementsOf(line.kafkas().lines());
  }
}
