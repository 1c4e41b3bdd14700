package io.millrace.config;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads the tables of keys that are known and do nothing here. They are not constants, since no
 * code reads their values; only a file that has them, or someone who asks, needs them.
 */
final class OtherKeys {
  private static final String NONE = "-";

  private OtherKeys() {}

  /** The keys of a table. */
  static Map<String, Key<?>> read(String table) {
    Map<String, Key<?>> keys = new TreeMap<>();
    Key.Effect effect = Key.Effect.HERE;
    for (String line : table.split("\n")) {
      if (line.startsWith("= ")) {
        effect = effect(line.substring(2));
      } else if (!line.isBlank()) {
        Key<?> key = key(line, effect);
        keys.put(key.name(), key);
      }
    }
    return keys;
  }

  /** The key of a name. Reads its line only: a start looks for the few keys of its file. */
  static Optional<Key<?>> find(String table, String name) {
    int at = table.indexOf("\n" + name + " | ") + 1;
    if (at == 0) {
      return Optional.empty();
    }
    int heading = table.lastIndexOf("\n= ", at) + 1;
    Key<?> key = key(lineAt(table, at), effect(lineAt(table, heading).substring(2)));
    return key.name().equals(name) ? Optional.of(key) : Optional.empty();
  }

  private static String lineAt(String table, int at) {
    return table.substring(at, table.indexOf('\n', at));
  }

  private static Key.Effect effect(String heading) {
    int colon = heading.indexOf(": ");
    String why = heading.substring(colon + 2);
    return switch (heading.substring(0, colon)) {
      case "noted" -> Key.Effect.noted(why);
      case "ignored" -> Key.Effect.ignored(why);
      case "refused" -> Key.Effect.refused(why);
      default -> throw new IllegalArgumentException("no such section: " + heading);
    };
  }

  private static Key<?> key(String line, Key.Effect effect) {
    String[] cell = line.split(" \\| ", 5);
    return switch (cell[1]) {
      case "boolean" -> key(cell, ValueType.BOOLEAN, effect);
      case "string" -> key(cell, ValueType.STRING, effect);
      case "int" -> key(cell, ValueType.INT, effect);
      case "short" -> key(cell, ValueType.SHORT, effect);
      case "long" -> key(cell, ValueType.LONG, effect);
      case "double" -> key(cell, ValueType.DOUBLE, effect);
      case "list" -> key(cell, ValueType.LIST, effect);
      case "class" -> key(cell, ValueType.CLASS, effect);
      case "password" -> key(cell, ValueType.PASSWORD, effect);
      default -> throw new IllegalArgumentException("no such type: " + line);
    };
  }

  private static <T> Key<T> key(String[] cell, ValueType<T> type, Key.Effect effect) {
    Key<T> key = Key.of(cell[0].strip(), type).effect(effect).live(update(cell[3])).doc(cell[4]);
    return cell[2].equals(NONE) ? key : key.orElse(key.parse(cell[2]));
  }

  private static Key.Update update(String word) {
    return switch (word) {
      case "start" -> Key.Update.AT_START;
      case "live" -> Key.Update.CLUSTER_WIDE;
      case "broker" -> Key.Update.PER_BROKER;
      default -> throw new IllegalArgumentException("no such way to change: " + word);
    };
  }
}
