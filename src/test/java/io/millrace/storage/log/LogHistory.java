package io.millrace.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.record.BatchView;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What was appended to a log, to check against what a recovery gives back. */
final class LogHistory {
  private final List<byte[]> batches = new ArrayList<>();
  private final List<Long> ends = new ArrayList<>();
  private final Set<Long> compacted = new HashSet<>();
  private long durable;
  private long durableStart;

  /** Bytes as they were queued, offsets assigned. */
  void appended(ByteBuffer bytes) {
    BatchView batch = new BatchView();
    for (int at = bytes.position(); at < bytes.limit(); at = batch.end()) {
      batch.wrap(bytes, at);
      byte[] copy = new byte[batch.sizeBytes()];
      bytes.get(at, copy);
      batches.add(copy);
      ends.add(batch.nextOffset());
    }
  }

  /** A flush up to here was reported. */
  void flushed(long offset) {
    durable = Math.max(durable, offset);
  }

  /** A truncation begins: what is behind is not promised any more. */
  void truncating(long offset) {
    durable = Math.min(durable, offset);
  }

  /** A truncation is durable. */
  void truncated(long offset) {
    while (!ends.isEmpty() && ends.get(ends.size() - 1) > offset) {
      batches.remove(batches.size() - 1);
      ends.remove(ends.size() - 1);
    }
    compacted.removeIf(base -> base >= offset);
  }

  /** A compaction that may be durable or not leaves this batch out. */
  void compacting(long baseOffset) {
    compacted.add(baseOffset);
  }

  void startIsDurable(long offset) {
    durableStart = Math.max(durableStart, offset);
  }

  long end() {
    return ends.isEmpty() ? 0 : ends.get(ends.size() - 1);
  }

  /** End of a random whole batch, at least the log start. */
  long someEnd(java.util.random.RandomGenerator random, long atLeast) {
    List<Long> all = ends.stream().filter(e -> e >= atLeast).toList();
    return all.isEmpty() ? atLeast : all.get(random.nextInt(all.size()));
  }

  /** The log holds a prefix of the history, with everything that was durable, and nothing else. */
  void check(Log log) throws Exception {
    long end = log.logEndOffset();
    assertThat(end).as("everything flushed is there").isGreaterThanOrEqualTo(durable);
    assertThat(end).as("nothing that was not appended").isLessThanOrEqualTo(end());
    assertThat(log.logStartOffset()).isGreaterThanOrEqualTo(Math.min(durableStart, end));
    truncated(end);
    assertThat(end()).as("the end is that of a whole batch").isEqualTo(end);
    Map<Long, Integer> lastSequences = new HashMap<>();
    BatchView batch = new BatchView();
    for (int i = 0; i < batches.size(); i++) {
      batch.wrap(ByteBuffer.wrap(batches.get(i)), 0);
      if (batch.baseOffset() >= log.logStartOffset()) {
        if (compacted.contains(batch.baseOffset())) {
          checkCompacted(log, batch);
        } else {
          checkBatch(log, batch, batches.get(i));
        }
        if (batch.hasProducerId()) {
          lastSequences.put(batch.producerId(), batch.lastSequence());
        }
      }
    }
    Map<Long, Integer> known = new HashMap<>();
    log.producers().forEach(p -> known.put(p.producerId(), p.lastSequence()));
    assertThat(known).as("producers").containsAllEntriesOf(lastSequences);
    durable = Math.min(durable, end);
  }

  private static void checkCompacted(Log log, BatchView batch) {
    LogSlice slice = log.view().read(batch.lastOffset(), 1, Long.MAX_VALUE, true);
    ByteBuffer read = slice.read();
    slice.release();
    BatchCheck.checkWhole(read);
    if (read.hasRemaining()) {
      assertThat(Batches.baseOffsets(read).get(0)).isGreaterThanOrEqualTo(batch.baseOffset());
    }
  }

  private static void checkBatch(Log log, BatchView batch, byte[] bytes) {
    LogSlice slice = log.view().read(batch.lastOffset(), 1, Long.MAX_VALUE, true);
    assertThat(slice).as("a read at offset %d", batch.lastOffset()).isNotNull();
    ByteBuffer read = slice.read();
    slice.release();
    assertThat(Arrays.equals(read.array(), bytes))
        .as("%s was read, %s was written", Batches.baseOffsets(read), batch)
        .isTrue();
    assertThat(log.leaderEpochAt(batch.baseOffset())).isEqualTo(batch.leaderEpoch());
  }
}
