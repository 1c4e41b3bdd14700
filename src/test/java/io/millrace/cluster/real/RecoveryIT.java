package io.millrace.cluster.real;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testkit.cluster.ClusterNode;
import io.millrace.testkit.cluster.ClusterProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three brokers, of which broker 2 goes on alone with {@code --recover-metadata}; the two others
 * are a majority of the log that was given up.
 */
@Tag("it")
@Tag("long")
class RecoveryIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int PARTITIONS = 3;
  private static final int SURVIVOR = 2;
  private static final List<Integer> OTHERS = List.of(0, 1);

  @TempDir Path folder;
  private ClusterProcess cluster;

  @BeforeEach
  void start() {
    cluster = ClusterProcess.onLoopback(folder, Map.of("min.insync.replicas", "1")).start();
    cluster.createTopic("kept", PARTITIONS);
    cluster.awaitFullIsr(List.of("kept"));
    produce(cluster.bootstrap(), "before", 300);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void thoseThatComeBackTogetherJoinTheClusterThatGoesOn() throws Exception {
    OTHERS.forEach(id -> cluster.node(id).kill());
    recover();
    produce(cluster.node(SURVIVOR).address(), "after", 300);
    create(SURVIVOR, "of-the-survivor");

    OTHERS.forEach(id -> cluster.node(id).start());
    cluster.awaitFormed();

    cluster.awaitFullIsr(List.of("kept"));
    for (int id : OTHERS) {
      assertThat(said(id)).contains("was recovered without this broker");
      assertThat(topics(id)).contains("kept", "of-the-survivor");
    }
    assertThat(cluster.controller()).isEqualTo(SURVIVOR);
    assertReplicasAreAlike();
  }

  @Test
  void thoseThatWentOnWithoutItStopWhenTheyMeetItAndThenJoin() throws Exception {
    OTHERS.forEach(id -> cluster.node(id).signal("STOP"));
    recover();
    produce(cluster.node(SURVIVOR).address(), "after", 300);
    cluster.node(SURVIVOR).signal("STOP");
    OTHERS.forEach(id -> cluster.node(id).signal("CONT"));
    produce(cluster.node(0).address(), "elsewhere", 300);
    create(0, "of-the-old-log");

    cluster.node(SURVIVOR).signal("CONT");

    for (int id : OTHERS) {
      await().atMost(PATIENCE).until(() -> !cluster.node(id).isRunning());
      assertThat(said(id)).contains("this broker stops: The metadata of cluster");
    }
    OTHERS.forEach(id -> cluster.node(id).start());
    cluster.awaitFormed();
    cluster.awaitFullIsr(List.of("kept"));
    for (int id = 0; id < 3; id++) {
      assertThat(topics(id)).contains("kept").doesNotContain("of-the-old-log");
    }
    assertReplicasAreAlike();
  }

  @Test
  void aSecondRecoveryIsRefusedWhileTheFirstIsThere() throws Exception {
    OTHERS.forEach(id -> cluster.node(id).kill());
    recover();

    cluster.node(0).start("--recover-metadata");

    await().atMost(PATIENCE).until(() -> !cluster.node(0).isRunning());
    assertThat(said(0)).contains("was recovered already, by broker " + SURVIVOR);
  }

  /** The survivor goes on alone, and leads: the replicas that may hold more do not come back. */
  private void recover() {
    cluster.node(SURVIVOR).stop();
    cluster.node(SURVIVOR).start("--recover-metadata");
    cluster.awaitAnswers(cluster.node(SURVIVOR));
    Set<TopicPartition> all =
        IntStream.range(0, PARTITIONS)
            .mapToObj(number -> new TopicPartition("kept", number))
            .collect(Collectors.toSet());
    persist(
        SURVIVOR,
        admin -> {
          // By partition: some may have a leader already.
          admin.electLeaders(ElectionType.UNCLEAN, all).partitions().get(5, SECONDS);
          return survivorLeads(admin);
        });
  }

  private interface Attempt {
    boolean succeeds(Admin admin) throws Exception;
  }

  /** With a new client each time: an old one goes on asking brokers that are frozen. */
  private void persist(int id, Attempt attempt) {
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(
            () -> {
              try (Admin admin = admin(id)) {
                return attempt.succeeds(admin);
              }
            });
  }

  private static boolean survivorLeads(Admin admin) throws Exception {
    return admin
        .describeTopics(List.of("kept"))
        .allTopicNames()
        .get(5, SECONDS)
        .get("kept")
        .partitions()
        .stream()
        .allMatch(one -> one.leader() != null && one.leader().id() == SURVIVOR);
  }

  private String said(int id) throws IOException {
    return Files.readString(cluster.node(id).console());
  }

  private Admin admin(int id) {
    return Admin.create(
        Map.of(
            "bootstrap.servers", cluster.node(id).address(),
            "request.timeout.ms", 2_000,
            "default.api.timeout.ms", 4_000));
  }

  private Set<String> topics(int id) throws Exception {
    try (Admin admin = admin(id)) {
      return admin.listTopics().names().get(30, SECONDS);
    }
  }

  /** Creates a topic by way of a broker, which may be about to be unfenced. */
  private void create(int id, String name) {
    persist(
        id,
        admin -> {
          if (!admin.listTopics().names().get(5, SECONDS).contains(name)) {
            NewTopic topic = new NewTopic(name, 1, (short) 1);
            admin.createTopics(List.of(topic)).all().get(5, SECONDS);
          }
          return true;
        });
  }

  private static void produce(String bootstrap, String what, int count) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            bootstrap,
            "acks",
            "all",
            "request.timeout.ms",
            5_000,
            "delivery.timeout.ms",
            60_000);
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      var sent =
          IntStream.range(0, count)
              .mapToObj(
                  i ->
                      producer.send(
                          new ProducerRecord<>("kept", i % PARTITIONS, "" + i, what + "-" + i)))
              .toList();
      for (var one : sent) {
        one.get(90, SECONDS);
      }
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError(what + " was not acknowledged", e);
    } catch (TimeoutException e) {
      throw new AssertionError(what + " took too long", e);
    }
  }

  /** All three hold the same bytes of each partition, what was there before the recovery among. */
  private void assertReplicasAreAlike() throws IOException {
    cluster.nodes().forEach(ClusterNode::stop);
    for (int number = 0; number < PARTITIONS; number++) {
      TopicPartition partition = new TopicPartition("kept", number);
      byte[] ofSurvivor = log(SURVIVOR, partition);
      assertThat(new String(ofSurvivor, StandardCharsets.ISO_8859_1))
          .contains("before-", "after-")
          .doesNotContain("elsewhere-");
      for (int id : OTHERS) {
        assertThat(log(id, partition)).as(partition + " of broker " + id).isEqualTo(ofSurvivor);
      }
    }
  }

  private byte[] log(int id, TopicPartition partition) throws IOException {
    return Files.readAllBytes(
        cluster.node(id).data().resolve(partition.toString()).resolve("00000000000000000000.log"));
  }
}
