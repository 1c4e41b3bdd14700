package io.millrace.rest.live;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads addresses as a router does. Stateless. */
final class Paths {
  private Paths() {}

  /** The names in an address, decoded; null when the path is not of its form. */
  static @Nullable Map<String, String> match(String address, String path) {
    String[] wanted = address.split("/", -1);
    String[] given = path.split("/", -1);
    if (wanted.length != given.length) {
      return null;
    }
    Map<String, String> names = new HashMap<>();
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i].startsWith("{")) {
        // A plus sign in a path is a plus sign.
        String name = decoded(given[i].replace("+", "%2B"));
        if (name.isEmpty()) {
          return null;
        }
        names.put(wanted[i].substring(1, wanted[i].length() - 1), name);
      } else if (!wanted[i].equals(given[i])) {
        return null;
      }
    }
    return names;
  }

  /** The parameters of a query. */
  static Map<String, String> query(String query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : query.split("&")) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        parameters.put(
            decoded(equals < 0 ? pair : pair.substring(0, equals)),
            equals < 0 ? "" : decoded(pair.substring(equals + 1)));
      }
    }
    return parameters;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
