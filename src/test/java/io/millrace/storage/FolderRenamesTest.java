package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What many deletions at once cost. */
class FolderRenamesTest {
  private static final int MANY = 200;
  private static final long PATIENCE_MS = 600_000;

  @TempDir Path temp;
  private final TroubledFiles disk = new TroubledFiles();

  private StorageWorld withLogs() {
    StorageWorld sim = new StorageWorld(11, disk, temp.resolve("a")).start();
    for (int i = 0; i < MANY; i++) {
      sim.appended(sim.create("orders", i, "file.delete.delay.ms", "1000"), "one");
    }
    return sim;
  }

  private static Future<?> deleteAll(StorageWorld sim) {
    List<Future<Void>> deleted = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      deleted.add(sim.storage.delete(StorageWorld.idOf("orders", i)));
    }
    return Future.join(deleted);
  }

  @Test
  void logsThatAreDeletedTogetherShareTheForceOfTheirFolder() throws Exception {
    StorageWorld sim = withLogs();
    disk.forcedFolders = 0;

    sim.world.await(deleteAll(sim), PATIENCE_MS);

    assertThat(disk.forcedFolders).isBetween(1, MANY / 4);
    sim.world.runFor(10_000);
    try (var left = Files.list(temp.resolve("a"))) {
      assertThat(left.filter(Files::isDirectory).map(Path::getFileName).map(Path::toString))
          .noneMatch(name -> name.startsWith("orders"));
    }
  }

  @Test
  void aNameIsFreeWhenTheDeletionIsDone() {
    StorageWorld sim = withLogs();

    sim.world.await(deleteAll(sim), PATIENCE_MS);
    StoredLog again = sim.create("orders", 7);

    assertThat(again.view().logEndOffset()).isZero();
  }

  @Test
  void aFolderThatCannotBeRenamedInIsTakenOffline() {
    StorageWorld sim = withLogs();
    disk.broken = temp.resolve("a");

    sim.world.await(deleteAll(sim).otherwiseEmpty(), PATIENCE_MS);

    assertThat(sim.storage.folders()).noneMatch(LogFolder::isOnline);
  }
}
