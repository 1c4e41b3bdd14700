package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompactionTest {
  private static final String[] COMPACTED = {
    "cleanup.policy", "compact", "segment.ms", "60000", "min.cleanable.dirty.ratio", "0.1"
  };

  @TempDir Path temp;

  private StorageWorld world() {
    return new StorageWorld(5, new DiskFiles(), temp.resolve("a"));
  }

  /** Closes the active segment by its age. */
  private static void roll(StorageWorld sim, StoredLog log) {
    sim.world.runFor(61_000);
    sim.appended(log, "roll=" + log.view().logEndOffset());
  }

  @Test
  void onlyTheLastRecordOfAKeyStays() throws IOException {
    StorageWorld sim = world().start();
    StoredLog log = sim.create("table", 0, COMPACTED);
    sim.appended(log, "a=1", "b=1", "a=2");
    sim.appended(log, "c=1", "b=2");
    roll(sim, log);

    sim.world.runFor(200_000);

    assertThat(StorageWorld.read(log.view()))
        .containsEntry(2L, "a=2")
        .containsEntry(3L, "c=1")
        .containsEntry(4L, "b=2")
        .doesNotContainKeys(0L, 1L);
    assertThat(StorageTest.names(log.folder().path().resolve("table-0")))
        .noneMatch(name -> name.endsWith(".cleaned") || name.endsWith(".swap"));
    assertThat(log.isOnline()).isTrue();
  }

  @Test
  void compactedLogIsReadAfterACrash() {
    StorageWorld sim = world().start();
    StoredLog log = sim.create("table", 0, COMPACTED);
    sim.appended(log, "a=1", "b=1", "a=2");
    roll(sim, log);
    sim.world.runFor(200_000);
    var before = StorageWorld.read(log.view());
    sim.process.crash();

    sim.start();

    assertThat(StorageWorld.read(sim.create("table", 0, COMPACTED).view())).isEqualTo(before);
    assertThat(temp.resolve("a/cleaner-offset-checkpoint")).hasContent("0\n1\ntable 0 3\n");
  }

  @Test
  void tombstoneGoesWhenItsRetentionIsOver() {
    StorageWorld sim = world().start();
    StoredLog log =
        sim.create(
            "table",
            0,
            "cleanup.policy",
            "compact",
            "segment.ms",
            "60000",
            "min.cleanable.dirty.ratio",
            "0.01",
            "delete.retention.ms",
            "300000");
    sim.appended(log, "a=1");
    sim.appended(log, "a=");
    roll(sim, log);
    sim.world.runFor(130_000);
    assertThat(sim.values(log))
        .as("tombstone within its retention")
        .contains("a=")
        .doesNotContain("a=1");

    sim.world.runFor(300_000);
    roll(sim, log);
    sim.world.runFor(130_000);

    assertThat(sim.values(log)).as("tombstone behind its horizon").doesNotContain("a=");
  }

  @Test
  void deletionEndsACompactionFirst() {
    StorageWorld sim = world().start();
    StoredLog log = sim.create("table", 0, COMPACTED);
    for (int i = 0; i < 50; i++) {
      sim.appended(log, "a=" + i);
    }
    roll(sim, log);
    sim.world.runUntil(log::isCompacting, 600_000);

    sim.world.await(sim.storage.delete(log.id()), 600_000);

    assertThat(log.isCompacting()).isFalse();
    assertThat(log.folder().isOnline()).isTrue();
  }
}
