package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.millrace.testkit.LogLines;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a start makes of a data folder in which something is missing, or too much. */
class FolderContentTest {
  private static final long PATIENCE_MS = 600_000;

  @TempDir Path temp;
  private final TroubledFiles disk = new TroubledFiles();
  private Path folder;
  private StorageWorld sim;

  @BeforeEach
  void recordsAreIn() {
    folder = temp.resolve("a");
    sim = new StorageWorld(3, disk, folder, temp.resolve("b")).start();
    sim.create("orders", 0);
    sim.appended(sim.create("orders", 1), "one", "two");
    sim.stop();
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  private Throwable startFailure() {
    Future<Storage> opening = sim.begin();
    sim.world.runUntil(opening::isComplete, PATIENCE_MS);
    sim.process.crash();
    return opening.cause();
  }

  private Map<Long, String> records(int partition) {
    return StorageWorld.read(sim.create("orders", partition).view());
  }

  private void loseIdentity() throws IOException {
    for (Path each : sim.folders) {
      Files.delete(each.resolve("meta.properties"));
    }
  }

  @Test
  void lostIdentityIsTakenFromTheMetadata() throws IOException {
    loseIdentity();
    sim.nodeId = -1;
    sim.belonging = new Belonging("the-cluster", 7);

    sim.start();

    assertThat(sim.storage.clusterId()).isEqualTo("the-cluster");
    assertThat(sim.storage.nodeId()).isEqualTo(7);
    assertThat(file("meta.properties")).content().contains("cluster.id=the-cluster", "node.id=7");
    assertThat(records(1)).containsValues("one", "two");
  }

  @Test
  void lostIdentityThatNobodyKnowsIsNotInvented() throws IOException {
    loseIdentity();

    assertThat(startFailure())
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("has lost its meta.properties")
        .hasMessageContaining("cluster.id=");
    assertThat(file("meta.properties")).doesNotExist();
    assertThat(file(".kafka_cleanshutdown")).as("nothing was changed").exists();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\0\0\0\0\0\0\0\0", "version=1\nnode.id=1\n"})
  void identityThatSaysNothingCountsAsLost(String content) throws IOException {
    for (Path each : sim.folders) {
      Files.writeString(each.resolve("meta.properties"), content);
    }
    assertThat(startFailure()).hasMessageContaining("has lost its meta.properties");
    assertThat(file("meta.properties")).hasContent(content);
    sim.belonging = new Belonging("the-cluster", 1);

    sim.start();

    assertThat(sim.storage.clusterId()).isEqualTo("the-cluster");
    assertThat(records(1)).containsValues("one", "two");
  }

  @Test
  void folderKeepsItsIdWhenItsIdentityIsLostAndIsNotAbsentFromItsOwnPlace() throws IOException {
    sim.start();
    sim.world.await(sim.storage.registered(2), PATIENCE_MS);
    List<Uuid> ids = sim.storage.folders().stream().map(LogFolder::directoryId).toList();
    sim.stop();
    loseIdentity();
    sim.belonging = new Belonging("the-cluster", 1);

    sim.start();

    assertThat(sim.storage.folders()).extracting(LogFolder::directoryId).isEqualTo(ids);
    sim.appended(sim.create("new", 0), "a partition that is new is made");
  }

  @Test
  void firstStartThatDiedBeforeItsIdentityWasWrittenIsBegunAgain() throws IOException {
    Path fresh = Files.createDirectories(temp.resolve("c"));
    Files.writeString(
        fresh.resolve("millrace.properties"), "version=1\nboot.id=\nbroker.epoch=-1\n");

    StorageWorld again = new StorageWorld(4, disk, fresh).start();

    assertThat(again.storage.clusterId()).isNotEmpty();
  }

  @Test
  void folderOfOursIsNotTakenForKafkasWhenItsFileIsLost() throws IOException {
    Files.createDirectories(file("__cluster_metadata-local"));
    Files.delete(file("millrace.properties"));

    sim.start();

    assertThat(sim.storage.startedUnclean()).isTrue();
    assertThat(file("millrace.properties")).exists();
    assertThat(records(1)).containsValues("one", "two");
  }

  @Test
  void fileWithTheNameOfAPartitionIsNone() throws IOException {
    Files.writeString(file("core-123"), "x");

    sim.start();

    assertThat(sim.storage.folders()).allMatch(LogFolder::isOnline);
    assertThat(records(1)).containsValues("one", "two");
    assertThat(file("core-123")).hasContent("x");
  }

  @Test
  void folderOfOthersWithSuchANameStaysWhereItIs() throws IOException {
    Path picture = Files.createDirectories(file("backup-2024")).resolve("picture.jpg");
    Files.writeString(picture, "x");

    sim.start();

    assertThat(sim.world.await(sim.storage.setStraysAside(id -> true), PATIENCE_MS)).isEmpty();
    sim.world.await(sim.storage.setStraysAside(id -> false), PATIENCE_MS);
    sim.world.runFor(3 * 24 * 3_600_000L);
    assertThat(picture).hasContent("x");
  }

  @Test
  void logFolderInsideAnotherOneIsNoPartitionOfIt() {
    Path inner = file("disk-2");

    StorageWorld both = new StorageWorld(5, disk, folder, temp.resolve("b"), inner).start();
    both.world.await(both.storage.setStraysAside(id -> true), PATIENCE_MS);
    both.stop();
    both.start();

    assertThat(both.world.await(both.storage.setStraysAside(id -> false), PATIENCE_MS))
        .noneMatch(each -> each.topic().equals("disk"));
    assertThat(inner).isDirectory();
  }

  @Test
  void recordsWhoseFolderIsGoneAreToldOfOnce() throws IOException {
    Path home =
        Files.exists(file("orders-1")) ? file("orders-1") : temp.resolve("b").resolve("orders-1");
    try (var content = Files.list(home)) {
      for (Path each : content.toList()) {
        Files.delete(each);
      }
    }
    Files.delete(home);

    assertThat(warnings(sim::start))
        .anyMatch(line -> line.startsWith("orders-1 had records up to offset 2 in"));
    assertThat(records(1)).isEmpty();
    sim.stop();
    assertThat(warnings(sim::start)).noneMatch(line -> line.contains("had records"));
  }

  private static List<String> warnings(Runnable deed) {
    return LogLines.warnings(StorageStart.class, deed).stream()
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  @Test
  void copyDoesNotTakeThePlaceOfALogThatIsThere() throws IOException {
    Path home =
        Files.exists(file("orders-1")) ? file("orders-1") : temp.resolve("b").resolve("orders-1");
    for (String kind : List.of("-delete", "-future")) {
      String name = "orders-1.0123456789abcdef0123456789abcdef" + kind;
      Files.createDirectory(home.resolveSibling(name));
    }

    sim.start();

    assertThat(records(1)).containsValues("one", "two");
  }

  @Test
  void whatCannotBeDeletedTakesNoFolderOffline() throws IOException {
    Path aside = file("old-0.0123456789abcdef0123456789abcdef-delete");
    Path note = Files.createDirectories(aside.resolve("notes")).resolve("note");
    Files.writeString(note, "x");
    Files.writeString(aside.resolve("00000000000000000000.log"), "");

    sim.start();
    sim.world.runFor(1_000);

    assertThat(sim.storage.folders()).allMatch(LogFolder::isOnline);
    assertThat(note).as("nobody knows whose it is").hasContent("x");
  }

  @Test
  void folderThatTakesNoFileIsLeftOutAndTheOthersServe() throws IOException {
    Files.delete(file("meta.properties"));
    disk.elsewhere = temp.resolve("b");
    disk.usableBytes = 0;

    sim.start();

    assertThat(sim.storage.folders())
        .extracting(LogFolder::path)
        .containsExactly(temp.resolve("b"));
  }

  @Test
  void fullDiskTakesAStartAndServesWhatItHas() {
    disk.usableBytes = 0;

    sim.start();
    sim.world.await(sim.storage.registered(2), PATIENCE_MS);

    assertThat(sim.storage.folders()).hasSize(2).allMatch(LogFolder::isOnline);
    assertThat(records(1)).containsValues("one", "two");
    disk.usableBytes = 1L << 40;
    sim.world.runFor(60_000);
    sim.appended(sim.create("orders", 1), "three");
    sim.stop();
    sim.start();
    assertThat(sim.storage.startedUnclean()).as("the stop wrote what had no room").isFalse();
    assertThat(sim.world.await(sim.storage.previousEpoch(), PATIENCE_MS)).isNotNegative();
    assertThat(records(1)).containsValues("one", "two", "three");
  }

  @Test
  void noFolderThatTakesAFileIsOneSentence() throws IOException {
    loseIdentity();
    sim.belonging = new Belonging("the-cluster", 1);
    disk.usableBytes = 0;

    assertThat(startFailure())
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(folder + " cannot be used (IOException: No space left on device)");
  }
}
