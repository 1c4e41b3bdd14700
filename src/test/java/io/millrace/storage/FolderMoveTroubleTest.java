package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.TopicPartition;
import io.millrace.storage.log.ForwardingFiles;
import io.millrace.storage.log.LogAppend;
import io.millrace.storage.log.SimDisk;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands in the way of a move between folders stops the move and nothing else. */
class FolderMoveTroubleTest {
  private static final long PATIENCE_MS = 3_600_000;

  @TempDir Path temp;
  private final TroubledFiles disk = new TroubledFiles();

  private StorageWorld world() {
    return new StorageWorld(9, disk, temp.resolve("a"), temp.resolve("b"));
  }

  private Path other(StoredLog log) {
    Path a = temp.resolve("a");
    return log.folder().path().equals(a) ? temp.resolve("b") : a;
  }

  private static void move(StorageWorld sim, StoredLog log, Path to) {
    sim.world.await(sim.storage.move(log.id().topicPartition(), to.toString()), PATIENCE_MS);
    sim.world.runUntil(() -> sim.storage.futureLogs().isEmpty(), PATIENCE_MS);
  }

  private static void allFoldersAreOnline(StorageWorld sim) {
    assertThat(sim.storage.folders()).allMatch(LogFolder::isOnline);
  }

  @Test
  void partitionWithoutFilesLeavesAFullDisk() throws IOException {
    StorageWorld sim = world().start();
    Path from = temp.resolve("a");
    Path to = temp.resolve("b");
    Files.createDirectory(from.resolve("orders-0"));
    disk.usableBytes = 0;
    disk.elsewhere = to;
    StoredLog log = sim.create("orders", 0);
    sim.world.runFor(1_000);
    assertThat(log.rawLog().hasFiles()).isFalse();

    move(sim, log, to);

    allFoldersAreOnline(sim);
    assertThat(log.folder().path()).isEqualTo(to);
    sim.appended(log, "one");
    assertThat(sim.values(log)).containsExactly("one");
    assertThat(StorageTest.names(from)).doesNotContain("orders-0");
  }

  @Test
  void partitionThatHasNoFolderYetStaysOnTheFullDisk() {
    StorageWorld sim = world().start();
    disk.usableBytes = 0;
    StoredLog log = sim.create("orders", 0);
    Path from = log.folder().path();
    disk.elsewhere = other(log);
    sim.world.runFor(1_000);

    move(sim, log, other(log));

    allFoldersAreOnline(sim);
    assertThat(log.folder().path()).isEqualTo(from);
    disk.usableBytes = 1L << 40;
    sim.world.runFor(10_000);
    sim.appended(log, "one");
    assertThat(sim.values(log)).containsExactly("one");
  }

  @Test
  void diskThatBecomesFullWhileALogMovesThereStaysOnline() throws IOException {
    StorageWorld sim = world().start();
    StoredLog log = sim.create("orders", 0);
    sim.appended(log, "one");
    Path from = log.folder().path();
    Path to = other(log);
    disk.elsewhere = from;
    disk.usableBytes = 0; // nothing was measured since

    move(sim, log, to);

    allFoldersAreOnline(sim);
    assertThat(log.folder().path()).isEqualTo(from);
    assertThat(StorageTest.names(to)).noneMatch(name -> name.startsWith("orders"));
    sim.appended(log, "two");
    assertThat(sim.values(log)).containsExactly("one", "two");
  }

  @Test
  void moveIsNotGivenUpWhileRecordsWaitForRoom() {
    StorageWorld sim = world().start();
    StoredLog log = sim.create("orders", 0);
    sim.appended(log, "one");
    Path to = other(log);
    disk.elsewhere = to;
    disk.usableBytes = 0; // nothing was measured since
    Future<LogAppend> waits = sim.append(log, "two");

    sim.world.await(sim.storage.move(log.id().topicPartition(), to.toString()), PATIENCE_MS);
    sim.world.runFor(20_000);
    assertThat(waits.isComplete()).isFalse();
    assertThat(sim.storage.futureLogs()).hasSize(1);

    disk.usableBytes = 1L << 40;
    sim.world.runUntil(() -> sim.storage.futureLogs().isEmpty(), PATIENCE_MS);
    assertThat(log.folder().path()).isEqualTo(to);
    assertThat(sim.values(log)).containsExactly("one", "two");
  }

  @Test
  void folderOfANewPartitionIsThereBeforeItMoves() {
    List<Path> made = new ArrayList<>();
    for (int seed = 0; seed < 20; seed++) {
      made.clear();
      ForwardingFiles files =
          new ForwardingFiles(new SimDisk(seed)) {
            @Override
            public void createDirectories(Path dir) throws IOException {
              made.add(dir.getFileName());
              super.createDirectories(dir);
            }
          };
      StorageWorld sim =
          new StorageWorld(seed, files, Path.of("/data/a"), Path.of("/data/b")).start();
      TopicPartition partition = new TopicPartition("orders", 0);
      Future<Void> begun =
          sim.control.ask(
              sim.control,
              () -> {
                sim.storage.create(StorageWorld.idOf("orders", 0), StorageWorld.config());
                return sim.storage.move(partition, "/data/b");
              });
      sim.world.await(begun, PATIENCE_MS);
      sim.world.runUntil(() -> sim.storage.futureLogs().isEmpty(), PATIENCE_MS);

      assertThat(made.stream().filter(name -> name.toString().startsWith("orders-0")).toList())
          .as("seed %d", seed)
          .first()
          .isEqualTo(Path.of("orders-0"));
    }
  }

  @Test
  void partitionIsDeletedThoughItsWaitingMoveCannotBeForgotten() {
    SimDisk simulated = new SimDisk(5);
    boolean[] fails = new boolean[1];
    ForwardingFiles files =
        new ForwardingFiles(simulated) {
          @Override
          public boolean exists(Path path) throws IOException {
            if (fails[0] && path.toString().endsWith("-future")) {
              throw new IOException("broken on purpose");
            }
            return super.exists(path);
          }
        };
    StorageWorld sim = new StorageWorld(5, files, Path.of("/data/a"), Path.of("/data/b")).start();
    sim.storage.limitMoves(1);
    List<StoredLog> logs = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      StoredLog log = sim.create("orders", i);
      if (log.folder().path().endsWith("a")) {
        sim.appended(log, "one", "two");
        logs.add(log);
        sim.world.await(sim.storage.move(log.id().topicPartition(), "/data/b"), PATIENCE_MS);
      }
    }
    StoredLog waits = logs.get(4); // one more than run at once
    fails[0] = true;

    sim.world.await(sim.storage.delete(waits.id()), PATIENCE_MS);

    assertThat(sim.storage.get(waits.id().topicPartition())).isNull();
  }
}
