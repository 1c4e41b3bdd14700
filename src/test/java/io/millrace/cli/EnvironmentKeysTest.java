package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.Written;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentKeysTest {

  @Test
  void readsKeysOfBothPrefixes() {
    assertThat(EnvironmentKeys.read(Map.of("KAFKA_LOG_DIRS", "/a", "MILLRACE_NUM_PARTITIONS", "3")))
        .containsExactly(
            new Written("log.dirs", "/a", "KAFKA_LOG_DIRS", true),
            new Written("num.partitions", "3", "MILLRACE_NUM_PARTITIONS", true));
  }

  @Test
  void putsOurPrefixLastSinceWhatComesLastCounts() {
    assertThat(EnvironmentKeys.read(Map.of("MILLRACE_BROKER_ID", "1", "KAFKA_BROKER_ID", "2")))
        .extracting(Written::text)
        .containsExactly("2", "1");
  }

  @Test
  void keepsTheSpellingOfKeysWithCapitals() {
    assertThat(EnvironmentKeys.read(Map.of("KAFKA_ZOOKEEPER_CLIENTCNXNSOCKET", "x")))
        .extracting(Written::name)
        .containsExactly("zookeeper.clientCnxnSocket");
  }

  @Test
  void takesVariablesOfScriptsForNoKeys() {
    assertThat(EnvironmentKeys.read(Map.of("KAFKA_HEAP_OPTS", "-Xmx1g", "KAFKA_OPTS", "")))
        .isEmpty();
  }

  @Test
  void takesVariablesOfToolsForNoKeys() {
    assertThat(
            EnvironmentKeys.read(
                Map.of(
                    "MILLRACE_BOOTSTRAP", "localhost:9092",
                    "KAFKA_BOOTSTRAP_SERVERS", "localhost:9092",
                    "MILLRACE_DEBUG", "1",
                    "MILLRACE_START_SECONDS", "90")))
        .isEmpty();
  }

  @Test
  void takesWhatKubernetesSetsForAServiceForNoKeys() {
    assertThat(
            EnvironmentKeys.read(
                Map.of(
                    "KAFKA_PORT", "tcp://10.0.0.1:9092",
                    "KAFKA_PORT_9092_TCP", "tcp://10.0.0.1:9092",
                    "KAFKA_SERVICE_HOST", "10.0.0.1")))
        .isEmpty();
  }
}
