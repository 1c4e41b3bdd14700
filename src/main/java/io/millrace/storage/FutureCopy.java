package io.millrace.storage;

import io.millrace.config.LogConfig;
import io.millrace.model.TopicIdPartition;
import io.millrace.storage.log.AppendException;
import io.millrace.storage.log.AppendOrigin;
import io.millrace.storage.log.CorruptLogException;
import io.millrace.storage.log.FlushWork;
import io.millrace.storage.log.LoadOptions;
import io.millrace.storage.log.Log;
import io.millrace.storage.log.LogFiles;
import io.millrace.storage.log.LogLoader;
import io.millrace.storage.log.LogSlice;
import io.millrace.storage.log.LogView;
import io.millrace.storage.log.ProducerMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A copy of a log in another folder, {@code <topic>-<partition>.<id>-future}: the batches as they
 * are, with their offsets and epochs (KIP-113). It is made with the first bytes.
 *
 * <p>Every method blocks. Handed from thread to thread: one step at a time, on whichever worker.
 */
final class FutureCopy {
  private static final Logger LOG = LoggerFactory.getLogger(FutureCopy.class);
  private static final int FINISH_CHUNK_BYTES = 4 << 20;

  private final LogFiles files;
  private final TopicIdPartition id;
  private final Path dir;
  private @Nullable Log log;

  /** The local log could not be read: its folder is the one that fails. */
  static final class SourceException extends IOException {
    private static final long serialVersionUID = 1L;

    SourceException(IOException cause) {
      super(cause);
    }
  }

  FutureCopy(LogFiles files, TopicIdPartition id, Path dir) {
    this.files = files;
    this.id = id;
    this.dir = dir;
  }

  Path dir() {
    return dir;
  }

  /**
   * Opens what an earlier run has copied; every batch of it is checked.
   *
   * @return whether there is anything
   */
  boolean reopen(LogConfig config, long nowMs) throws IOException {
    if (!files.exists(dir)) {
      return false;
    }
    try {
      log = LogLoader.load(files, dir, id, config, LoadOptions.crashed(0, 0, nowMs)).log();
    } catch (CorruptLogException e) {
      LOG.warn("{} is of no use, and the log is copied anew: {}", dir, e.getMessage());
      discard();
    }
    return log != null;
  }

  /** Up to where it holds the same as the log; −1 for not at all, or when nothing was copied. */
  long commonEnd(Log live) {
    Log made = log;
    return made == null || made.logStartOffset() > live.logStartOffset()
        ? -1
        : live.commonEnd(made);
  }

  /** The log of the copy. */
  Log log() {
    Log made = log;
    if (made == null) {
      throw new IllegalStateException("nothing was copied to " + dir);
    }
    return made;
  }

  /** Offset behind the last batch that was copied; -1 before the first step. */
  long endOffset() {
    return log == null ? -1 : log.logEndOffset();
  }

  /** Bytes that were copied and are there. */
  long sizeBytes() {
    return log == null ? 0 : log.sizeBytes();
  }

  /** Bytes that a checkpoint would have to force. */
  long unforcedBytes() {
    return log == null ? 0 : log.bytesSinceRecoveryPoint();
  }

  /**
   * Copies what comes next.
   *
   * @param view of the local log
   * @param bytesMax bound in bytes, but for one batch
   * @param config of the local log
   * @return bytes that were copied
   * @throws SourceException the local log could not be read
   * @throws IOException the copy could not be written
   */
  int copy(LogView view, int bytesMax, LogConfig config, long nowMs)
      throws IOException, AppendException {
    Log made = log;
    if (made != null && made.logEndOffset() < view.logStartOffset()) {
      discard(); // what was copied is deleted by now
      made = null;
    }
    long from = made == null ? view.logStartOffset() : made.logEndOffset();
    ByteBuffer batches = read(view, from, bytesMax);
    if (batches == null) {
      return 0;
    }
    if (made == null) {
      // The batch of the log start may begin before it.
      long base = batches.hasRemaining() ? Math.min(from, batches.getLong(0)) : from;
      made = make(base, config, nowMs);
      log = made;
    }
    if (batches.hasRemaining()) {
      made.append(batches, AppendOrigin.REPLICATION, -1, nowMs);
      made.writePending();
    } else if (made.logEndOffset() < view.logEndOffset()) {
      made.skipTo(view.logEndOffset());
    }
    return batches.limit();
  }

  private static @Nullable ByteBuffer read(LogView view, long from, int bytesMax)
      throws SourceException {
    try {
      LogSlice slice = view.read(from, bytesMax, view.logEndOffset(), true);
      if (slice == null) {
        return null;
      }
      try {
        return slice.read();
      } finally {
        slice.release();
      }
    } catch (UncheckedIOException e) {
      throw new SourceException(e.getCause());
    }
  }

  private Log make(long startOffset, LogConfig config, long nowMs) throws IOException {
    LoadOptions fresh =
        new LoadOptions(
            true,
            0,
            startOffset,
            nowMs,
            ProducerMemory.unlimited(LoadOptions.DEFAULT_PRODUCER_ID_EXPIRATION_MS),
            LoadOptions.DEFAULT_COLD_AFTER_BYTES);
    Log made = LogLoader.load(files, dir, id, config, fresh).log();
    made.makeFiles();
    return made;
  }

  /** Removes what was copied at or behind {@code offset}. */
  void truncateTo(long offset, long nowMs) throws IOException {
    Log made = log;
    if (made == null || offset >= made.logEndOffset()) {
      return;
    }
    if (offset <= made.logStartOffset()) {
      discard();
      return;
    }
    made.lowerRecoveryPoint(offset);
    FlushWork work = made.truncateTo(offset, nowMs);
    if (work != null) {
      run(made, work);
    }
  }

  /** Makes durable what was copied. */
  void checkpoint() throws IOException {
    Log made = log();
    run(made, made.beginCheckpoint());
  }

  private static void run(Log log, FlushWork work) throws IOException {
    try {
      work.run();
    } catch (IOException e) {
      log.flushFailed(work);
      throw e;
    }
    log.flushed(work);
  }

  /**
   * Copies the rest and makes all durable, with the state that the local log has at its end.
   *
   * @param view of the local log, to which nothing is appended
   * @param state content by name of file
   */
  void finish(LogView view, Map<String, byte[]> state, LogConfig config, long nowMs)
      throws IOException, AppendException {
    long before = -2;
    while (endOffset() < view.logEndOffset() && before < endOffset()) {
      before = endOffset();
      copy(view, FINISH_CHUNK_BYTES, config, nowMs);
    }
    if (log == null) {
      copy(view, FINISH_CHUNK_BYTES, config, nowMs);
    }
    checkpoint();
    for (Map.Entry<String, byte[]> file : state.entrySet()) {
      files.writeAtomically(dir.resolve(file.getKey()), file.getValue());
    }
    log().openAll();
  }

  /** Closes the files; they stay. */
  void close() throws IOException {
    Log made = log;
    log = null;
    if (made != null) {
      made.close();
    }
  }

  /** Closes and deletes the files. */
  void discard() throws IOException {
    close();
    if (files.exists(dir)) {
      for (Path file : files.list(dir)) {
        files.delete(file);
      }
      files.delete(dir);
    }
  }
}
