package io.millrace.bench;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/** The {@code key=value} arguments of a load. Immutable. */
final class Arguments {
  private final Map<String, String> values = new HashMap<>();

  Arguments(String[] args) {
    for (String arg : args) {
      int equals = arg.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException(arg + " is not key=value");
      }
      values.put(arg.substring(0, equals), arg.substring(equals + 1));
    }
  }

  String text(String key) {
    String value = values.get(key);
    if (value == null) {
      throw new IllegalArgumentException(key + "= is missing");
    }
    return value;
  }

  String text(String key, String otherwise) {
    return values.getOrDefault(key, otherwise);
  }

  int number(String key, int otherwise) {
    return Integer.parseInt(text(key, Integer.toString(otherwise)));
  }

  /** The broker's {@code address}, as host:port. */
  InetSocketAddress address() {
    String[] parts = text("address").split(":");
    return new InetSocketAddress(parts[0], Integer.parseInt(parts[1]));
  }
}
