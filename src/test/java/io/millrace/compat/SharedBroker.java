package io.millrace.compat;

import io.millrace.testkit.BrokerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * The one broker that all scenarios with real clients use; each takes topics and groups of its own.
 * It ends with the test JVM; its files stay below {@code target/it} until the next run.
 * Thread-safe.
 */
final class SharedBroker {
  private static final AtomicInteger NAMES = new AtomicInteger();

  private SharedBroker() {}

  private static final class Running {
    static final BrokerProcess BROKER = BrokerProcess.start(emptyFolder("shared"));
  }

  static BrokerProcess get() {
    return Running.BROKER;
  }

  /** A name that no other scenario uses. */
  static String unique(String prefix) {
    return prefix + "-" + NAMES.incrementAndGet();
  }

  /** A folder below {@code target/it} without what an earlier run left in it. */
  static Path emptyFolder(String name) {
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
