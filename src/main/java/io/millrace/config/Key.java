package io.millrace.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigDef;
import org.jspecify.annotations.Nullable;

/**
 * One configuration key, declared once: everything that is known of it.
 *
 * @param <T> type of its value
 * @param name the key as written in a file
 * @param type how its text is read
 * @param fallback value when nothing is written; null when there is none
 * @param rule which values are allowed
 * @param unit unit of the value ("ms", "bytes"); empty for plain numbers and texts
 * @param doc what it does, one sentence or two
 * @param effect whether it acts in this broker
 * @param update how it can change
 * @param aliases other keys that give this value when this one is not written, in order
 *     <p>Immutable.
 */
public record Key<T>(
    String name,
    ValueType<T> type,
    @Nullable T fallback,
    Rule<T> rule,
    String unit,
    String doc,
    Effect effect,
    Update update,
    List<Alias<T>> aliases) {

  /** How a key can change. */
  public enum Update {
    /** Only by a restart. */
    AT_START,
    /** While the broker runs, for one broker. */
    PER_BROKER,
    /** While the brokers run, for one or for all. */
    CLUSTER_WIDE
  }

  /**
   * Whether a key acts in this broker.
   *
   * @param kind whether it acts, and if not what setting it leads to
   * @param why when it does not act: the reason, as a clause
   */
  public record Effect(Kind kind, String why) {
    /** The key acts. */
    public static final Effect HERE = new Effect(Kind.ACTS, "");

    /** What setting a key leads to. */
    public enum Kind {
      /** It does what its documentation says. */
      ACTS,
      /** Nothing but a line that says so: whoever sets it loses nothing. */
      NOTED,
      /** Nothing but a warning. */
      IGNORED,
      /** The start stops: going on would not be what was asked for. */
      REFUSED
    }

    static Effect noted(String why) {
      return new Effect(Kind.NOTED, why);
    }

    static Effect ignored(String why) {
      return new Effect(Kind.IGNORED, why);
    }

    static Effect refused(String why) {
      return new Effect(Kind.REFUSED, why);
    }

    /** Whether setting the key changes anything. */
    public boolean acts() {
      return kind == Kind.ACTS;
    }
  }

  /**
   * A second key for the same value.
   *
   * @param key the other key
   * @param factor what one unit of the other key is in units of this one
   */
  public record Alias<T>(Key<?> key, long factor) {}

  /** A key without default; {@link BrokerConfig#find} reads it. */
  public static <T> Key<T> of(String name, ValueType<T> type) {
    return new Key<>(name, type, null, Rule.any(), "", "", Effect.HERE, Update.AT_START, List.of());
  }

  /** A whole number of 32 bits with a default. */
  public static Key<Integer> ints(String name, int fallback) {
    return of(name, ValueType.INT).orElse(fallback);
  }

  /** A whole number of 64 bits with a default. */
  public static Key<Long> longs(String name, long fallback) {
    return of(name, ValueType.LONG).orElse(fallback);
  }

  /** A whole number of 16 bits with a default. */
  public static Key<Short> shorts(String name, int fallback) {
    return of(name, ValueType.SHORT).orElse((short) fallback);
  }

  /** A number with a fraction and a default. */
  public static Key<Double> doubles(String name, double fallback) {
    return of(name, ValueType.DOUBLE).orElse(fallback);
  }

  /** Yes or no, with a default. */
  public static Key<Boolean> flags(String name, boolean fallback) {
    return of(name, ValueType.BOOLEAN).orElse(fallback);
  }

  /** A text with a default. */
  public static Key<String> texts(String name, String fallback) {
    return of(name, ValueType.STRING).orElse(fallback);
  }

  /** A list with a default. */
  public static Key<List<String>> lists(String name, String... fallback) {
    return of(name, ValueType.LIST).orElse(List.of(fallback));
  }

  /** This key with a default. */
  public Key<T> orElse(T fallback) {
    return new Key<>(name, type, fallback, rule, unit, doc, effect, update, aliases);
  }

  /** This key with a rule. */
  public Key<T> allows(Rule<T> rule) {
    return new Key<>(name, type, fallback, rule, unit, doc, effect, update, aliases);
  }

  /** This key with a unit. */
  public Key<T> in(String unit) {
    return new Key<>(name, type, fallback, rule, unit, doc, effect, update, aliases);
  }

  /** This key with its documentation. */
  public Key<T> doc(String doc) {
    return new Key<>(name, type, fallback, rule, unit, doc, effect, update, aliases);
  }

  /** This key as one that does nothing here, with the reason. */
  public Key<T> inert(String why) {
    return effect(Effect.ignored(why));
  }

  /** This key with what setting it leads to. */
  public Key<T> effect(Effect effect) {
    return new Key<>(name, type, fallback, rule, unit, doc, effect, update, aliases);
  }

  /** This key as one that can change while the broker runs. */
  public Key<T> live(Update update) {
    return new Key<>(name, type, fallback, rule, unit, doc, effect, update, aliases);
  }

  /** This key with one more alias. */
  public Key<T> or(Key<?> other, long factor) {
    List<Alias<T>> more = new ArrayList<>(aliases);
    more.add(new Alias<>(other, factor));
    return new Key<>(name, type, fallback, rule, unit, doc, effect, update, List.copyOf(more));
  }

  /** The default, when there is one. */
  public Optional<T> defaultValue() {
    return Optional.ofNullable(fallback);
  }

  /** Whether the value must never be shown. */
  public boolean sensitive() {
    return type.kafkaType() == ConfigDef.Type.PASSWORD;
  }

  /**
   * Reads a value.
   *
   * @throws ConfigException when the text has not the type or breaks the rule; names key and text
   */
  public T parse(String text) {
    T value;
    try {
      value = type.reader().apply(text.strip());
    } catch (RuntimeException e) {
      throw refused(text, type.wanted());
    }
    if (!rule.allows().test(value)) {
      throw refused(text, rule.words());
    }
    return value;
  }

  /**
   * Reads a value that shall be in force from now on.
   *
   * @throws ConfigException as {@link #parse} does, and when the key is not built here and the
   *     value is another than the default: going on would not be what was asked for
   */
  public T parseServed(String text) {
    T value = parse(text);
    if (effect.kind() == Effect.Kind.REFUSED && !value.equals(fallback)) {
      throw new ConfigException(name + " cannot be used: " + effect.why());
    }
    return value;
  }

  private ConfigException refused(String text, String wanted) {
    String shown = sensitive() ? "its value" : "'" + text + "'";
    String with = unit.isEmpty() ? "" : " (" + unit + ")";
    return new ConfigException(name + " must be " + wanted + with + ", not " + shown);
  }

  /** Two keys are the same when they have the same name. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Key<?> key && key.name.equals(name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return name;
  }
}
