package io.millrace.storage;

import io.millrace.config.LogConfig;
import io.millrace.eventloop.EventLoop;
import io.millrace.model.TopicIdPartition;
import io.millrace.storage.log.AppendOrigin;
import io.millrace.storage.log.Log;
import io.millrace.storage.log.LogAppend;
import io.millrace.storage.log.LogSlice;
import io.millrace.storage.log.LogView;
import io.vertx.core.Future;
import java.nio.ByteBuffer;

/**
 * A partition's log in its shard: batches the writes of a turn, waits for the flushes that the
 * topic asks for, and goes offline with its folder.
 *
 * <p>Confined to: {@link #shard}, except where a method says "any thread".
 */
public final class StoredLog {

  StoredLog() {}

  /** The partition. Any thread. */
  public TopicIdPartition id() {
    throw new UnsupportedOperationException();
  }

  /** The loop that owns this log. Any thread. */
  public EventLoop shard() {
    throw new UnsupportedOperationException();
  }

  /** The folder that holds it. Any thread. */
  public LogFolder folder() {
    throw new UnsupportedOperationException();
  }

  /** What readers see. Any thread; one volatile read. */
  public LogView view() {
    throw new UnsupportedOperationException();
  }

  /** False once the folder failed or the log was deleted or closed. Any thread. */
  public boolean isOnline() {
    throw new UnsupportedOperationException();
  }

  /** The log. Its writing methods are for this class: append through {@link #append}. */
  public Log log() {
    throw new UnsupportedOperationException();
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
   * @return completes on the shard, in the order of the appends, when the bytes are in the file, or
   *     are forced where {@code flush.messages} makes that due; fails with {@link
   *     io.millrace.storage.log.AppendException}: what the log refuses, NOT_ENOUGH_REPLICAS while
   *     the disk is too full, KAFKA_STORAGE_ERROR when the folder failed
   */
  public Future<LogAppend> append(
      ByteBuffer batches, AppendOrigin origin, int leaderEpoch, Runnable onWritten) {
    throw new UnsupportedOperationException();
  }

  /**
   * The end that may be acknowledged and count for the high watermark: the forced end with {@code
   * flush.messages=1}, else the written end.
   */
  public long acknowledgedEnd() {
    throw new UnsupportedOperationException();
  }

  /** Changes the settings. */
  public void reconfigure(LogConfig config) {
    throw new UnsupportedOperationException();
  }

  /**
   * Touches the bytes of a cold slice on a worker, so that sending them does not wait for the disk.
   * Any loop.
   *
   * @param loop the calling loop; the result completes on it
   * @return the same slice; its reference stays the caller's, also when this fails
   */
  public Future<LogSlice> warm(EventLoop loop, LogSlice slice) {
    throw new UnsupportedOperationException();
  }
}
