package io.millrace.storage;

import io.millrace.model.TopicPartition;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of one log folder that its disk takes seconds to force a file, and when it is quick again.
 * A disk that is slow now and then is told of once, until none has taken long for a minute.
 *
 * <p>Thread-safe; a force that is quick on a disk that is quick takes no lock.
 */
final class SlowForces {
  private static final Logger LOG = LoggerFactory.getLogger(SlowForces.class);

  /** A force that takes longer is told of. */
  static final long SLOW_MS = 5_000;

  /** After so long without one, the disk is quick again. */
  static final long QUICK_MS = 60_000;

  private final Path folder;

  // Owner: the monitor, save that any thread reads whether it was told.
  private volatile boolean told;
  private long slowAtMs;
  private long slowestMs;

  SlowForces(Path folder) {
    this.folder = folder;
  }

  /**
   * A log is being forced.
   *
   * @param forMs since so long
   * @param nowMs monotonic time
   * @return whether that was told of
   */
  boolean isForced(TopicPartition log, long forMs, long nowMs) {
    return forMs >= SLOW_MS && isSlow(log, forMs, nowMs);
  }

  private synchronized boolean isSlow(TopicPartition log, long forMs, long nowMs) {
    slowAtMs = nowMs;
    slowestMs = Math.max(slowestMs, forMs);
    if (told) {
      return false;
    }
    told = true;
    LOG.warn(
        "The disk of {} is slow: it was asked to force {} to disk {} ms ago; what has to be durable"
            + " there waits",
        folder,
        log,
        forMs);
    return true;
  }

  /**
   * A log was forced, or failed to be.
   *
   * @param afterMs how long it took
   * @param nowMs monotonic time
   * @return whether that was told of
   */
  boolean forced(TopicPartition log, long afterMs, long nowMs) {
    if (afterMs >= SLOW_MS) {
      return isForced(log, afterMs, nowMs);
    }
    return told && isQuick(nowMs);
  }

  private synchronized boolean isQuick(long nowMs) {
    if (!told || nowMs - slowAtMs < QUICK_MS) {
      return false;
    }
    LOG.info("The disk of {} is quick again; its slowest force took {} ms", folder, slowestMs);
    told = false;
    slowestMs = 0;
    return true;
  }
}
