package io.millrace.browser.frame;

import io.millrace.browser.frame.FrameSink.Cut;
import java.util.Arrays;

/**
 * The frame that a cutter is filling: encoded records side by side, and where each one ends, so
 * that the frame can be cut between any two of them.
 *
 * <p>Confined to: its cutter.
 */
final class OpenFrame {
  /** Largest size of the shared part of a frame with more than one record, in bytes. */
  static final int BYTES_MAX = 64 << 10;

  /** Largest number of records of a frame. */
  static final int RECORDS_MAX = 500;

  private static final int FIRST_ENTRIES = 16;

  /** Bytes around the records besides the topic's name, at most. */
  private static final int AROUND_BYTES = 64;

  private final FrameFormat format;
  private final boolean separated;
  private final ByteSink out = new ByteSink(4 << 10);
  private final ByteSink whole = new ByteSink(4 << 10);

  // What is cut now.
  private String topic = "";
  private int partition;
  private long from;
  private FrameSink sink = new NoSink();
  private int recordBytesMax;

  // The frame that is open.
  private long first;
  private long hole;
  private int leaderEpoch;
  private int entries;
  private int weight;
  private long[] offsets = new long[FIRST_ENTRIES];
  private long[] timestamps = new long[FIRST_ENTRIES];
  private int[] ends = new int[FIRST_ENTRIES];
  private int[] weights = new int[FIRST_ENTRIES];

  // The batch that is being added to it.
  private int batchEntry;
  private long batchAt;

  OpenFrame(FrameFormat format) {
    this.format = format;
    this.separated = format.isText();
  }

  /** Before the first source nothing can be emitted. */
  private static final class NoSink implements FrameSink {
    @Override
    public void frame(Cut cut, byte[] bytes, int begin, int end) {
      throw new IllegalStateException("nothing is being cut");
    }

    @Override
    public void unreadable(long begin, long end, String why) {
      throw new IllegalStateException("nothing is being cut");
    }
  }

  /** Begins to cut for a reader that stands at {@code from}. */
  void begin(String topic, int partition, long from, FrameSink sink) {
    this.topic = topic;
    this.partition = partition;
    this.from = from;
    this.sink = sink;
    this.recordBytesMax = BYTES_MAX - AROUND_BYTES - topic.length();
    first = from;
    hole = -1;
    out.clear();
    entries = 0;
    weight = 0;
  }

  /** The log goes on at {@code offset} with something that readers do not see. */
  void hidden(long offset) {
    hole = hole < 0 ? Math.max(from, offset) : hole;
  }

  /** Where the next record is written. */
  ByteSink out() {
    return out;
  }

  /** Begins a batch; {@code at} is where the reader stands in front of it. */
  void beginBatch(int epoch, long at) {
    if (entries > 0 && epoch != leaderEpoch) {
      emit(entries, at);
    }
    leaderEpoch = epoch;
    batchEntry = entries;
    batchAt = at;
  }

  /** Goes in front of each record. */
  void separate() {
    if (separated) {
      out.put(',');
    }
  }

  /** A record, or a whole batch, was written to {@link #out}. */
  void added(long offset, long timestampMs, int records) {
    if (entries == ends.length) {
      grow();
    }
    offsets[entries] = offset;
    timestamps[entries] = timestampMs;
    ends[entries] = out.size();
    weights[entries] = records;
    entries++;
    weight += records;
    while (entries > 1 && (weight > RECORDS_MAX || out.size() > recordBytesMax)) {
      if (batchEntry > 0) {
        // The batch does not fit behind those before it: it begins a frame of its own.
        emit(batchEntry, batchAt);
        batchEntry = 0;
      } else {
        emit(entries - 1, offsets[entries - 1]);
      }
    }
  }

  private void grow() {
    int size = 2 * ends.length;
    offsets = Arrays.copyOf(offsets, size);
    timestamps = Arrays.copyOf(timestamps, size);
    ends = Arrays.copyOf(ends, size);
    weights = Arrays.copyOf(weights, size);
  }

  /** Forgets what the batch has added so far. */
  void dropBatch() {
    out.truncate(batchEntry == 0 ? 0 : ends[batchEntry - 1]);
    for (int i = batchEntry; i < entries; i++) {
      weight -= weights[i];
    }
    entries = batchEntry;
  }

  /** Tells of records that cannot be read; what came before is a frame. */
  void unreadable(long begin, long end, String why) {
    end(begin);
    sink.unreadable(first, end, why);
    first = end;
  }

  /** The reader stands at {@code next} behind all that was added. */
  void end(long next) {
    if (entries > 0) {
      emit(entries, next);
    }
    if (next > first) {
      hidden(next);
      long goesOnAt = first == from ? hole : first;
      sink.frame(new Cut(first, next, goesOnAt, 0, -1, -1, false), out.array(), 0, 0);
      first = next;
    }
  }

  /** Cuts the first {@code count} entries off; those before the reader's place are left out. */
  private void emit(int count, long next) {
    int head = 0;
    while (head < count && offsets[head] < from) {
      head++;
    }
    if (head < count) {
      int records = 0;
      for (int i = head; i < count; i++) {
        records += weights[i];
      }
      write(head, count, records);
      hidden(offsets[head]);
      long goesOnAt = first == from ? hole : first;
      Cut cut = new Cut(first, next, goesOnAt, records, leaderEpoch, timestamps[head], head > 0);
      sink.frame(cut, whole.array(), 0, whole.size());
      first = next;
    }
    drop(count);
  }

  private void write(int head, int count, int records) {
    whole.clear();
    format.open(whole, topic, partition, leaderEpoch, records);
    int begin = (head == 0 ? 0 : ends[head - 1]) + (separated ? 1 : 0);
    whole.put(out.array(), begin, ends[count - 1] - begin);
    format.close(whole);
  }

  private void drop(int count) {
    int bytes = ends[count - 1];
    out.dropBefore(bytes);
    for (int i = 0; i < count; i++) {
      weight -= weights[i];
    }
    int left = entries - count;
    System.arraycopy(offsets, count, offsets, 0, left);
    System.arraycopy(timestamps, count, timestamps, 0, left);
    System.arraycopy(weights, count, weights, 0, left);
    for (int i = 0; i < left; i++) {
      ends[i] = ends[i + count] - bytes;
    }
    entries = left;
  }
}
