package io.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.config.BrokerConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups of real consumers on a broker in this process. */
@Tag("it")
class GroupIT {
  private static final int PARTITIONS = 4;

  @TempDir Path folder;
  private Broker broker;
  private final List<KafkaConsumer<byte[], byte[]>> consumers = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    Map<String, String> written = new HashMap<>();
    written.put("listeners", "PLAINTEXT://127.0.0.1:0");
    written.put("log.dirs", folder.toString());
    broker = Broker.start(BrokerConfig.of(written), StartOptions.PLAIN).await(20, TimeUnit.SECONDS);
  }

  @AfterEach
  void stop() throws Exception {
    consumers.forEach(KafkaConsumer::close);
    broker.stop().await(10, TimeUnit.SECONDS);
  }

  private String address() {
    return "127.0.0.1:" + broker.port("PLAINTEXT");
  }

  private Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", address()));
  }

  private void createTopic() throws Exception {
    try (Admin admin = admin()) {
      admin
          .createTopics(List.of(new NewTopic("t", PARTITIONS, (short) 1)))
          .all()
          .get(10, TimeUnit.SECONDS);
    }
  }

  private void produce(int count) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", address()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < count; i++) {
        byte[] value = ("value-" + i).getBytes(StandardCharsets.UTF_8);
        producer.send(new ProducerRecord<>("t", i % PARTITIONS, null, value));
      }
    }
  }

  private KafkaConsumer<byte[], byte[]> consumer(Object... more) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, address());
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, "g");
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 200);
    for (int i = 0; i < more.length; i += 2) {
      settings.put((String) more[i], more[i + 1]);
    }
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumers.add(consumer);
    return consumer;
  }

  /** Polls all until the condition holds; gives the number of records that came. */
  private int pollUntil(BooleanSupplier condition) {
    int records = 0;
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      for (KafkaConsumer<byte[], byte[]> consumer : consumers) {
        records += consumer.poll(Duration.ofMillis(20)).count();
      }
    }
    return records;
  }

  private int assigned() {
    return consumers.stream().mapToInt(c -> c.assignment().size()).sum();
  }

  private void close(KafkaConsumer<byte[], byte[]> consumer) {
    consumers.remove(consumer);
    consumer.close();
  }

  @Test
  void aLoneConsumerHasItsPartitionsInAFractionOfASecond() throws Exception {
    createTopic();
    // The first group makes the internal topic.
    consumer(ConsumerConfig.GROUP_ID_CONFIG, "first").subscribe(List.of("t"));
    pollUntil(() -> assigned() == PARTITIONS);
    close(consumers.get(0));
    KafkaConsumer<byte[], byte[]> consumer = consumer();
    consumer.subscribe(List.of("t"));

    long began = System.nanoTime();
    pollUntil(() -> assigned() == PARTITIONS);
    long tookMs = (System.nanoTime() - began) / 1_000_000;

    System.out.println("joining an empty group took " + tookMs + " ms");
    // No delay for members that may come: what it takes is measured by bin/bench.
    assertThat(tookMs).isLessThan(2_500);
  }

  @Test
  void aGroupResumesWhereItCommittedOverARestart() throws Exception {
    createTopic();
    produce(100);
    KafkaConsumer<byte[], byte[]> before = consumer();
    before.subscribe(List.of("t"));
    pollUntil(() -> assigned() == PARTITIONS);
    before.commitSync(Map.of(new TopicPartition("t", 0), new OffsetAndMetadata(20, "halfway")));
    close(before);
    broker.stop().await(10, TimeUnit.SECONDS);
    start();

    KafkaConsumer<byte[], byte[]> after = consumer();
    OffsetAndMetadata committed =
        after.committed(Set.of(new TopicPartition("t", 0))).get(new TopicPartition("t", 0));

    assertThat(committed.offset()).isEqualTo(20);
    assertThat(committed.metadata()).isEqualTo("halfway");
  }

  @Test
  void membersShareThePartitionsAsTheyComeAndGo() throws Exception {
    createTopic();
    KafkaConsumer<byte[], byte[]> first = consumer();
    first.subscribe(List.of("t"));
    pollUntil(() -> first.assignment().size() == 4);
    KafkaConsumer<byte[], byte[]> second = consumer();
    second.subscribe(List.of("t"));
    pollUntil(() -> first.assignment().size() == 2 && second.assignment().size() == 2);

    close(second);

    pollUntil(() -> first.assignment().size() == 4);
  }

  @Test
  void cooperativeMembersKeepWhatTheyHaveWhileOthersCome() throws Exception {
    createTopic();
    String assignor = CooperativeStickyAssignor.class.getName();
    String key = ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG;
    KafkaConsumer<byte[], byte[]> first = consumer(key, assignor);
    first.subscribe(List.of("t"));
    pollUntil(() -> first.assignment().size() == 4);
    Set<TopicPartition> had = Set.copyOf(first.assignment());
    KafkaConsumer<byte[], byte[]> second = consumer(key, assignor);
    second.subscribe(List.of("t"));

    pollUntil(() -> first.assignment().size() == 2 && second.assignment().size() == 2);

    assertThat(had).containsAll(first.assignment());
  }

  @Test
  void aStaticMemberComesBackWithoutARebalance() throws Exception {
    createTopic();
    KafkaConsumer<byte[], byte[]> other = consumer();
    other.subscribe(List.of("t"));
    KafkaConsumer<byte[], byte[]> before = consumer(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "s");
    before.subscribe(List.of("t"));
    pollUntil(() -> other.assignment().size() == 2 && before.assignment().size() == 2);
    Set<TopicPartition> had = Set.copyOf(before.assignment());
    int generation = other.groupMetadata().generationId();
    close(before);

    KafkaConsumer<byte[], byte[]> after = consumer(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "s");
    after.subscribe(List.of("t"));
    pollUntil(() -> after.assignment().size() == 2);

    assertThat(after.assignment()).isEqualTo(had);
    assertThat(after.groupMetadata().generationId()).isEqualTo(generation);
    try (Admin admin = admin()) {
      admin
          .removeMembersFromConsumerGroup(
              "g", new RemoveMembersFromConsumerGroupOptions(List.of(new MemberToRemove("s"))))
          .all()
          .get(10, TimeUnit.SECONDS);
    }
    consumers.remove(after);
    pollUntil(() -> other.assignment().size() == 4);
    after.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(1)));
  }

  @Test
  void anAdministratorSeesAndDeletesGroups() throws Exception {
    createTopic();
    KafkaConsumer<byte[], byte[]> consumer = consumer();
    consumer.subscribe(List.of("t"));
    pollUntil(() -> consumer.assignment().size() == 4);
    consumer.commitSync(Map.of(new TopicPartition("t", 1), new OffsetAndMetadata(0)));
    try (Admin admin = admin()) {
      ConsumerGroupDescription seen =
          admin.describeConsumerGroups(List.of("g")).all().get(10, TimeUnit.SECONDS).get("g");
      assertThat(seen.groupState()).isEqualTo(GroupState.STABLE);
      assertThat(seen.members()).hasSize(1);
      assertThat(seen.members().iterator().next().assignment().topicPartitions()).hasSize(4);
      assertThat(admin.listGroups().all().get(10, TimeUnit.SECONDS))
          .extracting(GroupListing::groupId)
          .contains("g");
      assertThatThrownBy(
              () -> admin.deleteConsumerGroups(List.of("g")).all().get(10, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(GroupNotEmptyException.class);

      close(consumer);
      admin.deleteConsumerGroups(List.of("g")).all().get(10, TimeUnit.SECONDS);

      assertThat(admin.listGroups().all().get(10, TimeUnit.SECONDS)).isEmpty();
      assertThatThrownBy(
              () -> admin.describeConsumerGroups(List.of("g")).all().get(10, TimeUnit.SECONDS))
          .hasCauseInstanceOf(GroupIdNotFoundException.class);
    }
  }

  @Test
  void anAdministratorChangesAndDeletesOffsets() throws Exception {
    createTopic();
    TopicPartition partition = new TopicPartition("t", 2);
    try (Admin admin = admin()) {
      admin
          .alterConsumerGroupOffsets("g", Map.of(partition, new OffsetAndMetadata(7)))
          .all()
          .get(10, TimeUnit.SECONDS);
      assertThat(offsets(admin)).containsEntry(partition, new OffsetAndMetadata(7));

      admin.deleteConsumerGroupOffsets("g", Set.of(partition)).all().get(10, TimeUnit.SECONDS);

      assertThat(offsets(admin)).isEmpty();
    }
  }

  @Test
  void theOffsetsOfADeletedTopicAreGone() throws Exception {
    createTopic();
    TopicPartition partition = new TopicPartition("t", 2);
    try (Admin admin = admin()) {
      admin
          .alterConsumerGroupOffsets("g", Map.of(partition, new OffsetAndMetadata(7)))
          .all()
          .get(10, TimeUnit.SECONDS);
      admin.deleteTopics(List.of("t")).all().get(10, TimeUnit.SECONDS);

      assertThat(offsets(admin)).isEmpty();
    }
  }

  private static Map<TopicPartition, OffsetAndMetadata> offsets(Admin admin) throws Exception {
    return admin
        .listConsumerGroupOffsets("g")
        .partitionsToOffsetAndMetadata()
        .get(10, TimeUnit.SECONDS);
  }
}
