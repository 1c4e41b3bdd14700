package io.millrace.storage;

import io.millrace.config.BrokerConfig;
import io.millrace.config.StorageKeys;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.Work;
import io.millrace.storage.log.DoomedSegment;
import io.millrace.storage.log.ProducerMemory;
import io.millrace.storage.log.RetentionStep;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a shard does with its logs when nobody asks: recovery points, retention and rolling by time,
 * deletion of files, forgetting of producers. One log per step, so that appends come between; what
 * blocks is offloaded.
 *
 * <p>Only logs that were claimed are touched by retention: before that their settings are unknown.
 *
 * <p>Confined to: its shard.
 */
final class Housekeeping {
  private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

  private static final long TICK_MS = 5_000;
  private static final long MEASURE_MS = 1_000;
  private static final long FIRST_RETENTION_MS = 30_000;
  private static final long SHORTAGE_EVERY_MS = 30_000;

  private final Shard shard;
  private final List<Folder> folders;
  private final Cleaner cleaner;
  private final ProducerMemory producers;
  private final long retentionEveryMs;
  private final long expiryEveryMs;

  // Owner: the shard.
  private boolean stopped;

  /**
   * Housekeeping that does not run yet.
   *
   * @param folders those whose free space this shard measures
   */
  Housekeeping(
      Shard shard,
      List<Folder> folders,
      BrokerConfig config,
      Cleaner cleaner,
      ProducerMemory producers) {
    this.shard = shard;
    this.cleaner = cleaner;
    this.folders = folders;
    this.producers = producers;
    this.retentionEveryMs = config.get(StorageKeys.LOG_RETENTION_CHECK_INTERVAL_MS);
    this.expiryEveryMs = config.get(StorageKeys.PRODUCER_ID_EXPIRATION_CHECK_INTERVAL_MS);
  }

  EventLoop loop() {
    return shard.loop();
  }

  /** Begins; runs until {@link #stop}. */
  Future<Void> start() {
    shard.loop().assertOwner();
    folders.forEach(folder -> shard.loop().schedule(MEASURE_MS, () -> measure(folder)));
    everyTurn(this::tick);
    every(
        Math.min(FIRST_RETENTION_MS, retentionEveryMs), retentionEveryMs, () -> walk(this::retain));
    every(expiryEveryMs, expiryEveryMs, () -> walk(this::expireProducers));
    every(SHORTAGE_EVERY_MS, SHORTAGE_EVERY_MS, this::endShortage);
    cleaner.start();
    return Future.succeededFuture();
  }

  /** Ends; work that is under way ends by itself. */
  Future<Void> stop() {
    shard.loop().assertOwner();
    stopped = true;
    cleaner.stop();
    return Future.succeededFuture();
  }

  private void every(long firstMs, long intervalMs, Runnable round) {
    EventLoop loop = shard.loop();
    loop.schedule(firstMs, () -> repeat(round, next -> loop.schedule(intervalMs, next)));
  }

  private void everyTurn(Runnable round) {
    Consumer<Runnable> later = next -> shard.loop().scheduleTurn(TICK_MS, next);
    later.accept(() -> repeat(round, later));
  }

  private void repeat(Runnable round, Consumer<Runnable> later) {
    if (!stopped) {
      round.run();
      later.accept(() -> repeat(round, later));
    }
  }

  /** One log per step; a log's next step waits for the future of the one before. */
  private void walk(Function<StoredLog, Future<?>> step) {
    next(shard.logs().iterator(), step);
  }

  private void next(Iterator<StoredLog> logs, Function<StoredLog, Future<?>> step) {
    if (stopped || !logs.hasNext()) {
      return;
    }
    StoredLog log = logs.next();
    Future<?> done = log.isOnline() ? step.apply(log) : Future.succeededFuture();
    done.onComplete(ignored -> shard.loop().execute(() -> next(logs, step)));
  }

  /** Measures its free space from now on: each second when it may fill soon. */
  private void measure(Folder folder) {
    if (!stopped && folder.isOnline()) {
      shard
          .measure(folder)
          .onComplete(
              done -> {
                Runnable again = () -> measure(folder);
                if (folder.mayFillSoon()) {
                  shard.loop().schedule(MEASURE_MS, again);
                } else {
                  shard.loop().scheduleTurn(TICK_MS, again);
                }
              });
    }
  }

  private void tick() {
    shard.lookAfterForces();
    long nowMs = shard.loop().clock().monotonicMs();
    long fewBytes = shard.fewUnscannedBytes();
    for (StoredLog log : shard.logs()) {
      if (!log.isOnline()) {
        continue;
      }
      if (log.durability().isRecoveryPointDue(nowMs, fewBytes)) {
        shard.flusher(log.home()).checkpointInTurn(log);
      } else {
        log.durability().saveIfDue(nowMs);
      }
      deleteFiles(log);
    }
  }

  /** New producers may be refused in one log for those that are remembered in others. */
  private void endShortage() {
    if (producers.isFull(shard.loop().clock().wallMs())) {
      walk(this::expireProducers);
    }
  }

  private Future<?> expireProducers(StoredLog log) {
    log.rawLog().expireProducers(shard.loop().clock().wallMs());
    return Future.succeededFuture();
  }

  private Future<?> retain(StoredLog log) {
    if (!log.isClaimed() || log.isCompacting() || log.isTruncating()) {
      return Future.succeededFuture();
    }
    long nowMs = shard.loop().clock().wallMs();
    RetentionStep due;
    try {
      if (!log.rawLog().hasPending() && log.home().hasRoom(true)) {
        log.rawLog().rollIfDue(nowMs);
      }
      due = log.rawLog().retentionDue(nowMs);
    } catch (IOException e) {
      failed("rolling ", log, e);
      return Future.succeededFuture();
    }
    if (due == null) {
      return Future.succeededFuture();
    }
    LOG.info(
        "{}: {} segments ({} bytes) below offset {} are deleted: {}",
        log.id().topicPartition(),
        due.segments(),
        due.bytes(),
        due.newLogStartOffset(),
        due.reason());
    log.rawLog().advanceLogStart(due.newLogStartOffset());
    // The files go only when a crash cannot bring the old log start back; where the disk is too
    // full to say so, they must go first: a recovery begins with the first file that is left.
    return shard
        .checkpoints()
        .write(log.home(), shard.loop())
        .onComplete(
            done -> {
              if (done.succeeded() || done.cause() instanceof DiskFullException) {
                remove(log, due.newLogStartOffset());
              }
            });
  }

  private void remove(StoredLog log, long durableLogStart) {
    if (!log.isOnline() || log.isTruncating()) {
      return;
    }
    try {
      int segments =
          log.rawLog().removeSegmentsBelow(durableLogStart, shard.loop().clock().wallMs());
      shard.counters().deletedSegments().add(segments);
    } catch (IOException e) {
      failed("deleting segments of ", log, e);
    }
  }

  /** What a full disk does not let happen is tried again with the next walk. */
  private static void failed(String doing, StoredLog log, IOException cause) {
    if (DiskFullException.is(log.home(), cause)) {
      LOG.warn("{}{} waits: the disk is full", doing, log.id().topicPartition());
    } else {
      log.fail(doing + log.id().topicPartition(), cause);
    }
  }

  private void deleteFiles(StoredLog log) {
    for (DoomedSegment doomed : log.rawLog().deletionsDue(shard.loop().clock().wallMs())) {
      shard
          .loop()
          .offload(
              Work.HOUSEKEEPING,
              log.home().path(),
              () -> {
                doomed.delete();
                return doomed;
              })
          .onFailure(e -> log.fail("deleting files of " + log.id().topicPartition(), e));
    }
  }
}
