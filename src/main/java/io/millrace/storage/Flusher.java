package io.millrace.storage;

import io.millrace.eventloop.Work;
import io.millrace.storage.log.FlushWork;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
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
 * <p>Forces and recovery points for which nobody waits are made {@link #MOST_IN_TURN a few} at a
 * time, each begun in a step of its own: to begin one writes index files, and hundreds that are due
 * in the same moment would hold up the shard's appends, and the forces that answers wait for.
 *
 * <p>Confined to: its shard.
 */
final class Flusher {
  /** Of those asked for by {@link #checkpointInTurn}, how many are under way together. */
  static final int MOST_IN_TURN = 4;

  private static final long OPEN_AGAIN_MS = 500;
  private static final long MEASURE_MS = 1000;

  private final Shard shard;
  private final Folder folder;
  private final StorageCounters counters;

  // Owner: the shard.
  private final Map<StoredLog, Depth> due = new LinkedHashMap<>();

  /** Those that are forced, and since when by monotonic time in ms. */
  private final Map<StoredLog, Long> running = new HashMap<>();

  private final Map<StoredLog, Depth> waitingForTurn = new LinkedHashMap<>();
  private final Set<StoredLog> atTurn = new HashSet<>();
  private boolean startDue;
  private boolean turnDue;
  private long measureAgainMs = Long.MIN_VALUE;

  private enum Depth {
    /** The batches alone. */
    DATA,
    /** Indexes and producer state too, so that the recovery point moves. */
    CHECKPOINT;

    private Depth deeper(Depth other) {
      return this == DATA ? other : this;
    }
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

  /** As {@link #checkpoint}, when those have moved theirs that asked in the same way before. */
  void checkpointInTurn(StoredLog log) {
    askInTurn(log, Depth.CHECKPOINT);
  }

  /** As {@link #flush}, in the same turn. */
  void flushInTurn(StoredLog log) {
    askInTurn(log, Depth.DATA);
  }

  private void askInTurn(StoredLog log, Depth depth) {
    if (!atTurn.contains(log)) {
      waitingForTurn.merge(log, depth, Depth::deeper);
      nextTurn();
    }
  }

  /** Tells of a disk that takes long: what waits for it would else stand still without a word. */
  void look() {
    long nowMs = shard.loop().clock().monotonicMs();
    running.forEach(
        (log, sinceMs) ->
            folder.slowForces().isForced(log.id().topicPartition(), nowMs - sinceMs, nowMs));
  }

  private void nextTurn() {
    if (!turnDue && !waitingForTurn.isEmpty() && atTurn.size() < MOST_IN_TURN) {
      turnDue = true;
      shard.loop().execute(this::takeTurn);
    }
  }

  private void takeTurn() {
    turnDue = false;
    Iterator<Map.Entry<StoredLog, Depth>> first = waitingForTurn.entrySet().iterator();
    Map.Entry<StoredLog, Depth> next = first.next();
    StoredLog log = next.getKey();
    Depth depth = next.getValue();
    first.remove();
    if (log.isOnline() && log.home() == folder) {
      atTurn.add(log);
      due.merge(log, depth, Depth::deeper);
      startSoon();
    }
    nextTurn();
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
    boolean hasRoom = due.containsValue(Depth.CHECKPOINT) && hasRoom();
    boolean started = false;
    for (StoredLog log : List.copyOf(due.keySet())) {
      if (running.containsKey(log)) {
        continue;
      }
      Depth depth = due.remove(log);
      if (log.isTruncating()) {
        startAfterTruncation(log, depth);
      } else if (log.isOnline() && !log.closing().hasBegun()) {
        started |= start(log, hasRoom && depth == Depth.CHECKPOINT);
      }
      if (!running.containsKey(log)) {
        turnEnded(log); // it is cut or went offline
      }
    }
    if (started) {
      counters.rounds().increment();
    }
  }

  /** Recovery points of many logs, one after the other, need one measurement a second. */
  private boolean hasRoom() {
    long nowMs = shard.loop().clock().monotonicMs();
    if (nowMs < measureAgainMs) {
      return !folder.isOnline() || folder.accepts(true);
    }
    measureAgainMs = nowMs + MEASURE_MS;
    return !folder.isFullNow();
  }

  /** A flush begun between a cut and its report would report the cut as durable. */
  private void startAfterTruncation(StoredLog log, Depth depth) {
    log.truncationEnded()
        .onComplete(
            ended -> {
              Flusher now = shard.flusher(log.home()); // it may have moved meanwhile
              now.due.merge(log, depth, Depth::deeper);
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
      if (deep && folder.hasNoDescriptor(e)) {
        return start(log, false); // the recovery point moves another time
      }
      log.fail("preparing a checkpoint of " + log.id().topicPartition(), e);
      return false;
    }
    running.put(log, shard.loop().clock().monotonicMs());
    log.exclusive().flushBegan();
    shard
        .loop()
        .offload(Work.FLUSH, folder.path(), () -> force(work))
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
    Long sinceMs = running.remove(log);
    if (sinceMs != null) {
      long nowMs = shard.loop().clock().monotonicMs();
      folder.slowForces().forced(log.id().topicPartition(), nowMs - sinceMs, nowMs);
    }
    if (folder.hasNoDescriptor(failure)) {
      // No force has failed: something could not be opened for it.
      log.rawLog().flushFailed(work);
      shard.loop().schedule(OPEN_AGAIN_MS, () -> flush(log));
    } else if (failure != null) {
      log.rawLog().flushFailed(work);
      // Its files were open until now, so this is the disk's fault even when the log is closed.
      log.fail("forcing " + log.id().topicPartition(), failure);
    } else if (folder.isOnline() && log.isOnline()) {
      log.durability().flushed(work);
    } else {
      log.rawLog().flushFailed(work);
    }
    log.exclusive().flushEnded();
    if (due.containsKey(log)) {
      startSoon();
    } else {
      turnEnded(log);
    }
  }

  private void turnEnded(StoredLog log) {
    if (atTurn.remove(log)) {
      if (log.isOnline()) {
        shard.recoveryPointMoved(log.home()); // high watermarks are written with it
      }
      nextTurn();
    }
  }
}
