package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testkit.BrokerProcess;
import io.millrace.testkit.Folders;
import io.millrace.testkit.OriginalTools;
import io.millrace.testkit.Typed;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Our tools for groups beside Kafka's newest: groups with a member, empty ones and unknown ones.
 */
@Tag("it")
class GroupToolsIT {
  private static final OriginalTools KAFKA = OriginalTools.in("kafka-tools-4.4.0");
  private static final String TOPIC = "hello.kafka";

  private static BrokerProcess broker;
  private static int webPort;
  private static Admin admin;
  private static KafkaConsumer<String, String> member;

  @BeforeAll
  static void fill() throws Exception {
    webPort = BrokerProcess.freePort();
    broker =
        BrokerProcess.start(
            Folders.empty("group-tools"),
            Map.of("num.partitions", "3", "http.host", "127.0.0.1", "http.port", "" + webPort));
    Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrap());
    admin = Admin.create(settings);
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      for (int i = 0; i < 5; i++) {
        producer.send(new ProducerRecord<>(TOPIC, 0, 1000L * i, "k", "v" + i)).get();
        producer.send(new ProducerRecord<>("other", 1, 1000L * i, "k", "v" + i)).get();
      }
    }
    commit("empty", 0, 3);
    commit("empty", 1, 0);
    member =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", broker.bootstrap(),
                "group.id", "live",
                "client.id", "reader",
                "group.instance.id", "reader-1",
                "auto.offset.reset", "earliest"),
            new StringDeserializer(),
            new StringDeserializer());
    member.subscribe(List.of(TOPIC));
    await("the member to have its partitions")
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              member.poll(Duration.ofMillis(100));
              return member.assignment().size() == 3;
            });
    member.commitSync(Map.of(new TopicPartition(TOPIC, 0), new OffsetAndMetadata(2)));
  }

  @AfterAll
  static void stop() {
    member.close();
    admin.close();
    broker.close();
  }

  private static void commit(String group, int partition, long offset) throws Exception {
    admin
        .alterConsumerGroupOffsets(
            group, Map.of(new TopicPartition(TOPIC, partition), new OffsetAndMetadata(offset)))
        .all()
        .get();
  }

  private static Map<TopicPartition, OffsetAndMetadata> committed(String group) throws Exception {
    return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
  }

  private static String[] complete(String typed) {
    return Stream.concat(
            Stream.of("--bootstrap-server", broker.bootstrap()), Stream.of(typed.split(" ")))
        .toArray(String[]::new);
  }

  private static Typed.Printed ours(String typed) {
    return Typed.inPipe().kafka("kafka-consumer-groups", complete(typed));
  }

  private static Typed.Printed kafkas(String typed) {
    return KAFKA.run("consumer.group.ConsumerGroupCommand", complete(typed));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--list",
        "--list --state",
        "--list --state empty --type",
        "--list --type classic",
        "--describe --group live",
        "--describe --group live --offsets --verbose",
        "--describe --group live --members",
        "--describe --group live --members --verbose",
        "--describe --group live --state",
        "--describe --group live --state --verbose",
        "--describe --group empty",
        "--describe --group empty --members",
        "--describe --group empty --state",
        "--describe --all-groups",
        "--reset-offsets --group empty --all-topics --to-earliest --dry-run",
        "--reset-offsets --group empty --topic hello.kafka --to-latest --dry-run",
        "--reset-offsets --group empty --topic hello.kafka:0,1 --to-offset 2 --dry-run",
        "--reset-offsets --group empty --topic hello.kafka:0 --shift-by -1 --dry-run",
        "--reset-offsets --group empty --topic hello.kafka:0 --shift-by 99 --dry-run",
        "--reset-offsets --group empty --topic hello.kafka --to-current --dry-run",
        "--reset-offsets --group empty --topic hello.kafka --by-duration PT1H --dry-run",
        "--reset-offsets --group empty --topic other --to-datetime 1970-01-01T00:00:02.500"
            + " --dry-run",
        "--reset-offsets --group empty --all-topics --to-latest --export --dry-run",
        "--reset-offsets --group nosuch --topic hello.kafka --to-earliest --dry-run",
        "--reset-offsets --group live --topic hello.kafka --to-earliest --dry-run",
        "--delete-offsets --group live --topic hello.kafka",
        "--delete-offsets --group empty --topic nosuch",
        "--delete --group live",
        "--delete --group nosuch"
      })
  void answersWithTheSameLinesAsKafkas(String typed) {
    Typed.Printed ours = ours(typed);
    Typed.Printed kafkas = kafkas(typed);

    assertThat(ours.lines()).containsExactlyInAnyOrderElementsOf(kafkas.lines());
    if (typed.startsWith("--describe")) {
      assertThat(ours.out()).isEqualTo(kafkas.out());
      assertThat(ours.err()).isEqualTo(kafkas.err());
    }
  }

  @Test
  void tellsOnTheErrorStreamThatAGroupHasNoMembers() {
    Typed.Printed printed = ours("--describe --group empty");

    assertThat(printed.err()).isEqualTo("\nConsumer group 'empty' has no active members.\n");
    assertThat(printed.lines().get(1).split(" +"))
        .containsExactly(
            "GROUP",
            "TOPIC",
            "PARTITION",
            "CURRENT-OFFSET",
            "LOG-END-OFFSET",
            "LAG",
            "CONSUMER-ID",
            "HOST",
            "CLIENT-ID");
    assertThat(printed.lines().get(2).split(" +"))
        .containsExactly("empty", TOPIC, "0", "3", "5", "2", "-", "-", "-");
  }

  @Test
  void saysThatAGroupDoesNotExist() {
    Typed.Printed printed = ours("--describe --group nosuch");

    assertThat(printed.out()).isEqualTo("\nError: Consumer group 'nosuch' does not exist.\n");
    assertThat(printed.exitCode()).isEqualTo(1);
  }

  @Test
  void resetsOnlyWhenToldTo() throws Exception {
    commit("moved", 0, 4);

    ours("--reset-offsets --group moved --topic hello.kafka:0 --to-earliest");
    assertThat(committed("moved").get(new TopicPartition(TOPIC, 0)).offset()).isEqualTo(4);

    ours("--reset-offsets --group moved --topic hello.kafka:0 --to-earliest --execute");
    assertThat(committed("moved").get(new TopicPartition(TOPIC, 0)).offset()).isZero();

    Typed.Printed deleted = ours("--delete-offsets --group moved --topic hello.kafka:0");
    assertThat(deleted.out()).contains("Request succeeded for deleting offsets from group moved.");
    assertThat(committed("moved")).isEmpty();
  }

  @Test
  void millraceShowsAGroupWithItsLag() {
    Typed.Printed json =
        Typed.inPipe().millrace("groups", "describe", "live", "--json", "-b", broker.bootstrap());
    Typed.Printed screen =
        Typed.onTerminal().millrace("groups", "describe", "live", "-b", broker.bootstrap());

    JsonObject group = new JsonArray(json.out()).getJsonObject(0);
    assertThat(group.getString("state")).isEqualTo("Stable");
    assertThat(group.getInteger("members")).isEqualTo(1);
    assertThat(group.getInteger("lag")).isEqualTo(3);
    assertThat(group.getJsonArray("partitions")).hasSize(3);
    assertThat(screen.lines().get(0))
        .startsWith("live  Stable  1 member, coordinator 127.0.0.1:")
        .endsWith(", lag 3");
  }

  @Test
  void manyGroupsAreAskedForTogether() throws Exception {
    List<String> many = IntStream.range(0, 40).mapToObj(i -> "many-" + i).toList();
    for (String group : many) {
      commit(group, 0, 1);
    }
    try {
      long before = requests();
      Typed.Printed ours = ours("--describe --all-groups");
      Typed.Printed millrace =
          Typed.inPipe().millrace("groups", "describe", "-b", broker.bootstrap());

      assertThat(requests() - before).as("requests, with those of the member").isLessThan(40);
      assertThat(ours.out()).contains(many);
      assertThat(millrace.out()).contains(many);
    } finally {
      admin.deleteConsumerGroups(many).all().get();
    }
  }

  /** How many requests the broker has taken. */
  private static long requests() throws Exception {
    HttpRequest metrics =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + webPort + "/metrics")).build();
    return HttpClient.newHttpClient()
        .send(metrics, HttpResponse.BodyHandlers.ofLines())
        .body()
        .filter(line -> line.startsWith("millrace_network_requests_total "))
        .mapToLong(line -> (long) Double.parseDouble(line.split(" ")[1]))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void millraceShowsAPreviewBeforeItResets() throws Exception {
    commit("previewed", 0, 4);
    String[] reset = {"reset", "previewed", "--to", "1", "-b", broker.bootstrap()};

    Typed.Printed preview = Typed.inPipe().millrace("groups", reset);
    assertThat(preview.lines()).containsExactly(TOPIC + "\t0\t4\t1\t-3\t");
    assertThat(preview.err()).contains("nothing was changed yet");
    assertThat(committed("previewed").get(new TopicPartition(TOPIC, 0)).offset()).isEqualTo(4);

    Typed.inPipe()
        .millrace(
            "groups",
            Stream.concat(Stream.of(reset), Stream.of("--execute")).toArray(String[]::new));
    assertThat(committed("previewed").get(new TopicPartition(TOPIC, 0)).offset()).isEqualTo(1);

    Typed.Printed deleted =
        Typed.inPipe().millrace("groups", "delete", "previewed", "-b", broker.bootstrap());
    assertThat(deleted.lines()).containsExactly("previewed\tdeleted");
  }

  @Test
  void millraceRefusesToResetUnderItsMembers() {
    Typed.Printed printed =
        Typed.inPipe()
            .millrace("groups", "reset", "live", "--to", "earliest", "-b", broker.bootstrap());

    assertThat(printed.err())
        .startsWith("The group 'live' is Stable with 1 member, so its offsets cannot be reset.");
    assertThat(printed.exitCode()).isEqualTo(1);
  }
}
