package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When recovery points move, and what that costs others. */
class RecoveryPointsTest {
  @TempDir Path temp;
  private final TroubledFiles disk = new TroubledFiles();
  private StorageWorld sim;

  @BeforeEach
  void world() {
    sim = new StorageWorld(11, disk, temp.resolve("a"));
  }

  private List<StoredLog> logsWithARecord(int count) {
    List<StoredLog> logs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      logs.add(sim.create("orders", i));
      sim.appended(logs.get(i), "one");
    }
    return logs;
  }

  private static boolean haveMoved(List<StoredLog> logs) {
    return logs.stream().allMatch(log -> log.rawLog().recoveryPoint() == 1);
  }

  private Path checkpoint() {
    return temp.resolve("a/recovery-point-offset-checkpoint");
  }

  @Test
  void recoveryPointFollowsWithinTwoMinutes() {
    sim.start();
    StoredLog log = sim.create("orders", 0);
    sim.appended(log, "one", "two");

    sim.world.runFor(120_000);

    assertThat(checkpoint()).hasContent("0\n1\norders 0 2\n");
  }

  private void appendEveryTenSeconds(StoredLog log, int times) {
    for (int i = 0; i < times; i++) {
      sim.appended(log, "one");
      sim.world.runFor(10_000);
    }
  }

  @Test
  void fewBytesThatGoOnComingAreForcedEachMinuteAndTheRecoveryPointFollowsLater() {
    sim.start();
    StoredLog log = sim.create("orders", 0);

    appendEveryTenSeconds(log, 30);

    assertThat(log.rawLog().flushedOffset()).isGreaterThan(20);
    assertThat(log.rawLog().recoveryPoint()).isZero();
    assertThat(disk.openedIndexes).isZero();
    assertThat(temp.resolve("a/replication-offset-checkpoint"))
        .content()
        .matches("0\n1\norders 0 2\\d\n");

    appendEveryTenSeconds(log, 40);

    assertThat(log.rawLog().recoveryPoint()).isGreaterThan(50);
  }

  @Test
  void manyBytesThatGoOnComingDoNotWait() {
    sim.start();
    StoredLog log = sim.create("orders", 0);
    sim.appended(log, "x".repeat(300_000));

    appendEveryTenSeconds(log, 8);

    assertThat(log.rawLog().recoveryPoint()).isPositive();
  }

  @Test
  void theMoreLogsThereAreTheFewerBytesMayWait() {
    assertThat(Shard.fewBytes(512 << 20, 100)).isEqualTo(256 << 10);
    assertThat(Shard.fewBytes(512 << 20, 10_000) * 10_000).isLessThanOrEqualTo(256 << 20);
    assertThat(Shard.fewBytes(512 << 20, 0)).isEqualTo(256 << 10);
  }

  @Test
  void recoveryReadsNoMoreThanWasWrittenSinceTheRecoveryPoint() {
    sim.start();
    StoredLog log = sim.create("orders", 0, "max.message.bytes", "10000000");
    String large = "x".repeat(4 << 20);
    for (int i = 0; i < 18; i++) {
      sim.appended(log, large);
    }
    sim.world.runFor(2_000);
    sim.process.crash();

    sim.start();

    long scanned = sim.metrics.snapshot().get("storage.recovery.scanned.bytes");
    assertThat(scanned).isLessThan(3L * (4 << 20));
    assertThat(sim.create("orders", 0).view().logEndOffset()).isEqualTo(18);
  }

  @Test
  void thoseThatAreDueTogetherAreBegunAFewAtATime() {
    sim.start();
    List<StoredLog> logs = logsWithARecord(100);
    disk.openedIndexes = 0;

    int most = 0;
    while (!haveMoved(logs)) {
      int before = disk.openedIndexes;
      sim.world.runOne();
      most = Math.max(most, disk.openedIndexes - before);
    }

    assertThat(disk.openedIndexes).isEqualTo(100);
    assertThat(most).isBetween(1, Flusher.MOST_IN_TURN);
    assertThat(sim.world.clock().monotonicMs()).isLessThan(70_000);
  }

  @Test
  void manyNeedOneMeasurementOfTheDisk() {
    sim.start();
    List<StoredLog> logs = logsWithARecord(100);
    disk.measurements = 0;

    sim.world.runFor(70_000);

    assertThat(haveMoved(logs)).isTrue();
    assertThat(disk.measurements).isBetween(1, 50);
  }
}
