package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.TopicIdPartition;
import io.millrace.model.TopicPartition;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A partition without records is a folder at most; its files come with the first record. */
class EmptyPartitionTest {
  private static final long PATIENCE_MS = 600_000;

  @TempDir Path temp;
  private final TroubledFiles disk = new TroubledFiles();

  private StorageWorld world() {
    return new StorageWorld(11, disk, temp.resolve("a"));
  }

  private List<String> files() throws IOException {
    return StorageTest.names(temp.resolve("a/orders-0"));
  }

  @Test
  void folderAndFilesComeSoon() throws IOException {
    StorageWorld sim = world().start();
    StoredLog log = sim.create("orders", 0);
    sim.world.runFor(1_000);

    assertThat(files()).contains("00000000000000000000.log", "partition.metadata");
    assertThat(sim.values(log)).isEmpty();

    sim.appended(log, "one");

    assertThat(files()).contains("00000000000000000000.log", "partition.metadata");
    assertThat(sim.values(log)).containsExactly("one");
  }

  private void createMany(StorageWorld sim, String topic) {
    sim.control.execute(
        () -> {
          for (int i = 0; i <= NewFolders.FEW; i++) {
            sim.storage.create(StorageWorld.idOf(topic, i), StorageWorld.config());
          }
        });
  }

  private boolean hasFolder(String name) {
    return Files.isDirectory(temp.resolve("a").resolve(name));
  }

  @Test
  void foldersOfManyWaitUntilNoMoreAreCreated() {
    StorageWorld sim = world().start();
    createMany(sim, "orders");
    sim.world.runFor(NewFolders.QUIET_MS - 50);
    createMany(sim, "payments");
    sim.world.runFor(NewFolders.QUIET_MS - 50);

    assertThat(hasFolder("orders-0")).isFalse();
    sim.world.runFor(1_000);
    assertThat(hasFolder("orders-0")).isTrue();
    assertThat(hasFolder("payments-" + NewFolders.FEW)).isTrue();
  }

  @Test
  void foldersComeWhileOthersAreCreatedAllTheTime() {
    StorageWorld sim = world().start();
    createMany(sim, "orders");
    for (int i = 0; i < 4 * NewFolders.WAIT_MS_MAX / NewFolders.QUIET_MS; i++) {
      sim.world.runFor(NewFolders.QUIET_MS / 2);
      sim.create("next", i);
    }
    assertThat(hasFolder("orders-0")).isTrue();
  }

  @Test
  void folderThatWaitsComesWithTheFirstRecord() {
    StorageWorld sim = world().start();
    createMany(sim, "orders");
    StoredLog log = sim.create("orders", 0);
    sim.appended(log, "one");

    assertThat(hasFolder("orders-0")).isTrue();
    assertThat(hasFolder("orders-1")).isFalse();
    sim.world.runFor(1_000);
    assertThat(sim.values(log)).containsExactly("one");
  }

  @Test
  void folderThatWaitedAtAStopComesWithTheNextStart() {
    StorageWorld sim = world().start();
    createMany(sim, "orders");
    TopicIdPartition id = sim.create("orders", 0).id();
    sim.stop();
    assertThat(hasFolder("orders-0")).isFalse();
    sim.start();

    StoredLog log = sim.create(id);
    sim.world.runFor(1_000);
    assertThat(hasFolder("orders-0")).isTrue();
    assertThat(sim.values(log)).isEmpty();
  }

  @Test
  void deletionOfAPartitionWhoseFolderWaitsIsNotHeldUp() {
    StorageWorld sim = world().start();
    createMany(sim, "orders");
    TopicIdPartition id = sim.create("orders", 0).id();
    long before = sim.control.clock().monotonicMs();
    sim.world.await(sim.storage.delete(id), PATIENCE_MS);

    assertThat(sim.control.clock().monotonicMs() - before).isLessThan(NewFolders.QUIET_MS / 2);
    assertThat(hasFolder("orders-0")).isFalse();
  }

  @Test
  void isFoundAfterTheProcessDiedBeforeItsFolderCame() {
    StorageWorld sim = world().start();
    TopicIdPartition id = sim.create("orders", 0).id();
    sim.process.crash();
    sim.start();

    StoredLog log = sim.create(id);

    sim.appended(log, "one");
    assertThat(sim.values(log)).containsExactly("one");
  }

  @Test
  void emptyFolderTakesTheTopicsIdWithItsFirstRecord() throws IOException {
    StorageWorld sim = world().start();
    TopicIdPartition id = sim.create("orders", 0).id();
    sim.stop();
    assertThat(files()).isEmpty();
    sim.start();

    StoredLog log = sim.create(id);
    sim.appended(log, "one");
    sim.process.crash();
    sim.start();

    assertThat(sim.storage.get(id.topicPartition()).id()).isEqualTo(id);
    assertThat(sim.values(sim.create(id))).containsExactly("one");
  }

  @Test
  void canBeDeletedAndMadeAnewInTheSameTurn() throws IOException {
    StorageWorld sim = world().start();
    TopicIdPartition anew = new TopicIdPartition(new Uuid(7, 7), new TopicPartition("orders", 0));
    TopicIdPartition old = StorageWorld.idOf("orders", 0);

    Future<StoredLog> last =
        sim.control.ask(
            sim.control,
            () -> {
              sim.storage.create(old, StorageWorld.config());
              sim.storage.delete(old);
              return sim.storage.create(anew, StorageWorld.config());
            });
    StoredLog log = sim.world.await(last, PATIENCE_MS);
    sim.appended(log, "new");
    sim.world.runFor(1_000);

    assertThat(log.id()).isEqualTo(anew);
    assertThat(files()).contains("00000000000000000000.log");
    assertThat(sim.values(log)).containsExactly("new");
  }

  @Test
  void isNotMadeOnAFullDiskAndLetsTheFolderStay() {
    StorageWorld sim = world().start();
    disk.usableBytes = 0;
    StoredLog log = sim.create("orders", 0);
    sim.world.runFor(10_000);

    assertThat(log.folder().isOnline()).isTrue();

    disk.usableBytes = 1L << 40;
    sim.world.runFor(10_000);
    sim.appended(log, "one");
    assertThat(sim.values(log)).containsExactly("one");
  }
}
