package io.millrace.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a process does in advance that may run out of descriptors. A class that is needed for the
 * first time at such a moment cannot be loaded, for no jar can be opened, and then never: whatever
 * needs it fails until the process ends.
 */
final class ScarceDescriptors {
  /** Who may open more runs out of memory before. */
  static final long FEW = 10_000;

  private static final Path LIMITS = Path.of("/proc/self/limits");

  private ScarceDescriptors() {}

  /** Opens what classes are loaded from, where descriptors are few; five megabytes of heap. */
  static void prepare() {
    LogLayout.loadFaults();
    if (limit().orElse(Long.MAX_VALUE) <= FEW) {
      // Looking for what is nowhere opens every jar, and they stay open.
      ClassLoader.getSystemResource("META-INF/what-no-jar-has");
    }
  }

  private static OptionalLong limit() {
    try {
      return limit(Files.readAllLines(LIMITS));
    } catch (IOException elsewhere) { // a system without that file
      return OptionalLong.empty();
    }
  }

  /** The limit of open files in the lines of Linux; empty when there is none. */
  static OptionalLong limit(List<String> limits) {
    return limits.stream()
        .filter(line -> line.startsWith("Max open files"))
        .map(line -> line.substring("Max open files".length()).strip().split("\\s+")[0])
        .filter(soft -> soft.matches("\\d{1,18}"))
        .mapToLong(Long::parseLong)
        .findFirst();
  }
}
