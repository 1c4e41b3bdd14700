package io.millrace.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Folders for broker processes below {@code target/it}; they stay until the next run. Stateless.
 */
public final class Folders {
  private Folders() {}

  /** A folder without what an earlier run left in it. */
  public static Path empty(String name) {
    Path folder = Path.of("target", "it", name).toAbsolutePath();
    try {
      emptyBut(Files.createDirectories(folder), Set.of());
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes what lies in a folder, but for some of its own entries. */
  static void emptyBut(Path folder, Set<Path> kept) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.filter(each -> !kept.contains(each)).toList()) {
        delete(entry);
      }
    }
  }

  private static void delete(Path entry) throws IOException {
    try (Stream<Path> files = Files.walk(entry)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
