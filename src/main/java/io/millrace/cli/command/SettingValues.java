package io.millrace.cli.command;

import io.millrace.cli.tool.Shown;
import io.millrace.cli.tool.ToolException;
import io.millrace.config.Key;
import io.millrace.config.KnownKeys;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.ConfigEntry;

/** Reads and shows values of settings with the units that people use. Stateless. */
final class SettingValues {
  private static final Pattern MEASURE = Pattern.compile("(\\d{1,12})\\s*([A-Za-z]+)");
  private static final Map<String, Long> MS =
      Map.of(
          "ms",
          1L,
          "s",
          1000L,
          "m",
          60_000L,
          "min",
          60_000L,
          "h",
          3_600_000L,
          "d",
          86_400_000L,
          "w",
          604_800_000L);
  private static final Map<String, Long> BYTES =
      Map.of(
          "b", 1L, "k", 1L << 10, "kb", 1L << 10, "m", 1L << 20, "mb", 1L << 20, "g", 1L << 30,
          "gb", 1L << 30, "t", 1L << 40, "tb", 1L << 40);

  private SettingValues() {}

  /** A value as it is shown: {@code 604800000} of milliseconds as {@code 7d}. */
  static Object shown(ConfigEntry entry) {
    return entry.value() == null
        ? new Shown("", entry.isSensitive() ? "(hidden)" : "(unset)")
        : shown(entry.name(), entry.value());
  }

  /** The same for a value that is there. */
  static Object shown(String key, String value) {
    String unit = unit(key);
    boolean number = value.matches("-?\\d{1,18}|" + Long.MAX_VALUE);
    if (number && unit.equals("ms")) {
      return Shown.duration(Long.parseLong(value));
    }
    if (number && unit.equals("bytes")) {
      return Shown.bytes(Long.parseLong(value));
    }
    return value;
  }

  /** {@code key=value} pairs by key, with {@code 7d} and {@code 1gb} as plain numbers. */
  static Map<String, String> parse(List<String> pairs) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String pair : pairs) {
      int sign = pair.indexOf('=');
      if (sign < 1) {
        throw ToolException.wrongUsage("'" + pair + "' is no setting")
            .hint("Write key=value, for example retention.ms=7d.");
      }
      String key = pair.substring(0, sign).strip();
      values.put(key, plain(key, pair.substring(sign + 1).strip()));
    }
    return values;
  }

  private static String plain(String key, String value) {
    Matcher measure = MEASURE.matcher(value);
    Map<String, Long> units =
        switch (unit(key)) {
          case "ms" -> MS;
          case "bytes" -> BYTES;
          default -> Map.of();
        };
    if (units.isEmpty() || !measure.matches()) {
      return value;
    }
    Long factor = units.get(measure.group(2).toLowerCase(Locale.ROOT));
    if (factor == null) {
      throw ToolException.wrongUsage("'" + measure.group(2) + "' is no unit for " + key)
          .hint(
              units == MS
                  ? "Write ms, s, m, h, d or w, for example " + key + "=7d."
                  : "Write b, kb, mb, gb or tb, for example " + key + "=1gb.");
    }
    return String.valueOf(Math.multiplyExact(Long.parseLong(measure.group(1)), factor));
  }

  private static String unit(String key) {
    String known = KnownKeys.topic(key).or(() -> KnownKeys.broker(key)).map(Key::unit).orElse("");
    if (!known.isEmpty()) {
      return known;
    }
    return key.endsWith(".ms") ? "ms" : key.endsWith(".bytes") ? "bytes" : "";
  }
}
