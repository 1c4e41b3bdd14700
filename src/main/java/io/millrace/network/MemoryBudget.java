package io.millrace.network;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that frames of requests may take, for the whole process. A frame is admitted by its
 * size before a byte of it is stored; a connection whose frame is not admitted is not read until
 * memory was given back.
 *
 * <p>Small frames have a share of their own above the limit, so that heartbeats, commits and
 * fetches pass while large produces fill the rest. Thread-safe, without locks.
 */
public final class MemoryBudget {
  /** Frames of up to this many bytes may use the reserve. */
  static final int SMALL_FRAME_BYTES = 16 * 1024;

  private static final int RESERVE_PART = 8;

  private final long limitBytes;
  private final long reserveBytes;
  private final AtomicLong usedBytes = new AtomicLong();
  private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

  /**
   * @param limitBytes bytes for frames of any size; one eighth more is the reserve of small ones
   */
  public MemoryBudget(long limitBytes) {
    this.limitBytes = limitBytes;
    this.reserveBytes = Math.max(limitBytes / RESERVE_PART, 4L * SMALL_FRAME_BYTES);
  }

  /** Whether a frame of this size can ever be admitted. */
  boolean canEverHold(int bytes) {
    return bytes <= limitBytes;
  }

  /**
   * Takes memory for one frame, or notes who to wake when some was given back.
   *
   * @param woken whether the caller was woken by this budget: who comes anew waits behind those who
   *     wait already
   * @param wake called once, on any thread, when it is worth another try; only when this returns
   *     false
   */
  boolean take(int bytes, boolean woken, Runnable wake) {
    boolean mayPass = woken || bytes <= SMALL_FRAME_BYTES || waiting.isEmpty();
    if (mayPass && tryTake(bytes)) {
      if (woken) {
        wakeNext();
      }
      return true;
    }
    waiting.add(wake);
    if (fits(usedBytes.get(), bytes)) {
      // Given back between the failed try and the note: nobody else would wake it.
      wakeNext();
    }
    return false;
  }

  private boolean tryTake(int bytes) {
    while (true) {
      long used = usedBytes.get();
      if (!fits(used, bytes)) {
        return false;
      }
      if (usedBytes.compareAndSet(used, used + bytes)) {
        return true;
      }
    }
  }

  private boolean fits(long used, int bytes) {
    long limit = bytes <= SMALL_FRAME_BYTES ? limitBytes + reserveBytes : limitBytes;
    return used + bytes <= limit;
  }

  /** Gives memory of one frame back. */
  void release(int bytes) {
    usedBytes.addAndGet(-bytes);
    wakeNext();
  }

  /** Wakes the next one that waits; also for a woken one that needs the memory no longer. */
  void wakeNext() {
    Runnable next = waiting.poll();
    if (next != null) {
      next.run();
    }
  }

  /** Bytes of all admitted frames. */
  public long usedBytes() {
    return usedBytes.get();
  }

  /** Whether some frame waits for memory. */
  boolean hasWaiting() {
    return !waiting.isEmpty();
  }
}
