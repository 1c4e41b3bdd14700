package io.millrace.storage;

import io.millrace.eventloop.Work;
import io.millrace.storage.log.FlushWork;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Forces the logs of one shard that lie in one folder, side by side on workers. Each log has its
 * own rounds: whatever asks while its files are forced waits for its next round, which then covers
 * all that was written until it starts. That is the group commit; a slow file holds back no other.
 *
 * <p>Confined to: its shard.
 */
final class Flusher {
  private final Shard shard;
  private final Folder folder;
  private final StorageCounters counters;

  // Owner: the shard.
  private final Map<StoredLog, Depth> due = new LinkedHashMap<>();
  private final Set<StoredLog> running = new HashSet<>();
  private boolean startDue;

  private enum Depth {
    /** The batches alone. */
    DATA,
    /** Indexes and producer state too, so that the recovery point moves. */
    CHECKPOINT
  }

  Flusher(Shard shard, Folder folder) {
    this.shard = shard;
    this.folder = folder;
    this.counters = shard.counters();
  }

  /** Asks for a flush of everything that the log has written. */
  void flush(StoredLog log) {
    due.putIfAbsent(log, Depth.DATA);
    startSoon();
  }

  /** As {@link #flush}, with all that moves the recovery point. */
  void checkpoint(StoredLog log) {
    due.put(log, Depth.CHECKPOINT);
    startSoon();
  }

  private void startSoon() {
    if (!startDue) {
      startDue = true;
      shard.loop().atBatchEnd(this::startRound);
    }
  }

  private void startRound() {
    startDue = false;
    // Recovery points wait for room; what must be durable does not.
    boolean hasRoom = due.containsValue(Depth.CHECKPOINT) && !folder.isFullNow();
    boolean started = false;
    for (StoredLog log : List.copyOf(due.keySet())) {
      if (running.contains(log)) {
        continue;
      }
      Depth depth = due.remove(log);
      if (log.isTruncating()) {
        startAfterTruncation(log, depth);
      } else if (log.isOnline()) {
        started |= start(log, hasRoom && depth == Depth.CHECKPOINT);
      }
    }
    if (started) {
      counters.rounds().increment();
    }
  }

  /** A flush begun between a cut and its report would report the cut as durable. */
  private void startAfterTruncation(StoredLog log, Depth depth) {
    log.truncationEnded()
        .onComplete(
            ended -> {
              Flusher now = shard.flusher(log.home()); // it may have moved meanwhile
              now.due.merge(log, depth, (one, other) -> one == Depth.DATA ? other : one);
              now.startSoon();
            });
  }

  /** Whether its files are forced now. */
  private boolean start(StoredLog log, boolean deep) {
    FlushWork work;
    try {
      work =
          deep && !log.isWaitingForRoom()
              ? log.rawLog().beginCheckpoint()
              : log.rawLog().beginFlush();
    } catch (IOException e) {
      log.fail("preparing a checkpoint of " + log.id().topicPartition(), e);
      return false;
    }
    running.add(log);
    log.exclusive().flushBegan();
    shard
        .loop()
        .offload(Work.FLUSH, () -> force(work))
        .onComplete(done -> end(log, work, done.cause()));
    return true;
  }

  private Void force(FlushWork work) throws IOException {
    long startedNs = shard.loop().clock().monotonicNs();
    work.run();
    counters.forceUs().record((shard.loop().clock().monotonicNs() - startedNs) / 1000);
    counters.forces().increment();
    return null;
  }

  private void end(StoredLog log, FlushWork work, @Nullable Throwable failure) {
    running.remove(log);
    if (failure != null) {
      log.rawLog().flushFailed(work);
      if (log.isOnline()) {
        log.fail("forcing " + log.id().topicPartition(), failure);
      }
    } else if (folder.isOnline() && log.isOnline()) {
      log.durability().flushed(work);
    } else {
      log.rawLog().flushFailed(work);
    }
    log.exclusive().flushEnded();
    if (due.containsKey(log)) {
      startSoon();
    }
  }
}
