package io.millrace.metadata;

import io.millrace.config.BrokerConfig;
import io.millrace.config.Key;
import io.millrace.config.KnownKeys;
import io.millrace.config.TopicKeys;
import io.millrace.metadata.ConfigEntry.Source;
import io.millrace.metadata.ConfigEntry.Synonym;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All configs of a resource with where they come from: for a topic its own, then the broker's key
 * of the same meaning and its aliases, as set for this broker, for all, in the file, and by default
 * (KIP-226). Immutable.
 */
public final class ConfigEntries {
  private final BrokerConfig config;
  private final Map<String, String> forThis;
  private final Map<String, String> forAll;

  /**
   * @param config the configuration in force, dynamic ones included
   * @param image the image at which it is in force
   * @param brokerId id of this broker
   */
  public ConfigEntries(BrokerConfig config, ClusterImage image, int brokerId) {
    this(
        config,
        image.configs(ConfigScope.broker(brokerId)),
        image.configs(ConfigScope.DEFAULT_BROKER));
  }

  private ConfigEntries(
      BrokerConfig config, Map<String, String> forThis, Map<String, String> forAll) {
    this.config = config;
    this.forThis = forThis;
    this.forAll = forAll;
  }

  /** All configs that have a value of a topic that has set {@code own} itself. */
  public List<ConfigEntry> topic(Map<String, String> own) {
    List<ConfigEntry> entries = new ArrayList<>();
    for (Key<?> key : KnownKeys.topic()) {
      ConfigEntry entry = topicEntry(key, own.get(key.name()));
      if (entry.value() != null) {
        entries.add(entry);
      }
    }
    return entries;
  }

  private <T> ConfigEntry topicEntry(Key<T> key, @Nullable String set) {
    List<Synonym> synonyms = new ArrayList<>();
    if (set != null) {
      synonyms.add(new Synonym(key.name(), set, Source.TOPIC));
    }
    Optional<Key<T>> brokerKey = TopicKeys.brokerKeyOf(key);
    brokerKey.ifPresent(found -> addBrokerSynonyms(found, synonyms));
    Optional<T> fallback = brokerKey.flatMap(config::find).or(key::defaultValue);
    String value = set != null ? set : fallback.map(found -> text(key, found)).orElse(null);
    return new ConfigEntry(key, shown(key, value), source(synonyms), false, synonyms);
  }

  /** All configs of this broker that have a value. */
  public List<ConfigEntry> broker() {
    return KnownKeys.broker().stream().<ConfigEntry>map(this::brokerEntry).toList();
  }

  private <T> ConfigEntry brokerEntry(Key<T> key) {
    List<Synonym> synonyms = new ArrayList<>();
    addBrokerSynonyms(key, synonyms);
    String value = config.find(key).map(found -> text(key, found)).orElse(null);
    return new ConfigEntry(key, shown(key, value), source(synonyms), isReadOnly(key), synonyms);
  }

  /** The configs that were set for all brokers while they run. */
  public List<ConfigEntry> allBrokers() {
    List<ConfigEntry> entries = new ArrayList<>();
    forAll.forEach(
        (name, value) ->
            KnownKeys.broker(name).ifPresent(key -> entries.add(defaultEntry(key, value))));
    return entries;
  }

  private static ConfigEntry defaultEntry(Key<?> key, String value) {
    Source source = Source.DYNAMIC_DEFAULT_BROKER;
    String shown = shown(key, value);
    return new ConfigEntry(
        key, shown, source, isReadOnly(key), List.of(new Synonym(key.name(), shown, source)));
  }

  private static boolean isReadOnly(Key<?> key) {
    return key.update() == Key.Update.AT_START;
  }

  private static Source source(List<Synonym> synonyms) {
    return synonyms.isEmpty() ? Source.DEFAULT : synonyms.get(0).source();
  }

  private void addBrokerSynonyms(Key<?> key, List<Synonym> synonyms) {
    List<Key<?>> names = new ArrayList<>();
    names.add(key);
    key.aliases().forEach(alias -> names.add(alias.key()));
    names.forEach(name -> add(name, forThis.get(name.name()), Source.DYNAMIC_BROKER, synonyms));
    names.forEach(
        name -> add(name, forAll.get(name.name()), Source.DYNAMIC_DEFAULT_BROKER, synonyms));
    names.forEach(
        name -> add(name, config.writtenText(name).orElse(null), Source.STATIC_BROKER, synonyms));
    names.forEach(name -> add(name, defaultText(name), Source.DEFAULT, synonyms));
  }

  private static void add(
      Key<?> key, @Nullable String value, Source source, List<Synonym> synonyms) {
    if (value != null) {
      synonyms.add(new Synonym(key.name(), shown(key, value), source));
    }
  }

  private static <T> @Nullable String defaultText(Key<T> key) {
    return key.defaultValue().map(value -> text(key, value)).orElse(null);
  }

  private static <T> String text(Key<T> key, T value) {
    return key.type().writer().apply(value);
  }

  private static @Nullable String shown(Key<?> key, @Nullable String value) {
    return key.sensitive() ? null : value;
  }
}
