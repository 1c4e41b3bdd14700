package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.config.BrokerConfig;
import io.millrace.config.BrokerKeys;
import io.millrace.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
  @TempDir private Path folder;

  @Test
  void overridesGoBeforeTheEnvironmentAndThatBeforeTheFile() throws IOException {
    BrokerConfig config =
        load(
            "num.partitions=1\nbroker.id=1\nlog.segment.bytes=1000\n",
            Map.of("KAFKA_NUM_PARTITIONS", "2", "KAFKA_BROKER_ID", "2"),
            Map.of("num.partitions", "3"));

    assertThat(config.get(BrokerKeys.NUM_PARTITIONS)).isEqualTo(3);
    assertThat(config.get(BrokerKeys.BROKER_ID)).isEqualTo(2);
    assertThat(config.get(BrokerKeys.LOG_SEGMENT_BYTES)).isEqualTo(1000);
  }

  @Test
  void namesTheLineOfAWrongValue() {
    assertThatThrownBy(() -> load("# first\n\nnum.partitions = none\n", Map.of(), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageEndingWith(
            "server.properties:3: num.partitions must be a whole number, not 'none'");
  }

  @Test
  void saysThatAFileIsMissing() {
    ConfigLoader loader =
        new ConfigLoader(Optional.of(folder.resolve("none")), Map.of(), Map.of(), folder);

    assertThatThrownBy(loader::load).hasMessageEndingWith("none does not exist");
  }

  @Test
  void countsRelativeFoldersFromHome() throws IOException {
    BrokerConfig config = load("log.dirs=data, /var/data\n", Map.of(), Map.of());

    assertThat(config.get(BrokerKeys.LOG_DIRS))
        .containsExactly(folder.resolve("data").toString(), "/var/data");
  }

  private BrokerConfig load(String text, Map<String, String> environment, Map<String, String> set)
      throws IOException {
    Path file = Files.writeString(folder.resolve("server.properties"), text);
    return new ConfigLoader(Optional.of(file), environment, set, folder).load().config();
  }
}
