package io.millrace.cli;

import io.millrace.app.StartException;
import io.millrace.app.StartOptions;
import io.millrace.config.BrokerConfig;
import io.millrace.config.ConfigEntry;
import io.millrace.config.ConfigException;
import io.millrace.config.ConfigReader;
import io.millrace.config.Key;
import io.millrace.config.KnownKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code millrace start}. Confined to: the main thread. */
@Command(
    name = "start",
    description = "Starts a broker and runs it until it is told to stop.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    versionProvider = Version.class)
final class StartCommand implements Callable<Integer> {
  /** The command is done, and the process goes on. */
  static final int RUNNING = -1;

  private static final int FAILED = 1;
  private static final Path DEFAULT_FILE = Path.of("conf", "server.properties");

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration, with Kafka's names. Default: conf/server.properties.")
  private @Nullable Path file;

  @Option(
      names = "--override",
      paramLabel = "key=value",
      description = "Sets a key, before file and environment. Can be repeated.")
  private List<String> overrides = new ArrayList<>();

  @Option(
      names = "--check-config",
      description = "Only says what the configuration means, and whether anything is wrong.")
  private boolean check;

  @Option(
      names = "--import",
      description = "Takes over data folders that Apache Kafka wrote (stop Kafka first).")
  private boolean importing;

  @Override
  public Integer call() {
    Path home = Path.of(System.getProperty("millrace.home", "")).toAbsolutePath();
    if (check) {
      LogSetup.toConsole();
    } else {
      LogSetup.toConsoleAndFile(home);
    }
    try {
      ConfigReader.Result read =
          new ConfigLoader(
                  chosenFile(home), System.getenv(), ConfigLoader.overrides(overrides), home)
              .load();
      if (check) {
        return explain(read, home);
      }
      return BrokerProcess.run(read, new StartOptions(importing)) ? RUNNING : FAILED;
    } catch (ConfigException | StartException e) {
      System.err.println(e.getMessage());
      return FAILED;
    }
  }

  /** The file that was named, else the default one when it is there. */
  private Optional<Path> chosenFile(Path home) {
    if (file != null) {
      return Optional.of(file);
    }
    return Optional.of(home.resolve(DEFAULT_FILE)).filter(Files::exists).map(this::shortened);
  }

  private Path shortened(Path path) {
    Path here = Path.of("").toAbsolutePath();
    return path.startsWith(here) ? here.relativize(path) : path;
  }

  private int explain(ConfigReader.Result read, Path home) {
    System.out.println(
        chosenFile(home)
            .map(path -> path + " is fine.")
            .orElse("No file; all keys have defaults."));
    read.warnings().forEach(warning -> System.out.println("  " + warning));
    List<Key<?>> written =
        KnownKeys.broker().stream()
            .filter(key -> key.effect().acts() && isWritten(read.config(), key))
            .toList();
    int width = written.stream().mapToInt(key -> key.name().length()).max().orElse(0);
    for (Key<?> key : written) {
      System.out.printf("  %-" + width + "s  %s%n", key.name(), text(read.config(), key));
    }
    return 0;
  }

  private static boolean isWritten(BrokerConfig config, Key<?> key) {
    return config.describe().stream()
        .filter(entry -> entry.key().equals(key))
        .filter(entry -> entry.source() != ConfigEntry.Source.DEFAULT)
        .anyMatch(entry -> entry.synonyms().get(0).name().equals(key.name()));
  }

  private static <T> String text(BrokerConfig config, Key<T> key) {
    return key.sensitive() ? "(hidden)" : key.type().writer().apply(config.get(key));
  }
}
