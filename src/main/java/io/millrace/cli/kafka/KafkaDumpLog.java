package io.millrace.cli.kafka;

import io.millrace.cli.segment.OffsetsDecoder;
import io.millrace.cli.segment.RecordDecoder;
import io.millrace.cli.segment.SegmentFile;
import io.millrace.cli.segment.TransactionsDecoder;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kafka-dump-log}: prints the files of a partition. Confined to: the main thread. */
@Command(
    name = "kafka-dump-log",
    versionProvider = ToolVersion.class,
    sortOptions = false,
    description = "Prints the files of a partition, and what does not fit together in them.")
final class KafkaDumpLog implements Callable<Integer> {
  private static final String STRING = "StringDecoder";

  private final Shell shell;

  @Option(
      names = "--files",
      required = true,
      split = ",",
      paramLabel = "FILE[,...]",
      description = "Files to print: .log, .index, .timeindex, .txnindex, .snapshot.")
  private List<Path> files = List.of();

  @Option(names = "--print-data-log", description = "Prints keys and values of the records.")
  private boolean prints;

  @Option(
      names = "--deep-iteration",
      description = "Prints each record, not only each batch. Implied by all that prints records.")
  private boolean deep;

  @Option(
      names = "--key-decoder-class",
      arity = "0..1",
      fallbackValue = STRING,
      paramLabel = "CLASS",
      description = "How to read keys: StringDecoder (default), IntegerDecoder, LongDecoder, …")
  private @Nullable String keys;

  @Option(
      names = "--value-decoder-class",
      arity = "0..1",
      fallbackValue = STRING,
      paramLabel = "CLASS",
      description = "How to read values.")
  private @Nullable String values;

  @Option(names = "--offsets-decoder", description = "Reads records of __consumer_offsets.")
  private boolean offsets;

  @Option(
      names = "--transaction-log-decoder",
      description = "Reads records of __transaction_state.")
  private boolean transactions;

  @Option(
      names = "--cluster-metadata-decoder",
      description = "Not here: the metadata of Millrace has a form of its own.")
  private boolean metadata;

  @Option(names = "--remote-log-metadata-decoder", hidden = true)
  private boolean remote;

  @Option(names = "--share-group-state-decoder", hidden = true)
  private boolean share;

  @Option(names = "--skip-record-metadata", description = "Prints keys and values alone.")
  private boolean skipsMetadata;

  @Option(names = "--skip-batch-metadata", description = "Leaves the lines of batches out.")
  private boolean skipsBatches;

  @Option(
      names = "--index-sanity-check",
      description = "Only makes the check of a starting broker on indexes.")
  private boolean sanityOnly;

  @Option(names = "--verify-index-only", description = "Only compares indexes with their log.")
  private boolean verifyOnly;

  @Option(
      names = "--max-message-size",
      paramLabel = "BYTES",
      defaultValue = "5242880",
      description = "Size of the largest batch. Default: 5242880.")
  private int largest = 5 * 1024 * 1024;

  @Option(names = "--max-bytes", paramLabel = "BYTES", description = "Reads only so much of a log.")
  private int maxBytes = Integer.MAX_VALUE;

  @Option(names = "--help", usageHelp = true, description = "Shows this text.")
  private boolean help;

  @Option(
      names = "--version",
      versionHelp = true,
      description = "Says which version of Kafka's protocol and of Millrace this is.")
  private boolean version;

  KafkaDumpLog(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    boolean contents = prints || offsets || transactions || keys != null || values != null;
    LogDump logs =
        new LogDump(
            shell,
            decoder(),
            new LogDump.Shown(deep || contents, contents, !skipsBatches, !skipsMetadata),
            maxBytes);
    IndexDump indexes = new IndexDump(shell, sanityOnly, verifyOnly, largest);
    boolean sound = true;
    for (Path file : files) {
      shell.out().println("Dumping " + file);
      try {
        dump(file, logs, indexes);
      } catch (ToolException e) {
        shell.out().flush();
        shell.error(e.getMessage());
        sound = false;
      }
    }
    shell.out().flush();
    indexes.printFindings();
    logs.printFindings();
    return sound ? 0 : ToolException.FAILED;
  }

  private RecordDecoder decoder() {
    if (metadata) {
      throw ToolException.failed(
          "The metadata of Millrace is not kept in Kafka's records, so --cluster-metadata-decoder"
              + " cannot read it.");
    }
    if (remote || share) {
      throw ToolException.failed(
          "Millrace has no "
              + (remote ? "__remote_log_metadata" : "__share_group_state")
              + " topic, so there is no decoder for it.");
    }
    if (offsets) {
      return new OffsetsDecoder();
    }
    if (transactions) {
      return new TransactionsDecoder();
    }
    return RecordDecoder.of(
        RecordDecoder.named(keys == null ? STRING : keys),
        RecordDecoder.named(values == null ? STRING : values));
  }

  private void dump(Path file, LogDump logs, IndexDump indexes) {
    switch (SegmentFile.suffix(file)) {
      case ".log", ".checkpoint" -> logs.dump(file);
      case ".index" -> indexes.dumpOffsets(file);
      case ".timeindex" -> indexes.dumpTimes(file);
      case ".snapshot" -> ProducerDump.producers(file, shell);
      case ".txnindex" -> ProducerDump.aborted(file, shell);
      default -> shell.err().println("Ignoring unknown file " + file);
    }
  }
}
