package io.millrace.cli;

import io.millrace.config.ConfigException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the command line asks for.
 *
 * <p>Read by hand: the few options need no library, and the class files of the usual one cannot be
 * kept in a class archive, which made it a third of the whole start. Immutable.
 */
sealed interface Arguments {
  /** How the program is called, for people. */
  String USAGE =
      """
      Usage: millrace start [OPTIONS]     starts a broker and runs it until it is told to stop
             millrace --version | --help

      Options of start:
        [--config] FILE        configuration, with Kafka's names; default conf/server.properties
        --override key=value   sets a key, before environment and file; can be repeated
        --check-config         only says what the configuration means, and whether it is right
        --import               takes over data folders that Apache Kafka wrote (stop Kafka first)
        --found                founds a cluster although hosts that may have one are silent
        --recover-metadata     goes on from this broker's metadata when most voters are lost for
                               good; what only they had is lost. Run it on one broker only
        --give-up-folders      makes partitions anew that lay in folders of log.dirs which are gone
                               for good; other brokers' copies are taken, else they are empty
      """;

  /**
   * Start a broker.
   *
   * @param file configuration that was named, if any
   * @param overrides keys that were set, by name
   * @param onlyChecks whether the configuration is only looked at
   * @param imports whether folders of Apache Kafka are taken over
   * @param founds whether a cluster is founded though hosts that may belong to one are silent
   * @param recovers whether the cluster's metadata goes on from this broker's alone
   * @param givesUpFolders whether what lay in data folders that are gone is given up
   */
  record Start(
      Optional<Path> file,
      Map<String, String> overrides,
      boolean onlyChecks,
      boolean imports,
      boolean founds,
      boolean recovers,
      boolean givesUpFolders)
      implements Arguments {}

  /** Say the version. */
  record Version() implements Arguments {}

  /** Say how the program is called. */
  record Help() implements Arguments {}

  /**
   * Reads arguments.
   *
   * @throws ConfigException when they make no sense; says which one
   */
  static Arguments parse(String... arguments) {
    Deque<String> left = new ArrayDeque<>(Arrays.asList(arguments));
    String command = left.isEmpty() ? "--help" : left.poll();
    return switch (command) {
      case "start" -> start(left);
      case "--version", "-V" -> new Version();
      case "--help", "-h", "help" -> new Help();
      default -> throw unknown("command", command);
    };
  }

  private static Arguments start(Deque<String> left) {
    Optional<Path> file = Optional.empty();
    Map<String, String> overrides = new LinkedHashMap<>();
    boolean onlyChecks = false;
    boolean imports = false;
    boolean founds = false;
    boolean recovers = false;
    boolean givesUp = false;
    while (!left.isEmpty()) {
      String option = left.poll();
      int equals = option.startsWith("--") ? option.indexOf('=') : -1;
      if (equals > 0) {
        left.push(option.substring(equals + 1));
        option = option.substring(0, equals);
      }
      switch (option) {
        case "--config" -> file = Optional.of(Path.of(value(option, left)));
        case "--override" -> addOverride(value(option, left), overrides);
        case "--check-config" -> onlyChecks = true;
        case "--import" -> imports = true;
        case "--found" -> founds = true;
        case "--recover-metadata" -> recovers = true;
        case "--give-up-folders" -> givesUp = true;
        case "--help", "-h" -> {
          return new Help();
        }
        default -> file = Optional.of(bare(option, file));
      }
    }
    return new Start(file, overrides, onlyChecks, imports, founds, recovers, givesUp);
  }

  /** A word without an option is the file, as for Kafka; there is one. */
  private static Path bare(String word, Optional<Path> file) {
    if (word.startsWith("-")) {
      throw unknown("option", word);
    }
    if (file.isPresent()) {
      throw new ConfigException(
          word + " makes no sense here, since the file is " + file.get() + " already");
    }
    return Path.of(word);
  }

  private static String value(String option, Deque<String> left) {
    if (left.isEmpty()) {
      throw new ConfigException(option + " needs a value");
    }
    return left.poll();
  }

  private static void addOverride(String text, Map<String, String> overrides) {
    int equals = text.indexOf('=');
    if (equals <= 0) {
      throw new ConfigException("--override " + text + ": write it as key=value");
    }
    overrides.put(text.substring(0, equals).strip(), text.substring(equals + 1));
  }

  private static ConfigException unknown(String what, String text) {
    return new ConfigException("unknown " + what + " " + text + "\n\n" + USAGE.stripTrailing());
  }
}
