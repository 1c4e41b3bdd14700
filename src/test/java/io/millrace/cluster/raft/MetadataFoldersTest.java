package io.millrace.cluster.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cluster.local.LocalMetadataLog;
import io.millrace.metadata.ClusterFounded;
import io.millrace.metadata.ClusterImage;
import io.millrace.storage.DiskFiles;
import io.millrace.storage.log.LogFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetadataFoldersTest {
  private static final ClusterImage IMAGE = ClusterImage.EMPTY.apply(new ClusterFounded("c"));

  @TempDir Path home;

  @Test
  void theLocalLogIsTheTruthUntilTheRaftLogIsMarked() throws IOException {
    Files.createDirectories(home.resolve(LocalMetadataLog.FOLDER));
    folders(new DiskFiles()).raft().create(new RaftFolder.Identity("0-x", Uuid.ZERO_UUID, 0));

    assertThat(folders(new DiskFiles()).begin()).isFalse();

    assertThat(home.resolve(LocalMetadataLog.FOLDER)).exists();
    assertThat(home.resolve(RaftFolder.NAME)).doesNotExist();
  }

  @Test
  void theRaftLogIsTheTruthOnceItIsMarked() throws IOException {
    Files.createDirectories(home.resolve(LocalMetadataLog.FOLDER));
    RaftFolder raft = folders(new DiskFiles()).raft();
    raft.create(new RaftFolder.Identity("0-x", Uuid.ZERO_UUID, 0));
    raft.markFounded();

    assertThat(folders(new DiskFiles()).begin()).isTrue();

    assertThat(home.resolve(LocalMetadataLog.FOLDER)).doesNotExist();
    assertThat(raft.identity()).isEqualTo(new RaftFolder.Identity("0-x", Uuid.ZERO_UUID, 0));
  }

  @Test
  void isTheOneOrTheOtherWhereverARecoveryEnds() throws IOException {
    int step = 1;
    for (boolean ended = true; ended; step++) {
      Path folder = home.resolve("step-" + step);
      Path local = folder.resolve(LocalMetadataLog.FOLDER);
      RaftFolder raft = new MetadataFolders(new DiskFiles(), local).raft();
      raft.create(new RaftFolder.Identity("0-x", Uuid.ZERO_UUID, 0));
      raft.markFounded();
      ended = !recover(local, step);

      MetadataFolders after = new MetadataFolders(new DiskFiles(), local);
      boolean several = after.begin();

      assertThat(several).as("step " + step).isEqualTo(raft.isFounded());
      assertThat(Files.exists(local.resolve("snapshot"))).as("step " + step).isEqualTo(!several);
      assertThat(ended || !several).isTrue();
    }
    assertThat(step).isGreaterThan(6);
  }

  /** Returns false when the disk ended it before. */
  private static boolean recover(Path local, int step) {
    LogFiles ending =
        new CrashingFiles(
            new DiskFiles(),
            step,
            () -> {
              throw new IllegalStateException("ended");
            });
    MetadataFolders folders = new MetadataFolders(ending, local);
    try {
      folders.recover(IMAGE);
      return true;
    } catch (IllegalStateException | IOException ended) {
      return false;
    }
  }

  @Test
  void aDamagedIdentityIsNamed() throws IOException {
    RaftFolder raft = folders(new DiskFiles()).raft();
    raft.create(new RaftFolder.Identity("0-x", Uuid.ZERO_UUID, 0));
    Files.writeString(home.resolve(RaftFolder.NAME).resolve("peer"), "peer.id=0-x\n");

    assertThatThrownBy(raft::identity)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("damaged");
  }

  private MetadataFolders folders(LogFiles files) {
    return new MetadataFolders(files, home.resolve(LocalMetadataLog.FOLDER));
  }
}
