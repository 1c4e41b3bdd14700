package io.millrace.rest.view;

import io.millrace.quota.OpenFiles;
import io.millrace.time.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the machine says of this process; looked up again after a second. Where the system has no
 * {@code /proc}, what only that tells is unknown. Confined to: the loop of views.
 */
final class ProcessFacts {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String RESIDENT = "VmRSS:";
  private static final long FRESH_NS = 900_000_000L;

  private final Clock clock;
  private long atNs;
  private long cpuNs;
  private Known known = new Known(0, 0, 0, null, null);

  /**
   * What is known.
   *
   * @param cpuPercent use of one processor since the look before; above 100 when more are used
   * @param heapUsedBytes used heap
   * @param heapMaxBytes most that the heap may take
   * @param residentBytes memory of the process; null when unknown
   * @param openFiles open file descriptors; null when unknown
   */
  record Known(
      double cpuPercent,
      long heapUsedBytes,
      long heapMaxBytes,
      @Nullable Long residentBytes,
      @Nullable Long openFiles) {}

  ProcessFacts(Clock clock) {
    this.clock = clock;
    this.atNs = clock.monotonicNs();
    this.cpuNs = cpu();
    this.known = look(0);
  }

  Known now() {
    long nowNs = clock.monotonicNs();
    if (nowNs - atNs > FRESH_NS) {
      long cpu = cpu();
      double percent = 100.0 * (cpu - cpuNs) / (nowNs - atNs);
      atNs = nowNs;
      cpuNs = cpu;
      known = look(Math.round(percent * 10) / 10.0);
    }
    return known;
  }

  private static Known look(double cpuPercent) {
    Runtime runtime = Runtime.getRuntime();
    return new Known(
        cpuPercent,
        runtime.totalMemory() - runtime.freeMemory(),
        runtime.maxMemory(),
        resident(),
        openFiles());
  }

  private static long cpu() {
    return ProcessHandle.current().info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
  }

  private static @Nullable Long resident() {
    try {
      List<String> lines = Files.readAllLines(STATUS);
      for (String line : lines) {
        if (line.startsWith(RESIDENT)) {
          String kib = line.substring(RESIDENT.length()).replace("kB", "").strip();
          return Long.parseLong(kib) << 10;
        }
      }
      return null;
    } catch (IOException e) {
      return null;
    }
  }

  private static @Nullable Long openFiles() {
    try {
      return OpenFiles.count();
    } catch (IOException e) {
      return null;
    }
  }
}
