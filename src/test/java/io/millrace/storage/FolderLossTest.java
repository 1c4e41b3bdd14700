package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the last log folder has failed is told, with what befell each of them. */
class FolderLossTest {
  private static final long PATIENCE_MS = 600_000;

  @TempDir Path temp;
  private final TroubledFiles disk = new TroubledFiles();
  private Path one;
  private Path other;
  private StorageWorld sim;
  private List<StoredLog> logs;

  /** Two partitions, one in each of two folders. */
  @BeforeEach
  void begin() {
    one = temp.resolve("one");
    other = temp.resolve("other");
    sim = new StorageWorld(3, disk, one, other).start();
    logs = List.of(sim.create("orders", 0), sim.create("orders", 1));
    logs.forEach(log -> sim.appended(log, "v"));
  }

  private void writeToBoth() {
    logs.forEach(
        log -> {
          Future<?> append = sim.append(log, "w");
          sim.world.runUntil(append::isComplete, PATIENCE_MS);
        });
    sim.world.runFor(5_000);
  }

  @Test
  void nothingIsLostWhileOneFolderWorks() {
    disk.broken = one;

    writeToBoth();

    assertThat(sim.storage.lost().isComplete()).isFalse();
  }

  @Test
  void lastFolderThatFailsIsTheEndWithAReasonForEach() {
    disk.broken = temp;

    writeToBoth();

    FolderLoss loss = sim.storage.lost().result();
    assertThat(loss.sentence())
        .startsWith("all its log folders have failed")
        .contains(one.toString(), other.toString(), "broken on purpose");
    assertThat(loss.isGone()).isFalse();
  }

  private static void delete(Path folder) throws IOException {
    try (var all = Files.walk(folder)) {
      all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    }
  }

  @Test
  void foldersThatWereDeletedAreToldFromThoseThatFailed() throws IOException {
    delete(one);
    delete(other);

    sim.world.runFor(60_000);

    FolderLoss loss = sim.storage.lost().result();
    assertThat(loss.isGone()).isTrue();
    assertThat(loss.sentence()).contains("begins empty");
    assertThat(temp).isEmptyDirectory();
  }

  /** What would be written there lies under the disk when that is mounted again. */
  @Test
  void nothingIsMadeInAFolderWhoseDiskIsNotMountedAnyMore() throws IOException {
    delete(other);
    Files.createDirectory(other);

    for (int i = 2; i < 6; i++) {
      sim.storage.create(StorageWorld.idOf("orders", i), StorageWorld.config());
    }
    sim.world.runFor(60_000);

    assertThat(other).isEmptyDirectory();
    assertThat(sim.storage.folders()).extracting(LogFolder::isOnline).containsExactly(true, false);
  }

  @Test
  void brokerDoesNotStartWhenNothingInItsFoldersCanBeRead() {
    sim.stop();
    disk.fault = file -> file.toString().contains("orders") ? new IOException("bad sector") : null;

    Future<Storage> start = sim.begin();
    sim.world.runUntil(start::isComplete, PATIENCE_MS);

    assertThat(start.cause())
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("cannot start")
        .hasMessageContaining("bad sector");
  }
}
