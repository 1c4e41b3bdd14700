package io.millrace.cli.kafka;

import io.millrace.cli.segment.RecordDecoder;
import io.millrace.cli.segment.RecordDecoder.Decoded;
import io.millrace.cli.segment.SegmentFile;
import io.millrace.cli.tool.Failures;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.internal.AbstractLegacyRecordBatch;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.FileLogInputStream.FileChannelRecordBatch;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * Prints logs as Kafka's tool does it, and keeps which offsets do not follow each other. That tool
 * counts from 0 in each file, so that a segment which begins later is told as a gap. Confined to:
 * the main thread.
 */
final class LogDump {
  private static final Pattern CHECKPOINT = Pattern.compile("(\\d{20})-(\\d{10})\\.checkpoint");

  private final Shell shell;
  private final PrintStream out;
  private final RecordDecoder decoder;
  private final Shown shown;
  private final int maxBytes;
  private final Map<Path, Map<Long, Long>> gaps = new LinkedHashMap<>();

  /** Which lines and which of their parts are printed. */
  record Shown(boolean records, boolean contents, boolean batches, boolean metadata) {}

  LogDump(Shell shell, RecordDecoder decoder, Shown shown, int maxBytes) {
    this.shell = shell;
    this.out = shell.out();
    this.decoder = decoder;
    this.shown = shown;
    this.maxBytes = maxBytes;
  }

  void dump(Path file) {
    printHead(file);
    try (FileRecords records = SegmentFile.open(file)) {
      FileRecords slice = records.slice(0, maxBytes);
      long validBytes = 0;
      long last = -1;
      Iterator<FileChannelRecordBatch> batches = SegmentFile.batches(slice, file);
      while (batches.hasNext()) {
        FileChannelRecordBatch batch = batches.next();
        if (shown.batches) {
          printBatch(batch, validBytes);
        }
        if (shown.records) {
          last = printRecords(batch, last, file);
        }
        validBytes += batch.sizeInBytes();
      }
      long left = slice.sizeInBytes() - validBytes;
      if (left > 0 && maxBytes == Integer.MAX_VALUE) {
        out.println("Found " + left + " invalid bytes at the end of " + file.getFileName());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void printHead(Path file) {
    Matcher checkpoint = CHECKPOINT.matcher(String.valueOf(file.getFileName()));
    if (checkpoint.matches()) {
      long offset = Long.parseLong(checkpoint.group(1));
      long epoch = Long.parseLong(checkpoint.group(2));
      out.println("Snapshot end offset: " + offset + ", epoch: " + epoch);
    } else if (file.endsWith("bootstrap.checkpoint")) {
      out.println("KRaft bootstrap snapshot");
    } else {
      out.println("Log starting offset: " + SegmentFile.baseOffset(file));
    }
  }

  private void printBatch(FileChannelRecordBatch batch, long position) {
    StringBuilder line = new StringBuilder();
    if (batch.magic() >= RecordBatch.MAGIC_VALUE_V2) {
      put(line, "baseOffset", batch.baseOffset());
      put(line, "lastOffset", batch.lastOffset());
      put(line, "count", batch.countOrNull());
      put(line, "baseSequence", batch.baseSequence());
      put(line, "lastSequence", batch.lastSequence());
      put(line, "producerId", batch.producerId());
      put(line, "producerEpoch", batch.producerEpoch());
      put(line, "partitionLeaderEpoch", batch.partitionLeaderEpoch());
      put(line, "isTransactional", batch.isTransactional());
      put(line, "isControl", batch.isControlBatch());
      put(line, "deleteHorizonMs", batch.deleteHorizonMs());
    } else {
      put(line, "offset", batch.lastOffset());
    }
    put(line, "position", position);
    put(line, batch.timestampType().toString(), batch.maxTimestamp());
    put(line, "size", batch.sizeInBytes());
    put(line, "magic", batch.magic());
    put(line, "compresscodec", batch.compressionType().name);
    put(line, "crc", batch.checksum());
    put(line, "isvalid", batch.isValid());
    out.println(line);
  }

  private static void put(StringBuilder line, String name, Object value) {
    line.append(line.isEmpty() ? "" : " ").append(name).append(": ").append(value);
  }

  private long printRecords(FileChannelRecordBatch batch, long before, Path file) {
    long last = before;
    try {
      for (Record record : batch) {
        if (record.offset() != last + 1) {
          gaps.computeIfAbsent(file.toAbsolutePath(), name -> new TreeMap<>())
              .put(last, record.offset());
        }
        last = record.offset();
        out.println(line(batch, record));
      }
      return last;
    } catch (ToolException e) {
      throw e;
    } catch (RuntimeException e) {
      throw ToolException.failed(
              file
                  + " is damaged: the records of the batch at position "
                  + batch.position()
                  + " cannot be read ("
                  + Failures.sentence(e)
                  + ").")
          .because(e);
    }
  }

  private String line(FileChannelRecordBatch batch, Record record) {
    StringBuilder line = new StringBuilder();
    if (shown.metadata) {
      line.append("| offset: ").append(record.offset());
      put(line, batch.timestampType().toString(), record.timestamp());
      put(line, "keySize", record.keySize());
      put(line, "valueSize", record.valueSize());
      if (batch.magic() >= RecordBatch.MAGIC_VALUE_V2) {
        put(line, "sequence", record.sequence());
        put(
            line,
            "headerKeys",
            Arrays.stream(record.headers())
                .map(Header::key)
                .collect(Collectors.joining(",", "[", "]")));
      }
      if (record instanceof AbstractLegacyRecordBatch old) {
        put(line, "isValid", old.isValid());
        put(line, "crc", old.checksum());
      }
      if (batch.isControlBatch()) {
        putMarker(line, record);
      }
    }
    if (shown.contents && !batch.isControlBatch()) {
      putContents(line, record);
    }
    return line.toString();
  }

  private void putContents(StringBuilder line, Record record) {
    Decoded decoded = decoder.decode(record);
    String prefix = shown.metadata ? " " : "| ";
    if (decoded.key().isPresent()) {
      line.append(prefix).append("key: ").append(decoded.key().get());
      prefix = " ";
    }
    if (decoded.value().isPresent()) {
      line.append(prefix).append("payload: ").append(decoded.value().get());
    }
  }

  private static void putMarker(StringBuilder line, Record record) {
    short number = ControlRecordType.parseTypeId(record.key());
    ControlRecordType type = ControlRecordType.fromTypeId(number);
    if (type == ControlRecordType.ABORT || type == ControlRecordType.COMMIT) {
      EndTransactionMarker marker = EndTransactionMarker.deserialize(record);
      put(line, "endTxnMarker", marker.controlType());
      put(line, "coordinatorEpoch", marker.coordinatorEpoch());
    } else {
      put(line, "controlType", type + "(" + number + ")");
    }
  }

  /** Prints which offsets do not follow each other. */
  void printFindings() {
    gaps.forEach(
        (file, pairs) -> {
          shell.err().println("Non-consecutive offsets in " + file);
          pairs.forEach((one, next) -> shell.err().println("  " + one + " is followed by " + next));
        });
  }
}
