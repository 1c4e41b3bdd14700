package io.millrace.event;

import io.millrace.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;

/**
 * The last events of this broker, the oldest dropped first. Adding one costs less than a log line
 * and never waits. Thread-safe.
 */
public final class EventLog {
  /** Events that are kept. */
  public static final int KEPT = 1_000;

  private static final long REPEAT_MS = 60_000;
  private static final int REPEATS_MAX = 1_024;

  private final Clock clock;
  private final AtomicReferenceArray<Event> ring = new AtomicReferenceArray<>(KEPT);
  private final AtomicLong last = new AtomicLong();
  private final List<Consumer<Event>> listeners = new CopyOnWriteArrayList<>();
  private final Map<Object, Long> repeats = new ConcurrentHashMap<>();
  private volatile int broker = -1;

  /** A log without events. */
  public EventLog(Clock clock) {
    this.clock = clock;
  }

  /** From now on events are of this broker, unless they name another. */
  public void ofBroker(int id) {
    broker = id;
  }

  /** Adds an event. */
  public void add(Event event) {
    long seq = last.incrementAndGet();
    Event stamped = event.at(seq, clock.wallMs(), broker);
    ring.set(slot(seq), stamped);
    listeners.forEach(listener -> listener.accept(stamped));
  }

  /**
   * Adds an event unless one with the same key was added within the last minute.
   *
   * @param key what makes two events the same fault
   */
  public void addOnce(Object key, Event event) {
    long nowMs = clock.monotonicMs();
    if (repeats.size() >= REPEATS_MAX) {
      repeats.values().removeIf(addedMs -> nowMs - addedMs >= REPEAT_MS);
    }
    Long before = repeats.get(key);
    if (before != null && nowMs - before < REPEAT_MS) {
      return;
    }
    // With this many different faults in a minute each further one would only hide the others.
    if (before == null && repeats.size() >= REPEATS_MAX) {
      return;
    }
    boolean won =
        before == null
            ? repeats.putIfAbsent(key, nowMs) == null
            : repeats.replace(key, before, nowMs);
    if (won) {
      add(event);
    }
  }

  /** Number of the newest event; 0 when there is none. */
  public long lastSeq() {
    return last.get();
  }

  /**
   * Events after {@code seq}, oldest first.
   *
   * @param limit most that are given, at least 0; the newest ones
   */
  public List<Event> after(long seq, int limit) {
    long newest = last.get();
    long oldest = Math.max(Math.max(seq, 0), newest - KEPT) + 1;
    List<Event> found = new ArrayList<>();
    for (long i = newest; i >= oldest && found.size() < limit; i--) {
      Event event = ring.get(slot(i));
      if (event != null && event.seq() == i) {
        found.add(event);
      }
    }
    Collections.reverse(found);
    return found;
  }

  /**
   * Has {@code listener} called with each further event, on the thread that adds it: it must be
   * quick and not fail.
   *
   * @return ends it
   */
  public Runnable listen(Consumer<Event> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  private static int slot(long seq) {
    return (int) (seq % KEPT);
  }
}
