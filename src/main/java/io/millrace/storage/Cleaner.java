package io.millrace.storage;

import io.millrace.config.BrokerConfig;
import io.millrace.config.StorageKeys;
import io.millrace.storage.log.CorruptLogException;
import io.millrace.storage.log.HeldSegment;
import io.millrace.storage.log.Log;
import io.millrace.storage.log.SegmentView;
import io.millrace.storage.log.clean.CleanPlan;
import io.millrace.storage.log.clean.Compaction;
import io.millrace.storage.log.clean.Compactor;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses which log of a shard is compacted next: the dirtiest of those that are dirty enough, one
 * after the other while there is one, then again after {@code log.cleaner.backoff.ms}.
 *
 * <p>Confined to: its shard.
 */
final class Cleaner {
  private static final Logger LOG = LoggerFactory.getLogger(Cleaner.class);

  private final Shard shard;
  private final AtomicInteger permits;
  private final long backoffMs;
  private final int chunkBytes;
  private final long keysBytesMax;
  private final double bytesPerSecondMax;

  // Owner: the shard.
  private final Set<StoredLog> uncleanable = new HashSet<>();
  private boolean stopped;

  /** A log that may be compacted now, with its segments held. */
  private record Candidate(
      StoredLog log, CleanPlan plan, List<HeldSegment> held, long recoveryPoint) {

    void release() {
      held.forEach(HeldSegment::release);
    }
  }

  /**
   * A cleaner that does not run yet.
   *
   * @param permits how many compactions may still begin in this process; shared by the shards
   */
  Cleaner(Shard shard, BrokerConfig config, AtomicInteger permits) {
    this.shard = shard;
    this.permits = permits;
    this.backoffMs = Math.max(1, config.get(StorageKeys.LOG_CLEANER_BACKOFF_MS));
    this.chunkBytes = Math.max(4096, config.get(StorageKeys.LOG_CLEANER_IO_BUFFER_SIZE));
    this.keysBytesMax =
        config.get(StorageKeys.LOG_CLEANER_DEDUPE_BUFFER_SIZE)
            / Math.max(1, config.get(StorageKeys.LOG_CLEANER_THREADS));
    this.bytesPerSecondMax = config.get(StorageKeys.LOG_CLEANER_IO_MAX_BYTES_PER_SECOND);
  }

  void start() {
    shard.loop().schedule(backoffMs, this::next);
  }

  void stop() {
    stopped = true;
  }

  private void next() {
    if (stopped) {
      return;
    }
    if (permits.getAndDecrement() <= 0) {
      permits.incrementAndGet();
      start();
      return;
    }
    Candidate chosen = choose();
    if (chosen == null) {
      permits.incrementAndGet();
      start();
      return;
    }
    compact(chosen)
        .onComplete(
            done -> {
              permits.incrementAndGet();
              shard.loop().execute(this::next);
            });
  }

  private @Nullable Candidate choose() {
    uncleanable.removeIf(log -> !log.isOnline());
    Candidate best = null;
    for (StoredLog log : shard.logs()) {
      Candidate candidate = mayBeCompacted(log) ? plan(log) : null;
      if (candidate == null) {
        continue;
      }
      if (best == null || isMoreUrgent(candidate.plan(), best.plan())) {
        if (best != null) {
          best.release();
        }
        best = candidate;
      } else {
        candidate.release();
      }
    }
    return best;
  }

  private static boolean isMoreUrgent(CleanPlan a, CleanPlan b) {
    return a.overdue() != b.overdue() ? a.overdue() : a.dirtyRatio() > b.dirtyRatio();
  }

  private boolean mayBeCompacted(StoredLog log) {
    return log.isOnline()
        && log.isClaimed()
        && log.rawLog().config().cleanup().compact()
        && !log.isCompacting()
        && !log.isMoving()
        && log.home().hasRoom(true)
        && !uncleanable.contains(log);
  }

  private @Nullable Candidate plan(StoredLog stored) {
    Log log = stored.rawLog();
    long recoveryPoint = stored.durability().recoveryPoint();
    if (recoveryPoint < log.view().activeBaseOffset()) {
      // Segments were sealed that are not known to be durable: once they are, the next round sees
      // them.
      shard.flusher(stored.home()).checkpoint(stored);
    }
    List<HeldSegment> held = new ArrayList<>(log.holdSealed(recoveryPoint));
    CleanPlan plan = null;
    try {
      plan = plan(stored, held, recoveryPoint);
    } catch (IOException e) {
      stored.fail("reading indexes of " + stored.id().topicPartition(), e);
    }
    if (plan == null || !plan.isDue(log.config())) {
      held.forEach(HeldSegment::release);
      return null;
    }
    CleanPlan due = plan;
    held.removeIf(each -> each.baseOffset() >= due.endOffset() && releaseNow(each));
    return new Candidate(stored, plan, held, recoveryPoint);
  }

  private static boolean releaseNow(HeldSegment segment) {
    segment.release();
    return true;
  }

  /** Only whole sealed segments are compacted, and only below what is durable and stable. */
  private @Nullable CleanPlan plan(StoredLog stored, List<HeldSegment> held, long recoveryPoint)
      throws IOException {
    Log log = stored.rawLog();
    List<SegmentView> segments = new ArrayList<>();
    long stable = Math.min(log.view().lastStableOffset(), recoveryPoint);
    long end = log.view().logStartOffset();
    for (HeldSegment each : held) {
      if (each.endOffset() <= stable) {
        end = each.endOffset();
      }
      segments.add(
          new SegmentView(
              each.baseOffset(),
              each.endOffset(),
              each.sizeBytes(),
              each.largestTimestampMs(),
              false,
              each.file()));
    }
    long checkpoint = stored.cleanedOffset() == 0 ? -1 : stored.cleanedOffset();
    return CleanPlan.of(
        segments,
        checkpoint,
        log.view().logStartOffset(),
        end,
        log.config(),
        shard.loop().clock().wallMs());
  }

  private Future<?> compact(Candidate chosen) {
    StoredLog log = chosen.log();
    long startedMs = shard.loop().clock().monotonicMs();
    Throttle throttle =
        new Throttle(
            shard.loop().clock(),
            bytesPerSecondMax,
            shard.counters().cleanedBytes(),
            log::isOnline);
    Compactor compactor = new Compactor(chunkBytes, keysBytesMax, throttle);
    Future<Compaction> run =
        new CompactionRun(log, chosen.plan(), chosen.held(), chosen.recoveryPoint())
            .run(compactor, shard.checkpoints().write(log.home(), shard.loop()));
    log.compacting(run);
    return run.onComplete(done -> report(log, done, startedMs));
  }

  private void report(StoredLog log, AsyncResult<Compaction> done, long startedMs) {
    if (done.succeeded()) {
      Compaction compaction = done.result();
      shard.recoveryPointMoved(log.home()); // the cleaner's checkpoint goes with the others
      LOG.info(
          "{}: compacted to offset {} in {} ms: {} bytes became {}, {} keys",
          log.id().topicPartition(),
          compaction.endOffset(),
          shard.loop().clock().monotonicMs() - startedMs,
          compaction.bytesBefore(),
          compaction.bytesAfter(),
          compaction.keys());
      return;
    }
    Throwable cause = done.cause();
    if (!log.isOnline()) {
      LOG.debug("{}: compaction ended with its log", log.id().topicPartition());
    } else if (cause instanceof DiskFullException) {
      LOG.warn("{} is not compacted now: the disk is full", log.id().topicPartition());
    } else if (cause instanceof IOException && !(cause instanceof CorruptLogException)) {
      log.fail("compacting " + log.id().topicPartition(), cause);
    } else {
      uncleanable.add(log);
      LOG.error(
          "{} is not compacted any more until the next start: {}",
          log.id().topicPartition(),
          cause.toString(),
          cause);
    }
  }
}
