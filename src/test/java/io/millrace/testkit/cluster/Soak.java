package io.millrace.testkit.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Applies faults to a cluster under load in turn, audits after each, and prints a verdict.
 *
 * <p>{@code Soak FOLDER SECONDS [part of a fault's name]...}: ends with 1 when anything was lost.
 */
public final class Soak {
  private static final long STRICT_GAP_MS = 200;
  private static final String ROW = "%-46s %5s %8s %8s %8s %8s %9s %7s %6s  %s%n";

  private final Path folder;
  private final @Nullable PrivateNetwork network;
  private final List<Fault> faults;
  private final Map<Fault, List<Outcome>> outcomes = new LinkedHashMap<>();
  private int round;

  private Soak(Path folder, @Nullable PrivateNetwork network, List<Fault> faults) {
    this.folder = folder;
    this.network = network;
    this.faults = faults;
  }

  /** Runs for a time; each fault comes at least once. */
  public static void main(String[] arguments) {
    Path folder = Path.of(arguments[0]);
    Duration time = Duration.ofSeconds(Long.parseLong(arguments[1]));
    List<String> wanted = List.of(arguments).subList(2, arguments.length);
    PrivateNetwork network = PrivateNetwork.isPossible() ? new PrivateNetwork(3) : null;
    List<Fault> faults =
        Fault.all().stream()
            .filter(f -> network != null || f.needs() == Fault.Needs.NOTHING)
            .filter(f -> wanted.isEmpty() || wanted.stream().anyMatch(f.name()::contains))
            .toList();
    boolean good;
    try {
      good = new Soak(folder, network, faults).run(time);
    } finally {
      if (network != null) {
        network.close();
      }
    }
    System.exit(good ? 0 : 1);
  }

  private boolean run(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    try (ClusterProcess cluster = cluster()) {
      do {
        for (Fault fault : faults) {
          boolean isFirst = !outcomes.containsKey(fault);
          if (isFirst || System.nanoTime() < end) {
            String topic = "soak-" + round++;
            Outcome outcome = Outcome.of(cluster, network, fault, topic);
            outcomes.computeIfAbsent(fault, f -> new ArrayList<>()).add(outcome);
            System.out.println(topic + ": " + outcome);
          }
        }
      } while (System.nanoTime() < end);
    }
    return verdict();
  }

  private ClusterProcess cluster() {
    long begin = System.nanoTime();
    ClusterProcess cluster =
        network == null
            ? ClusterProcess.onLoopback(folder, Map.of())
            : ClusterProcess.inNetwork(network, smallDisk(), Map.of());
    cluster.start();
    System.out.printf(
        "three %s brokers are one cluster after %d ms; %s%n",
        ClusterProcess.isKafka() ? "Kafka" : "Millrace",
        (System.nanoTime() - begin) / 1_000_000,
        network == null ? "no private network: links are not cut" : "each in a network of its own");
    return cluster;
  }

  /** The folder, with a small disk below one broker's. */
  private Path smallDisk() {
    try {
      Path home = folder.resolve("node-" + Trial.SMALL_DISK_NODE);
      Files.createDirectories(home);
      Commands.run("mount", "-t", "tmpfs", "-o", "size=1g", "none", home.toString());
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean verdict() {
    System.out.println();
    System.out.printf(
        ROW,
        "fault",
        "times",
        "producer",
        "consumer",
        "page",
        "in sync",
        "acked",
        "repeats",
        "failed",
        "verdict");
    System.out.printf(ROW, "", "", "gap ms", "gap ms", "gap ms", "after ms", "", "", "", "");
    boolean good = true;
    for (Map.Entry<Fault, List<Outcome>> entry : outcomes.entrySet()) {
      good &= row(entry.getKey(), entry.getValue());
    }
    System.out.println(good ? "VERDICT: nothing was lost" : "VERDICT: FAILED");
    return good;
  }

  private static boolean row(Fault fault, List<Outcome> all) {
    boolean good = all.stream().allMatch(Outcome::isGood);
    long producer = all.stream().mapToLong(o -> o.gaps().producerMs()).max().orElse(-1);
    String verdict = good ? "good" : words(all);
    if (good && fault.strict() && producer > STRICT_GAP_MS) {
      verdict = "good, but a gap over " + STRICT_GAP_MS + " ms";
    }
    System.out.printf(
        ROW,
        fault.name(),
        all.size(),
        producer,
        all.stream().mapToLong(o -> o.gaps().consumerMs()).max().orElse(-1),
        all.stream().mapToLong(o -> o.gaps().pageMs()).max().orElse(-1),
        all.stream().mapToLong(Outcome::wholeMs).max().orElse(-1),
        all.stream().mapToInt(o -> o.audit().acknowledged()).sum(),
        all.stream().mapToLong(Outcome::repeats).sum(),
        all.stream().mapToInt(o -> o.failures().size()).sum(),
        verdict);
    return good;
  }

  private static String words(List<Outcome> all) {
    return all.stream()
        .flatMap(o -> Stream.concat(Stream.ofNullable(o.error()), o.audit().examples().stream()))
        .findFirst()
        .orElse("records were given up");
  }
}
