package io.millrace.bench;

import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;

/**
 * Counts records in what sockets receive, whatever frames they come in. Each record has one mark,
 * and behind it the time at which it was sent. Thread-safe, save the latencies, which are read when
 * the sockets are silent.
 */
final class Deliveries {
  /** Stands once in each record. */
  static final byte MARK = '~';

  /** Decimal digits of the time behind the mark. */
  static final int TIME_DIGITS = 19;

  private static final long HIGHEST_NS = 60_000_000_000L;

  private final LongAdder records = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final Histogram latenciesNs = new Histogram(HIGHEST_NS, 3);
  private volatile boolean timing;

  long records() {
    return records.sum();
  }

  long bytes() {
    return bytes.sum();
  }

  void add(long moreRecords, long moreBytes) {
    records.add(moreRecords);
    bytes.add(moreBytes);
  }

  /** From now on latencies count. */
  void startTiming() {
    timing = true;
  }

  void stopTiming() {
    timing = false;
  }

  /** On the receivers' loop only. */
  void arrived(long sentNs) {
    if (timing) {
      latenciesNs.recordValue(Math.min(HIGHEST_NS, Math.max(0, System.nanoTime() - sentNs)));
    }
  }

  double latencyMs(double percentile) {
    return latenciesNs.getValueAtPercentile(percentile) / 1e6;
  }
}
