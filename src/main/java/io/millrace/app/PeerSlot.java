package io.millrace.app;

import io.millrace.storage.log.LogFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Keeps the peer port that was found in the data folder: others come back to where they knew this
 * broker. Confined to: the thread that starts.
 */
final class PeerSlot {
  /** Name of the file, beside the folder of the metadata. */
  static final String FILE = "cluster.port";

  private final LogFiles files;
  private final Path file;

  PeerSlot(LogFiles files, Path metadata) {
    this.files = files;
    this.file = metadata.resolveSibling(FILE);
  }

  /**
   * The port that was found at an earlier start; 0 when there was none.
   *
   * @throws StartException when the file cannot be read
   */
  int kept() {
    try {
      if (!files.exists(file)) {
        return 0;
      }
      return Integer.parseInt(new String(files.readAll(file), StandardCharsets.UTF_8).strip());
    } catch (IOException | NumberFormatException e) {
      throw new StartException(
          "The file " + file + " does not hold a port (" + e.getMessage() + "): delete it.", e);
    }
  }

  void keep(int port) {
    try {
      files.writeAtomically(file, (port + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new StartException("The file " + file + " cannot be written: " + e.getMessage(), e);
    }
  }

  /** Where the port is from; completes a sentence. */
  String origin() {
    return "taken from cluster.port in the configuration or from " + file;
  }
}
