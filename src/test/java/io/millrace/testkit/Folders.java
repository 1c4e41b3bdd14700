package io.millrace.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Folders for broker processes below {@code target/it}; they stay until the next run. Stateless.
 */
public final class Folders {
  private Folders() {}

  /** Which of the processes that run tests at once this is, from 1 on; 0 outside of the build. */
  static int processNumber() {
    return Integer.getInteger("test.process", 0);
  }

  /** As {@link #empty}, of a name that other processes of tests use at the same time. */
  public static Path emptyOfProcess(String name) {
    return empty(name + "-" + processNumber());
  }

  /** A folder without what an earlier run left in it. */
  public static Path empty(String name) {
    Path folder = Path.of("target", "it", name).toAbsolutePath();
    try {
      if (Files.exists(folder)) {
        try (Stream<Path> files = Files.walk(folder)) {
          for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(file);
          }
        }
      }
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
