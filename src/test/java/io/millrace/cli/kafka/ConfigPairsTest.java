package io.millrace.cli.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands behind {@code --add-config}. */
class ConfigPairsTest {
  @TempDir private Path folder;

  @Test
  void splitsAtCommasOutsideBrackets() {
    assertThat(ConfigPairs.read("k1=v1, k2=[v1,v2,v2] ,k3=", null))
        .isEqualTo(Map.of("k1", "v1", "k2", "v1,v2,v2", "k3", ""));
  }

  @Test
  void keepsEqualsSignsInsideBrackets() {
    assertThat(ConfigPairs.read("SCRAM-SHA-256=[iterations=8192,password=pass]", null))
        .isEqualTo(Map.of("SCRAM-SHA-256", "iterations=8192,password=pass"));
  }

  @Test
  void readsAFileOfProperties() throws IOException {
    Path file = Files.writeString(folder.resolve("add.properties"), "a=1\nb = 2,3\n");

    assertThat(ConfigPairs.read(null, file)).isEqualTo(Map.of("a", "1", "b", "2,3"));
  }

  @Test
  void refusesWhatIsNoPairOrNoKey() {
    assertThatThrownBy(() -> ConfigPairs.read("a", null))
        .hasMessageStartingWith("Invalid entity config: all configs to be added must be in");
    assertThatThrownBy(() -> ConfigPairs.read("a b=1", null))
        .hasMessage("Invalid character found for config key: a b");
    assertThatThrownBy(() -> ConfigPairs.read(null, folder.resolve("none")))
        .hasMessageContaining("does not exist");
  }
}
