package io.millrace.storage;

import io.millrace.eventloop.Work;
import io.millrace.storage.log.AppendException;
import io.millrace.storage.log.FlushWork;
import io.millrace.storage.log.Log;
import io.millrace.storage.log.LogAppend;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/**
 * How far one log is durable: asks for the flushes that {@code flush.messages} and {@code flush.ms}
 * make due and for the checkpoints that bound a recovery, takes their reports, and answers what
 * waited for them.
 *
 * <p>Confined to: the log's shard, save {@link #recoveryPoint}.
 */
final class Durability {
  /** What is written at most before the recovery point follows. */
  private static final long RECOVERY_POINT_EVERY_BYTES = 64L << 20;

  /** How long written bytes may lie behind the recovery point. */
  static final long RECOVERY_POINT_EVERY_MS = 60_000;

  /** As long, while few are added all the time: to read those takes less than a new point. */
  static final long RECOVERY_POINT_OF_FEW_MS = 600_000;

  /** How long written bytes may be in the page cache alone, and a high watermark in memory. */
  static final long SAVE_EVERY_MS = 60_000;

  private final StoredLog stored;
  private final Log log;
  private final Shard shard;
  private final UnforcedAppends unforced;

  // Owner: the shard; read by any thread.
  private volatile long recoveryPoint;

  // Owner: the shard.
  private boolean flushTimerRuns;
  private long flushAskedUpTo;
  private long unscannedSinceMs = Long.MAX_VALUE;
  private long unsavedSinceMs = Long.MAX_VALUE;
  private long writtenMs;

  Durability(StoredLog stored, Log log, Shard shard) {
    this.stored = stored;
    this.log = log;
    this.shard = shard;
    this.unforced = new UnforcedAppends(shard.counters());
    this.recoveryPoint = log.recoveryPoint();
    this.flushAskedUpTo = log.flushedOffset();
  }

  /**
   * The offset from which a recovery scans, as the folder's checkpoint is to hold it. Any thread.
   */
  long recoveryPoint() {
    return recoveryPoint;
  }

  /**
   * Whether the recovery point has waited for long enough.
   *
   * @param fewBytes so little behind it may wait for longer while more comes
   */
  boolean isRecoveryPointDue(long nowMs, long fewBytes) {
    boolean mayWait =
        log.bytesSinceRecoveryPoint() <= fewBytes && nowMs - RECOVERY_POINT_EVERY_MS < writtenMs;
    return nowMs - (mayWait ? RECOVERY_POINT_OF_FEW_MS : RECOVERY_POINT_EVERY_MS)
        >= unscannedSinceMs;
  }

  /** Has what was written long enough ago forced, and what is known of the log saved. */
  void saveIfDue(long nowMs) {
    if (nowMs - SAVE_EVERY_MS < unsavedSinceMs) {
      return;
    }
    unsavedSinceMs = Long.MAX_VALUE;
    if (log.flushedOffset() < log.logEndOffset()) {
      shard.flusher(stored.home()).flushInTurn(stored);
    } else {
      shard.recoveryPointMoved(stored.home());
    }
  }

  /** The end that may be acknowledged, see {@link StoredLog#acknowledgedEnd}. */
  long acknowledgedEnd() {
    return log.config().flushMessages() <= 1 ? log.flushedOffset() : log.view().logEndOffset();
  }

  /**
   * Takes over the answer of an append that is in the file, when it must be durable first. {@link
   * #written} asks for the flush.
   *
   * @return whether it did
   */
  boolean holdsBack(LogAppend append, Promise<LogAppend> answer) {
    if (!mustBeForced(append)) {
      return false;
    }
    unforced.add(append, log.truncationCount(), answer);
    return true;
  }

  private boolean mustBeForced(LogAppend append) {
    long end = append.lastOffset() + 1;
    long messages = log.config().flushMessages();
    if (messages <= 1) {
      return end > log.flushedOffset();
    }
    if (append.duplicate() || end - flushAskedUpTo < messages) {
      return false;
    }
    flushAskedUpTo = end;
    return true;
  }

  /** That many bytes more are in the file: asks for what is due by now. */
  void written(int sizeBytes) {
    Folder folder = stored.home();
    if (!unforced.isEmpty()) {
      shard.flusher(folder).flush(stored);
    } else {
      startFlushTimer();
    }
    long nowMs = shard.loop().clock().monotonicMs();
    writtenMs = nowMs;
    unscannedSinceMs = Math.min(unscannedSinceMs, nowMs);
    unsavedSinceMs = Math.min(unsavedSinceMs, nowMs);
    if (log.bytesSinceRecoveryPoint() >= RECOVERY_POINT_EVERY_BYTES) {
      shard.flusher(folder).checkpoint(stored);
    }
    shard.noteUnscanned(folder, sizeBytes);
  }

  private void startFlushTimer() {
    long flushMs = log.config().flushMs();
    if (!flushTimerRuns && flushMs < Long.MAX_VALUE && log.flushedOffset() < log.logEndOffset()) {
      flushTimerRuns = true;
      shard.loop().schedule(flushMs, this::flushByTime);
    }
  }

  private void flushByTime() {
    flushTimerRuns = false;
    if (stored.isOnline() && log.flushedOffset() < log.logEndOffset()) {
      shard.flusher(stored.home()).flush(stored);
    }
  }

  /** Forces what is written; completes when it is durable. Fails when the folder fails. */
  Future<Void> forceAll() {
    if (!stored.isOnline()) {
      return Future.failedFuture(Refusals.offline());
    }
    if (log.flushedOffset() >= log.view().logEndOffset()) {
      return Future.succeededFuture();
    }
    LogAppend all = new LogAppend(-1, log.view().logEndOffset() - 1, -1, -1, true);
    Promise<LogAppend> answer = Promise.promise();
    unforced.add(all, log.truncationCount(), answer);
    shard.flusher(stored.home()).checkpoint(stored);
    return answer.future().mapEmpty();
  }

  /**
   * Runs such work on a worker and takes its report, past the folder's flusher.
   *
   * @param doing of what the folder fails with, when it does
   * @return completes on the shard; fails when the folder fails
   */
  Future<Void> force(FlushWork work, String doing) {
    return shard
        .loop()
        .offload(
            Work.FLUSH,
            stored.home().path(),
            () -> {
              work.run();
              return work;
            })
        .onSuccess(this::flushed)
        .onFailure(
            cause -> {
              log.flushFailed(work);
              stored.fail(doing + " " + log.id().topicPartition(), cause);
            })
        .mapEmpty();
  }

  /** Takes the report of a flush that has run. */
  void flushed(FlushWork report) {
    log.flushed(report);
    long flushed = log.flushedOffset();
    flushAskedUpTo = Math.max(flushAskedUpTo, flushed);
    if (log.recoveryPoint() != recoveryPoint) {
      recoveryPoint = log.recoveryPoint();
      unscannedSinceMs =
          log.bytesSinceRecoveryPoint() > 0 ? shard.loop().clock().monotonicMs() : Long.MAX_VALUE;
      unsavedSinceMs = unscannedSinceMs;
      shard.recoveryPointMoved(stored.home());
    }
    unforced.release(flushed, log.truncationCount());
    if (stored.isOnline() && !unforced.isEmpty()) {
      shard.flusher(stored.home()).flush(stored);
    }
  }

  /** Answers what waited for a flush and is durable by now. */
  void release() {
    unforced.release(log.flushedOffset(), log.truncationCount());
  }

  /** The recovery point goes down to an offset at which the log will be cut. */
  void lowerRecoveryPoint(long offset) {
    log.lowerRecoveryPoint(offset);
    recoveryPoint = log.recoveryPoint();
  }

  /** The log lies in another folder now, all of it durable. */
  void moved() {
    recoveryPoint = log.recoveryPoint();
    flushAskedUpTo = Math.max(flushAskedUpTo, log.flushedOffset());
    unscannedSinceMs = Long.MAX_VALUE;
    unsavedSinceMs = Long.MAX_VALUE;
  }

  /** Fails all that waits. */
  void fail(AppendException cause) {
    unforced.fail(cause);
  }
}
