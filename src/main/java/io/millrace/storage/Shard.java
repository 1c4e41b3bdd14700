package io.millrace.storage;

import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.Work;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The logs that one loop owns.
 *
 * <p>Confined to: its loop, save {@link #loop}, {@link #counters} and {@link #checkpoints}.
 */
final class Shard {
  /** To read so much after a crash takes about as long as to move one recovery point. */
  private static final long FEW_BYTES = 256L << 10;

  /** Logs that are written before the first of them answers. */
  static final int WRITTEN_MAX = 16;

  private final EventLoop loop;
  private final StorageCounters counters;
  private final FolderCheckpoints checkpoints;
  private final long unscannedBytesMax;

  // Owner: the loop.
  private final Set<StoredLog> logs = new LinkedHashSet<>();
  private final Map<Folder, Flusher> flushers = new HashMap<>();
  private final Map<Folder, Long> unscanned = new HashMap<>();
  private final Set<Folder> measuring = new HashSet<>();
  private final ArrayDeque<UnwrittenAppends> written = new ArrayDeque<>();
  private final Runnable answerNext = this::answerNext;

  /**
   * A shard without logs.
   *
   * @param unscannedBytesMax what its logs in one folder may have behind their recovery points
   */
  Shard(
      EventLoop loop,
      StorageCounters counters,
      FolderCheckpoints checkpoints,
      long unscannedBytesMax) {
    this.loop = loop;
    this.counters = counters;
    this.checkpoints = checkpoints;
    this.unscannedBytesMax = unscannedBytesMax;
  }

  EventLoop loop() {
    return loop;
  }

  StorageCounters counters() {
    return counters;
  }

  void add(StoredLog log) {
    loop.assertOwner();
    logs.add(log);
  }

  void remove(StoredLog log) {
    loop.assertOwner();
    logs.remove(log);
  }

  /** The logs as they are now. */
  List<StoredLog> logs() {
    loop.assertOwner();
    return List.copyOf(logs);
  }

  /**
   * A log is written: it answers when the others of this turn are too, so that whoever asked for
   * several of them is woken once.
   */
  void answerSoon(UnwrittenAppends appends) {
    written.add(appends);
    loop.atBatchEnd(answerNext);
    if (written.size() >= WRITTEN_MAX) {
      while (!written.isEmpty()) {
        answerNext();
      }
    }
  }

  private void answerNext() {
    UnwrittenAppends next = written.poll();
    if (next != null) {
      next.answerWritten();
    }
  }

  /** Looks after forces that take long. */
  void lookAfterForces() {
    flushers.values().forEach(Flusher::look);
  }

  Flusher flusher(Folder folder) {
    return flushers.computeIfAbsent(folder, f -> new Flusher(this, f));
  }

  /** Takes all logs of a failed folder offline. */
  void folderFailed(Folder folder) {
    loop.assertOwner();
    for (StoredLog log : new ArrayList<>(logs)) {
      if (log.home() == folder) {
        log.goOffline();
      }
    }
  }

  /**
   * Has the free space of a folder measured soon, if it is still there.
   *
   * @return completes when it is, or at once when that is under way already
   */
  Future<?> measure(Folder folder) {
    if (!measuring.add(folder)) {
      return Future.succeededFuture();
    }
    return loop.offload(
            Work.HOUSEKEEPING,
            folder.path(),
            () -> {
              folder.look();
              return folder;
            })
        .onComplete(done -> measuring.remove(folder));
  }

  /** Counts written bytes; beyond the bound, the log with the most gets a new recovery point. */
  void noteUnscanned(Folder folder, long bytes) {
    if (unscanned.merge(folder, bytes, Long::sum) <= unscannedBytesMax) {
      return;
    }
    long sum = 0;
    for (StoredLog log : logs) {
      sum += isIn(folder, log) ? log.rawLog().bytesSinceRecoveryPoint() : 0;
    }
    if (sum > unscannedBytesMax) {
      logs.stream()
          .filter(log -> isIn(folder, log))
          .max(Comparator.comparingLong(log -> log.rawLog().bytesSinceRecoveryPoint()))
          .ifPresent(log -> flusher(folder).checkpoint(log));
      sum = unscannedBytesMax / 2; // looks again after as much as the bound's other half
    }
    unscanned.put(folder, sum);
  }

  /** What a log may have behind its recovery point for longer than others. */
  long fewUnscannedBytes() {
    return fewBytes(unscannedBytesMax, logs.size());
  }

  /** All logs that have so few have no more than half of what may be read after a crash. */
  static long fewBytes(long unscannedBytesMax, int logs) {
    return Math.min(FEW_BYTES, unscannedBytesMax / 2 / Math.max(1, logs));
  }

  private static boolean isIn(Folder folder, StoredLog log) {
    return log.isOnline() && log.home() == folder;
  }

  /** A log's recovery point moved: the folder's checkpoint is to follow. */
  void recoveryPointMoved(Folder folder) {
    checkpoints.writeSoon(folder);
  }

  FolderCheckpoints checkpoints() {
    return checkpoints;
  }
}
