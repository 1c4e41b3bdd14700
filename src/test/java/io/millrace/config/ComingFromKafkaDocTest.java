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
 * Holds the tables of keys in {@code docs/coming-from-kafka.md} to the declared keys. After a
 * change of a key: {@code mvn test -Dtest=ComingFromKafkaDocTest -Dupdate.docs=true} writes them
 * anew.
 */
class ComingFromKafkaDocTest {
  private static final Path FILE = Path.of("docs", "coming-from-kafka.md");
  private static final String BEGIN =
      "<!-- keys: made from the declared keys by ComingFromKafkaDocTest, do not edit -->\n";
  private static final String END = "<!-- end of keys -->";

  /** Kafka's keys that act here, but not quite as there. */
  private static final List<Key<?>> OTHERWISE =
      List.of(
          BrokerKeys.ADVERTISED_LISTENERS,
          BrokerKeys.BROKER_ID,
          BrokerKeys.CONTROLLER_LISTENER_NAMES,
          BrokerKeys.NUM_NETWORK_THREADS,
          BrokerKeys.QUEUED_MAX_REQUEST_BYTES);

  /** Keys that Kafka has not. */
  private static final List<Key<?>> OWN =
      List.of(
          BrokerKeys.CONFIG_UNKNOWN,
          BrokerKeys.DISK_RESERVE_BYTES,
          BrokerKeys.INTERNAL_TOPICS_REPLICATION_FACTOR,
          BrokerKeys.STORAGE_SHARDS);

  @Test
  void tablesSayWhatTheKeysSay() throws IOException {
    String document = Files.readString(FILE);
    String updated =
        document.substring(0, document.indexOf(BEGIN) + BEGIN.length())
            + tables()
            + document.substring(document.indexOf(END));
    if (Boolean.getBoolean("update.docs")) {
      Files.writeString(FILE, updated);
    }

    assertThat(FILE).hasContent(updated);
  }

  private static String tables() {
    return """

    **Kafka's keys that act a little otherwise**

    """
        + described(OTHERWISE)
        + """

        **Keys of Millrace alone**

        """
        + described(OWN)
        + """

        **Kafka's keys without effect here.** A file may have them. One that is set to something
        else than its default is told in a line at the start; those that stop the start say so.

        """
        + withoutEffect(KnownKeys.broker())
        + """

        **Kafka's topic keys without effect here**

        """
        + withoutEffect(KnownKeys.topic())
        + "\n";
  }

  private static String described(List<Key<?>> keys) {
    return "| Key | What it does here |\n|---|---|\n"
        + keys.stream()
            .map(key -> "| `" + key + "` | " + key.doc() + " |\n")
            .collect(Collectors.joining());
  }

  private static String withoutEffect(Collection<Key<?>> keys) {
    Map<String, List<String>> byReason =
        keys.stream()
            .filter(key -> !key.effect().acts())
            .collect(
                Collectors.groupingBy(
                    ComingFromKafkaDocTest::reason,
                    TreeMap::new,
                    Collectors.mapping(key -> "`" + key + "`", Collectors.toList())));
    StringBuilder table = new StringBuilder("| Why | Keys |\n|---|---|\n");
    byReason.forEach(
        (reason, names) ->
            table
                .append("| ")
                .append(reason)
                .append(" | ")
                .append(String.join(", ", names))
                .append(" |\n"));
    return table.toString();
  }

  private static String reason(Key<?> key) {
    String why = key.effect().why();
    boolean beginsWithKey = why.split(" ")[0].contains(".");
    String start = why.substring(0, 1).toUpperCase(Locale.ROOT) + why.substring(1);
    boolean refused = key.effect().kind() == Key.Effect.Kind.REFUSED;
    String refusal = KnownKeys.topic(key.name()).isPresent() ? " (refused)" : " (stops the start)";
    return (beginsWithKey ? why : start) + (refused ? refusal : "");
  }
}
