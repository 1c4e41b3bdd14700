package io.millrace.cli;

import io.millrace.config.BrokerKeys;
import io.millrace.config.ConfigException;
import io.millrace.config.ConfigReader;
import io.millrace.config.Written;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * Gathers the configuration from the file, the environment and the command line, in rising
 * precedence. Confined to: the main thread.
 */
final class ConfigLoader {
  private final Optional<Path> file;
  private final Map<String, String> environment;
  private final Map<String, String> overrides;
  private final Path home;

  /**
   * A loader of these places.
   *
   * @param file the file; empty for none
   * @param environment variables of the process
   * @param overrides keys of the command line
   * @param home folder from which relative data folders count
   */
  ConfigLoader(
      Optional<Path> file,
      Map<String, String> environment,
      Map<String, String> overrides,
      Path home) {
    this.file = file;
    this.environment = environment;
    this.overrides = overrides;
    this.home = home;
  }

  /**
   * Loads it.
   *
   * @throws ConfigException when a place cannot be read or something written is wrong
   */
  ConfigReader.Result load() {
    List<Written> written = new ArrayList<>();
    file.ifPresent(path -> written.addAll(readFile(path)));
    written.addAll(EnvironmentKeys.read(environment));
    overrides.forEach(
        (name, text) -> written.add(new Written(name, text, "--override " + name, false)));
    written.replaceAll(this::withAbsoluteFolders);
    return ConfigReader.read(written);
  }

  /** So that the data does not depend on the folder in which somebody typed the command. */
  private Written withAbsoluteFolders(Written one) {
    boolean folders =
        one.name().equals(BrokerKeys.LOG_DIRS.name())
            || one.name().equals(BrokerKeys.LOG_DIR.name());
    if (!folders) {
      return one;
    }
    List<String> absolute =
        BrokerKeys.LOG_DIRS.type().reader().apply(one.text()).stream()
            .map(folder -> home.resolve(folder).normalize().toString())
            .toList();
    return new Written(one.name(), String.join(",", absolute), one.where(), one.lenient());
  }

  private List<Written> readFile(Path path) {
    List<String> lines = lines(path);
    Properties keys = properties(path, lines);
    Map<String, Integer> lineOf = lineNumbers(lines);
    List<Written> written = new ArrayList<>();
    for (String key : keys.stringPropertyNames()) {
      Integer line = lineOf.get(key);
      String where = line == null ? path.toString() : path + ":" + line;
      written.add(new Written(key, keys.getProperty(key), where, false));
    }
    written.sort((one, other) -> Integer.compare(line(lineOf, one), line(lineOf, other)));
    return written;
  }

  private static int line(Map<String, Integer> lineOf, Written one) {
    return lineOf.getOrDefault(one.name(), Integer.MAX_VALUE);
  }

  private static List<String> lines(Path path) {
    try {
      return Files.readAllLines(path, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      String why = Files.exists(path) ? "cannot be read: " + e.getMessage() : "does not exist";
      throw new ConfigException(path + " " + why);
    }
  }

  /** Line of each key, counted from 1; of a key that is written twice the last. */
  private static Map<String, Integer> lineNumbers(List<String> lines) {
    Map<String, Integer> numbers = new LinkedHashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && line.charAt(0) != '#' && line.charAt(0) != '!') {
        numbers.put(line.split("[=:\\s]", 2)[0], i + 1);
      }
    }
    return numbers;
  }

  /** As Java reads properties; of a key that is written twice the last counts. */
  private static Properties properties(Path path, List<String> lines) {
    Properties keys = new Properties();
    try {
      keys.load(new StringReader(String.join("\n", lines)));
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigException(path + " cannot be read: " + e.getMessage());
    }
    return keys;
  }
}
