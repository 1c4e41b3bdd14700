package io.millrace.cli.tool;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** Settings as they are given on a command line or in a file: {@code name=value}. Stateless. */
public final class KeyValues {
  private KeyValues() {}

  /**
   * Reads pairs as Kafka's tools do: at the first {@code =}; without one the value is empty. A
   * later pair replaces an earlier one of the same name.
   */
  public static Map<String, String> parse(List<String> pairs) {
    Map<String, String> read = new LinkedHashMap<>();
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      read.put(name, equals < 0 ? "" : pair.substring(equals + 1));
    }
    return read;
  }

  /**
   * Reads a properties file.
   *
   * @throws ToolException when it is not there or cannot be read
   */
  public static Map<String, String> read(Path file) {
    Properties read = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      read.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      String why = Files.exists(file) ? "cannot be read: " + e.getMessage() : "does not exist";
      throw ToolException.wrongUsage("The file " + file + " " + why + ".").because(e);
    }
    Map<String, String> settings = new LinkedHashMap<>();
    read.stringPropertyNames().forEach(name -> settings.put(name, read.getProperty(name)));
    return settings;
  }
}
