package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of log.dirs that are not mounted, were taken out, or are gone for good. */
class AbsentFoldersTest {
  private static final long PATIENCE_MS = 600_000;

  @TempDir Path temp;
  private Path one;
  private Path other;
  private Path away;
  private final TroubledFiles disk = new TroubledFiles();
  private StorageWorld sim;

  /** Two partitions, one in each of two folders, with a record each. */
  @BeforeEach
  void begin() {
    one = temp.resolve("disk one=1");
    other = temp.resolve("disk-ö");
    away = temp.resolve("away");
    sim = new StorageWorld(3, disk, one, other).start();
    for (int i = 0; i < 2; i++) {
      sim.world.await(sim.append(sim.create("orders", i), "v"), PATIENCE_MS);
    }
    assertThat(sim.create("orders", 0).home()).isNotEqualTo(sim.create("orders", 1).home());
    sim.stop();
  }

  /** Ends of the logs that can be had, of the two. */
  private List<Long> ends() {
    List<Long> ends = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Future<StoredLog> claim =
          sim.storage.create(StorageWorld.idOf("orders", i), StorageWorld.config());
      sim.world.runUntil(claim::isComplete, PATIENCE_MS);
      if (claim.succeeded()) {
        ends.add(claim.result().view().highWatermark());
      }
    }
    return ends;
  }

  @Test
  void makesNothingAnewWhileADiskIsNotMounted() throws IOException {
    Files.move(other, away);
    Files.createDirectories(other);
    sim.start();

    assertThat(ends()).containsExactly(1L);
    assertThat(sim.storage.brokenFolders()).containsExactly(other);
    try (var content = Files.list(other)) {
      assertThat(content.filter(Files::isDirectory)).isEmpty();
    }

    // The disk comes back, also after more starts without it.
    sim.stop();
    sim.start();
    assertThat(ends()).containsExactly(1L);
    sim.stop();
    Files.walk(other).sorted(java.util.Comparator.reverseOrder()).forEach(p -> p.toFile().delete());
    Files.move(away, other);
    sim.start();

    assertThat(ends()).containsExactly(1L, 1L);
    assertThat(sim.storage.startedUnclean()).isFalse();
  }

  @Test
  void makesNothingAnewWhenAFolderWasTakenOutOfLogDirs() {
    sim.folders.remove(other);
    sim.start();

    assertThat(ends()).containsExactly(1L);

    sim.stop();
    sim.folders.add(other);
    sim.start();
    assertThat(ends()).containsExactly(1L, 1L);
  }

  @Test
  void knowsAFolderThatHasMoved() throws IOException {
    Files.move(other, away);
    sim.folders.remove(other);
    sim.folders.add(away);
    sim.start();

    assertThat(ends()).containsExactly(1L, 1L);
  }

  @Test
  void startsUntrustedWithNewLogsOnceAFolderIsGivenUp() throws IOException {
    Files.move(other, away);
    sim.givesUpFolders = true;
    sim.start();

    assertThat(sim.storage.startedUnclean()).isTrue();
    assertThat(ends()).containsExactlyInAnyOrder(0L, 1L);

    sim.stop();
    sim.givesUpFolders = false;
    sim.start();
    assertThat(ends()).containsExactlyInAnyOrder(0L, 1L);
    assertThat(sim.storage.startedUnclean()).isFalse();
  }

  /** Else it would be forgotten now, and made anew by a later start that the cluster trusts. */
  @Test
  void doesNotGiveUpAFolderThatCannotBeUsed() {
    disk.broken = other;
    sim.givesUpFolders = true;
    sim.start();

    assertThat(ends()).containsExactly(1L);
    assertThat(sim.storage.startedUnclean()).isFalse();

    sim.stop();
    disk.broken = null;
    sim.givesUpFolders = false;
    sim.folders.remove(other);
    sim.start();
    assertThat(ends()).containsExactly(1L);

    sim.stop();
    sim.givesUpFolders = true;
    sim.start();
    assertThat(ends()).containsExactlyInAnyOrder(0L, 1L);
    assertThat(sim.storage.startedUnclean()).isTrue();
  }

  @Test
  void remembersAFolderWhoseDiskWasFullAtAStart() throws IOException {
    // What is missing there has to be written anew, for which there is no room.
    Path meta = other.resolve("meta.properties");
    Files.writeString(meta, Files.readString(meta).replaceAll("(?m)^node.id=.*$", ""));
    disk.usableBytes = 0;
    disk.elsewhere = one;
    sim.start();
    assertThat(sim.storage.brokenFolders()).containsExactly(other);

    sim.stop();
    disk.usableBytes = 1L << 40;
    sim.folders.remove(other);
    sim.start();

    assertThat(ends()).containsExactly(1L);
  }

  @Test
  void toGiveUpNothingIsAPlainStart() {
    sim.givesUpFolders = true;
    sim.start();

    assertThat(ends()).containsExactly(1L, 1L);
    assertThat(sim.storage.startedUnclean()).isFalse();
  }
}
