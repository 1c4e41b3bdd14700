package io.millrace.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Holds {@code docs/configuration.md} to the declared keys. After a change of a key: {@code mvn
 * test -Dtest=ConfigurationDocTest -Dupdate.docs=true} writes it anew.
 */
class ConfigurationDocTest {
  private static final Path FILE = Path.of("docs", "configuration.md");

  @Test
  void documentSaysWhatTheKeysSay() throws IOException {
    String document = document();
    if (Boolean.getBoolean("update.docs")) {
      Files.writeString(FILE, document);
    }

    assertThat(FILE).hasContent(document);
  }

  private static String document() {
    return """
    # Configuration

    Made from the declared keys by `ConfigurationDocTest`; do not edit it by hand.

    Keys have Apache Kafka's names and meanings. They are read from `conf/server.properties` (or
    `--config FILE`), then from the environment (`KAFKA_LOG_DIRS` or `MILLRACE_LOG_DIRS` is
    `log.dirs`), then from `--override key=value`; what comes later goes first. "Live" keys can be
    changed while the broker runs, with `kafka-configs` or any admin client.

    ## Broker keys

    """
        + active(KnownKeys.broker())
        + """

        ## Topic keys

        A topic that does not set a key has the value of the broker key named beside it. All of them
        can be changed live, and act at once.

        """
        + topics()
        + """

        ## Keys of Kafka without effect here

        They may stand in a file, so that a file written for Kafka works as it is. A key that is set
        to something else than its default gives a warning; where going on without it would be
        unsafe, the start stops.

        """
        + others(KnownKeys.broker())
        + """

        ## Topic keys of Kafka without effect here

        """
        + others(KnownKeys.topic());
  }

  private static String active(Collection<Key<?>> keys) {
    return "| Key | Default | Values | Live | What it does |\n|---|---|---|---|---|\n"
        + keys.stream()
            .filter(key -> key.effect().acts())
            .map(
                key ->
                    row(
                        "`" + key.name() + "`",
                        fallback(key),
                        values(key),
                        key.update() == Key.Update.AT_START ? "" : "live",
                        key.doc()))
            .collect(Collectors.joining());
  }

  private static String topics() {
    return "| Key | Default | Values | From | What it does |\n|---|---|---|---|---|\n"
        + KnownKeys.topic().stream()
            .filter(key -> key.effect().acts())
            .map(
                key ->
                    row(
                        "`" + key.name() + "`",
                        fallback(key),
                        values(key),
                        TopicKeys.brokerKeyOf(key).map(from -> "`" + from + "`").orElse(""),
                        key.doc()))
            .collect(Collectors.joining());
  }

  private static String others(Collection<Key<?>> keys) {
    Map<String, List<Key<?>>> byReason =
        keys.stream()
            .filter(key -> !key.effect().acts())
            .collect(
                Collectors.groupingBy(
                    ConfigurationDocTest::reason, TreeMap::new, Collectors.toList()));
    StringBuilder text = new StringBuilder();
    byReason.forEach(
        (reason, group) -> {
          text.append("**")
              .append(reason)
              .append("**\n\n| Key | What it is for in Kafka |\n|---|---|\n");
          group.forEach(key -> text.append(row("`" + key.name() + "`", key.doc())));
          text.append('\n');
        });
    return text.toString().stripTrailing() + "\n";
  }

  private static String reason(Key<?> key) {
    String why = key.effect().why();
    String start = why.substring(0, 1).toUpperCase(Locale.ROOT) + why.substring(1);
    boolean refused = key.effect().kind() == Key.Effect.Kind.REFUSED;
    String refusal =
        KnownKeys.topic(key.name()).isPresent()
            ? " (setting it is refused)."
            : " (setting it stops the start).";
    return start + (refused ? refusal : ".");
  }

  private static <T> String fallback(Key<T> key) {
    String text = key.defaultValue().map(key.type().writer()).orElse("none");
    return text.isEmpty() ? "empty" : "`" + text + "`";
  }

  private static String values(Key<?> key) {
    String kind = key.type().kafkaType().name().toLowerCase(Locale.ROOT);
    String unit = key.unit().isEmpty() ? "" : ", " + key.unit();
    String rule = key.rule().words().isEmpty() ? "" : ", " + key.rule().words();
    return kind + unit + rule;
  }

  private static String row(String... cells) {
    return "| " + String.join(" | ", cells).replace("<", "\\<") + " |\n";
  }
}
