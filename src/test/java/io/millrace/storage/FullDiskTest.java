package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.millrace.storage.log.AppendException;
import io.millrace.storage.log.LogAppend;
import io.millrace.testkit.LogLines;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that becomes full and has room again. */
class FullDiskTest {
  private static final long PATIENCE_MS = 600_000;

  @TempDir Path temp;
  private final TroubledFiles disk = new TroubledFiles();

  private StorageWorld world() {
    return new StorageWorld(3, disk, temp.resolve("a"));
  }

  /** One that refuses clients below a million bytes, with so many free. */
  private StorageWorld worldWithFree(long bytes) {
    StorageWorld sim = world();
    sim.brokerConfig.put("disk.reserve.bytes", "1000000");
    disk.usableBytes = bytes;
    return sim.start();
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
  void producersAreRefusedBelowTheFirstLineAndComeBackByThemselves() {
    StorageWorld sim = worldWithFree(1L << 40);
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
    StorageWorld sim = worldWithFree(1L << 40);
    StoredLog orders = sim.create("orders", 0);

    disk.usableBytes = 900_000;
    sim.world.runFor(5_500);

    assertThat(orders.hasRoom()).isFalse();
  }

  @Test
  void tellsWhenADiskIsFullAndWhenItHasRoomAgain() {
    StorageWorld sim = worldWithFree(2_000_000);
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
    StorageWorld sim = world();
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
    StorageWorld sim = world();
    sim.start();
    StoredLog orders = sim.create("orders", 0);
    sim.appended(orders, "fits");
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
    StorageWorld sim = world().start();
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
    StorageWorld sim = world().start();
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
    StorageWorld sim = world().start();
    StoredLog orders = sim.create("orders", 0, "retention.ms", "-1", "segment.ms", "600000");
    sim.appended(orders, "first");
    disk.usableBytes = 0;

    sim.world.runFor(3_000_000);

    assertThat(orders.isOnline()).isTrue();
    disk.usableBytes = 1L << 40;
    sim.world.runFor(2_000);
    assertThat(error(sim, orders, "second")).isEqualTo(Errors.NONE);
  }

  /** A roll makes several files: each of them may be the one for which there is no inode. */
  @Test
  void aDiskWithoutInodesTakesRecordsAgainWhenItHasSome() {
    for (int left = 0; left < 6; left++) {
      StorageWorld sim = new StorageWorld(3, disk, temp.resolve("inodes-" + left)).start();
      StoredLog orders = sim.create("orders", 0, "segment.bytes", "100");
      sim.appended(orders, "first");
      sim.world.runFor(1_000);
      disk.freeInodes = left;

      int taken = 1;
      while (error(sim, orders, "fills a segment") == Errors.NONE) {
        taken++;
      }
      sim.world.runFor(10_000);
      assertThat(error(sim, orders, "refused")).isEqualTo(Errors.NOT_ENOUGH_REPLICAS);
      assertThat(orders.isOnline()).isTrue();

      disk.freeInodes = 1_000;
      sim.world.runFor(2_000);
      assertThat(error(sim, orders, "accepted again")).isEqualTo(Errors.NONE);
      assertThat(orders.view().logEndOffset()).isEqualTo(taken + 1);
      disk.freeInodes = Integer.MAX_VALUE;
      sim.stop();
      sim.start();
      assertThat(sim.create("orders", 0).view().logEndOffset()).isEqualTo(taken + 1);
      sim.stop();
    }
  }

  @Test
  void aStopOnAFullDiskIsNoFailureAndTheNextStartRecovers() {
    StorageWorld sim = world().start();
    StoredLog orders = sim.create("orders", 0);
    sim.appended(orders, "acknowledged");
    disk.usableBytes = 0;
    Future<LogAppend> waiting = sim.append(orders, "waits for room");
    sim.world.runFor(1_000);

    List<ILoggingEvent> told = LogLines.warnings(Folder.class, sim::stop);

    assertThat(waiting.failed()).isTrue();
    assertThat(told).extracting(ILoggingEvent::getLevel).doesNotContain(Level.ERROR);
    assertThat(told).extracting(ILoggingEvent::getThrowableProxy).containsOnlyNulls();
    assertThat(told)
        .extracting(ILoggingEvent::getFormattedMessage)
        .filteredOn(line -> line.contains("nothing that was acknowledged is lost"))
        .hasSize(1);
    disk.usableBytes = 1L << 40;
    sim.start();
    assertThat(sim.values(sim.create("orders", 0))).containsExactly("acknowledged");
  }

  @Test
  void aDiskThatIsFullWhenAllIsForcedGetsNoMarker() {
    StorageWorld sim = world().start();
    sim.create("orders", 0);
    sim.world.runFor(120_000);
    disk.usableBytes = 0;

    List<ILoggingEvent> told = LogLines.warnings(Folder.class, sim::stop);

    assertThat(told).extracting(ILoggingEvent::getThrowableProxy).containsOnlyNulls();
    assertThat(temp.resolve("a").resolve(FolderIdentity.CLEAN_MARKER)).doesNotExist();
  }

  @Test
  void fastWriterDoesNotRunPastTheLineBetweenTwoMeasurements() {
    StorageWorld sim = worldWithFree(1_200_000);
    StoredLog orders = sim.create("orders", 0);
    String large = "x".repeat(90_000);

    assertThat(List.of(error(sim, orders, large), error(sim, orders, large)))
        .containsOnly(Errors.NONE);

    assertThat(error(sim, orders, large)).isEqualTo(Errors.NONE);
    assertThat(sim.storage.folders().get(0).usableBytes()).isLessThan(1_200_000);
  }
}
