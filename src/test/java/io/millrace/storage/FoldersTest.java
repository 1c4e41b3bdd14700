package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.model.TopicPartition;
import io.millrace.storage.log.AppendException;
import io.millrace.storage.log.LogAppend;
import io.millrace.storage.log.LogFile;
import io.millrace.storage.log.LogFiles;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {
  private static final long PATIENCE_MS = 600_000;

  @TempDir Path temp;
  private final TroubledFiles disk = new TroubledFiles();

  private StorageWorld world(String... folders) {
    Path[] paths = new Path[folders.length];
    for (int i = 0; i < folders.length; i++) {
      paths[i] = temp.resolve(folders[i]);
    }
    return new StorageWorld(3, disk, paths);
  }

  private static Throwable startFailure(StorageWorld sim) {
    Future<Storage> opening = sim.begin();
    sim.world.runUntil(opening::isComplete, PATIENCE_MS);
    sim.process.crash();
    return opening.cause();
  }

  private static Errors error(StorageWorld sim, StoredLog log) {
    return error(sim, log, "v");
  }

  private static Errors error(StorageWorld sim, StoredLog log, String value) {
    Future<LogAppend> append = sim.append(log, value);
    sim.world.runUntil(append::isComplete, PATIENCE_MS);
    return append.succeeded() ? Errors.NONE : ((AppendException) append.cause()).error();
  }

  @Test
  void secondProcessIsRefusedByTheLock() throws Exception {
    Path folder = Files.createDirectories(temp.resolve("a"));
    FolderLocks.Lock lock = FolderLocks.ON_DISK.lock(folder);

    assertThatThrownBy(() -> FolderLocks.ON_DISK.lock(folder))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("in use by another process")
        .hasMessageContaining(folder.toString());

    lock.release().close();
    FolderLocks.Lock again = FolderLocks.ON_DISK.lock(folder);
    assertThat(again.place()).isEqualTo(lock.place());
    again.release().close();
  }

  @Test
  void failedFolderTakesItsPartitionsOfflineAndNoOthers() {
    StorageWorld sim = world("a", "b").start();
    List<StoredLog> logs = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      logs.add(sim.create("orders", i));
    }
    List<LogFolder> failures = new ArrayList<>();
    sim.storage.onFolderFailure(failures::add);
    sim.world.runFor(10);

    disk.broken = temp.resolve("a");
    logs.forEach(log -> error(sim, log));
    sim.world.runFor(1_000);

    for (StoredLog log : logs) {
      boolean inA = log.folder().path().endsWith("a");
      assertThat(log.isOnline()).isEqualTo(!inA);
      assertThat(error(sim, log)).isEqualTo(inA ? Errors.KAFKA_STORAGE_ERROR : Errors.NONE);
    }
    assertThat(failures).hasSize(1).allMatch(folder -> !folder.isOnline());
    disk.broken = null;
    assertThat(error(sim, logs.get(0))).as("stays offline").isNotEqualTo(error(sim, logs.get(1)));
    assertThat(sim.create("orders", 9).folder().path()).endsWith(Path.of("b"));
  }

  @Test
  void failedFolderGetsNoCleanMarker() {
    StorageWorld sim = world("a", "b").start();
    StoredLog one = sim.create("orders", 0);
    StoredLog two = sim.create("orders", 1);
    disk.broken = one.folder().path();
    error(sim, one);
    sim.world.runFor(1_000);
    disk.broken = null;

    sim.stop();

    assertThat(one.folder().path().resolve(".kafka_cleanshutdown")).doesNotExist();
    assertThat(two.folder().path().resolve(".kafka_cleanshutdown")).exists();
  }

  @Test
  void partitionThatMayLieInABrokenFolderIsNotMadeAnew() {
    StorageWorld sim = world("a", "b").start();
    sim.create("orders", 0);
    sim.create("orders", 1);
    sim.stop();
    disk.broken = temp.resolve("a");

    sim.start();

    assertThat(sim.storage.folders()).hasSize(1);
    List<Boolean> claimed = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Future<StoredLog> claim =
          sim.storage.create(StorageWorld.idOf("orders", i), StorageWorld.config());
      sim.world.runUntil(claim::isComplete, PATIENCE_MS);
      claimed.add(claim.succeeded());
    }
    assertThat(claimed).containsExactlyInAnyOrder(true, false);
    sim.world.await(sim.storage.setStraysAside(), PATIENCE_MS);
    assertThat(sim.create("new", 0).isOnline()).isTrue();
  }

  @Test
  void noFolderThatWorksIsOneSentence() {
    disk.broken = temp.resolve("a");
    assertThat(startFailure(world("a")))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("cannot be used");
  }

  @Test
  void producersAreRefusedBelowTheFirstLineAndComeBackByThemselves() {
    StorageWorld sim = world("a");
    sim.brokerConfig.put("disk.reserve.bytes", "1000000");
    sim.start();
    StoredLog orders = sim.create("orders", 0);
    StoredLog offsets = sim.create("__consumer_offsets", 0);
    assertThat(error(sim, orders)).isEqualTo(Errors.NONE);

    disk.usableBytes = 900_000;
    sim.world.runFor(6_000);
    assertThat(error(sim, orders)).isEqualTo(Errors.NOT_ENOUGH_REPLICAS);
    assertThat(error(sim, offsets)).isEqualTo(Errors.NONE);

    disk.usableBytes = 200_000;
    sim.world.runFor(6_000);
    assertThat(error(sim, offsets)).isEqualTo(Errors.NOT_ENOUGH_REPLICAS);

    disk.usableBytes = 2_000_000;
    sim.world.runFor(6_000);
    assertThat(error(sim, orders)).isEqualTo(Errors.NONE);
    assertThat(error(sim, offsets)).isEqualTo(Errors.NONE);
  }

  @Test
  void measuresADiskThatIsFarFromFullLessOften() {
    StorageWorld sim = world("a");
    sim.brokerConfig.put("disk.reserve.bytes", "1000000");
    disk.usableBytes = 1L << 40;
    sim.start();
    StoredLog orders = sim.create("orders", 0);

    disk.usableBytes = 900_000;
    sim.world.runFor(5_500);

    assertThat(orders.hasRoom()).isFalse();
  }

  @Test
  void recoveryPointsOfManyLogsNeedOneMeasurement() {
    StorageWorld sim = world("a").start();
    List<StoredLog> logs = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      logs.add(sim.create("orders", i));
      sim.appended(logs.get(i), "one");
    }
    disk.measurements = 0;

    sim.world.runFor(70_000);

    assertThat(logs).allMatch(log -> log.rawLog().recoveryPoint() == 1);
    assertThat(disk.measurements).isBetween(1, 50);
  }

  @Test
  void tellsWhenADiskIsFullAndWhenItHasRoomAgain() {
    StorageWorld sim = world("a");
    sim.brokerConfig.put("disk.reserve.bytes", "1000000");
    disk.usableBytes = 2_000_000;
    sim.start();
    StoredLog orders = sim.create("orders", 0);
    List<Boolean> told = new ArrayList<>();
    sim.storage.onRoom(folder -> told.add(orders.hasRoom()));

    disk.usableBytes = 900_000;
    sim.world.runFor(1_500);
    disk.usableBytes = 2_000_000;
    sim.world.runFor(1_500);

    assertThat(told).containsExactly(false, true);
  }

  @Test
  void whatAFullDiskDoesNotTakeIsWrittenWhenThereIsRoom() {
    StorageWorld sim = world("a");
    sim.start();
    StoredLog orders = sim.create("orders", 0);
    assertThat(error(sim, orders, "first")).isEqualTo(Errors.NONE);

    disk.usableBytes = 0; // nothing was measured since
    Future<LogAppend> waiting = sim.append(orders, "second");
    sim.world.runFor(10_000);
    assertThat(waiting.isComplete()).isFalse();
    assertThat(orders.isOnline()).isTrue();
    assertThat(orders.view().logEndOffset()).isEqualTo(1);
    assertThat(error(sim, orders, "refused")).isEqualTo(Errors.NOT_ENOUGH_REPLICAS);

    disk.usableBytes = 1L << 40;
    assertThat(sim.world.await(waiting, PATIENCE_MS).baseOffset()).isEqualTo(1);
    sim.world.runFor(1_500);
    assertThat(error(sim, orders, "third")).isEqualTo(Errors.NONE);
    sim.stop();
    sim.start();
    assertThat(sim.create("orders", 0).view().logEndOffset()).isEqualTo(3);
  }

  @Test
  void whatWaitsForRoomIsTriedAtOnePaceHoweverOftenOthersTry() {
    StorageWorld sim = world("a");
    sim.start();
    StoredLog orders = sim.create("orders", 0);
    disk.usableBytes = 0;
    sim.append(orders, "waits");
    sim.world.runFor(1_000);

    for (int i = 0; i < 20; i++) {
      sim.world.await(sim.control.ask(orders.shard(), orders::settle), PATIENCE_MS);
    }
    disk.refusedWrites = 0;
    sim.world.runFor(10_000);

    assertThat(disk.refusedWrites).isBetween(1, 20);
  }

  @Test
  void retentionMakesRoomOnADiskThatIsQuiteFull() throws IOException {
    StorageWorld sim = world("a").start();
    StoredLog orders =
        sim.create(
            "orders", 0, "retention.ms", "3600000", "segment.ms", "600000", "flush.messages", "9");
    sim.appended(orders, "old");
    sim.world.runFor(1_200_000);
    sim.appended(orders, "new");
    disk.usableBytes = 0;
    Future<LogAppend> waiting = sim.append(orders, "waits");

    sim.world.runFor(3_000_000);

    assertThat(orders.isOnline()).isTrue();
    assertThat(waiting.isComplete()).isFalse();
    assertThat(orders.view().logStartOffset()).isOne();
    assertThat(StorageTest.names(temp.resolve("a/orders-0")))
        .noneMatch("00000000000000000000.log"::equals);
    sim.process.crash();
    disk.usableBytes = 1L << 40;
    sim.start();
    StoredLog recovered = sim.create("orders", 0);
    assertThat(recovered.view().logStartOffset()).isOne();
    assertThat(sim.values(recovered)).containsExactly("new");
  }

  @Test
  void truncationWaitsForRoomToNoteIt() {
    StorageWorld sim = world("a").start();
    StoredLog orders = sim.create("orders", 0);
    StoredLog others = sim.create("others", 0);
    sim.appended(orders, "kept");
    sim.world.runFor(120_000);
    sim.control.ask(orders.shard(), () -> begun(orders, 1));
    sim.appended(others, "has its recovery point written with all checkpoints of the folder");
    sim.world.runFor(30_000);
    sim.appended(orders, "cut");
    sim.world.runFor(40_000);
    disk.usableBytes = 0;

    Future<Void> early = sim.control.ask(orders.shard(), () -> orders.truncateTo(1));
    sim.world.runUntil(early::isComplete, PATIENCE_MS);

    assertThat(early.cause())
        .isInstanceOfSatisfying(
            AppendException.class,
            e -> assertThat(e.error()).isEqualTo(Errors.NOT_ENOUGH_REPLICAS));
    assertThat(others.isOnline()).isTrue();
    disk.usableBytes = 1L << 40;
    sim.world.await(sim.control.ask(orders.shard(), () -> orders.truncateTo(1)), PATIENCE_MS);
    assertThat(sim.values(orders)).containsExactly("kept");
  }

  private static Future<Void> begun(StoredLog log, int leaderEpoch) {
    log.log().beginLeaderEpoch(leaderEpoch);
    return Future.succeededFuture();
  }

  @Test
  void segmentThatIsDueToRollWaitsForRoom() {
    StorageWorld sim = world("a").start();
    StoredLog orders = sim.create("orders", 0, "retention.ms", "-1", "segment.ms", "600000");
    sim.appended(orders, "first");
    disk.usableBytes = 0;

    sim.world.runFor(3_000_000);

    assertThat(orders.isOnline()).isTrue();
    disk.usableBytes = 1L << 40;
    sim.world.runFor(2_000);
    assertThat(error(sim, orders, "second")).isEqualTo(Errors.NONE);
  }

  @Test
  void fastWriterDoesNotRunPastTheLineBetweenTwoMeasurements() {
    StorageWorld sim = world("a");
    sim.brokerConfig.put("disk.reserve.bytes", "1000000");
    disk.usableBytes = 1_200_000;
    sim.start();
    StoredLog orders = sim.create("orders", 0);
    String large = "x".repeat(90_000);

    assertThat(List.of(error(sim, orders, large), error(sim, orders, large)))
        .containsOnly(Errors.NONE);

    assertThat(error(sim, orders, large)).isEqualTo(Errors.NONE);
    assertThat(sim.storage.folders().get(0).usableBytes()).isLessThan(1_200_000);
  }

  @Test
  void folderOfKafkaNeedsImport() throws IOException {
    Path folder = Files.createDirectories(temp.resolve("a"));
    Files.writeString(
        folder.resolve("meta.properties"), "version=0\nbroker.id=1\ncluster.id=abc\n");
    Files.createDirectories(folder.resolve("orders-0"));
    StorageWorld sim = world("a");

    assertThat(startFailure(sim))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("start --import");
    assertThat(folder.resolve("millrace.properties")).doesNotExist();

    sim.importing = true;
    assertThat(startFailure(sim)).hasMessageContaining("was not closed by Apache Kafka");

    Files.writeString(folder.resolve(".kafka_cleanshutdown"), "{\"version\":0}");
    sim.start();
    assertThat(sim.storage.clusterId()).isEqualTo("abc");
    assertThat(sim.storage.unclaimed())
        .extracting(log -> log.id().topicPartition())
        .containsExactly(new TopicPartition("orders", 0));
    assertThat(Files.readString(folder.resolve("meta.properties")))
        .contains("version=1", "cluster.id=abc", "node.id=1", "directory.id=");
    sim.stop();
    sim.importing = false;
    sim.start();
  }

  @Test
  void folderOfAnotherNodeIsRefused() throws IOException {
    Path folder = Files.createDirectories(temp.resolve("a"));
    Files.writeString(folder.resolve("millrace.properties"), "version=1\n");
    Files.writeString(folder.resolve("meta.properties"), "version=1\nnode.id=7\ncluster.id=abc\n");

    assertThat(startFailure(world("a"))).hasMessageContaining("node.id=7");
  }

  @Test
  void foldersOfTwoClustersAreRefused() throws IOException {
    for (String name : List.of("a", "b")) {
      Path folder = Files.createDirectories(temp.resolve(name));
      Files.writeString(folder.resolve("millrace.properties"), "version=1\n");
      Files.writeString(
          folder.resolve("meta.properties"), "version=1\nnode.id=1\ncluster.id=c" + name + "\n");
    }

    assertThat(startFailure(world("a", "b"))).hasMessageContaining("different clusters");
  }

  /** The real disk, with a folder that fails and a free space that is what the test says. */
  private static final class TroubledFiles implements LogFiles {
    private final DiskFiles disk = new DiskFiles();
    Path broken;
    long usableBytes = 1L << 40;
    int refusedWrites;
    int measurements;

    private void check(Path path) throws IOException {
      if (broken != null && path.startsWith(broken)) {
        throw new IOException("broken on purpose");
      }
    }

    @Override
    public LogFile open(Path file, boolean createNew) throws IOException {
      check(file);
      LogFile open = disk.open(file, createNew);
      return new LogFile() {
        @Override
        public long size() throws IOException {
          return open.size();
        }

        @Override
        public int read(ByteBuffer dst, long position) throws IOException {
          check(file);
          return open.read(dst, position);
        }

        @Override
        public void write(ByteBuffer[] srcs, long position) throws IOException {
          check(file);
          if (usableBytes == 0) {
            refusedWrites++;
            open.write(new ByteBuffer[] {srcs[0].slice(0, srcs[0].remaining() / 2)}, position);
            throw new IOException("No space left on device");
          }
          open.write(srcs, position);
        }

        @Override
        public void force() throws IOException {
          check(file);
          open.force();
        }

        @Override
        public void truncate(long size) throws IOException {
          open.truncate(size);
        }

        @Override
        public FileChannel channel() {
          return open.channel();
        }

        @Override
        public void close() throws IOException {
          open.close();
        }
      };
    }

    @Override
    public boolean exists(Path path) {
      return disk.exists(path);
    }

    @Override
    public long size(Path file) throws IOException {
      return disk.size(file);
    }

    @Override
    public List<Path> list(Path dir) throws IOException {
      check(dir);
      return disk.list(dir);
    }

    @Override
    public void createDirectories(Path dir) throws IOException {
      check(dir);
      disk.createDirectories(dir);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
      check(from);
      disk.rename(from, to);
    }

    @Override
    public void delete(Path path) throws IOException {
      check(path);
      disk.delete(path);
    }

    @Override
    public byte[] readAll(Path file) throws IOException {
      check(file);
      return disk.readAll(file);
    }

    @Override
    public void writeAtomically(Path file, byte[] content) throws IOException {
      check(file);
      if (usableBytes == 0) {
        throw new IOException("No space left on device");
      }
      disk.writeAtomically(file, content);
    }

    @Override
    public void forceDirectory(Path dir) throws IOException {
      check(dir);
      disk.forceDirectory(dir);
    }

    @Override
    public long usableBytes(Path dir) {
      measurements++;
      return usableBytes;
    }
  }
}
