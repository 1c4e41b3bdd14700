package io.millrace.coordinator.runtime;

import io.millrace.coordinator.shard.Answer;
import io.millrace.coordinator.shard.RecordCodec;
import io.millrace.coordinator.shard.Reply;
import io.millrace.coordinator.shard.Shard;
import io.millrace.coordinator.shard.ShardResult;
import io.millrace.coordinator.shard.ShardTimer;
import io.millrace.eventloop.Work;
import io.millrace.storage.log.AppendException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the shard of one partition: loads it when this broker becomes leader, runs its steps one at
 * a time, appends and replays what they decide, parks their answers until the commit, and throws it
 * away when an append fails or leadership ends. A step of {@link #write} whose append was refused
 * is as good as none: the shard goes on.
 *
 * <p>A step appends one batch. Batches of steps that run in one drain of the loop share its
 * gathering write.
 *
 * <p>Confined to: the loop of the partition.
 *
 * @param <S> the shard
 * @param <R> its records
 */
public final class ShardHost<S extends Shard<R>, R> {
  private static final Logger LOG = LoggerFactory.getLogger(ShardHost.class);
  private static final long RELOAD_DELAY_MS = 1_000;

  /** Between two loadings because the log takes nothing, which may last: a full disk. */
  private static final long RELOAD_PAUSE_MS = 5_000;

  private final ShardLog log;
  private final ShardOptions options;
  private final RecordCodec<R> codec;
  private final Function<ShardTimer<R>, S> shards;

  /** What answers requests while there is no shard. */
  private Errors refusal = Errors.NOT_COORDINATOR;

  /** The loaded shard, or the one that is being loaded; another one after each discard. */
  private @Nullable Activation current;

  /** When the next loading may be, in the time of the loop's monotonic clock. */
  private long reloadNotBeforeMs = Long.MIN_VALUE;

  /** Whether it is told already that the log takes nothing; until it takes something again. */
  private boolean refusalTold;

  /**
   * @param shards makes an empty shard on a timer
   */
  public ShardHost(
      ShardLog log, ShardOptions options, RecordCodec<R> codec, Function<ShardTimer<R>, S> shards) {
    this.log = log;
    this.options = options;
    this.codec = codec;
    this.shards = shards;
  }

  /**
   * This broker leads the partition in that epoch: a new shard is loaded; at once when the log is
   * empty. Nothing happens when one of that epoch is here.
   */
  public void lead(int leaderEpoch) {
    log.loop().assertOwner();
    if (current == null || current.leaderEpoch != leaderEpoch) {
      discard(Errors.NOT_COORDINATOR);
      load(leaderEpoch);
    }
  }

  /** This broker no longer leads: what waits is told to look for the new coordinator. */
  public void resign() {
    log.loop().assertOwner();
    discard(Errors.NOT_COORDINATOR);
    refusal = Errors.NOT_COORDINATOR;
  }

  /**
   * Runs a step.
   *
   * @return the answer; fails with {@link CoordinatorException} when there is no shard, or when it
   *     is discarded before the answer
   */
  public <T> Future<T> run(BiFunction<S, Reply<T>, ShardResult<R>> step) {
    return run(step, false);
  }

  /**
   * Runs a step that decides by its records alone: without them it has changed nothing that others
   * see, and it answers no other request. When the log takes no records now, as on a full disk, it
   * fails with COORDINATOR_NOT_AVAILABLE and the shard goes on.
   *
   * @return as {@link #run}
   */
  public <T> Future<T> write(BiFunction<S, Reply<T>, ShardResult<R>> step) {
    return run(step, true);
  }

  private <T> Future<T> run(BiFunction<S, Reply<T>, ShardResult<R>> step, boolean byRecordsAlone) {
    log.loop().assertOwner();
    Activation activation = current;
    if (activation == null || !activation.loaded) {
      return Future.failedFuture(new CoordinatorException(refusal));
    }
    PendingReply<T> reply = new PendingReply<>(activation.waiting);
    activation.run(() -> step.apply(activation.shard, reply), byRecordsAlone ? reply : null);
    return reply.promise.future();
  }

  /**
   * Runs a step that appends nothing and must not answer with what is outdated: while another
   * broker may lead the partition already, which has acknowledged what this one does not know of,
   * it fails with NOT_COORDINATOR.
   */
  public <T> Future<T> read(BiFunction<S, Reply<T>, ShardResult<R>> step) {
    log.loop().assertOwner();
    return log.isLedForSure()
        ? run(step)
        : Future.failedFuture(new CoordinatorException(Errors.NOT_COORDINATOR));
  }

  private void load(int leaderEpoch) {
    refusal = Errors.COORDINATOR_LOAD_IN_PROGRESS;
    Activation activation = new Activation(leaderEpoch);
    current = activation;
    activation.load();
  }

  private void discard(Errors error) {
    Activation discarded = current;
    current = null;
    if (discarded != null) {
      discarded.end(error);
    }
  }

  /** Throws the shard away and loads another of the same epoch. */
  private void reload(Activation failed, Errors answer, long delayMs) {
    if (current != failed) {
      return;
    }
    discard(answer);
    refusal = Errors.COORDINATOR_LOAD_IN_PROGRESS;
    Activation waiting = new Activation(failed.leaderEpoch);
    current = waiting;
    Runnable again =
        () -> {
          if (current == waiting) {
            load(failed.leaderEpoch);
          }
        };
    if (delayMs == 0) {
      again.run();
    } else {
      log.loop().schedule(delayMs, again);
    }
  }

  /** One life of a shard, from its loading to its end. */
  private final class Activation {
    private final int leaderEpoch;
    private final ActivationTimer<R> timer;
    private final S shard;
    private final Set<PendingReply<?>> waiting = new LinkedHashSet<>();
    private final ParkedAnswers parked;
    private boolean loaded;

    Activation(int leaderEpoch) {
      this.leaderEpoch = leaderEpoch;
      this.timer = new ActivationTimer<>(log.loop(), step -> run(step, null));
      this.shard = shards.apply(timer);
      this.parked = new ParkedAnswers(log.loop(), options.commitTimeoutMs(), this::giveUp);
    }

    private boolean isCurrent() {
      return current == this;
    }

    void load() {
      log.settled()
          .onComplete(
              settled -> {
                if (isCurrent() && settled.succeeded()) {
                  loadFrom(log.startOffset(), settled.result());
                } else if (isCurrent()) {
                  loadFailed(log.startOffset(), settled.cause());
                }
              });
    }

    private void loadFrom(long offset, long end) {
      if (offset >= end) {
        finishLoading(end);
        return;
      }
      log.loop()
          .offload(Work.LOAD, () -> read(offset, end))
          .onComplete(
              read -> {
                if (!isCurrent()) {
                  return;
                }
                if (read.failed()) {
                  loadFailed(offset, read.cause());
                } else if (replay(offset, read.result())) {
                  loadFrom(read.result().nextOffset(), end);
                }
              });
    }

    private boolean replay(long offset, LoadedChunk<R> chunk) {
      try {
        chunk.entries().forEach(entry -> entry.replayTo(shard));
        return true;
      } catch (RuntimeException fault) {
        loadFailed(offset, fault);
        return false;
      }
    }

    private void loadFailed(long offset, Throwable cause) {
      if (cause instanceof AppendException) {
        // The log is offline, or led elsewhere: nothing to load until leadership is given anew.
        tell(cause, log.name() + " is not loaded");
        resign();
        return;
      }
      LOG.warn(
          "loading {} failed at offset {}, tried again: {}", log.name(), offset, cause.toString());
      LOG.debug("loading {} failed", log.name(), cause);
      reload(this, Errors.COORDINATOR_LOAD_IN_PROGRESS, RELOAD_DELAY_MS);
    }

    private LoadedChunk<R> read(long offset, long end) throws Exception {
      ByteBuffer batches = log.read(offset, options.loadChunkBytes(), end);
      LoadedChunk<R> chunk = LoadedChunk.decode(batches, offset, codec);
      // A log that gives nothing before its end has lost what was there to compaction.
      return chunk.nextOffset() > offset ? chunk : new LoadedChunk<>(List.of(), end);
    }

    private void finishLoading(long end) {
      loaded = true;
      long number = parked.appending();
      Future<Void> caughtUp = log.committed(end);
      caughtUp.onSuccess(done -> committed(number));
      run(shard::loaded, null);
    }

    /**
     * Runs a step to its end: append, replay, park.
     *
     * @param only the one reply of a step that decides by its records alone, else null
     */
    void run(Supplier<ShardResult<R>> step, @Nullable PendingReply<?> only) {
      if (!isCurrent() || !loaded) {
        return;
      }
      try {
        ShardResult<R> result = step.get();
        if (!result.effects().isEmpty()) {
          throw new IllegalStateException("nobody carries out the effects of " + log.name());
        }
        if (!result.records().isEmpty()) {
          Future<Void> appended = append(result);
          if (only != null && isRefused(appended)) {
            tellRefusal(appended.cause(), log.name() + " takes no records now, clients try again");
            only.fail(answerTo(appended.cause()));
            return;
          }
          follow(appended, result);
        }
        if (isCurrent()) {
          parked.park(result.answers());
        }
      } catch (RuntimeException fault) {
        LOG.error("a step of {} failed, its memory is loaded anew", log.name(), fault);
        reload(this, Errors.UNKNOWN_SERVER_ERROR, 0);
      }
    }

    private Future<Void> append(ShardResult<R> result) {
      return log.append(Batches.encode(result, codec, log.loop().clock().wallMs()), leaderEpoch);
    }

    private void follow(Future<Void> append, ShardResult<R> result) {
      long number = parked.appending();
      append.onComplete(
          appended -> {
            if (appended.succeeded()) {
              refusalTold = false;
              committed(number);
            } else {
              appendFailed(appended.cause());
            }
          });
      if (isCurrent()) {
        for (R record : result.records()) {
          shard.replay(result.producerId(), result.producerEpoch(), record);
        }
      }
    }

    private void committed(long number) {
      if (isCurrent()) {
        parked.committed(number);
      }
    }

    private void appendFailed(Throwable cause) {
      if (!isCurrent()) {
        return;
      }
      Errors answer = answerTo(cause);
      String what = "an append to " + log.name() + " failed, its memory is loaded anew";
      if (answer == Errors.COORDINATOR_NOT_AVAILABLE) {
        tellRefusal(cause, what);
        reload(this, answer, pauseMs());
      } else {
        tell(cause, what);
        reload(this, answer, 0);
      }
    }

    private void giveUp(Answer<?> answer) {
      if (answer.to() instanceof PendingReply<?> reply) {
        reply.fail(Errors.COORDINATOR_NOT_AVAILABLE);
      }
    }

    void end(Errors error) {
      parked.discard();
      timer.discard();
      List.copyOf(waiting).forEach(reply -> reply.fail(error));
      options.discarded().run();
    }
  }

  /**
   * How long the next loading is put off, so that a log that takes nothing is not loaded always.
   */
  private long pauseMs() {
    long nowMs = log.loop().clock().monotonicMs();
    long loadMs = Math.max(nowMs, reloadNotBeforeMs);
    reloadNotBeforeMs = loadMs + RELOAD_PAUSE_MS;
    return loadMs - nowMs;
  }

  /** Clients try again and again: told once until the log takes something. */
  private void tellRefusal(Throwable cause, String what) {
    if (!refusalTold) {
      refusalTold = true;
      tell(cause, what);
    }
  }

  /** Whether an append has left the log as it was, and may succeed later. */
  private static boolean isRefused(Future<Void> append) {
    return append.cause() instanceof AppendException e && e.error() == Errors.NOT_ENOUGH_REPLICAS;
  }

  /** That another broker leads is no fault: it happens with every change of a leader. */
  private static void tell(Throwable cause, String what) {
    Errors error = cause instanceof AppendException e ? e.error() : Errors.UNKNOWN_SERVER_ERROR;
    if (error == Errors.NOT_LEADER_OR_FOLLOWER || error == Errors.FENCED_LEADER_EPOCH) {
      LOG.info("{}: it is not led here any more", what);
    } else {
      LOG.warn("{}: {}", what, cause.getMessage());
    }
  }

  /** What a client is told of an append that failed; all of these make it try again. */
  private static Errors answerTo(Throwable cause) {
    Errors error = cause instanceof AppendException e ? e.error() : Errors.UNKNOWN_SERVER_ERROR;
    return switch (error) {
      case NOT_ENOUGH_REPLICAS, NOT_ENOUGH_REPLICAS_AFTER_APPEND, REQUEST_TIMED_OUT ->
          Errors.COORDINATOR_NOT_AVAILABLE;
      case NOT_LEADER_OR_FOLLOWER, FENCED_LEADER_EPOCH, KAFKA_STORAGE_ERROR ->
          Errors.NOT_COORDINATOR;
      default -> Errors.UNKNOWN_SERVER_ERROR;
    };
  }

  /** A reply that the activation knows of until it is given. */
  private static final class PendingReply<T> implements Reply<T> {
    private final Promise<T> promise = Promise.promise();
    private final Set<PendingReply<?>> waiting;

    PendingReply(Set<PendingReply<?>> waiting) {
      this.waiting = waiting;
      waiting.add(this);
    }

    @Override
    public void answer(T value) {
      waiting.remove(this);
      promise.tryComplete(value);
    }

    void fail(Errors error) {
      waiting.remove(this);
      promise.tryFail(new CoordinatorException(error));
    }
  }
}
