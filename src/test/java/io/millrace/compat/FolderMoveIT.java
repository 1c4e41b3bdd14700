package io.millrace.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testkit.BrokerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeReplicaLogDirsResult.ReplicaLogDirInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.LogDirNotFoundException;
import org.apache.kafka.common.errors.ReplicaNotAvailableException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kafka's own Admin moves a log between the folders of a broker while clients write and read. */
@Tag("it")
class FolderMoveIT {
  private static final TopicPartition PARTITION = new TopicPartition("moving", 0);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String RATE = "replica.alter.log.dirs.io.max.bytes.per.second";

  @TempDir Path home;

  @Test
  void logMovesUnderLoadAndNothingIsLostOrOutOfOrder() throws Exception {
    String dirs = home.resolve("one") + "," + home.resolve("two");
    try (BrokerProcess broker = BrokerProcess.start(home, Map.of("log.dirs", dirs));
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
      admin.createTopics(List.of(new NewTopic("moving", 1, (short) 1))).all().get();
      int id = admin.describeCluster().nodes().get().iterator().next().id();
      TopicPartitionReplica replica = new TopicPartitionReplica("moving", 0, id);
      refusals(admin, id);
      AtomicBoolean stop = new AtomicBoolean();
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      Thread load = new Thread(() -> produce(broker.bootstrap(), sent, stop), "load");
      load.start();
      try {
        limit(admin, id, "200000");
        String from = info(admin, replica).getCurrentReplicaLogDir();
        String to = other(from);
        await().atMost(PATIENCE).until(() -> size(admin, id, from) > 600_000);
        admin.alterReplicaLogDirs(Map.of(replica, to)).all().get();
        await()
            .atMost(PATIENCE)
            .until(() -> to.equals(info(admin, replica).getFutureReplicaLogDir()));
        assertThat(info(admin, replica).getFutureReplicaOffsetLag()).isPositive();
        assertThat(info(admin, replica).getCurrentReplicaLogDir()).isEqualTo(from);
        limit(admin, id, null);
        awaitIn(admin, replica, to);
        admin.alterReplicaLogDirs(Map.of(replica, from)).all().get();
        awaitIn(admin, replica, from);
      } finally {
        stop.set(true);
        load.join();
      }
      checkAll(broker, sent);
      broker.kill();
      broker.start();
      checkAll(broker, sent);
    }
  }

  private void refusals(Admin admin, int id) {
    assertThat(failure(admin, new TopicPartitionReplica("moving", 0, id), "/not/there"))
        .isInstanceOf(LogDirNotFoundException.class);
    assertThat(
            failure(
                admin, new TopicPartitionReplica("unknown", 0, id), home.resolve("one").toString()))
        .isInstanceOf(ReplicaNotAvailableException.class);
  }

  private static Throwable failure(Admin admin, TopicPartitionReplica replica, String folder) {
    try {
      admin.alterReplicaLogDirs(Map.of(replica, folder)).all().get();
      throw new AssertionError(replica + " moves to " + folder);
    } catch (ExecutionException e) {
      return e.getCause();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private String other(String folder) {
    return home.resolve(folder.endsWith("one") ? "two" : "one").toString();
  }

  private static ReplicaLogDirInfo info(Admin admin, TopicPartitionReplica replica)
      throws Exception {
    return admin.describeReplicaLogDirs(List.of(replica)).all().get().get(replica);
  }

  private static long size(Admin admin, int id, String folder) throws Exception {
    return admin
        .describeLogDirs(List.of(id))
        .allDescriptions()
        .get()
        .get(id)
        .get(folder)
        .replicaInfos()
        .get(PARTITION)
        .size();
  }

  private static void awaitIn(Admin admin, TopicPartitionReplica replica, String folder) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                folder.equals(info(admin, replica).getCurrentReplicaLogDir())
                    && info(admin, replica).getFutureReplicaLogDir() == null);
  }

  private static void limit(Admin admin, int id, String rate) throws Exception {
    AlterConfigOp.OpType type =
        rate == null ? AlterConfigOp.OpType.DELETE : AlterConfigOp.OpType.SET;
    Collection<AlterConfigOp> change =
        List.of(new AlterConfigOp(new ConfigEntry(RATE, rate), type));
    admin
        .incrementalAlterConfigs(
            Map.of(new ConfigResource(ConfigResource.Type.BROKER, "" + id), change))
        .all()
        .get();
  }

  private static void produce(
      String bootstrap, List<Future<RecordMetadata>> sent, AtomicBoolean stop) {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", bootstrap, "acks", "all", "linger.ms", 2);
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      String tail = "-" + "x".repeat(500);
      while (!stop.get()) {
        sent.add(producer.send(new ProducerRecord<>("moving", 0, null, sent.size() + tail)));
        if (sent.size() % 20 == 0) {
          producer.flush();
        }
      }
    }
  }

  private static void checkAll(BrokerProcess broker, List<Future<RecordMetadata>> sent)
      throws Exception {
    for (int i = 0; i < sent.size(); i++) {
      assertThat(sent.get(i).get().offset()).isEqualTo(i);
    }
    Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrap());
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.assign(List.of(PARTITION));
      consumer.seekToBeginning(List.of(PARTITION));
      int next = 0;
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (next < sent.size() && System.nanoTime() < deadline) {
        for (ConsumerRecord<String, String> each : consumer.poll(Duration.ofMillis(200))) {
          assertThat(each.offset()).isEqualTo(next);
          assertThat(each.value()).startsWith(next + "-");
          next++;
        }
      }
      assertThat(next).isEqualTo(sent.size());
    }
  }
}
