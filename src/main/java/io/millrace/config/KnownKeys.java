package io.millrace.config;

import java.lang.reflect.Field;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All keys by name: those that code reads and those that do nothing here. Immutable. */
public final class KnownKeys {
  private KnownKeys() {}

  /** The broker key of a name. */
  public static Optional<Key<?>> broker(String name) {
    Key<?> key = ActiveBroker.KEYS.get(name);
    return key != null ? Optional.of(key) : OtherKeys.find(OtherBrokerKeys.TABLE, name);
  }

  /** All broker keys, by name. */
  public static Collection<Key<?>> broker() {
    return union(ActiveBroker.KEYS, OtherBroker.KEYS);
  }

  /** The topic key of a name. */
  public static Optional<Key<?>> topic(String name) {
    Key<?> key = ActiveTopic.KEYS.get(name);
    return key != null ? Optional.of(key) : OtherKeys.find(OtherTopicKeys.TABLE, name);
  }

  /** All topic keys, by name. */
  public static Collection<Key<?>> topic() {
    return union(ActiveTopic.KEYS, OtherTopic.KEYS);
  }

  private static Collection<Key<?>> union(Map<String, Key<?>> one, Map<String, Key<?>> other) {
    Map<String, Key<?>> all = new TreeMap<>(one);
    all.putAll(other);
    return all.values();
  }

  private static Map<String, Key<?>> declaredIn(Class<?> holder) {
    Map<String, Key<?>> keys = new TreeMap<>();
    for (Field field : holder.getFields()) {
      if (field.getType() == Key.class) {
        Key<?> key = read(field);
        keys.put(key.name(), key);
      }
    }
    return keys;
  }

  private static Key<?> read(Field field) {
    try {
      return (Key<?>) field.get(null);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("key is not public: " + field, e);
    }
  }

  // Each table in a class of its own: it is read when all of it is first asked for, so a start
  // never reads the large one.

  private static final class ActiveBroker {
    static final Map<String, Key<?>> KEYS = declaredIn(BrokerKeys.class);
  }

  private static final class OtherBroker {
    static final Map<String, Key<?>> KEYS = OtherKeys.read(OtherBrokerKeys.TABLE);
  }

  private static final class ActiveTopic {
    static final Map<String, Key<?>> KEYS = declaredIn(TopicKeys.class);
  }

  private static final class OtherTopic {
    static final Map<String, Key<?>> KEYS = OtherKeys.read(OtherTopicKeys.TABLE);
  }
}
