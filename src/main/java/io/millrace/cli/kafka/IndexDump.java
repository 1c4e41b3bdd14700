package io.millrace.cli.kafka;

import io.millrace.cli.segment.IndexFile;
import io.millrace.cli.segment.IndexFile.OffsetEntry;
import io.millrace.cli.segment.IndexFile.TimeEntry;
import io.millrace.cli.segment.SegmentFile;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.record.internal.FileLogInputStream.FileChannelRecordBatch;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * Prints indexes as Kafka's tool does it, and keeps what in them does not fit to their log.
 * Confined to: the main thread.
 */
final class IndexDump {
  private final Shell shell;
  private final boolean sanityOnly;
  private final boolean verifyOnly;
  private final int largest;
  private final Map<Path, List<String>> mismatches = new LinkedHashMap<>();
  private final Map<Path, List<String>> wrongTimes = new LinkedHashMap<>();
  private final Map<Path, List<String>> unordered = new LinkedHashMap<>();
  private final Map<Path, List<String>> notFound = new LinkedHashMap<>();

  IndexDump(Shell shell, boolean sanityOnly, boolean verifyOnly, int largest) {
    this.shell = shell;
    this.sanityOnly = sanityOnly;
    this.verifyOnly = verifyOnly;
    this.largest = largest;
  }

  void dumpOffsets(Path file) {
    List<OffsetEntry> entries = IndexFile.offsets(file);
    if (entries.isEmpty()) {
      shell.out().println(file + " is empty.");
      return;
    }
    if (sanityOnly) {
      IndexFile.checkOffsets(file);
      shell.out().println(file + " passed sanity check.");
      return;
    }
    Path log = SegmentFile.beside(file, ".log");
    try (FileRecords records = SegmentFile.open(log)) {
      long base = SegmentFile.baseOffset(file);
      for (int i = 0; i < entries.size(); i++) {
        OffsetEntry entry = entries.get(i);
        // A crash can leave zeros at the end.
        if (entry.offset() == base && i > 0) {
          return;
        }
        compare(file, entry, records, log);
        if (!verifyOnly) {
          shell.out().println("offset: " + entry.offset() + " position: " + entry.position());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void compare(Path file, OffsetEntry entry, FileRecords records, Path log)
      throws IOException {
    if (entry.position() > records.sizeInBytes()) {
      throw ToolException.failed(
          file + " points at position " + entry.position() + ", but " + log + " ends before.");
    }
    Iterator<FileChannelRecordBatch> found =
        SegmentFile.batches(records.slice(entry.position(), largest), log);
    if (!found.hasNext()) {
      throw ToolException.failed(
          file + " points at position " + entry.position() + ", where " + log + " has no batch.");
    }
    long last = found.next().lastOffset();
    if (last != entry.offset()) {
      // The last one is told first.
      mismatches
          .computeIfAbsent(file.toAbsolutePath(), name -> new ArrayList<>())
          .add(0, "  Index offset: " + entry.offset() + ", log offset: " + last);
    }
  }

  void dumpTimes(Path file) {
    if (sanityOnly) {
      IndexFile.checkTimes(file);
      shell.out().println(file + " passed sanity check.");
      return;
    }
    List<OffsetEntry> offsets = IndexFile.offsets(SegmentFile.beside(file, ".index"));
    Path log = SegmentFile.beside(file, ".log");
    try (FileRecords records = SegmentFile.open(log)) {
      long base = SegmentFile.baseOffset(file);
      long previousMs = RecordBatch.NO_TIMESTAMP;
      List<TimeEntry> entries = IndexFile.times(file);
      for (int i = 0; i < entries.size(); i++) {
        TimeEntry entry = entries.get(i);
        if (entry.offset() == base && i > 0) {
          return;
        }
        int position = IndexFile.lookUp(offsets, entry.offset());
        if (position > records.sizeInBytes()) {
          throw ToolException.failed(
              "The index beside " + file + " points at " + position + ", behind the end of " + log);
        }
        compare(file, entry, previousMs, records.slice(position, Integer.MAX_VALUE), log);
        if (!verifyOnly) {
          shell.out().println("timestamp: " + entry.timestampMs() + " offset: " + entry.offset());
        }
        previousMs = entry.timestampMs();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void compare(Path file, TimeEntry entry, long previousMs, FileRecords from, Path log) {
    RecordBatch found = null;
    Iterator<FileChannelRecordBatch> batches = SegmentFile.batches(from, log);
    while (found == null && batches.hasNext()) {
      RecordBatch batch = batches.next();
      found = batch.lastOffset() >= entry.offset() ? batch : null;
    }
    if (found == null || found.lastOffset() != entry.offset()) {
      long last = found == null ? -1 : found.lastOffset();
      note(notFound, file, "Indexed offset: " + entry.offset() + ", found log offset: " + last);
      return;
    }
    long greatestMs = RecordBatch.NO_TIMESTAMP;
    for (Record record : found) {
      greatestMs = Math.max(greatestMs, record.timestamp());
    }
    if (greatestMs != entry.timestampMs()) {
      note(
          wrongTimes,
          file,
          "  Index timestamp: " + entry.timestampMs() + ", log timestamp: " + greatestMs);
    }
    if (previousMs >= entry.timestampMs()) {
      note(
          unordered,
          file,
          "  Index timestamp: "
              + entry.timestampMs()
              + ", Previously indexed timestamp: "
              + previousMs);
    }
  }

  private static void note(Map<Path, List<String>> findings, Path file, String line) {
    findings.computeIfAbsent(file.toAbsolutePath(), name -> new ArrayList<>()).add(line);
  }

  /** Prints what does not fit. */
  void printFindings() {
    print("Mismatches in :", mismatches);
    print("Found timestamp mismatch in :", wrongTimes);
    print("Found out of order timestamp in :", unordered);
    print("The following indexed offsets are not found in :", notFound);
  }

  private void print(String head, Map<Path, List<String>> findings) {
    findings.forEach(
        (file, lines) -> {
          shell.err().println(head + file);
          lines.forEach(shell.err()::println);
        });
  }
}
