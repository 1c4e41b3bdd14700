package io.millrace.app;

import io.millrace.cluster.local.LocalMetadataLog;
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

  /**
   * The folder of the cluster's metadata: where it is, whatever the order of {@code log.dirs} is
   * now, else below the first of them.
   *
   * @throws StartException when it is in several
   */
  static Path metadata(List<Path> folders) {
    List<Path> found =
        folders.stream()
            .map(folder -> folder.resolve(LocalMetadataLog.FOLDER))
            .filter(Files::isDirectory)
            .toList();
    if (found.size() > 1) {
      throw new StartException(
          "The cluster's metadata is in several of the log.dirs: "
              + found
              + "; keep the one that was used last and move the others away.");
    }
    return found.isEmpty() ? folders.get(0).resolve(LocalMetadataLog.FOLDER) : found.get(0);
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
