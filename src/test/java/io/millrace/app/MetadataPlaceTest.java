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

  @Test
  void isBelowTheFirstFolderAtFirst() {
    assertThat(DataFolders.metadata(List.of(home.resolve("a"), home.resolve("b"))))
        .isEqualTo(home.resolve("a/__cluster_metadata-local"));
  }

  @Test
  void staysWhereItIsWhenTheOrderOfFoldersChanges() throws IOException {
    Files.createDirectories(home.resolve("a/__cluster_metadata-local"));

    assertThat(DataFolders.metadata(List.of(home.resolve("b"), home.resolve("a"))))
        .isEqualTo(home.resolve("a/__cluster_metadata-local"));
  }

  @Test
  void mustNotBeInTwoFolders() throws IOException {
    Files.createDirectories(home.resolve("a/__cluster_metadata-local"));
    Files.createDirectories(home.resolve("b/__cluster_metadata-local"));

    assertThatThrownBy(() -> DataFolders.metadata(List.of(home.resolve("b"), home.resolve("a"))))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("in several of the log.dirs");
  }
}
