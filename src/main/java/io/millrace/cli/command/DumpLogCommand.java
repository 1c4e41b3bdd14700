package io.millrace.cli.command;

import io.millrace.cli.segment.IndexFile;
import io.millrace.cli.segment.ProducerFile;
import io.millrace.cli.segment.RecordDecoder;
import io.millrace.cli.segment.SegmentFile;
import io.millrace.cli.tool.Failures;
import io.millrace.cli.tool.Listing;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.kafka.common.record.internal.FileLogInputStream.FileChannelRecordBatch;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.Utils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace dump-log}: what is in the files of a partition. Confined to: the main thread. */
@Command(
    name = "millrace dump-log",
    sortOptions = false,
    description = "Shows what is in the files of a partition.",
    footer = {"", "Example: millrace dump-log data/clicks-0 --records"})
final class DumpLogCommand implements Callable<Integer> {
  private final Shell shell;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "Files (.log, .index, .timeindex, .snapshot, .txnindex), or the folder.")
  private List<Path> files = List.of();

  @Option(
      names = {"-r", "--records"},
      description = "Shows each record, not only each batch.")
  private boolean records;

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this text.")
  private boolean help;

  DumpLogCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    List<Path> named = files.stream().flatMap(DumpLogCommand::logs).toList();
    boolean sound = true;
    for (Path file : named) {
      if (named.size() > 1 && !json) {
        String bold = shell.coloursOut() ? "\033[1m" : "";
        shell.out().println(bold + file + (bold.isEmpty() ? "" : "\033[0m"));
      }
      sound &= show(file);
    }
    return sound ? 0 : ToolException.FAILED;
  }

  private static Stream<Path> logs(Path named) {
    if (!Files.isDirectory(named)) {
      return Stream.of(named);
    }
    try (Stream<Path> inside = Files.list(named)) {
      List<Path> logs =
          inside.filter(file -> SegmentFile.suffix(file).equals(".log")).sorted().toList();
      if (logs.isEmpty()) {
        throw ToolException.failed("There is no .log in " + named + ".");
      }
      return logs.stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Shows a file; returns whether it is sound. What can be read is shown in any case. */
  private boolean show(Path file) {
    return switch (SegmentFile.suffix(file)) {
      case ".log" -> showLog(file);
      case ".index" -> {
        Listing listing = Listing.of("offset", "position");
        IndexFile.offsets(file).forEach(one -> listing.add(one.offset(), one.position()));
        listing.print(shell, json);
        yield true;
      }
      case ".timeindex" -> {
        Listing listing = Listing.of("time", "offset");
        IndexFile.times(file).forEach(one -> listing.add(time(one.timestampMs()), one.offset()));
        listing.print(shell, json);
        yield true;
      }
      case ".snapshot" -> {
        Listing listing = Listing.of("producer", "epoch", "last sequence", "last offset", "time");
        ProducerFile.producers(file)
            .forEach(
                one ->
                    listing.add(
                        one.id(),
                        one.epoch(),
                        one.lastSequence(),
                        one.lastOffset(),
                        time(one.timestampMs())));
        listing.print(shell, json);
        yield true;
      }
      case ".txnindex" -> {
        Listing listing = Listing.of("producer", "first offset", "last offset", "last stable");
        ProducerFile.aborted(file)
            .forEach(
                one ->
                    listing.add(
                        one.producerId(), one.firstOffset(), one.lastOffset(), one.lastStable()));
        listing.print(shell, json);
        yield true;
      }
      default ->
          throw ToolException.wrongUsage(file + " is none of the files of a partition.")
              .hint("Name .log, .index, .timeindex, .snapshot or .txnindex, or the folder.");
    };
  }

  private boolean showLog(Path file) {
    Listing listing =
        records
            ? Listing.of("offset", "time", "key", "value", "headers")
            : Listing.of(
                "offset", "last", "count", "codec", "bytes", "time", "producer", "epoch", "kind");
    List<String> problems = new ArrayList<>();
    try (FileRecords log = SegmentFile.open(file)) {
      long validBytes = 0;
      Iterator<FileChannelRecordBatch> batches = SegmentFile.batches(log, file);
      while (batches.hasNext()) {
        FileChannelRecordBatch batch = batches.next();
        validBytes += batch.sizeInBytes();
        add(batch, listing);
      }
      if (validBytes < log.sizeInBytes()) {
        problems.add(
            file + " ends with " + (log.sizeInBytes() - validBytes) + " bytes that are no batch.");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ToolException e) {
      problems.add(e.getMessage());
    } catch (RuntimeException e) {
      problems.add(file + " is damaged: " + Failures.sentence(e));
    }
    listing.print(shell, json);
    shell.out().flush();
    problems.forEach(shell::error);
    return problems.isEmpty();
  }

  private void add(FileChannelRecordBatch batch, Listing listing) {
    if (!batch.isValid()) {
      throw ToolException.failed(
          "The batch at position " + batch.position() + " is damaged: its checksum differs.");
    }
    if (!records) {
      Integer count = batch.countOrNull();
      listing.add(
          batch.baseOffset(),
          batch.lastOffset(),
          count == null ? (Object) "-" : count,
          batch.compressionType().name,
          batch.sizeInBytes(),
          time(batch.maxTimestamp()),
          batch.hasProducerId() ? (Object) batch.producerId() : "-",
          batch.partitionLeaderEpoch(),
          kind(batch));
      return;
    }
    for (Record record : batch) {
      listing.add(
          record.offset(),
          time(record.timestamp()),
          batch.isControlBatch() ? "(marker)" : text(record.hasKey(), record.key()),
          batch.isControlBatch() ? "" : text(record.hasValue(), record.value()),
          Stream.of(record.headers()).map(one -> one.key()).toList());
    }
  }

  private static String kind(FileChannelRecordBatch batch) {
    if (batch.isControlBatch()) {
      return "marker";
    }
    return batch.isTransactional() ? "transaction" : "";
  }

  private static String text(
      boolean present, java.nio.@org.jspecify.annotations.Nullable ByteBuffer bytes) {
    if (!present || bytes == null) {
      return "null";
    }
    // A control character would break the table, and could do more to a terminal.
    return RecordDecoder.utf8(Utils.readBytes(bytes)).replaceAll("\\p{Cntrl}", "\u00b7");
  }

  private static String time(long timestampMs) {
    return timestampMs < 0 ? "-" : Instant.ofEpochMilli(timestampMs).toString();
  }
}
