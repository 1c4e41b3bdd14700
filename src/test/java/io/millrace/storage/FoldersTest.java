package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.model.TopicPartition;
import io.millrace.storage.log.AppendException;
import io.millrace.storage.log.CorruptLogException;
import io.millrace.storage.log.LogAppend;
import io.vertx.core.Future;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
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
    Future<LogAppend> append = sim.append(log, "v");
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
    sim.world.await(sim.storage.setStraysAside(id -> false), PATIENCE_MS);
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
  void aReadThatTheDiskFailsTakesItsFolderOffline() {
    StorageWorld sim = world("a", "b").start();
    StoredLog one = sim.create("orders", 0);
    StoredLog two = sim.create("orders", 1);

    one.folder().readFailed(one.id().topicPartition(), new IOException("Input/output error"));
    sim.world.runFor(10);

    assertThat(one.folder().isOnline()).isFalse();
    assertThat(one.isOnline()).isFalse();
    assertThat(two.isOnline()).isTrue();
  }

  @Test
  void aReadThatFailsForAnotherReasonTakesNoFolderOffline() {
    StorageWorld sim = world("a").start();
    StoredLog log = sim.create("orders", 0);

    for (Throwable fault :
        List.of(
            new ClosedChannelException(),
            new EOFException(),
            new CorruptLogException(temp, 0, "is damaged"),
            new NoSuchFileException("orders-0"),
            new FileSystemException("orders-0", null, "Too many open files"))) {
      log.folder().readFailed(log.id().topicPartition(), fault);
      sim.world.runFor(10);
      assertThat(log.isOnline()).as(fault.toString()).isTrue();
    }
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

  /** Nobody could end them here, and readers of what is committed would wait for ever. */
  @Test
  void folderOfKafkaWithOpenTransactionsIsNotTakenOver() throws IOException {
    Path folder = Files.createDirectories(temp.resolve("a"));
    Path log = Files.createDirectories(folder.resolve("orders-0"));
    Files.writeString(
        folder.resolve("meta.properties"), "version=0\nbroker.id=1\ncluster.id=abc\n");
    Files.writeString(folder.resolve(".kafka_cleanshutdown"), "{\"version\":0}");
    Files.write(log.resolve("00000000000000000003.snapshot"), producerSnapshot(7, 3, -1));
    Files.write(log.resolve("00000000000000000005.snapshot"), producerSnapshot(7, 5, 3));
    StorageWorld sim = world("a");
    sim.importing = true;

    assertThat(startFailure(sim))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("orders-0 (producer 7)")
        .hasMessageContaining("start that Kafka once more");
    assertThat(folder.resolve(".kafka_cleanshutdown")).exists();
    assertThat(Files.readString(folder.resolve("meta.properties"))).contains("version=0");

    Files.write(log.resolve("00000000000000000006.snapshot"), producerSnapshot(7, 6, -1));
    sim.start();
    assertThat(sim.storage.unclaimed()).hasSize(1);
  }

  /** A snapshot in Kafka's format with one producer, whose open transaction begins there. */
  private static byte[] producerSnapshot(long producerId, long endOffset, long txnFirstOffset) {
    ByteBuffer bytes = ByteBuffer.allocate(56);
    bytes.putShort((short) 1).putInt(0).putInt(1);
    bytes.putLong(producerId).putShort((short) 0).putInt(0).putLong(endOffset - 1).putInt(0);
    bytes.putLong(1_700_000_000_000L).putInt(-1).putLong(txnFirstOffset);
    CRC32C crc = new CRC32C();
    crc.update(bytes.array(), 6, 50);
    return bytes.putInt(2, (int) crc.getValue()).array();
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
}
