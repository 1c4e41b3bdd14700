package io.millrace.compat;

import io.millrace.model.TopicPartition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.common.record.internal.FileLogInputStream.FileChannelRecordBatch;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.RecordBatch;

/** A partition's segment files, read with Kafka's own record classes. Immutable. */
public final class SegmentFiles {
  private final Path folder;

  private SegmentFiles(Path folder) {
    this.folder = folder;
  }

  /** The files of a partition below a broker's data folder. */
  public static SegmentFiles of(Path data, TopicPartition partition) {
    return new SegmentFiles(data.resolve(partition.folderName()));
  }

  /** The segments in order of their base offset. */
  public List<Path> segments() {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".log")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Something done with each batch, which is valid for that time only. */
  public interface BatchVisitor {
    void visit(RecordBatch batch);
  }

  /** Shows every batch in order, after its CRC was checked. */
  public void forEachBatch(BatchVisitor visitor) {
    for (Path segment : segments()) {
      try (FileRecords records = FileRecords.open(segment.toFile(), false)) {
        for (FileChannelRecordBatch batch : records.batches()) {
          batch.ensureValid();
          visitor.visit(batch);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Names of the codecs that the batches were stored with. */
  public Set<String> codecs() {
    Set<String> codecs = new TreeSet<>();
    forEachBatch(batch -> codecs.add(batch.compressionType().name));
    return codecs;
  }

  /** The batches' base offsets with their last, as {@code [first,last]} in order. */
  public List<long[]> ranges() {
    List<long[]> ranges = new ArrayList<>();
    forEachBatch(batch -> ranges.add(new long[] {batch.baseOffset(), batch.lastOffset()}));
    return ranges;
  }
}
