package io.millrace.storage;

import io.millrace.storage.log.FlushWork;
import io.millrace.storage.log.Log;
import io.vertx.core.Future;
import java.io.IOException;

/**
 * One truncation of a log: it waits for a compaction under way, makes durable that a recovery will
 * scan from the new end on, cuts, and makes the cut durable. Nothing is appended or flushed between
 * the cut and its end.
 *
 * <p>Confined to: the shard of the log.
 */
final class LogTruncation {
  /** More than the files take in which a truncation is noted. */
  private static final long NOTED_BYTES = 1 << 20;

  private final StoredLog stored;
  private final Log log;
  private final Shard shard;
  private final long offset;
  private final boolean fully;

  /**
   * A truncation that has not begun.
   *
   * @param offset everything at or behind it goes
   * @param fully everything goes, and the log goes on at {@code offset}
   */
  LogTruncation(StoredLog stored, Shard shard, long offset, boolean fully) {
    this.stored = stored;
    this.log = stored.rawLog();
    this.shard = shard;
    this.offset = offset;
    this.fully = fully;
  }

  /** Completes when it is durable; fails when the folder fails or its disk is quite full. */
  Future<Void> run() {
    stored.writeNow();
    if (!stored.isOnline()) {
      return Future.failedFuture(Refusals.offline());
    }
    if (!fully && !stored.isWaitingForRoom() && offset >= log.logEndOffset()) {
      log.forgetEmptyLeaderEpochs();
      return Future.succeededFuture();
    }
    if (!hasRoom()) {
      return Future.failedFuture(Refusals.diskFull());
    }
    return prepare().compose(prepared -> cut());
  }

  /** A cut that is begun must be written down: it is begun only when that can be. */
  private boolean hasRoom() {
    return !stored.isWaitingForRoom() && stored.home().hasNow(NOTED_BYTES);
  }

  /** A checkpoint that is under way may raise the recovery point again: then once more. */
  private Future<Void> prepare() {
    return stored
        .compaction()
        .transform(
            ended -> {
              stored.durability().lowerRecoveryPoint(offset);
              return shard.checkpoints().write(stored.home(), shard.loop());
            })
        .compose(
            written ->
                stored.isCompacting() || log.recoveryPoint() > offset
                    ? prepare()
                    : Future.succeededFuture());
  }

  private Future<Void> cut() {
    stored.writeNow();
    if (!stored.isOnline()) {
      return Future.failedFuture(Refusals.offline());
    }
    if (stored.isWaitingForRoom()) {
      return Future.failedFuture(Refusals.diskFull());
    }
    FlushWork work;
    try {
      long nowMs = shard.loop().clock().wallMs();
      work = fully ? log.truncateFullyAndStartAt(offset, nowMs) : log.truncateTo(offset, nowMs);
    } catch (IOException e) {
      stored.fail("truncating " + stored.id().topicPartition(), e);
      return Future.failedFuture(Refusals.offline());
    }
    if (work == null) {
      return Future.succeededFuture();
    }
    return stored.durability().force(work, "forcing the truncation of");
  }
}
