package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storage.log.AppendException;
import io.millrace.storage.log.LogAppend;
import io.vertx.core.Future;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What partitions take of the files that a process may have open. */
class FewDescriptorsTest {
  private static final long PATIENCE_MS = 600_000;
  private static final int PARTITIONS = 40;

  @TempDir Path temp;
  private final TroubledFiles disk = new TroubledFiles();
  private StorageWorld sim;

  @BeforeEach
  void manyPartitionsHaveRecords() {
    sim = new StorageWorld(3, disk, temp.resolve("a")).start();
    for (int i = 0; i < PARTITIONS; i++) {
      sim.appended(sim.create("orders", i), "one");
    }
  }

  @Test
  void indexesOfWhatIsWrittenAreOpenOnlyWhileARecoveryPointMoves() {
    sim.world.runFor(3 * 60_000);

    assertThat(sim.create("orders", 7).durability().recoveryPoint()).isEqualTo(1);
    assertThat(disk.openIndexes).isZero();
    sim.stop();
  }

  @Test
  void indexesAreClosedAgainAfterARecovery() {
    sim.process.crash();
    disk.openIndexes = 0;

    sim.start();
    sim.world.runFor(1_000);

    assertThat(StorageWorld.read(sim.create("orders", 7).view())).containsValue("one");
    assertThat(disk.openIndexes).isZero();
  }

  @Test
  void whatNeedsAFileWaitsWhileNoneCanBeOpenedAndNothingGoesOffline() {
    StoredLog orders = sim.create("orders", 0, "segment.bytes", "100");
    StoredLog fresh = sim.create("fresh", 0);
    disk.fault = file -> new FileSystemException(file.toString(), null, "Too many open files");

    assertThat(error(orders)).as("a segment is due").isEqualTo(Errors.NOT_ENOUGH_REPLICAS);
    assertThat(error(fresh)).as("it has no files yet").isEqualTo(Errors.NOT_ENOUGH_REPLICAS);
    sim.world.runFor(3 * 60_000); // recovery points were due
    assertThat(orders.folder().isOnline()).isTrue();
    assertThat(error(sim.create("orders", 1))).isEqualTo(Errors.NONE);

    disk.fault = file -> null;
    assertThat(error(orders)).isEqualTo(Errors.NONE);
    assertThat(error(fresh)).isEqualTo(Errors.NONE);
    sim.world.runFor(3 * 60_000);
    assertThat(orders.durability().recoveryPoint()).isEqualTo(2);
    sim.stop();
  }

  private Errors error(StoredLog log) {
    Future<LogAppend> append = sim.append(log, "fills a segment");
    sim.world.runUntil(append::isComplete, PATIENCE_MS);
    return append.succeeded() ? Errors.NONE : ((AppendException) append.cause()).error();
  }

  @Test
  void aStartThatMayOpenTooFewFilesSaysSoAndTakesNothingOffline() {
    sim.stop();
    disk.fault =
        file ->
            file.toString().endsWith(".log")
                ? new FileSystemException(file.toString(), null, "Too many open files")
                : null;

    Future<Storage> opening = sim.begin();
    sim.world.runUntil(opening::isComplete, PATIENCE_MS);
    sim.process.crash();

    assertThat(opening.cause())
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("too few files for its 40 partitions")
        .hasMessageContaining("ulimit -n");
  }
}
