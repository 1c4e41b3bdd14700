package io.millrace.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.compat.SegmentFiles;
import io.millrace.testkit.BrokerProcess;
import io.millrace.testkit.Folders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code kill -9} at random moments under load, and what must hold after. {@code -Dcrash.kills=N}
 * sets how often (default 4), {@code -Dcrash.seed=N} repeats the moments of an earlier run.
 */
@Tag("it")
class KillUnderLoadTest {
  private static final int PARTITIONS = 4;
  private static final String TOPIC = "load";
  private static final int KILLS = Integer.getInteger("crash.kills", 4);

  @ParameterizedTest
  @ValueSource(strings = {"1", "9223372036854775807"})
  void losesNothingAcknowledged(String flushMessages) throws Exception {
    long seed = Long.getLong("crash.seed", System.nanoTime());
    System.out.println("crash.seed=" + seed + " kills=" + KILLS);
    Random random = new Random(seed);
    Map<String, String> settings = Map.of("log.flush.interval.messages", flushMessages);
    try (BrokerProcess broker =
        BrokerProcess.start(Folders.empty("kill-" + flushMessages), settings)) {
      createTopic(broker);
      List<LoadProducer> idempotent = new ArrayList<>();
      idempotent.add(LoadProducer.idempotent("a", broker.bootstrap(), TOPIC, PARTITIONS));
      idempotent.add(LoadProducer.idempotent("b", broker.bootstrap(), TOPIC, PARTITIONS));
      LoadProducer plain = LoadProducer.plain("plain", broker.bootstrap(), TOPIC, PARTITIONS);
      CommittingReader reader = new CommittingReader(broker.bootstrap(), "readers", TOPIC);

      awaitCommits(reader);
      for (int kill = 0; kill < KILLS; kill++) {
        awaitProgress(idempotent, plain);
        Duration moment = Duration.ofMillis(random.nextInt(700));
        await().pollDelay(moment).atMost(Duration.ofSeconds(60)).until(() -> true);
        broker.kill();
        broker.start();
      }
      awaitProgress(idempotent, plain);
      awaitCommits(reader);
      reader.close();
      idempotent.forEach(LoadProducer::close);
      plain.close();

      assertThat(idempotent).allSatisfy(p -> assertThat(p.failures()).isZero());
      assertCommitsKept(broker, reader);
      checkLogs(broker, idempotent, plain);
      checkProducerIds(broker, idempotent);
    }
  }

  private static void createTopic(BrokerProcess broker) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
      admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1))).all().get();
    }
  }

  /** Every producer gets acknowledgements: the broker serves again. */
  private static void awaitProgress(List<LoadProducer> idempotent, LoadProducer plain) {
    List<LoadProducer> all = new ArrayList<>(idempotent);
    all.add(plain);
    for (LoadProducer producer : all) {
      int before = producer.acknowledgements();
      await(producer + " to get acknowledgements")
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(10))
          .until(() -> producer.acknowledgements() > before + 20);
    }
  }

  private static void awaitCommits(CommittingReader reader) {
    int before = reader.commits();
    await("the reader to commit")
        .atMost(Duration.ofSeconds(60))
        .until(() -> reader.commits() > before + 2);
  }

  private static void assertCommitsKept(BrokerProcess broker, CommittingReader reader)
      throws Exception {
    assertThat(reader.acknowledged()).isNotEmpty();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
      var kept = admin.listConsumerGroupOffsets("readers").partitionsToOffsetAndMetadata().get();
      reader
          .acknowledged()
          .forEach(
              (partition, offset) ->
                  assertThat(kept.get(partition).offset())
                      .as("committed offset of %s", partition)
                      .isGreaterThanOrEqualTo(offset));
    }
  }

  private static void checkLogs(
      BrokerProcess broker, List<LoadProducer> idempotent, LoadProducer plain) {
    int total = 0;
    for (int p = 0; p < PARTITIONS; p++) {
      TopicPartition partition = new TopicPartition(TOPIC, p);
      List<ConsumerRecord<String, String>> log = LogChecker.readAll(broker.bootstrap(), partition);
      LogChecker.offsetsAreContinuous(log);
      for (LoadProducer producer : idempotent) {
        LogChecker.acknowledgedIsThere(log, producer.acknowledged(partition));
        LogChecker.isPrefixOfWhatWasSent(log, producer, PARTITIONS);
      }
      LogChecker.acknowledgedIsThere(log, plain.acknowledged(partition));
      LogChecker.isInOrder(log, plain);
      total += log.size();
    }
    System.out.println(total + " records, " + KILLS + " kills, none missing");
  }

  /** A producer id belongs to one producer for ever, crashes or not. */
  private static void checkProducerIds(BrokerProcess broker, List<LoadProducer> idempotent) {
    try (LoadProducer late =
        LoadProducer.idempotent("late", broker.bootstrap(), TOPIC, PARTITIONS)) {
      await().atMost(Duration.ofSeconds(30)).until(() -> late.acknowledgements() > 100);
    }
    Map<Long, Set<String>> users = new HashMap<>();
    for (int p = 0; p < PARTITIONS; p++) {
      SegmentFiles.of(broker.data(), new io.millrace.model.TopicPartition(TOPIC, p))
          .forEachBatch(
              batch ->
                  batch.forEach(
                      record ->
                          users
                              .computeIfAbsent(batch.producerId(), id -> new HashSet<>())
                              .add(Utils.utf8(record.value()).split(":")[0])));
    }
    users.remove(-1L);
    assertThat(users.values()).allSatisfy(names -> assertThat(names).hasSize(1));
    assertThat(users).hasSize(idempotent.size() + 1);
  }
}
