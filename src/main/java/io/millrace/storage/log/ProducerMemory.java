package io.millrace.storage.log;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How long the logs of a broker remember producers, and how many: whoever sends each record as
 * another producer would else end the broker, and again when it reads its logs.
 *
 * <p>When there are too many, those that were idle for {@link #IDLE_MS} are forgotten as if their
 * time was over, and if that does not help, new ones are refused. What is read from a log is
 * remembered whatever the limit. Thread-safe.
 */
public final class ProducerMemory {
  /** A producer repeats no batch after so long, {@code delivery.timeout.ms} being two minutes. */
  static final long IDLE_MS = 300_000;

  /** A producer with all the batches that are remembered, and its place in the map. */
  private static final int ENTRY_BYTES = 400;

  private static final long COUNT_EVERY_MS = 1_000;

  private final int expirationMs;
  private final long max;
  private final Runnable refused;
  private final AtomicLong estimate = new AtomicLong();
  private final AtomicLong nextCountMs = new AtomicLong(Long.MIN_VALUE);

  /** Those that know any producer; a log that is closed is forgotten with its table. */
  private final Set<Reference<ProducerTable>> tables = ConcurrentHashMap.newKeySet();

  private final ReferenceQueue<ProducerTable> gone = new ReferenceQueue<>();

  /**
   * @param expirationMs {@code producer.id.expiration.ms}
   * @param maxBytes what all that is remembered may take
   * @param refused is told, on the loop of a log, each time that a producer had no room
   */
  public ProducerMemory(int expirationMs, long maxBytes, Runnable refused) {
    this.expirationMs = expirationMs;
    this.max = maxBytes == Long.MAX_VALUE ? maxBytes : maxBytes / ENTRY_BYTES;
    this.refused = refused;
  }

  /** Without a limit. */
  public static ProducerMemory unlimited(int expirationMs) {
    return new ProducerMemory(expirationMs, Long.MAX_VALUE, () -> {});
  }

  /**
   * How long a silent producer is remembered now, in ms.
   *
   * @param nowMs wall clock
   */
  long expirationMs(long nowMs) {
    return isFull(nowMs) ? Math.min(expirationMs, IDLE_MS) : expirationMs;
  }

  /** Whether there is no room for another producer. */
  public boolean isFull(long nowMs) {
    if (estimate.get() < max) {
      return false;
    }
    long next = nextCountMs.get();
    // A clock that was set back counts, too.
    boolean due = nowMs >= next || next - nowMs > COUNT_EVERY_MS;
    if (due && nextCountMs.compareAndSet(next, nowMs + COUNT_EVERY_MS)) {
      estimate.set(count());
    }
    return estimate.get() >= max;
  }

  /** What all producers take now, by estimate; looks at each log that knows one. */
  public long usedBytes() {
    return count() * ENTRY_BYTES;
  }

  private long count() {
    long sum = 0;
    for (Reference<ProducerTable> each : tables) {
      ProducerTable table = each.get();
      if (table != null) {
        sum += table.size();
      }
    }
    return sum;
  }

  /** A table knows a producer for the first time. */
  void follow(ProducerTable table) {
    if (max < Long.MAX_VALUE) {
      for (Object old = gone.poll(); old != null; old = gone.poll()) {
        tables.remove(old);
      }
      tables.add(new WeakReference<>(table, gone));
    }
  }

  /** How many tables it holds a place for. */
  int followed() {
    return tables.size();
  }

  /** Producers were added to a table, or forgotten. */
  void changed(int by) {
    estimate.addAndGet(by);
  }

  /** A producer had no room. */
  void refused() {
    refused.run();
  }
}
