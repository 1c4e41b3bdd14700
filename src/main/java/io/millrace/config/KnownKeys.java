package io.millrace.config;

import java.lang.reflect.Field;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All keys by name: those of {@link BrokerKeys} and those that do nothing here. Immutable. */
public final class KnownKeys {
  private static final Map<String, Key<?>> BROKER = declaredIn(BrokerKeys.class);
  private static final Map<String, Key<?>> TOPIC = declaredIn(TopicKeys.class);

  private KnownKeys() {}

  /** The broker key of a name. */
  public static Optional<Key<?>> broker(String name) {
    return Optional.ofNullable(BROKER.get(name));
  }

  /** All broker keys, by name. */
  public static Collection<Key<?>> broker() {
    return BROKER.values();
  }

  /** The topic key of a name. */
  public static Optional<Key<?>> topic(String name) {
    return Optional.ofNullable(TOPIC.get(name));
  }

  /** All topic keys, by name. */
  public static Collection<Key<?>> topic() {
    return TOPIC.values();
  }

  private static Map<String, Key<?>> declaredIn(Class<?> holder) {
    Map<String, Key<?>> keys = new TreeMap<>();
    for (Field field : holder.getFields()) {
      if (field.getType() == Key.class) {
        Key<?> key = read(field);
        keys.put(key.name(), key);
      }
    }
    return Collections.unmodifiableMap(keys);
  }

  private static Key<?> read(Field field) {
    try {
      return (Key<?>) field.get(null);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("key is not public: " + field, e);
    }
  }
}
