package io.millrace.cluster.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cluster.MetadataQuorum.Peer;
import io.millrace.storage.DiskFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder of the metadata log that was damaged: the start fails, and says which file it was. */
class DamagedFolderTest {
  private static final int KEYS = 8;

  @TempDir Path home;

  private int port;

  private RaftNode node() throws Exception {
    port = port == 0 ? FreePorts.next() : port;
    RaftOptions options = new RaftOptions(0, "127.0.0.1", port, 500, 1000, 1 << 20, 3_000);
    return new RaftNode(options, home, false, List.of(), new DiskFiles());
  }

  /** A broker that was one of several, and stopped in good order. */
  private void write() throws Exception {
    try (RaftNode node = node().open()) {
      Peer other = new Peer(1, "1-" + Uuid.randomUuid(), "127.0.0.1", FreePorts.next());
      node.ask(() -> node.log.admit(other)).await(30, TimeUnit.SECONDS);
      for (int i = 0; i < KEYS; i++) {
        node.write("key" + i).await(10, TimeUnit.SECONDS);
      }
    }
  }

  private List<Path> files(String part) throws IOException {
    try (Stream<Path> all = Files.walk(home.resolve(RaftFolder.NAME))) {
      List<Path> found =
          all.filter(Files::isRegularFile)
              .filter(file -> home.relativize(file).toString().contains(part))
              .toList();
      assertThat(found).isNotEmpty();
      return found;
    }
  }

  private static void flip(Path file, long at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[(int) at] ^= 0x55;
    Files.write(file, bytes);
  }

  private void startFails(String why) throws Exception {
    RaftNode node = node();
    try {
      assertThatThrownBy(node::open)
          .hasMessageContaining(RaftFolder.NAME)
          .hasMessageContaining(why)
          .hasMessageContaining("bring the folder back");
    } finally {
      node.close();
    }
  }

  @Test
  void aSnapshotThatIsMissingIsMadeUpForByAWholeLog() throws Exception {
    write();
    for (Path file : files("snapshot")) {
      Files.delete(file);
    }
    try (RaftNode node = node().open()) {
      assertThat(node.keys()).hasSize(KEYS);
    }
  }

  @Test
  void aSnapshotThatIsMissingBeforeWhatTheLogHas() throws Exception {
    write();
    for (Path file : files("snapshot")) {
      Files.delete(file);
    }
    Path log = files("current/log_inprogress").get(0);
    Files.move(log, log.resolveSibling("log_inprogress_500"));
    startFails("begins at entry 500");
  }

  @Test
  void aSnapshotOfOtherBytes() throws Exception {
    write();
    for (Path file : files("snapshot")) {
      if (!file.toString().endsWith("md5")) {
        flip(file, Files.size(file) / 2);
      }
    }
    startFails("damaged");
  }

  @Test
  void anEntryOfOtherBytes() throws Exception {
    write();
    Path log = files("current/log").get(0);
    flip(log, 600);
    startFails("corrupted");
  }
}
