package io.millrace.cli.kafka;

import io.millrace.cli.tool.ToolException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Settings to make and to drop.
 *
 * @param added values by key
 * @param deleted keys
 *     <p>Immutable.
 */
record ConfigPairs(Map<String, String> added, List<String> deleted) {
  /** Not inside brackets. */
  private static final String OUTSIDE = "(?=[^\\]]*(?:\\[|$))";

  /** All keys that are named. */
  List<String> keys() {
    return Stream.concat(added.keySet().stream(), deleted.stream()).toList();
  }

  /**
   * Reads values.
   *
   * @param text {@code k1=v1,k2=[a,b]}; null for none. It goes before the file.
   * @param file of properties; null for none
   * @throws ToolException when they have another form
   */
  static Map<String, String> read(@Nullable String text, @Nullable Path file) {
    Map<String, String> values = new TreeMap<>();
    if (file != null) {
      Properties read = load(file);
      read.stringPropertyNames().forEach(key -> values.put(key, read.getProperty(key)));
    }
    if (text != null) {
      for (String one : text.split("," + OUTSIDE)) {
        String[] pair = one.split("\\s*=\\s*" + OUTSIDE, -1);
        if (pair.length != 2) {
          throw ToolException.wrongUsage(
                  "Invalid entity config: all configs to be added must be in the format \"key=val\""
                      + " or  \"key=[val1,val2]\" to group values which contain commas.")
              .hint("Look at '" + one + "'.");
        }
        values.put(pair[0].strip(), pair[1].replaceAll("[\\[\\]]", "").strip());
      }
    }
    for (String key : values.keySet()) {
      if (!key.matches("[$a-zA-Z0-9._-]*")) {
        throw ToolException.wrongUsage("Invalid character found for config key: " + key);
      }
    }
    return values;
  }

  private static Properties load(Path file) {
    Properties read = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      read.load(reader);
      return read;
    } catch (IOException | IllegalArgumentException e) {
      String why = Files.exists(file) ? "cannot be read: " + e.getMessage() : "does not exist";
      throw ToolException.wrongUsage("The file " + file + " " + why + ".").because(e);
    }
  }
}
