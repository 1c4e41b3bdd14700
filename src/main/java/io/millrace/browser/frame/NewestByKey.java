package io.millrace.browser.frame;

import io.millrace.record.BatchDecoder;
import io.millrace.record.BatchView;
import io.millrace.record.InvalidRecordsException;
import io.millrace.record.RecordIterator;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.jspecify.annotations.Nullable;

/**
 * The offset of the newest committed record of each key, as batches are looked through. Records
 * without a key count as one key.
 *
 * <p>Confined to: one thread at a time.
 */
public final class NewestByKey {
  /** Number of keys after which no more is looked through. */
  public static final int KEYS_MAX = 4096;

  private final Map<@Nullable ByteBuffer, Long> newest = new HashMap<>();
  private final long from;
  private long at;
  private long before;

  /** Begins at that offset. */
  public NewestByKey(long from) {
    this.from = from;
    this.at = from;
    this.before = from;
  }

  /** Looks through batches; one that cannot be read ends what is looked through. */
  public NewestByKey add(ByteBuffer bytes, List<AbortedTransaction> aborted, int maxMessageBytes) {
    CommittedBatches batches = new CommittedBatches(bytes, aborted);
    while (batches.next() && batches.isReadable() && !isFull()) {
      BatchView batch = batches.batch();
      boolean visible = batches.isVisible();
      if (batch.nextOffset() <= at) {
        continue;
      }
      try {
        if (visible) {
          add(batch, BatchDecoder.expansionLimit(maxMessageBytes));
        }
      } catch (InvalidRecordsException e) {
        // The cutter finds the same and tells the reader.
        return this;
      }
      at = batch.nextOffset();
    }
    return this;
  }

  private void add(BatchView batch, int limit) throws InvalidRecordsException {
    RecordIterator records = new RecordIterator(batch, BatchDecoder.records(batch, limit));
    while (records.next()) {
      if (records.offset() >= from) {
        newest.put(copy(records.key()), records.offset());
      }
    }
  }

  private static @Nullable ByteBuffer copy(@Nullable ByteBuffer key) {
    return key == null ? null : ByteBuffer.allocate(key.remaining()).put(key).flip();
  }

  /** Offset behind what was looked through. */
  public long at() {
    return at;
  }

  /** Whether the last batches led further. */
  public boolean isMoved() {
    return at > before;
  }

  /** Begins to look through the next batches. */
  public NewestByKey goOn() {
    before = at;
    return this;
  }

  /** Whether there are so many keys that no more is looked through. */
  public boolean isFull() {
    return newest.size() >= KEYS_MAX;
  }

  /** Offsets of the newest records. */
  public Set<Long> offsets() {
    return new HashSet<>(newest.values());
  }
}
