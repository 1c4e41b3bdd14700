package io.millrace.config;

import io.millrace.config.ConfigEntry.Source;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The configuration of one broker: what was written for it at start, and above it what was changed
 * while it runs, for all brokers or for this one. Every value was checked when the object was made.
 *
 * <p>Immutable.
 */
public final class BrokerConfig {
  /** Nothing written. */
  public static final BrokerConfig DEFAULTS = new BrokerConfig(Map.of(), Map.of(), Map.of());

  private final Layer written;
  private final Layer allBrokers;
  private final Layer thisBroker;

  private BrokerConfig(
      Map<String, String> written, Map<String, String> allBrokers, Map<String, String> thisBroker) {
    this.written = Layer.of(Source.STATIC_BROKER, written);
    this.allBrokers = Layer.of(Source.DYNAMIC_DEFAULT_BROKER, allBrokers);
    this.thisBroker = Layer.of(Source.DYNAMIC_BROKER, thisBroker);
  }

  /**
   * A configuration as a file with these keys gives it.
   *
   * @throws ConfigException when a key is unknown or a value is not valid; names all of them
   */
  public static BrokerConfig of(Map<String, String> written) {
    return new BrokerConfig(written, Map.of(), Map.of());
  }

  /**
   * This configuration with other changes on top; the earlier ones are dropped.
   *
   * @param allBrokers what was changed for all brokers
   * @param thisBroker what was changed for this one; goes first
   * @throws ConfigException when a value is not valid
   */
  public BrokerConfig withDynamic(Map<String, String> allBrokers, Map<String, String> thisBroker) {
    return new BrokerConfig(written.texts, allBrokers, thisBroker);
  }

  /** Sentences about values that contradict each other, in a fixed order; empty when none do. */
  public List<String> contradictions() {
    return ConfigRules.problems(this);
  }

  /**
   * The value in force: of the key itself, else of the first of its aliases that is written, else
   * the default.
   *
   * @throws IllegalStateException when there is none and the key has no default; see {@link #find}
   */
  public <T> T get(Key<T> key) {
    return find(key).orElseThrow(() -> new IllegalStateException("no value: " + key));
  }

  /** The value in force, when there is one. */
  public <T> Optional<T> find(Key<T> key) {
    Optional<T> own = findWritten(key);
    if (own.isPresent()) {
      return own;
    }
    for (Key.Alias<T> alias : key.aliases()) {
      Optional<T> value = findWritten(alias.key()).map(found -> convert(alias, found));
      if (value.isPresent()) {
        return value;
      }
    }
    return key.defaultValue().or(() -> defaultOfAliases(key));
  }

  /** Whether someone wrote the key or one of its aliases. */
  public boolean isWritten(Key<?> key) {
    return findWritten(key).isPresent()
        || key.aliases().stream().anyMatch(alias -> findWritten(alias.key()).isPresent());
  }

  /** The value that topics have which do not set the topic key themselves. */
  public <T> T topicDefault(Key<T> topicKey) {
    Optional<Key<T>> brokerKey = TopicKeys.brokerKeyOf(topicKey);
    return brokerKey
        .flatMap(this::find)
        .or(topicKey::defaultValue)
        .orElseThrow(() -> new IllegalStateException("no value: " + topicKey));
  }

  private <T> Optional<T> findWritten(Key<T> key) {
    return thisBroker.find(key).or(() -> allBrokers.find(key)).or(() -> written.find(key));
  }

  /** All broker keys with values and sources, by name. */
  public List<ConfigEntry> describe() {
    return KnownKeys.broker().stream().map(this::describe).toList();
  }

  private ConfigEntry describe(Key<?> key) {
    List<ConfigEntry.Synonym> synonyms = synonyms(key);
    String value = rawText(key).orElse(null);
    return new ConfigEntry(
        key,
        key.sensitive() ? null : value,
        synonyms.isEmpty() ? Source.DEFAULT : synonyms.get(0).source(),
        key.update() == Key.Update.AT_START,
        synonyms);
  }

  /**
   * All topic keys with the values that a topic has, in the order in which Kafka answers: that of a
   * hash map of their names, those with the same hash from the last to the first. Its tools print
   * it as it comes, and tutorials and scripts show it.
   *
   * @param overrides what is set for the topic, by name of the topic key
   */
  public List<ConfigEntry> describeTopic(Map<String, String> overrides) {
    Map<String, ConfigEntry> entries = new HashMap<>();
    List<Key<?>> keys = new ArrayList<>(KnownKeys.topic());
    Collections.reverse(keys);
    keys.forEach(key -> entries.put(key.name(), describeTopicKey(key, overrides)));
    return List.copyOf(entries.values());
  }

  private <T> ConfigEntry describeTopicKey(Key<T> key, Map<String, String> overrides) {
    List<ConfigEntry.Synonym> synonyms = new ArrayList<>();
    String set = overrides.get(key.name());
    if (set != null) {
      synonyms.add(new ConfigEntry.Synonym(key.name(), set, Source.TOPIC));
    }
    Optional<Key<T>> brokerKey = TopicKeys.brokerKeyOf(key);
    synonyms.addAll(brokerKey.map(this::synonyms).orElseGet(() -> defaultOf(key)));
    Optional<T> inherited = brokerKey.flatMap(this::find).or(key::defaultValue);
    return new ConfigEntry(
        key,
        set != null ? set : inherited.map(key.type().writer()).orElse(null),
        synonyms.isEmpty() ? Source.DEFAULT : synonyms.get(0).source(),
        false,
        List.copyOf(synonyms));
  }

  /** Places first, then names: as Kafka lists them. */
  private List<ConfigEntry.Synonym> synonyms(Key<?> key) {
    List<Key<?>> names = new ArrayList<>();
    names.add(key);
    key.aliases().forEach(alias -> names.add(alias.key()));
    List<ConfigEntry.Synonym> found = new ArrayList<>();
    for (Layer layer : layers()) {
      for (Key<?> name : names) {
        String text = layer.texts().get(name.name());
        if (text != null) {
          found.add(
              new ConfigEntry.Synonym(name.name(), name.sensitive() ? null : text, layer.source()));
        }
      }
    }
    names.forEach(name -> found.addAll(defaultOf(name)));
    return List.copyOf(found);
  }

  private static <T> List<ConfigEntry.Synonym> defaultOf(Key<T> key) {
    return key.defaultValue()
        .map(key.type().writer())
        .map(text -> List.of(new ConfigEntry.Synonym(key.name(), text, Source.DEFAULT)))
        .orElse(List.of());
  }

  private <T> Optional<String> rawText(Key<T> key) {
    return findWritten(key).or(key::defaultValue).map(key.type().writer());
  }

  private List<Layer> layers() {
    return List.of(thisBroker, allBrokers, written);
  }

  private static <T> Optional<T> defaultOfAliases(Key<T> key) {
    return key.aliases().stream()
        .flatMap(alias -> alias.key().defaultValue().map(v -> convert(alias, v)).stream())
        .findFirst();
  }

  /** A negative time means "no limit" in every unit, so it stays as it is. */
  @SuppressWarnings("unchecked") // an alias with a factor stands for a number, else for the same T
  private static <T> T convert(Key.Alias<T> alias, Object value) {
    if (alias.factor() == 1 || !(value instanceof Number number)) {
      return (T) value;
    }
    long plain = number.longValue();
    return (T) (Long) (plain < 0 ? plain : Math.multiplyExact(plain, alias.factor()));
  }

  /** Texts of one origin, and what they mean. */
  private record Layer(Source source, Map<String, String> texts, Map<String, Object> values) {
    static Layer of(Source source, Map<String, String> texts) {
      Map<String, Object> values = new LinkedHashMap<>();
      List<String> problems = new ArrayList<>();
      texts.forEach((name, text) -> read(name, text, values, problems));
      if (!problems.isEmpty()) {
        throw new ConfigException(problems);
      }
      return new Layer(source, Map.copyOf(texts), values);
    }

    private static void read(
        String name, String text, Map<String, Object> values, List<String> problems) {
      try {
        Key<?> key =
            KnownKeys.broker(name)
                .orElseThrow(() -> new ConfigException("unknown key '" + name + "'"));
        values.put(name, key.parse(text));
      } catch (ConfigException e) {
        problems.add(e.getMessage());
      }
    }

    @SuppressWarnings("unchecked") // a value was parsed by the key of its name
    <T> Optional<T> find(Key<T> key) {
      return Optional.ofNullable((T) values.get(key.name()));
    }
  }
}
