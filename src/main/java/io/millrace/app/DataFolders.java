package io.millrace.app;

import io.millrace.config.BrokerConfig;
import io.millrace.config.BrokerKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What the machine and the folders say before storage is opened. Stateless. */
final class DataFolders {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private DataFolders() {}

  /**
   * Creates what is missing.
   *
   * @throws StartException naming the folder that cannot be written to
   */
  static List<Path> prepare(BrokerConfig config) {
    List<Path> folders = config.get(BrokerKeys.LOG_DIRS).stream().map(Path::of).distinct().toList();
    for (Path folder : folders) {
      try {
        Files.createDirectories(folder);
      } catch (IOException e) {
        throw new StartException("The data folder " + folder + " cannot be created: " + e + ".", e);
      }
      if (!Files.isWritable(folder)) {
        throw new StartException(
            "The data folder " + folder + " cannot be written to by this user.");
      }
    }
    return folders;
  }

  /** The kernel's boot id; empty where there is none. */
  static Optional<String> bootId() {
    try {
      return Optional.of(Files.readString(BOOT_ID).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
