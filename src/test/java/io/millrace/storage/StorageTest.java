package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.TopicIdPartition;
import io.millrace.model.TopicPartition;
import io.millrace.sim.Requests;
import io.millrace.sim.Requests.Origin;
import io.millrace.sim.Requests.Sent;
import io.millrace.storage.log.AppendException;
import io.millrace.storage.log.LogAppend;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageTest {
  private static final long PATIENCE_MS = 600_000;

  @TempDir Path temp;

  private StorageWorld world(String... folders) {
    Path[] paths = new Path[folders.length];
    for (int i = 0; i < folders.length; i++) {
      paths[i] = temp.resolve(folders[i]);
    }
    return new StorageWorld(11, new DiskFiles(), paths);
  }

  @Test
  void recordsAreThereAfterACleanStop() {
    StorageWorld sim = world("a").start();
    StoredLog log = sim.create("orders", 0);
    assertThat(sim.appended(log, "one", "two").baseOffset()).isZero();
    assertThat(sim.appended(log, "three").baseOffset()).isEqualTo(2);
    String cluster = sim.storage.clusterId();
    sim.stop();

    sim.start();

    StoredLog again = sim.create("orders", 0);
    assertThat(sim.values(again)).containsExactly("one", "two", "three");
    assertThat(again.view().highWatermark()).isEqualTo(3);
    assertThat(sim.storage.clusterId()).isEqualTo(cluster);
    assertThat(sim.metrics.snapshot().get("storage.recovery.scanned.bytes")).isZero();
    assertThat(sim.storage.startedUnclean()).isFalse();
  }

  @Test
  void recordsAreThereAfterTheProcessDied() {
    StorageWorld sim = world("a").start();
    sim.appended(sim.create("orders", 0), "one", "two");
    sim.process.crash();

    sim.start();

    assertThat(sim.values(sim.create("orders", 0))).containsExactly("one", "two");
    assertThat(sim.storage.startedUnclean()).isFalse();
    assertThat(sim.metrics.snapshot().get("storage.recovery.scanned.bytes")).isPositive();
  }

  @Test
  void producersAreKnownWhenACrashAfterATruncationDamagedTheTopicsId() throws IOException {
    StorageWorld sim = world("a").start();
    TopicIdPartition id = sim.create("orders", 0).id();
    List<Sent> records = List.of(new Sent("k", "one", sim.world.clock().wallMs()));
    ByteBuffer batch =
        Requests.batch(new Origin(7, (short) 0, 0), Compression.NONE, records).buffer();
    sim.world.await(sim.append(sim.create(id), batch.duplicate()), PATIENCE_MS);
    sim.appended(sim.create(id), "two");
    sim.stop();
    sim.start();
    StoredLog log = sim.create(id);
    sim.world.await(sim.control.ask(log.shard(), () -> log.truncateTo(1)), PATIENCE_MS);
    sim.process.crash();
    Files.write(temp.resolve("a/orders-0/partition.metadata"), new byte[0]);

    sim.start();

    StoredLog again = sim.create(id);
    LogAppend repeated = sim.world.await(sim.append(again, batch.duplicate()), PATIENCE_MS);
    assertThat(repeated.duplicate()).isTrue();
    assertThat(sim.values(again)).hasSize(1);
  }

  @Test
  void aNewLogForgetsSilentProducersWhenTheBrokerIsToldTo() {
    StorageWorld sim = world("a");
    sim.brokerConfig.put("producer.id.expiration.ms", "60000");
    sim.brokerConfig.put("producer.id.expiration.check.interval.ms", "10000");
    sim.start();
    StoredLog log = sim.create("orders", 0);
    List<Sent> records = List.of(new Sent("k", "one", sim.world.clock().wallMs()));
    ByteBuffer batch =
        Requests.batch(new Origin(7, (short) 0, 0), Compression.NONE, records).buffer();
    sim.world.await(sim.append(log, batch), PATIENCE_MS);

    assertThat(producers(sim, log)).isEqualTo(1);
    sim.world.runFor(120_000);
    assertThat(producers(sim, log)).isZero();
  }

  private static int producers(StorageWorld sim, StoredLog log) {
    return sim.world.await(
        sim.control.ask(log.shard(), () -> Future.succeededFuture(log.log().producers().size())),
        PATIENCE_MS);
  }

  @Test
  void anotherBootIsAnUncleanStart() {
    StorageWorld sim = world("a").start();
    sim.appended(sim.create("orders", 0), "one");
    sim.process.crash();
    sim.bootId = "boot-2";

    sim.start();

    assertThat(sim.storage.startedUnclean()).isTrue();
  }

  @Test
  void copyOfAFolderIsAnUncleanStart() {
    StorageWorld sim = world("a").start();
    sim.appended(sim.create("orders", 0), "one");
    sim.process.crash();
    sim.place = "elsewhere";

    sim.start();

    assertThat(sim.storage.startedUnclean()).isTrue();
  }

  @Test
  void recoveryThatDiesLeavesTheFolderUnclean() {
    StorageWorld sim = world("a").start();
    sim.appended(sim.create("orders", 0), "one");
    sim.process.crash();
    sim.bootId = "boot-2";
    sim.world.await(sim.begin(), PATIENCE_MS);
    sim.process.crash();

    sim.start();

    assertThat(sim.storage.startedUnclean()).isTrue();
  }

  @Test
  void appendsOfOneTurnShareAWrite() {
    StorageWorld sim = world("a").start();
    StoredLog log = sim.create("orders", 0);
    List<Future<LogAppend>> appends = new ArrayList<>();
    log.shard()
        .execute(
            () -> {
              for (int i = 0; i < 10; i++) {
                appends.add(sim.append(log, "v" + i));
              }
            });
    sim.world.runFor(1_000);

    assertThat(appends).hasSize(10).allMatch(Future::succeeded);
    assertThat(sim.metrics.snapshot().get("storage.append.writes")).isLessThan(10);
    assertThat(sim.metrics.snapshot().get("storage.append.acknowledged")).isEqualTo(10);
    assertThat(sim.metrics.snapshot().get("storage.flush.forces")).isZero();
  }

  @Test
  void everyAnswerWaitsForItsFlushAndShareIt() {
    StorageWorld sim = world("a").start();
    StoredLog log = sim.create("orders", 0, "flush.messages", "1");
    List<Future<LogAppend>> appends = new ArrayList<>();
    List<Long> forcedAtAnswer = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      appends.add(
          sim.append(log, "v" + i)
              .onSuccess(
                  done -> forcedAtAnswer.add(log.view().highWatermark() - done.lastOffset())));
    }
    sim.world.runUntil(() -> appends.stream().allMatch(Future::isComplete), PATIENCE_MS);

    assertThat(appends).allMatch(Future::succeeded);
    assertThat(forcedAtAnswer).allMatch(ahead -> ahead >= 1);
    assertThat(sim.metrics.snapshot().get("storage.flush.forces")).isBetween(1L, 60L);
  }

  @Test
  void onlyTheAppendThatMakesTheFlushDueWaits() {
    StorageWorld sim = world("a").start();
    StoredLog log = sim.create("orders", 0, "flush.messages", "3");
    for (int i = 0; i < 9; i++) {
      sim.appended(log, "v" + i);
    }
    assertThat(sim.metrics.snapshot().get("storage.flush.forces")).isEqualTo(3);
  }

  @Test
  void flushMsForcesWithoutAnybodyWaiting() {
    StorageWorld sim = world("a").start();
    StoredLog log = sim.create("orders", 0, "flush.ms", "500");
    sim.appended(log, "v");
    assertThat(sim.metrics.snapshot().get("storage.flush.forces")).isZero();

    sim.world.runFor(1_000);

    assertThat(sim.metrics.snapshot().get("storage.flush.forces")).isOne();
  }

  @Test
  void partitionsSpreadOverFolders() {
    StorageWorld sim = world("a", "b").start();
    List<StoredLog> logs = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      logs.add(sim.create("orders", i));
    }
    assertThat(logs.stream().filter(log -> log.folder().path().endsWith("a"))).hasSize(3);
  }

  @Test
  void deletedPartitionIsGoneAtOnceAndItsFilesLater() throws IOException {
    StorageWorld sim = world("a").start();
    StoredLog log = sim.create("orders", 0, "file.delete.delay.ms", "60000");
    sim.appended(log, "one");

    sim.world.await(sim.storage.delete(log.id()), PATIENCE_MS);

    assertThat(sim.storage.get(log.id().topicPartition())).isNull();
    assertThat(log.isOnline()).isFalse();
    assertThat(names(temp.resolve("a")))
        .noneMatch("orders-0"::equals)
        .anyMatch(name -> name.matches("orders-0\\.[0-9a-f]{32}-delete"));
    assertThat(sim.append(log, "late").transform(done -> Future.succeededFuture(done.cause())))
        .satisfies(
            late ->
                assertThat(sim.world.await(late, PATIENCE_MS)).isInstanceOf(AppendException.class));
    sim.world.runFor(61_000);
    assertThat(names(temp.resolve("a"))).noneMatch(name -> name.startsWith("orders-0"));
  }

  @Test
  void topicThatWasCreatedAnewGetsAnEmptyLog() {
    StorageWorld sim = world("a").start();
    sim.appended(sim.create("orders", 0), "old");
    TopicIdPartition anew = new TopicIdPartition(new Uuid(7, 7), new TopicPartition("orders", 0));

    StoredLog log = sim.create(anew);

    assertThat(sim.values(log)).isEmpty();
    assertThat(log.id()).isEqualTo(anew);
  }

  /** A log of which the folder's checkpoints say that it begins at 4 and is durable to 5. */
  private static TopicIdPartition checkpointed(StorageWorld sim) {
    StoredLog log = sim.create("orders", 0, "flush.messages", "1");
    sim.appended(log, "a", "b", "c", "d", "e");
    sim.world.await(
        sim.control.ask(
            log.shard(),
            () -> {
              log.log().advanceLogStart(4);
              return Future.succeededFuture();
            }),
        PATIENCE_MS);
    sim.world.runFor(120_000);
    return log.id();
  }

  @Test
  void deletedRecordsStayDeletedWhenACrashDamagedTheTopicsId() throws IOException {
    StorageWorld sim = world("a").start();
    TopicIdPartition id = checkpointed(sim);
    sim.process.crash();
    Files.write(temp.resolve("a/orders-0/partition.metadata"), new byte[0]);

    sim.start();

    StoredLog again = sim.create(id);
    assertThat(again.view().logStartOffset()).isEqualTo(4);
    assertThat(again.view().highWatermark()).isEqualTo(5);
    assertThat(sim.values(again)).containsExactly("e");
  }

  private static void isThereAfterTheProcessDied(StorageWorld sim) {
    TopicIdPartition anew = new TopicIdPartition(new Uuid(7, 7), new TopicPartition("orders", 0));
    sim.appended(sim.create(anew, "flush.messages", "1"), "new");
    sim.process.crash();
    sim.start();
    assertThat(sim.values(sim.create(anew))).containsExactly("new");
  }

  @Test
  void topicThatWasCreatedAnewIsNotRecoveredByTheCheckpointsOfTheOldOne() {
    StorageWorld sim = world("a").start();
    TopicIdPartition old = checkpointed(sim);
    sim.world.await(sim.storage.delete(old), PATIENCE_MS);

    isThereAfterTheProcessDied(sim);
  }

  @Test
  void checkpointsOfALogWhoseFolderIsGoneAreForgottenByTheStart() throws IOException {
    StorageWorld sim = world("a").start();
    checkpointed(sim);
    sim.process.crash();
    Path gone = temp.resolve("a/orders-0." + "0".repeat(32) + "-delete");
    Files.move(temp.resolve("a/orders-0"), gone);
    sim.start();
    sim.world.runFor(1_000); // the folder that was set aside is deleted

    isThereAfterTheProcessDied(sim);
  }

  /** The metadata may be an old copy, from before their topics. */
  @Test
  void straysAreSetAsideAndKeptUntilSomebodyDeletesThem() throws IOException {
    StorageWorld sim = world("a").start();
    sim.create("orders", 0);
    sim.appended(sim.create("lost", 0), "one");
    sim.create("empty", 0);
    sim.stop();
    sim.start();
    sim.create("orders", 0);

    List<TopicPartition> strays =
        sim.world.await(sim.storage.setStraysAside(id -> false), PATIENCE_MS);

    assertThat(strays)
        .containsExactlyInAnyOrder(new TopicPartition("lost", 0), new TopicPartition("empty", 0));
    for (int start = 0; start < 2; start++) {
      sim.world.runFor(2 * 24 * 3_600_000L);
      assertThat(names(temp.resolve("a")))
          .anyMatch(name -> name.startsWith("lost-0.") && name.endsWith("-stray"))
          .noneMatch(name -> name.startsWith("empty"));
      sim.stop();
      sim.start();
    }

    sim.stop();
    Path stray = temp.resolve("a").resolve(strayOf(temp.resolve("a")));
    Files.move(stray, temp.resolve("a").resolve("lost-0"));
    sim.start();
    assertThat(sim.create("lost", 0).view().logEndOffset()).isEqualTo(1);
  }

  @Test
  void logOfAnotherTopicOfTheSameNameIsKeptToo() throws IOException {
    StorageWorld sim = world("a").start();
    sim.appended(sim.create("orders", 0), "one");
    TopicIdPartition again = new TopicIdPartition(new Uuid(7, 7), new TopicPartition("orders", 0));

    assertThat(sim.create(again).view().logEndOffset()).isZero();

    sim.world.runFor(2 * 24 * 3_600_000L);
    assertThat(
            Files.size(
                temp.resolve("a")
                    .resolve(strayOf(temp.resolve("a")))
                    .resolve("00000000000000000000.log")))
        .isPositive();
  }

  private static String strayOf(Path folder) throws IOException {
    return names(folder).stream().filter(name -> name.endsWith("-stray")).findFirst().orElseThrow();
  }

  @Test
  void aLogThatTheMetadataNamesIsNoStrayThoughNobodyClaimedIt() throws IOException {
    StorageWorld sim = world("a").start();
    sim.appended(sim.create("orders", 0), "one");
    sim.create("lost", 0);
    sim.stop();
    sim.start();

    List<TopicPartition> strays =
        sim.world.await(
            sim.storage.setStraysAside(id -> id.topicPartition().topic().equals("orders")),
            PATIENCE_MS);

    assertThat(strays).containsExactly(new TopicPartition("lost", 0));
    assertThat(sim.values(sim.create("orders", 0))).containsExactly("one");
  }

  @Test
  void unclaimedLogIsNotTouchedByRetention() {
    StorageWorld sim = world("a");
    sim.brokerConfig.put("log.retention.ms", "1000");
    sim.start();
    sim.appended(sim.create("orders", 0, "retention.ms", "-1"), "one");
    sim.stop();
    sim.start();

    sim.world.runFor(3_600_000);

    assertThat(sim.values(sim.create("orders", 0, "retention.ms", "-1"))).containsExactly("one");
  }

  @Test
  void retentionDeletesSegmentsByTime() throws IOException {
    StorageWorld sim = world("a").start();
    StoredLog log =
        sim.create(
            "orders",
            0,
            "retention.ms",
            "3600000",
            "segment.bytes",
            "1048576",
            "segment.ms",
            "600000");
    sim.appended(log, "old");
    sim.world.runFor(1_200_000);
    sim.appended(log, "new");

    sim.world.runFor(3_000_000);

    assertThat(sim.values(log)).containsExactly("new");
    assertThat(log.view().logStartOffset()).isOne();
    assertThat(names(log.folder().path().resolve("orders-0")))
        .noneMatch("00000000000000000000.log"::equals);
    sim.process.crash();
    sim.start();
    assertThat(sim.values(sim.create("orders", 0))).containsExactly("new");
  }

  @Test
  void whatComesWhileABrokerStopsIsRefusedOrKnownWithItsProducer() {
    for (int seed = 1; seed <= 50; seed++) {
      StorageWorld sim = new StorageWorld(seed, new DiskFiles(), temp.resolve("c" + seed)).start();
      StoredLog log = sim.create("orders", 0);
      sim.world.runFor(3_000); // its files are made, and there is no snapshot of producers

      Future<Void> closed = sim.storage.close();
      sim.world.runFor(sim.world.random().nextInt(6));
      for (int producer = 1; !closed.isComplete(); producer++) {
        List<Sent> records = List.of(new Sent("k", "v", sim.world.clock().wallMs()));
        Origin origin = new Origin(producer, (short) 0, 0);
        sim.append(log, Requests.batch(origin, Compression.NONE, records).buffer());
        sim.world.runOne();
      }
      sim.process.crash();
      sim.start();

      StoredLog again = sim.create(log.id());
      assertThat(producers(sim, again)).as("seed " + seed).isEqualTo(sim.values(again).size());
      sim.process.crash();
    }
  }

  @Test
  void aLogThatIsDeletedWhileItIsTruncatedTakesNoFolderOffline() {
    for (int seed = 1; seed <= 100; seed++) {
      StorageWorld sim = new StorageWorld(seed, new DiskFiles(), temp.resolve("s" + seed)).start();
      StoredLog before = sim.create("orders", 0);
      sim.appended(before, "one");
      sim.appended(before, "two");
      sim.stop();
      sim.start();
      StoredLog log = sim.create(before.id()); // its files are opened when they are needed

      Future<Void> cut = sim.control.ask(log.shard(), () -> log.truncateTo(1));
      sim.world.runFor(sim.world.random().nextInt(12));
      sim.world.await(sim.storage.delete(log.id()), PATIENCE_MS);
      sim.world.runUntil(cut::isComplete, PATIENCE_MS);

      assertThat(log.folder().isOnline()).as("seed " + seed).isTrue();
      sim.process.crash();
    }
  }

  static List<String> names(Path dir) throws IOException {
    try (var files = Files.list(dir)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
