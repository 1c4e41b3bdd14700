package io.millrace.storage;

import io.millrace.config.LogConfig;
import io.millrace.eventloop.EventLoop;
import io.millrace.model.TopicIdPartition;
import io.millrace.storage.log.AppendException;
import io.millrace.storage.log.AppendOrigin;
import io.millrace.storage.log.Log;
import io.millrace.storage.log.LogAppend;
import io.millrace.storage.log.LogSlice;
import io.millrace.storage.log.LogView;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A partition's log in its shard: batches the writes of a turn, waits for the flushes that the
 * topic asks for, and goes offline with its folder, or alone when only its own files are at fault.
 *
 * <p>Confined to: {@link #shard}, except where a method says "any thread".
 */
public final class StoredLog {
  private static final Logger LOG = LoggerFactory.getLogger(StoredLog.class);
  private static final long WRITE_AGAIN_MS = 500;

  private final Log log;
  private final Shard shard;
  private final StorageCounters counters;
  private final Durability durability;
  private final boolean internal;

  // Owner: the shard; read by any thread.
  private volatile Folder folder;
  private volatile boolean online = true;
  private volatile boolean claimed;
  private volatile long cleanedOffset;
  private final AtomicLong acceptedBytes = new AtomicLong();

  // Owner: the shard.
  private final UnwrittenAppends unwritten;
  private final ExclusiveSteps exclusive = new ExclusiveSteps();
  private final LogClosing closing;
  private boolean writeDue;
  private boolean writeAgainDue;
  private boolean waitsForRoom;
  private Future<?> compaction = Future.succeededFuture();
  private @Nullable FolderMove move;

  StoredLog(Log log, Folder folder, Shard shard, long cleanedOffset) {
    this.log = log;
    this.folder = folder;
    this.shard = shard;
    this.counters = shard.counters();
    this.internal = log.id().topic().startsWith("__");
    this.unwritten = new UnwrittenAppends(counters);
    this.durability = new Durability(this, log, shard);
    this.cleanedOffset = cleanedOffset;
    this.closing = new LogClosing(this);
  }

  /** The partition. Any thread. */
  public TopicIdPartition id() {
    return log.id();
  }

  /** The loop that owns this log. Any thread. */
  public EventLoop shard() {
    return shard.loop();
  }

  /** The folder that holds it. Any thread. */
  public LogFolder folder() {
    return folder;
  }

  /** What readers see. Any thread; one volatile read. */
  public LogView view() {
    return log.view();
  }

  /** Bytes of batches that were appended since the broker started. Any thread. */
  public long acceptedBytes() {
    return acceptedBytes.get();
  }

  /** False once the folder failed or the log was deleted or closed. Any thread. */
  public boolean isOnline() {
    return online;
  }

  /**
   * Whether the disk has room for more of its records, as of the last measurement. {@link
   * Storage#onRoom} tells when that changes. Any thread.
   */
  public boolean hasRoom() {
    return folder.hasRoom(internal);
  }

  /** Whether appended batches could not be written yet because the disk is full. */
  public boolean isWaitingForRoom() {
    shard.loop().assertOwner();
    return waitsForRoom;
  }

  /** The log. Its writing methods are for this class: append through {@link #append}. */
  public Log log() {
    shard.loop().assertOwner();
    return log;
  }

  /**
   * Appends checked batches. They are written together with all else that this turn of the shard
   * brings, at its end.
   *
   * @param batches whole v2 batches from position to limit; must stay as they are until {@code
   *     onWritten}
   * @param leaderEpoch epoch to assign; ignored for {@code REPLICATION}
   * @param onWritten called exactly once, on the shard, when the bytes are no longer needed,
   *     whatever came of them
   * @return completes on the shard when the bytes are in the file, or are forced where {@code
   *     flush.messages} makes that due; in the order of the appends, save that with {@code
   *     flush.messages} above 1 those which wait for a flush are passed by those which do not.
   *     Fails with {@link AppendException}: what the log refuses, NOT_ENOUGH_REPLICAS while the
   *     disk is too full or no file can be opened for it, KAFKA_STORAGE_ERROR when the folder
   *     failed
   */
  public Future<LogAppend> append(
      ByteBuffer batches, AppendOrigin origin, int leaderEpoch, Runnable onWritten) {
    shard.loop().assertOwner();
    if (exclusive.holdAppends()) {
      Promise<LogAppend> later = Promise.promise();
      exclusive.hold(() -> append(batches, origin, leaderEpoch, onWritten).onComplete(later));
      return later.future();
    }
    int sizeBytes = batches.remaining();
    long endBefore = log.logEndOffset();
    LogAppend done;
    try {
      checkAccepts(origin, batches);
      done = log.append(batches, origin, leaderEpoch, shard.loop().clock().wallMs());
    } catch (AppendException e) {
      onWritten.run();
      return Future.failedFuture(e);
    } catch (IOException e) {
      onWritten.run();
      if (log.logEndOffset() == endBefore && folder.isFull(e)) {
        return Future.failedFuture(Refusals.diskFull());
      }
      if (log.logEndOffset() == endBefore && folder.hasNoDescriptor(e)) {
        return Future.failedFuture(Refusals.noDescriptor());
      }
      fail("appending to " + id().topicPartition(), e);
      return Future.failedFuture(Refusals.offline());
    }
    Promise<LogAppend> answer = Promise.promise();
    boolean fromLeader = origin == AppendOrigin.REPLICATION;
    unwritten.add(done, sizeBytes, fromLeader, answer, onWritten);
    // One writer, so that no fence is needed.
    acceptedBytes.lazySet(acceptedBytes.getPlain() + sizeBytes);
    if (!writeDue) {
      writeDue = true;
      shard.loop().atBatchEnd(this::writeAtBatchEnd);
    }
    return answer.future();
  }

  /**
   * A client's batches were refused before they came here, and will come again: of a producer that
   * the log does not know what is in flight behind them waits. Owner only.
   *
   * @param batches whole ones that passed the checks of {@code record.ProduceValidator}
   */
  public void refused(ByteBuffer batches) {
    shard.loop().assertOwner();
    log.refused(batches, shard.loop().clock().wallMs());
  }

  private void checkAccepts(AppendOrigin origin, ByteBuffer batches) throws AppendException {
    if (!online || closing.hasBegun()) {
      throw Refusals.offline();
    }
    // What a leader has sent already is taken while it can be: no more is asked for.
    if (!folder.accepts(internal || origin != AppendOrigin.CLIENT)) {
      if (origin == AppendOrigin.CLIENT) {
        refused(batches);
      }
      throw Refusals.diskFull();
    }
  }

  /**
   * Makes the files of a log that has none. Not on a full disk, nor while something else is done
   * with its folder: its first record makes them then.
   */
  void makeFiles() {
    shard.loop().assertOwner();
    if (!online || closing.hasBegun() || exclusive.areUnderWay() || exclusive.holdAppends()) {
      return;
    }
    try {
      log.makeFiles();
    } catch (IOException e) {
      if (!folder.isFull(e) && !folder.hasNoDescriptor(e)) {
        fail("making the files of " + id().topicPartition(), e);
      }
    }
  }

  private void writeAtBatchEnd() {
    if (write()) {
      shard.answerSoon(unwritten);
    }
  }

  /** Writes what waits for the end of the turn, or for room. */
  void writeNow() {
    if (write()) {
      unwritten.answerWritten();
    }
  }

  private boolean write() {
    writeDue = false;
    if (!online || (unwritten.isEmpty() && !log.hasPending())) {
      return false;
    }
    try {
      log.writePending();
    } catch (IOException e) {
      if (folder.isFull(e)) {
        writeAgainLater();
      } else {
        fail("writing " + id().topicPartition(), e);
      }
      return false;
    }
    if (waitsForRoom) {
      waitsForRoom = false;
      shard.measure(folder);
    }
    counters.writes().increment();
    int sizeBytes = unwritten.written(durability);
    counters.writtenBytes().add(sizeBytes);
    if (folder.wrote(sizeBytes)) {
      shard.measure(folder);
    }
    durability.written(sizeBytes);
    // Flushes are asked for before answers run: an answer may append again.
    return true;
  }

  /**
   * What is queued goes to the same place of the file when there is room. Clients' answers wait for
   * it; a leader is told at once that there is none.
   */
  private void writeAgainLater() {
    if (!waitsForRoom) {
      LOG.warn("{} waits for room on its disk to write what it took", id().topicPartition());
    }
    waitsForRoom = true;
    log.keepPending();
    unwritten.keepForRoom();
    if (!writeAgainDue) {
      writeAgainDue = true;
      shard.loop().schedule(WRITE_AGAIN_MS, this::writeAgain);
    }
  }

  private void writeAgain() {
    writeAgainDue = false;
    writeNow();
  }

  /** Takes this log offline at once, and its folder, unless only a file of the log is at fault. */
  void fail(String doing, Throwable cause) {
    boolean first = online;
    goOffline();
    if (!FileFaults.isOfOneFile(cause)) {
      folder.fail(doing, cause);
    } else if (first) {
      folder.logFailed(this, doing, cause);
    }
  }

  /** Refuses everything from now on and answers what waits. */
  void goOffline() {
    if (!online) {
      return;
    }
    online = false;
    unwritten.fail(Refusals.offline());
    durability.fail(Refusals.offline());
  }

  /** How it ends. */
  LogClosing closing() {
    return closing;
  }

  /**
   * The end that may be acknowledged and count for the high watermark: the forced end with {@code
   * flush.messages=1}, else the written end.
   */
  public long acknowledgedEnd() {
    shard.loop().assertOwner();
    return durability.acknowledgedEnd();
  }

  /**
   * Removes every record at or behind {@code offset}, of leader epochs without records too. Nothing
   * may be appended before it is done.
   *
   * @return completes on the shard when the cut is durable; fails when the folder fails
   */
  public Future<Void> truncateTo(long offset) {
    return truncate(offset, false);
  }

  /** Removes every record; the log goes on at {@code offset}. As {@link #truncateTo}. */
  public Future<Void> restartAt(long offset) {
    return truncate(offset, true);
  }

  private Future<Void> truncate(long offset, boolean fully) {
    shard.loop().assertOwner();
    if (closing.hasBegun()) {
      return Future.failedFuture(Refusals.offline());
    }
    if (move != null) {
      move.onTruncation(offset);
    }
    return exclusive.add(() -> new LogTruncation(this, shard, offset, fully).run());
  }

  /**
   * Runs {@code work} while nothing is appended, flushed or truncated: appends wait until it ends,
   * all that came before is written, and no flush is under way.
   */
  Future<Void> whilePaused(Supplier<Future<Void>> work) {
    shard.loop().assertOwner();
    return exclusive.add(() -> pause(work));
  }

  private Future<Void> pause(Supplier<Future<Void>> work) {
    writeNow();
    if (!online) {
      return Future.failedFuture(Refusals.offline());
    }
    if (waitsForRoom) {
      return Future.failedFuture(Refusals.diskFull());
    }
    return exclusive.pause(work);
  }

  /** Notes that a copy follows this log, null when none does any more. */
  void movesBy(@Nullable FolderMove move) {
    this.move = move;
  }

  /** Whether a copy of it follows in another folder: nothing may be compacted. */
  boolean isMoving() {
    return move != null;
  }

  /** The log lies in another folder now, all of it durable. */
  void movedTo(Folder folder) {
    this.folder = folder;
    durability.moved();
  }

  /** Completes when a truncation that is under way has ended, well or not. */
  public Future<Void> truncationEnded() {
    shard.loop().assertOwner();
    return exclusive.ended();
  }

  /** Whether a truncation is under way: nothing may be appended or flushed. */
  public boolean isTruncating() {
    return exclusive.areUnderWay();
  }

  /** Completes when all that is written may be acknowledged, see {@link #acknowledgedEnd}. */
  public Future<Void> settle() {
    shard.loop().assertOwner();
    writeNow();
    if (!online) {
      return Future.failedFuture(Refusals.offline());
    }
    return acknowledgedEnd() >= log.view().logEndOffset()
        ? Future.succeededFuture()
        : durability.forceAll();
  }

  /**
   * Makes the log start lasting, so that no crash brings back what is below it. On a disk that is
   * too full for that it is put off until there is room: who deletes records makes some.
   *
   * @return completes on the shard; fails when the folder fails
   */
  public Future<Void> saveLogStart() {
    shard.loop().assertOwner();
    return shard
        .checkpoints()
        .write(folder, shard.loop())
        .recover(
            fault ->
                fault instanceof DiskFullException
                    ? Future.succeededFuture()
                    : Future.failedFuture(Refusals.offline()));
  }

  Future<?> compaction() {
    return compaction;
  }

  /** Changes the settings. */
  public void reconfigure(LogConfig config) {
    shard.loop().assertOwner();
    log.reconfigure(config);
  }

  /**
   * Touches the bytes of a cold slice on a worker, so that sending them does not wait for the disk.
   * Any loop.
   *
   * @param loop the calling loop; the result completes on it
   * @return the same slice; its reference stays the caller's, also when this fails
   */
  public Future<LogSlice> warm(EventLoop loop, LogSlice slice) {
    return ColdRead.of(loop, slice)
        .onFailure(cause -> folder.readFailed(id().topicPartition(), cause));
  }

  // What housekeeping and checkpoints need; any thread where the field is volatile.

  boolean isClaimed() {
    return claimed;
  }

  /**
   * Takes the topic's settings. Where each record must be durable, completes when those are that a
   * recovery found.
   */
  Future<StoredLog> claim(LogConfig config) {
    reconfigure(config);
    boolean first = !claimed;
    claimed = true;
    return first && config.flushMessages() <= 1 && online
        ? durability.forceAll().map(this)
        : Future.succeededFuture(this);
  }

  /** How far it is durable. */
  Durability durability() {
    return durability;
  }

  /** What runs while nothing else writes it. */
  ExclusiveSteps exclusive() {
    return exclusive;
  }

  Folder home() {
    return folder;
  }

  long cleanedOffset() {
    return cleanedOffset;
  }

  void setCleanedOffset(long offset) {
    cleanedOffset = offset;
  }

  boolean isCompacting() {
    return !compaction.isComplete();
  }

  /** Notes a compaction that began; retention and deletion wait for it. */
  void compacting(Future<?> compaction) {
    this.compaction = compaction;
  }

  Log rawLog() {
    return log;
  }
}
