package io.millrace.cli;

import io.millrace.app.StartException;
import io.millrace.app.StartOptions;
import io.millrace.config.BrokerConfig;
import io.millrace.config.ConfigEntry;
import io.millrace.config.ConfigException;
import io.millrace.config.ConfigReader;
import io.millrace.config.Key;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code millrace start}. Confined to: the main thread. */
final class StartCommand {
  private static final Path DEFAULT_FILE = Path.of("conf", "server.properties");

  private final Arguments.Start asked;
  private final Path home = Path.of(System.getProperty("millrace.home", "")).toAbsolutePath();

  StartCommand(Arguments.Start asked) {
    this.asked = asked;
  }

  /**
   * Starts the broker, or only looks at its configuration.
   *
   * @return code to exit with, or {@link Main#RUNNING}
   * @throws ConfigException when the configuration is wrong
   * @throws StartException when an operator can mend what stands in the way
   */
  int run() {
    KnownServices.tellThisThread();
    LogProvider.choose();
    if (asked.onlyChecks()) {
      LogSetup.toConsole();
    } else {
      LogSetup.toConsoleAndFile(logFolder());
    }
    if (asked.onlyChecks()) {
      explain(read());
      return 0;
    }
    StartWatcher watcher = StartWatcher.ofProcess(logFolder(), System.getenv());
    try {
      StartOptions options =
          new StartOptions(
              asked.imports(), asked.founds(), asked.recovers(), asked.givesUpFolders());
      return BrokerProcess.run(read(), options, watcher) ? Main.RUNNING : 1;
    } catch (ConfigException | StartException e) {
      LogSetup.noteInFile(e.getMessage());
      watcher.failed(e.getMessage());
      throw e;
    }
  }

  private ConfigReader.Result read() {
    return new ConfigLoader(chosenFile(), System.getenv(), asked.overrides(), home).load();
  }

  /** Where the log goes: what the script says, else {@code LOG_DIR}, else logs. */
  private Path logFolder() {
    String folder = System.getProperty("kafka.logs.dir", System.getenv("LOG_DIR"));
    return folder == null || folder.isEmpty() ? home.resolve("logs") : Path.of(folder);
  }

  /** The file that was named, else the default one when it is there. */
  private Optional<Path> chosenFile() {
    Optional<Path> named = asked.file().map(this::found);
    return named
        .or(() -> Optional.of(home.resolve(DEFAULT_FILE)).filter(Files::exists))
        .map(this::shortened);
  }

  /**
   * Where a named file is: in the current folder, else in Millrace's; what instructions for Kafka
   * call {@code config/} may be {@code conf/} here. As it was named when it is nowhere.
   */
  private Path found(Path asked) {
    Path named = asked.normalize();
    Stream<Path> names =
        named.startsWith("config") && named.getNameCount() > 1
            ? Stream.of(
                named, DEFAULT_FILE.getParent().resolve(named.subpath(1, named.getNameCount())))
            : Stream.of(named);
    return names
        .flatMap(name -> Stream.of(name.toAbsolutePath(), home.resolve(name)))
        .filter(Files::exists)
        .findFirst()
        .orElse(asked);
  }

  private Path shortened(Path path) {
    Path here = Path.of("").toAbsolutePath();
    return path.startsWith(here) ? here.relativize(path) : path;
  }

  private void explain(ConfigReader.Result read) {
    System.out.println(
        chosenFile().map(path -> path + " is fine.").orElse("No file; all keys have defaults."));
    read.notices().forEach(notice -> System.out.println("  " + notice));
    read.warnings().forEach(warning -> System.out.println("  " + warning));
    List<Key<?>> written =
        read.config().describe().stream()
            .filter(StartCommand::isWritten)
            .<Key<?>>map(ConfigEntry::key)
            .toList();
    int width = written.stream().mapToInt(key -> key.name().length()).max().orElse(0);
    for (Key<?> key : written) {
      String gap = " ".repeat(width - key.name().length() + 2);
      System.out.println("  " + key.name() + gap + text(read.config(), key));
    }
  }

  /** Whether the key acts and was written itself, not one that stands for it. */
  private static boolean isWritten(ConfigEntry entry) {
    return entry.key().effect().acts()
        && entry.source() != ConfigEntry.Source.DEFAULT
        && entry.synonyms().get(0).name().equals(entry.key().name());
  }

  private static <T> String text(BrokerConfig config, Key<T> key) {
    return key.sensitive() ? "(hidden)" : key.type().writer().apply(config.get(key));
  }
}
