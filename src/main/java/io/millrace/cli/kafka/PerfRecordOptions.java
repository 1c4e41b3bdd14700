package io.millrace.cli.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.cli.records.Payloads;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options of {@code kafka-producer-perf-test} that say what the records hold. Confined to: the
 * main thread.
 */
final class PerfRecordOptions {
  @Option(
      names = "--record-size",
      paramLabel = "BYTES",
      description = "Size of a value. One of this and the next two is needed.")
  private @Nullable Integer sizeBytes;

  @Option(
      names = "--payload-file",
      paramLabel = "FILE",
      description = "Text file whose pieces are values, by chance.")
  private @Nullable Path file;

  @Option(names = "--payload-monotonic", description = "Values are growing numbers.")
  private boolean monotonic;

  @Option(
      names = "--payload-delimiter",
      paramLabel = "REGEX",
      description = "What stands between pieces of the file. Default: a line break.")
  private String delimiter = "\\n";

  @Option(
      names = "--record-key-range",
      paramLabel = "N",
      description = "How many keys there are, for the next option.")
  private @Nullable Integer keyRange;

  @Option(
      names = "--key-distribution",
      paramLabel = "WHICH",
      description = "none, range (in turns) or random. Default: none.")
  private String keyDistribution = "none";

  @Option(
      names = "--random-seed",
      paramLabel = "SEED",
      description = "Seed of random keys and values. Default: 0, the same ones in each run.")
  private long seed;

  private @Nullable SplittableRandom keyDice;

  /** Refuses options that contradict each other. */
  void check() {
    int chosen = (sizeBytes == null ? 0 : 1) + (file == null ? 0 : 1) + (monotonic ? 1 : 0);
    if (chosen != 1) {
      throw ToolException.wrongUsage(
          "Exactly one of --record-size, --payload-file or --payload-monotonic must be given.");
    }
    if (sizeBytes != null && sizeBytes <= 0) {
      throw ToolException.wrongUsage("--record-size should be greater than zero.");
    }
    if (!Set.of("none", "range", "random").contains(keyDistribution)) {
      throw ToolException.wrongUsage(
          "--key-distribution takes none, range or random, not '" + keyDistribution + "'");
    }
    boolean keyed = !keyDistribution.equals("none");
    if (keyed && (keyRange == null || keyRange <= 0)) {
      throw ToolException.wrongUsage(
          "--key-distribution " + keyDistribution + " needs --record-key-range above zero.");
    }
  }

  /** The values. */
  Payloads payloads(Shell shell) {
    if (sizeBytes != null) {
      return Payloads.random(sizeBytes, seed);
    }
    if (monotonic) {
      return Payloads.monotonic();
    }
    Path read = Objects.requireNonNull(file);
    shell.out().println("Reading payloads from: " + read.toAbsolutePath());
    List<byte[]> values = Payloads.read(read, delimiter);
    shell.out().println("Number of records read: " + values.size());
    return Payloads.among(values, seed);
  }

  /** The key of a record; null when it has none. */
  byte @Nullable [] key(long number) {
    if (keyRange == null || keyDistribution.equals("none")) {
      return null;
    }
    if (keyDice == null) {
      keyDice = new SplittableRandom(seed);
    }
    long key = keyDistribution.equals("range") ? number % keyRange : keyDice.nextInt(keyRange);
    return Long.toString(key).getBytes(UTF_8);
  }
}
