package io.millrace.storage;

import io.millrace.config.LogConfig;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.Work;
import io.millrace.model.TopicPartition;
import io.millrace.storage.log.AppendException;
import io.millrace.storage.log.Log;
import io.millrace.storage.log.LogView;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The move of one log to another folder (KIP-113): a copy follows the log in bounded steps on
 * workers. When it has caught up, appends wait for the moment in which it takes the log's place.
 *
 * <p>A crash leaves the old log until its folder has the name {@code .<id>-delete}, durably; from
 * then on the copy {@code .<id>-future} of the same id is whole, and the next start gives it the
 * log's name.
 *
 * <p>Confined to: the shard of the log, save {@link #target}, {@link #sizeBytes} and {@link
 * #endOffset}.
 */
final class FolderMove {
  private static final Logger LOG = LoggerFactory.getLogger(FolderMove.class);
  private static final long LITTLE_BYTES = 4 << 20;
  private static final long CHECKPOINT_BYTES = 64L << 20;
  private static final long WAIT_MS_MAX = 250;
  private static final long FULL_DISK_WAIT_MS = 1_000;

  private final StoredLog stored;
  private final Log log;
  private final Shard shard;
  private final EventLoop loop;
  private final Folder source;
  private final Folder target;
  private final MoveRate rate;
  private final boolean goesOn;
  private final FutureCopy copy;
  private final Path aside;
  private final Promise<Boolean> ended = Promise.promise();

  // Owner: the shard; read by any thread.
  private volatile long sizeBytes;
  private volatile long endOffset;
  private volatile long deleteDelayMs;

  // Owner: the shard.
  private long cutTo = Long.MAX_VALUE;
  private boolean cancelled;
  private boolean keeps;
  private boolean tookFiles;
  private boolean swapped;

  /**
   * A move that has not begun.
   *
   * @param id marks the folders of this move
   * @param goesOn whether an earlier run has begun it
   */
  FolderMove(StoredLog stored, Shard shard, Folder target, MoveRate rate, Uuid id, boolean goesOn) {
    this.stored = stored;
    this.log = stored.rawLog();
    this.shard = shard;
    this.loop = shard.loop();
    this.source = stored.home();
    this.target = target;
    this.rate = rate;
    this.goesOn = goesOn;
    TopicPartition partition = stored.id().topicPartition();
    this.copy =
        new FutureCopy(
            target.files(),
            stored.id(),
            target.path().resolve(FolderName.aside(partition, FolderName.Kind.FUTURE, id)));
    this.aside = source.path().resolve(FolderName.aside(partition, FolderName.Kind.DELETE, id));
  }

  StoredLog stored() {
    return stored;
  }

  Folder source() {
    return source;
  }

  Folder target() {
    return target;
  }

  /** The log's old folder, once the move has ended well. */
  Path aside() {
    return aside;
  }

  /** How long that folder stays, in ms. */
  long deleteDelayMs() {
    return deleteDelayMs;
  }

  FutureLog view() {
    return new FutureLog(stored.id().topicPartition(), target, sizeBytes, endOffset);
  }

  /**
   * Begins, when a compaction under way has ended.
   *
   * @return completes on the shard: true when the log lies in the other folder, false when the move
   *     was given up
   */
  Future<Boolean> run() {
    loop.assertOwner();
    stored.movesBy(this);
    stored.compaction().onComplete(done -> loop.execute(goesOn ? this::goOn : this::begin));
    return ended.future();
  }

  /**
   * The name of the log's folder is made durable before there is a copy: a start that finds the
   * copy alone cannot tell this from a log whose folder failed, and leaves the log closed.
   */
  private void begin() {
    Path dir = log.dir();
    then(
        loop.offload(
            Work.HOUSEKEEPING,
            target.path(),
            () -> {
              try {
                source.make(dir);
                source.files().forceDirectory(source.path());
                return dir;
              } catch (DiskFullException e) {
                throw e;
              } catch (IOException e) {
                throw new FutureCopy.SourceException(e);
              }
            }),
        durable -> next());
  }

  private <T> void then(Future<T> work, Consumer<T> onSuccess) {
    work.onSuccess(onSuccess::accept).onFailure(this::failed);
  }

  /** What an earlier run has copied is cut to what the log still holds, by leader epochs. */
  private void goOn() {
    LogConfig config = log.config();
    long nowMs = loop.clock().wallMs();
    then(
        loop.offload(Work.HOUSEKEEPING, target.path(), () -> copy.reopen(config, nowMs)),
        opened -> {
          onTruncation(wasCleaned() ? -1 : copy.commonEnd(log));
          next();
        });
  }

  /** A copy of what a compaction has removed since would bring back what was deleted. */
  private boolean wasCleaned() {
    return stored.cleanedOffset() > 0;
  }

  /** From now on until its end the log is not compacted, though the move waits for its turn. */
  void reserve() {
    loop.execute(() -> stored.movesBy(this));
  }

  /**
   * Gives the move up, unless it has got to its end.
   *
   * @param keep whether the copy's folder stays, so that the next start goes on with it
   * @return completes when nothing of it is under way
   */
  Future<Void> cancel(boolean keep) {
    loop.assertOwner();
    cancelled = true;
    keeps |= keep;
    return ended.future().transform(done -> Future.succeededFuture());
  }

  /** Deletes what an earlier run has copied, of a move that has not begun here. */
  Future<Void> forget() {
    stored.movesBy(null);
    return loop.offload(
            Work.HOUSEKEEPING,
            target.path(),
            () -> {
              copy.discard();
              return null;
            })
        .onFailure(cause -> target.fail("deleting " + copy.dir(), cause))
        .transform(done -> Future.succeededFuture());
  }

  /** The log is cut at an offset: so is the copy, before anything else. */
  void onTruncation(long offset) {
    cutTo = Math.min(cutTo, offset);
  }

  private void next() {
    if (cancelled || !stored.isOnline() || !target.isOnline()) {
      giveUp();
      return;
    }
    if (stored.isTruncating()) {
      stored.truncationEnded().onComplete(done -> loop.execute(this::next));
      return;
    }
    long waitMs =
        !target.accepts(false)
            ? FULL_DISK_WAIT_MS
            : Math.min(WAIT_MS_MAX, rate.waitMs(loop.clock().monotonicNs()));
    if (waitMs > 0) {
      loop.schedule(waitMs, this::next);
    } else {
      step();
    }
  }

  private void step() {
    long cut = cutTo;
    cutTo = Long.MAX_VALUE;
    int chunkBytes = rate.chunkBytes();
    LogView view = stored.view();
    LogConfig config = log.config();
    long nowMs = loop.clock().wallMs();
    then(
        loop.offload(
            Work.HOUSEKEEPING,
            target.path(),
            () -> {
              copy.truncateTo(cut, nowMs);
              int bytes = copy.copy(view, chunkBytes, config, nowMs);
              if (copy.unforcedBytes() >= CHECKPOINT_BYTES) {
                copy.checkpoint();
              }
              return bytes;
            }),
        bytes -> stepped(bytes, view));
  }

  private void stepped(int bytes, LogView view) {
    note();
    rate.copied(bytes, loop.clock().monotonicNs());
    if (target.wrote(bytes)) {
      shard.measure(target);
    }
    boolean caughtUp = endOffset >= view.logEndOffset() && cutTo == Long.MAX_VALUE;
    if (!caughtUp || cancelled) {
      next();
    } else if (copy.unforcedBytes() > LITTLE_BYTES) {
      then(
          work(
              () -> {
                copy.checkpoint();
                return view;
              }),
          forced -> next());
    } else {
      swap();
    }
  }

  private void note() {
    sizeBytes = copy.sizeBytes();
    endOffset = Math.max(0, copy.endOffset());
  }

  /** Appends wait from here on: this work goes before housekeeping. */
  private <T> Future<T> work(Callable<T> blocking) {
    return loop.offload(Work.FLUSH, target.path(), blocking);
  }

  private void swap() {
    long startedNs = loop.clock().monotonicNs();
    then(
        stored.whilePaused(this::takePlace),
        done -> {
          if (swapped) {
            LOG.info(
                "{} moved from {} to {}; appends waited for {} ms",
                stored.id().topicPartition(),
                source,
                target,
                (loop.clock().monotonicNs() - startedNs) / 1_000_000);
            stored.movesBy(null);
            ended.complete(true);
          } else {
            next();
          }
        });
  }

  private Future<Void> takePlace() {
    if (cancelled || cutTo != Long.MAX_VALUE || !target.isOnline()) {
      return Future.succeededFuture();
    }
    LogView view = stored.view();
    Map<String, byte[]> state = log.stateFiles();
    LogConfig config = log.config();
    long nowMs = loop.clock().wallMs();
    return work(() -> {
          copy.finish(view, state, config, nowMs);
          return null;
        })
        .compose(whole -> shard.checkpoints().announce(target, stored, view.logEndOffset(), loop))
        .compose(announced -> changeNames());
  }

  private Future<Void> changeNames() {
    Path from = log.dir();
    try {
      log.takeFilesOf(copy.log());
      tookFiles = true;
    } catch (IOException e) {
      tookFiles = true;
      stored.fail("leaving it with " + stored.id().topicPartition(), e);
      return Future.failedFuture(Refusals.offline());
    }
    return work(() -> rename(source, from, aside))
        .onFailure(cause -> stored.fail("setting " + from + " aside", cause))
        .compose(
            renamed -> {
              stored.movedTo(target);
              return work(() -> rename(target, copy.dir(), liveDir()));
            })
        .onFailure(
            cause -> {
              if (stored.home() == target) {
                stored.fail("giving " + copy.dir() + " its name", cause);
              }
            })
        .onSuccess(
            renamed -> {
              swapped = true;
              deleteDelayMs = log.config().fileDeleteDelayMs();
              log.moved(liveDir());
              stored.durability().release();
              shard.checkpoints().arrived(target, stored.id().topicPartition());
              shard.checkpoints().writeSoon(source);
            });
  }

  private Path liveDir() {
    return target.path().resolve(stored.id().topicPartition().folderName());
  }

  private Void rename(Folder folder, Path from, Path to) throws IOException {
    folder.files().rename(from, to);
    folder.files().forceDirectory(folder.path());
    return null;
  }

  private void failed(Throwable cause) {
    TopicPartition partition = stored.id().topicPartition();
    if (cause instanceof AppendException && stored.isWaitingForRoom()) {
      loop.schedule(FULL_DISK_WAIT_MS, this::next); // not all that it took is in its files
      return;
    }
    if (tookFiles) {
      LOG.error("{} did not get from {} to {}", partition, source, target);
    } else if (cause instanceof FutureCopy.SourceException) {
      stored.fail("reading " + partition, cause);
    } else if (cause instanceof IOException e
        && target.isOnline()
        && !DiskFullException.is(target, e)) {
      target.fail("copying " + partition, cause);
    } else if (stored.isOnline() && target.isOnline()) {
      LOG.error("{} stays in {}: its copy in {} failed", partition, source, target, cause);
    }
    giveUp();
  }

  private void giveUp() {
    stored.movesBy(null);
    if (tookFiles) {
      ended.complete(false); // the log went offline with one of the folders; the files are its own
      return;
    }
    boolean keep = keeps || !stored.isOnline() || !target.isOnline();
    loop.offload(
            Work.HOUSEKEEPING,
            target.path(),
            () -> {
              if (keep) {
                copy.close();
              } else {
                copy.discard();
              }
              return null;
            })
        .onFailure(cause -> target.fail("deleting " + copy.dir(), cause))
        .onComplete(done -> ended.complete(false));
  }
}
