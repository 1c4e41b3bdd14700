package io.millrace.browser.frame;

import io.millrace.record.BatchDecoder;
import io.millrace.record.BatchView;
import io.millrace.record.InvalidRecordsException;
import io.millrace.record.RecordIterator;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.LongPredicate;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;

/**
 * Cuts batches into frames of at most 64 KiB or 500 records, save that a record larger than that
 * has a frame of its own.
 *
 * <p>A batch that needs several frames begins a new one, so the places where it is cut are the same
 * for every reader. Small batches that lie side by side share a frame.
 *
 * <p>Confined to: the thread that made it.
 */
public final class FrameCutter {
  private final FrameFormat format;
  private final RecordEncoder encoder;
  private final OpenFrame open;
  private int batches;

  /** Cuts into frames of that format. */
  public FrameCutter(FrameFormat format) {
    this.format = format;
    this.encoder = new RecordEncoder(format);
    this.open = new OpenFrame(format);
  }

  /**
   * What is cut.
   *
   * @param topic name of the topic
   * @param partition number of the partition
   * @param bytes whole batches on the heap, the first one may begin before {@code from}
   * @param aborted aborted transactions among them
   * @param from first offset wanted
   * @param upTo batches from this offset on are left out
   * @param expansionLimit how many bytes the records of a batch may expand to
   * @param keep which offsets are wanted
   */
  public record Source(
      String topic,
      int partition,
      ByteBuffer bytes,
      List<AbortedTransaction> aborted,
      long from,
      long upTo,
      int expansionLimit,
      LongPredicate keep) {
    /** Keeps every record. */
    public static final LongPredicate ALL = offset -> true;
  }

  /**
   * Cuts everything into frames.
   *
   * @return offset at which the reader stands behind all of them
   */
  public long cut(Source source, FrameSink sink) {
    open.begin(source.topic, source.partition, source.from, sink);
    long at = source.from;
    batches = 0;
    CommittedBatches walk = new CommittedBatches(source.bytes, source.aborted);
    while (walk.next()) {
      BatchView batch = walk.batch();
      if (batch.baseOffset() >= source.upTo) {
        at = Math.max(at, source.upTo);
        break;
      }
      batches++;
      if (!walk.isReadable()) {
        // The base offset of an old batch may be that of its last record.
        long end = Math.max(at, batch.baseOffset()) + 1;
        open.unreadable(at, end, "it has a format that only old brokers wrote");
        at = end;
        continue;
      }
      boolean visible = walk.isVisible();
      if (batch.nextOffset() > source.from) {
        if (visible) {
          add(batch, source, at);
        } else {
          open.hidden(batch.baseOffset());
        }
        at = Math.max(at, batch.nextOffset());
      }
    }
    open.end(at);
    return at;
  }

  /** Number of batches that the last cut went through. */
  public int batches() {
    return batches;
  }

  private void add(BatchView batch, Source source, long at) {
    open.beginBatch(batch.leaderEpoch(), at);
    try {
      if (format.kind() == FrameFormat.Kind.BATCHES) {
        addWhole(batch, source);
      } else {
        addRecords(batch, source);
      }
    } catch (InvalidRecordsException | IndexOutOfBoundsException e) {
      open.dropBatch();
      open.unreadable(at, batch.nextOffset(), String.valueOf(e.getMessage()));
    }
  }

  private void addWhole(BatchView batch, Source source) {
    ByteBuffer bytes = batch.bytes();
    int from = bytes.arrayOffset() + bytes.position();
    open.out().put(bytes.array(), from, bytes.remaining());
    long offset = Math.max(batch.baseOffset(), source.from);
    open.added(offset, batch.maxTimestamp(), batch.count());
  }

  private void addRecords(BatchView batch, Source source) throws InvalidRecordsException {
    ByteBuffer plain = BatchDecoder.records(batch, source.expansionLimit);
    RecordIterator records = new RecordIterator(batch, plain);
    while (records.next()) {
      if (source.keep.test(records.offset())) {
        open.separate();
        encoder.encode(records, open.out());
        open.added(records.offset(), records.timestamp(), 1);
      }
    }
  }
}
