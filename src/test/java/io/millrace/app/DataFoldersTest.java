package io.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cluster.local.LocalMetadataLog;
import io.millrace.config.BrokerConfig;
import io.millrace.metadata.ClusterChange;
import io.millrace.metadata.ClusterFounded;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.MetadataEntry;
import io.millrace.storage.Belonging;
import io.millrace.storage.DiskFiles;
import io.millrace.storage.log.LogFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFoldersTest {
  @TempDir Path home;

  private static BrokerConfig in(String folders) {
    return BrokerConfig.of(Map.of("log.dirs", folders));
  }

  @Test
  void namesTheFolderTheUserAndTheFixWhenItCannotWrite() throws IOException {
    Path file = Files.createFile(home.resolve("file"));
    String user = System.getProperty("user.name");

    assertThatThrownBy(() -> DataFolders.prepare(in(file.toString())))
        .isInstanceOf(StartException.class)
        .hasMessage(
            "Millrace cannot write to the data folder %1$s as user %2$s (it is a file): give it to that user (sudo mkdir -p %1$s && sudo chown %2$s %1$s), or name another one in log.dirs."
                .formatted(file, user));
  }

  @Test
  void goesOnWithTheFoldersThatWorkAndPutsThemFirst() throws IOException {
    Path broken = Files.createFile(home.resolve("a"));
    Path fine = home.resolve("b");

    assertThat(DataFolders.prepare(in(broken + "," + fine))).containsExactly(fine, broken);
    assertThat(fine).isDirectory();
  }

  @Test
  void knowsAFolderByItsOtherName() throws IOException {
    Path folder = Files.createDirectory(home.resolve("a"));
    Path link = Files.createSymbolicLink(home.resolve("b"), folder);

    assertThatThrownBy(() -> DataFolders.prepare(in(folder + "," + link)))
        .isInstanceOf(StartException.class)
        .hasMessage("log.dirs has the same folder twice: %s and %s.", folder, link);
  }

  @Test
  void metadataOfALoneBrokerTellsWhoseTheFoldersAre() throws IOException {
    Path metadata = home.resolve(LocalMetadataLog.FOLDER);
    LogFiles files = new DiskFiles();
    assertThat(DataFolders.belonging(files, metadata)).isNull();
    assertThat(metadata).doesNotExist();
    ClusterImage image =
        ClusterImage.EMPTY.apply(
            1,
            new MetadataEntry(1, 0, List.of(new ClusterFounded("the-cluster"))),
            new ClusterChange.Touched());
    LocalMetadataLog.begin(files, metadata, image);

    assertThat(DataFolders.belonging(files, metadata)).isEqualTo(new Belonging("the-cluster", -1));
  }

  @Test
  void knowsFoldersThatSystemsEmptyByThemselves() {
    assertThat(DataFolders.isTemporary(Path.of("/tmp/kafka-logs"))).isTrue();
    assertThat(DataFolders.isTemporary(Path.of("/var/tmp/x"))).isTrue();
    assertThat(DataFolders.isTemporary(Path.of("/var/lib/kafka/data"))).isFalse();
    assertThat(DataFolders.isTemporary(Path.of("/tmpfiles"))).isFalse();
  }
}
