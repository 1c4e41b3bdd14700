package io.millrace.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Makes a configuration of what was written in all places, or says all that is wrong with it.
 *
 * <p>Confined to: the thread that reads.
 */
public final class ConfigReader {
  /** Keys that products on top of Kafka add; their absence here harms nothing. */
  private static final List<String> VENDOR_PREFIXES =
      List.of(
          "confluent.",
          "cruise.control.",
          "strimzi.",
          "client.quota.callback.static.",
          "aws.",
          "kafka.csv.",
          "kafka.graphite.",
          "io.",
          "com.",
          "org.",
          "prometheus.",
          "leader.replication.",
          "rlmm.config.",
          "rsm.config.",
          "config.providers.",
          "listener.name.");

  private final Map<String, String> accepted = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final Map<String, List<String>> ignored = new TreeMap<>();
  private final Map<String, List<String>> noted = new TreeMap<>();

  /**
   * What was read.
   *
   * @param config the configuration
   * @param warnings sentences about what has no effect
   * @param notices sentences about what has no effect, and needs none
   */
  public record Result(BrokerConfig config, List<String> warnings, List<String> notices) {}

  /**
   * Reads what was written.
   *
   * @param written in rising precedence: of two with the same name the later one counts
   * @throws ConfigException when something is wrong; names everything that is, one per line
   */
  public static Result read(List<Written> written) {
    return new ConfigReader().readAll(written);
  }

  private Result readAll(List<Written> written) {
    Map<String, Written> last = new LinkedHashMap<>();
    written.forEach(one -> last.put(one.name(), one));
    boolean strict = !"warn".equals(textOf(last, BrokerKeys.CONFIG_UNKNOWN));
    last.values().forEach(one -> readOne(one, strict));
    stopOnProblems();
    BrokerConfig config = BrokerConfig.of(accepted);
    problems.addAll(ConfigRules.problems(config));
    stopOnProblems();
    ignored.forEach((why, names) -> warnings.add(sentence(why, names)));
    List<String> notices = new ArrayList<>();
    noted.forEach((why, names) -> notices.add(sentence(why, names)));
    return new Result(config, List.copyOf(warnings), List.copyOf(notices));
  }

  private static String textOf(Map<String, Written> last, Key<?> key) {
    Written one = last.get(key.name());
    return one == null ? "" : one.text().strip();
  }

  private void stopOnProblems() {
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  private void readOne(Written one, boolean strict) {
    Optional<Key<?>> key = KnownKeys.broker(one.name());
    if (key.isPresent()) {
      readKnown(key.get(), one);
    } else if (VENDOR_PREFIXES.stream().anyMatch(one.name()::startsWith)) {
      ignored.computeIfAbsent("not known here", why -> new ArrayList<>()).add(one.name());
    } else {
      String sentence = one.where() + ": unknown key " + one.name() + Spelling.hint(one.name());
      (strict && !one.lenient() ? problems : warnings).add(sentence);
    }
  }

  private <T> void readKnown(Key<T> key, Written one) {
    T value;
    try {
      value = key.parse(one.text());
    } catch (ConfigException e) {
      problems.add(one.where() + ": " + e.getMessage());
      return;
    }
    accepted.put(key.name(), one.text().strip());
    boolean asDefault = key.defaultValue().filter(value::equals).isPresent();
    if (asDefault || key.effect().acts()) {
      return;
    }
    String reason = key.effect().why();
    switch (key.effect().kind()) {
      case ACTS -> throw new IllegalStateException(key + " acts");
      case NOTED -> noted.computeIfAbsent(reason, why -> new ArrayList<>()).add(key.name());
      case IGNORED -> ignored.computeIfAbsent(reason, why -> new ArrayList<>()).add(key.name());
      case REFUSED -> problems.add(one.where() + ": " + key + " cannot be used: " + reason);
    }
  }

  private static String sentence(String why, List<String> names) {
    return "no effect: " + String.join(", ", names) + " (" + why + ")";
  }
}
