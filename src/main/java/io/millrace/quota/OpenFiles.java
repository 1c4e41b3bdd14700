package io.millrace.quota;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * How many files this process has open and may have open, sockets among them, where the system
 * tells it as Linux does. Stateless.
 */
public final class OpenFiles {
  /** Who may open more runs out of memory before. */
  public static final long FEW = 10_000;

  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final Path OPEN = Path.of("/proc/self/fd");

  private OpenFiles() {}

  /** The limit when it is {@link #FEW} or less; else empty, and where none is told. Blocks. */
  public static OptionalLong lowLimit() {
    try {
      OptionalLong limit = limit(Files.readAllLines(LIMITS));
      return limit.orElse(Long.MAX_VALUE) <= FEW ? limit : OptionalLong.empty();
    } catch (IOException elsewhere) { // a system without that file
      return OptionalLong.empty();
    }
  }

  /** The limit in the lines of Linux; empty when there is none. */
  static OptionalLong limit(List<String> limits) {
    return limits.stream()
        .filter(line -> line.startsWith("Max open files"))
        .map(line -> line.substring("Max open files".length()).strip().split("\\s+")[0])
        .filter(soft -> soft.matches("\\d{1,18}"))
        .mapToLong(Long::parseLong)
        .findFirst();
  }

  /**
   * How many are open now. Linux counts them itself from 6.2 on; to list thousands takes
   * milliseconds. Blocks.
   *
   * @throws IOException not even this could be opened, or the system does not tell it
   */
  public static long count() throws IOException {
    long counted = Files.size(OPEN);
    if (counted > 0) {
      return counted;
    }
    try (Stream<Path> open = Files.list(OPEN)) {
      return open.count();
    }
  }
}
