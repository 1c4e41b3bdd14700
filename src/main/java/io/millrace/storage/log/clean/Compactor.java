package io.millrace.storage.log.clean;

import io.millrace.config.LogConfig;
import io.millrace.storage.log.AbortedTxn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecords.FilterResult;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.common.utils.internals.CloseableIterator;
import org.jspecify.annotations.Nullable;

/**
 * Compacts sealed segments: reads the dirty section once to learn the last offset of each key, then
 * writes what is left of all segments up to its end.
 *
 * <p>When the keys do not fit into the bound of memory the section ends early, and the next
 * compaction goes on from there. Confined to: the compacting worker.
 */
public final class Compactor {
  /** No record that a broker accepted is larger; a larger one is a decompression bomb. */
  private static final int RECORD_BYTES_MAX = 256 * 1024 * 1024;

  private final int chunkBytes;
  private final long keysBytesMax;
  private final Throttle throttle;
  private final BufferSupplier buffers = BufferSupplier.create();

  /** Slows a compaction down to its share of the disk. */
  @FunctionalInterface
  public interface Throttle {
    /** Lets everything pass. */
    Throttle NONE = bytes -> {};

    /** Waits until {@code bytes} more may be read or written. Blocks the worker. */
    void pass(long bytes);
  }

  /**
   * @param chunkBytes bytes read at once ({@code log.cleaner.io.buffer.size})
   * @param keysBytesMax bound of the key table in bytes ({@code log.cleaner.dedupe.buffer.size})
   */
  public Compactor(int chunkBytes, long keysBytesMax, Throttle throttle) {
    this.chunkBytes = chunkBytes;
    this.keysBytesMax = keysBytesMax;
    this.throttle = throttle;
  }

  /**
   * Compacts.
   *
   * @param sources the log's sealed segments from its first on, oldest first, up to the plan's end
   * @param producers tells the last batch of each active producer
   * @param nowMs wall-clock time in ms; delete horizons count from it
   * @return finished targets; on an exception all targets were abandoned
   */
  public Compaction run(
      List<SourceSegment> sources,
      CleanPlan plan,
      LogConfig config,
      ProducerEnds producers,
      TargetSegment.Factory targets,
      long nowMs)
      throws IOException {
    KeyOffsets keys = new KeyOffsets(keysBytesMax);
    long end = learnKeys(sources, plan, keys);
    List<CleanedGroup> done = new ArrayList<>();
    TargetSegment[] open = new TargetSegment[1];
    try {
      OpenTransactions transactions = new OpenTransactions(aborted -> keepAborted(open, aborted));
      CompactionFilter filter =
          new CompactionFilter(keys, transactions, producers, nowMs, config.deleteRetentionMs());
      List<SourceSegment> reached = sources.stream().filter(s -> s.baseOffset() < end).toList();
      for (List<SourceSegment> group : SegmentGroups.of(reached, config)) {
        open[0] = targets.create(group.get(0).baseOffset());
        for (SourceSegment source : group) {
          transactions.add(source.abortedTxns());
          filter.enter(source);
          rewrite(source, filter, open[0]);
        }
        open[0].finish();
        done.add(new CleanedGroup(group, open[0]));
        open[0] = null;
      }
      return summary(done, end, keys);
    } catch (IOException | RuntimeException e) {
      abandon(open[0], done, e);
      throw e;
    } finally {
      buffers.close();
    }
  }

  private static void keepAborted(TargetSegment[] open, AbortedTxn aborted) {
    try {
      open[0].append(aborted);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Compaction summary(List<CleanedGroup> done, long end, KeyOffsets keys) {
    long before = 0;
    long after = 0;
    for (CleanedGroup group : done) {
      before += group.sources().stream().mapToLong(SourceSegment::sizeBytes).sum();
      after += group.target().sizeBytes();
    }
    return new Compaction(List.copyOf(done), end, before, after, keys.size());
  }

  private static void abandon(
      @Nullable TargetSegment open, List<CleanedGroup> done, Exception cause) {
    List<TargetSegment> all = new ArrayList<>(done.stream().map(CleanedGroup::target).toList());
    if (open != null) {
      all.add(open);
    }
    for (TargetSegment target : all) {
      try {
        target.abandon();
      } catch (IOException e) {
        cause.addSuppressed(e);
      }
    }
  }

  /** Gives the offset up to which all keys are in the table. */
  private long learnKeys(List<SourceSegment> sources, CleanPlan plan, KeyOffsets keys)
      throws IOException {
    OpenTransactions transactions = new OpenTransactions(aborted -> {});
    for (SourceSegment source : sources) {
      if (source.endOffset() <= plan.firstDirtyOffset()
          || source.baseOffset() >= plan.endOffset()) {
        continue;
      }
      transactions.add(source.abortedTxns());
      BatchChunks chunks = new BatchChunks(source, chunkBytes);
      ByteBuffer chunk;
      while ((chunk = chunks.next()) != null) {
        throttle.pass(chunk.remaining());
        for (MutableRecordBatch batch : MemoryRecords.readableRecords(chunk).batches()) {
          if (batch.baseOffset() >= plan.endOffset()) {
            return plan.endOffset();
          }
          if (!learnKeys(batch, plan.firstDirtyOffset(), transactions, keys)) {
            return batch.baseOffset();
          }
        }
      }
    }
    return plan.endOffset();
  }

  private boolean learnKeys(
      MutableRecordBatch batch, long fromOffset, OpenTransactions transactions, KeyOffsets keys) {
    if (batch.isControlBatch()) {
      transactions.isMarkerOfNothing(batch);
      return true;
    }
    if (batch.lastOffset() < fromOffset || transactions.isAborted(batch)) {
      return true;
    }
    try (CloseableIterator<Record> records = batch.streamingIterator(buffers, RECORD_BYTES_MAX)) {
      while (records.hasNext()) {
        Record record = records.next();
        if (record.hasKey()
            && record.offset() >= fromOffset
            && !keys.put(record.key(), record.offset())) {
          return false;
        }
      }
    }
    return true;
  }

  private void rewrite(SourceSegment source, CompactionFilter filter, TargetSegment target)
      throws IOException {
    BatchChunks chunks = new BatchChunks(source, chunkBytes);
    ByteBuffer out = ByteBuffer.allocate(chunkBytes);
    ByteBuffer chunk;
    while ((chunk = chunks.next()) != null) {
      throttle.pass(chunk.remaining());
      while (chunk.hasRemaining()) {
        out.clear();
        FilterResult result =
            MemoryRecords.readableRecords(chunk.slice())
                .filterTo(filter, out, buffers, RECORD_BYTES_MAX);
        chunk.position(chunk.position() + result.bytesRead());
        // The result has a larger buffer of its own where one batch did not fit.
        out = result.outputBuffer();
        out.flip();
        if (out.hasRemaining()) {
          throttle.pass(out.remaining());
          target.append(out);
        }
      }
    }
  }
}
