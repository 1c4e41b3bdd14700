package io.millrace.cli;

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
   * @throws io.millrace.app.StartException when an operator can mend what stands in the way
   */
  int run() {
    if (asked.onlyChecks()) {
      LogSetup.toConsole();
    } else {
      LogSetup.toConsoleAndFile(home);
    }
    ConfigReader.Result read =
        new ConfigLoader(chosenFile(), System.getenv(), asked.overrides(), home).load();
    if (asked.onlyChecks()) {
      explain(read);
      return 0;
    }
    return BrokerProcess.run(read, new StartOptions(asked.imports())) ? Main.RUNNING : 1;
  }

  /** The file that was named, else the default one when it is there. */
  private Optional<Path> chosenFile() {
    if (asked.file().isPresent()) {
      return asked.file();
    }
    return Optional.of(home.resolve(DEFAULT_FILE)).filter(Files::exists).map(this::shortened);
  }

  private Path shortened(Path path) {
    Path here = Path.of("").toAbsolutePath();
    return path.startsWith(here) ? here.relativize(path) : path;
  }

  private void explain(ConfigReader.Result read) {
    System.out.println(
        chosenFile().map(path -> path + " is fine.").orElse("No file; all keys have defaults."));
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
