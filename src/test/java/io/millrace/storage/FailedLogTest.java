package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storage.log.AppendException;
import io.millrace.storage.log.LogAppend;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with the files of one log is not taken for what is wrong with their disk. */
class FailedLogTest {
  private static final long PATIENCE_MS = 600_000;

  @TempDir Path temp;
  private final TroubledFiles disk = new TroubledFiles();
  private final List<StoredLog> told = new ArrayList<>();
  private Path folder;
  private StorageWorld sim;
  private StoredLog orders;
  private StoredLog others;

  @BeforeEach
  void twoLogsHaveRecords() {
    folder = temp.resolve("a");
    sim = new StorageWorld(3, disk, folder).start();
    sim.storage.onLogFailure(told::add);
    openBoth();
    sim.appended(orders, "one");
    sim.appended(others, "one");
    sim.world.runFor(1_000);
  }

  private void openBoth() {
    orders = sim.create("orders", 0, "segment.bytes", "100");
    others = sim.create("others", 0);
  }

  private Errors error(StoredLog log) {
    Future<LogAppend> append = sim.append(log, "fills a segment");
    sim.world.runUntil(append::isComplete, PATIENCE_MS);
    return append.succeeded() ? Errors.NONE : ((AppendException) append.cause()).error();
  }

  private void ordersFailAndOthersDoNot() {
    assertThat(error(orders)).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
    assertThat(error(orders)).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
    sim.world.runFor(1_000);
    assertThat(error(others)).isEqualTo(Errors.NONE);
    assertThat(orders.folder().isOnline()).isTrue();
    assertThat(told).containsExactly(orders);
  }

  private Future<StoredLog> claimOrders() {
    Future<StoredLog> claim =
        sim.storage.create(StorageWorld.idOf("orders", 0), StorageWorld.config());
    sim.world.runUntil(claim::isComplete, PATIENCE_MS);
    return claim;
  }

  @Test
  void folderOfAPartitionThatSomebodyDeletedTakesNoOtherPartitionOffline() throws IOException {
    deleteOrders();

    ordersFailAndOthersDoNot();
  }

  private void deleteOrders() throws IOException {
    Path dir = folder.resolve("orders-0");
    try (var files = Files.list(dir)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(dir);
  }

  @Test
  void fileThatMayNotBeMadeTakesNoOtherPartitionOffline() {
    disk.forbidden = folder.resolve("orders-0");

    ordersFailAndOthersDoNot();
  }

  /**
   * What it took and did not force may be gone after a power cut: that stop was not a clean one.
   */
  @Test
  void folderWithALogThatFailedGetsNoCleanMarker() {
    disk.forbidden = folder.resolve("orders-0");
    ordersFailAndOthersDoNot();
    disk.forbidden = null;

    sim.stop();
    assertThat(folder.resolve(".kafka_cleanshutdown")).doesNotExist();

    sim.start();
    openBoth();
    assertThat(error(orders)).as("what was wrong was put right").isEqualTo(Errors.NONE);
    sim.stop();
    assertThat(folder.resolve(".kafka_cleanshutdown")).exists();
  }

  @Test
  void logThatMayNotBeReadAtAStartStaysClosedAndTheOthersAreServed() {
    sim.stop();
    disk.forbidden = folder.resolve("orders-0");

    sim.start();

    assertThat(claimOrders().failed()).isTrue();
    assertThat(error(sim.create("others", 0))).isEqualTo(Errors.NONE);
    sim.stop();
    disk.forbidden = null;
    sim.start();
    assertThat(claimOrders().result().view().logEndOffset()).isEqualTo(1);
  }

  @Test
  void logFileThatIsAFolderKeepsOnlyItsLogClosed() throws IOException {
    sim.stop();
    Path log = folder.resolve("orders-0").resolve("00000000000000000000.log");
    Files.delete(log);
    Files.createDirectory(log);

    sim.start();

    assertThat(claimOrders().failed()).isTrue();
    assertThat(error(sim.create("others", 0))).isEqualTo(Errors.NONE);
  }

  @Test
  void folderThatMayNotBeListedIsStillThatOfItsPartition() {
    sim.stop();
    disk.forbidden = folder.resolve("orders-0");
    disk.forbidsListing = true;

    sim.start();

    assertThat(claimOrders().failed()).as("none is made in its place").isTrue();
    assertThat(error(sim.create("others", 0))).isEqualTo(Errors.NONE);
  }

  @Test
  void fileInThePlaceOfAPartitionsFolderFailsOnlyThatPartition() throws IOException {
    Files.writeString(folder.resolve("new-0"), "somebody's");

    StoredLog log = sim.create("new", 0);

    assertThat(error(log)).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
    assertThat(error(others)).isEqualTo(Errors.NONE);
    assertThat(folder.resolve("new-0")).hasContent("somebody's");
  }

  @Test
  void readThatFailsForOneFileTakesNothingOffline() {
    for (Throwable fault :
        List.of(
            new AccessDeniedException("orders-0"),
            new FileSystemException("orders-0", null, "Is a directory"))) {
      orders.folder().readFailed(orders.id().topicPartition(), fault);
      sim.world.runFor(10);
      assertThat(orders.isOnline()).as(fault.toString()).isTrue();
    }
  }

  @Test
  void faultsAreToldInWords() {
    assertThat(FileFaults.sentence(new AccessDeniedException("/data/x.log")))
        .isEqualTo("there is no permission to use /data/x.log");
    assertThat(FileFaults.sentence(new FileSystemException("/data/x.log", null, "Is a directory")))
        .isEqualTo("/data/x.log: Is a directory");
  }
}
