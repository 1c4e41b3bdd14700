package io.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetadataPlaceTest {
  @TempDir Path home;

  private Path metadataIn(String folder) throws IOException {
    Path metadata = home.resolve(folder).resolve("__cluster_metadata-local");
    Files.createDirectories(metadata);
    Files.write(metadata.resolve("00000000000000000001.log"), new byte[] {1});
    return metadata;
  }

  @Test
  void isBelowTheFirstFolderAtFirst() {
    assertThat(DataFolders.metadata(List.of(home.resolve("a"), home.resolve("b"))))
        .isEqualTo(home.resolve("a/__cluster_metadata-local"));
  }

  @Test
  void staysWhereItIsWhenTheOrderOfFoldersChanges() throws IOException {
    metadataIn("a");

    assertThat(DataFolders.metadata(List.of(home.resolve("b"), home.resolve("a"))))
        .isEqualTo(home.resolve("a/__cluster_metadata-local"));
  }

  @Test
  void isNotWhatARefusedStartLeaves() throws IOException {
    Files.write(metadataIn("a").resolve("00000000000000000001.log"), new byte[0]);
    Path kept = metadataIn("b");

    assertThat(DataFolders.metadata(List.of(home.resolve("a"), home.resolve("b")))).isEqualTo(kept);
  }

  @Test
  void mustNotBeInTwoFolders() throws IOException {
    metadataIn("a");
    metadataIn("b");

    assertThatThrownBy(() -> DataFolders.metadata(List.of(home.resolve("b"), home.resolve("a"))))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("in several of the log.dirs");
  }
}
