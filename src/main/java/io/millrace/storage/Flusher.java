package io.millrace.storage;

import io.millrace.eventloop.Work;
import io.millrace.storage.log.FlushWork;
import io.vertx.core.AsyncResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Forces the logs of one shard that lie in one folder, in rounds: the logs of a round are forced
 * side by side on workers, and whatever asks meanwhile waits for the next round, which then covers
 * all that was written until it starts. That is the group commit.
 *
 * <p>Confined to: its shard.
 */
final class Flusher {
  private final Shard shard;
  private final Folder folder;
  private final StorageCounters counters;

  // Owner: the shard.
  private final Map<StoredLog, Depth> due = new LinkedHashMap<>();
  private final List<Report> reports = new ArrayList<>();
  private int running;
  private boolean startDue;

  private enum Depth {
    /** The batches alone. */
    DATA,
    /** Indexes and producer state too, so that the recovery point moves. */
    CHECKPOINT
  }

  private record Report(StoredLog log, FlushWork work, @Nullable Throwable failure) {}

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
    if (running == 0 && !startDue) {
      startDue = true;
      shard.loop().atBatchEnd(this::startRound);
    }
  }

  private void startRound() {
    startDue = false;
    if (running > 0) {
      return;
    }
    List<Map.Entry<StoredLog, Depth>> round = List.copyOf(due.entrySet());
    due.clear();
    for (Map.Entry<StoredLog, Depth> each : round) {
      if (each.getKey().isTruncating()) {
        startAfterTruncation(each.getKey(), each.getValue());
      } else if (each.getKey().isOnline()) {
        start(each.getKey(), each.getValue());
      }
    }
    if (running > 0) {
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

  private void start(StoredLog log, Depth depth) {
    FlushWork work;
    try {
      work = depth == Depth.CHECKPOINT ? log.rawLog().beginCheckpoint() : log.rawLog().beginFlush();
    } catch (IOException e) {
      log.fail("preparing a checkpoint of " + log.id().topicPartition(), e);
      return;
    }
    running++;
    log.flushBegan();
    shard.loop().offload(Work.FLUSH, () -> force(work)).onComplete(done -> end(log, work, done));
  }

  private Void force(FlushWork work) throws IOException {
    long startedNs = shard.loop().clock().monotonicNs();
    work.run();
    counters.forceUs().record((shard.loop().clock().monotonicNs() - startedNs) / 1000);
    counters.forces().increment();
    return null;
  }

  private void end(StoredLog log, FlushWork work, AsyncResult<Void> done) {
    reports.add(new Report(log, work, done.cause()));
    running--;
    if (running > 0) {
      return;
    }
    List<Report> round = List.copyOf(reports);
    reports.clear();
    round.forEach(this::report);
    if (!due.isEmpty()) {
      startSoon();
    }
  }

  private void report(Report report) {
    StoredLog log = report.log();
    if (report.failure() != null) {
      log.rawLog().flushFailed(report.work());
      if (log.isOnline()) {
        log.fail("forcing " + log.id().topicPartition(), report.failure());
      }
    } else if (folder.isOnline() && log.isOnline()) {
      log.flushed(report.work());
    } else {
      log.rawLog().flushFailed(report.work());
    }
    log.flushEnded();
  }
}
