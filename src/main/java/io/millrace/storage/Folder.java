package io.millrace.storage;

import io.millrace.storage.log.LogFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of {@code log.dirs}: whether it still works, and how full its disk is.
 *
 * <p>The free space is measured now and then; between two measurements what was written since is
 * taken off, so that a fast writer does not run past the lines. Below the first line ({@code
 * disk.reserve.bytes}) clients are refused; below the second, a quarter of it, everybody.
 *
 * <p>Thread-safe.
 */
final class Folder implements LogFolder {
  private static final Logger LOG = LoggerFactory.getLogger(Folder.class);
  private static final int SECOND_LINE_DIVISOR = 4;

  private final LogFiles files;
  private final Path path;
  private final Uuid directoryId;
  private final FolderLocks.Lock lock;
  private final long reserveBytes;
  private final Consumer<Folder> onFailure;

  // Any thread.
  private final AtomicBoolean failed = new AtomicBoolean();
  private final AtomicLong writtenSinceMeasured = new AtomicLong();
  private final AtomicBoolean belowFirstLine = new AtomicBoolean();
  private volatile long measuredBytes = Long.MAX_VALUE;
  private volatile long totalBytes = -1;

  Folder(
      LogFiles files,
      Path path,
      Uuid directoryId,
      FolderLocks.Lock lock,
      long reserveBytes,
      Consumer<Folder> onFailure) {
    this.files = files;
    this.path = path;
    this.directoryId = directoryId;
    this.lock = lock;
    this.reserveBytes = reserveBytes;
    this.onFailure = onFailure;
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public Uuid directoryId() {
    return directoryId;
  }

  @Override
  public boolean isOnline() {
    return !failed.get();
  }

  @Override
  public long totalBytes() {
    return totalBytes;
  }

  @Override
  public long usableBytes() {
    return measuredBytes == Long.MAX_VALUE ? -1 : estimatedBytes();
  }

  LogFiles files() {
    return files;
  }

  String place() {
    return lock.place();
  }

  /** Takes the folder offline, once; later failures are consequences and stay silent. */
  void fail(String doing, Throwable cause) {
    if (failed.compareAndSet(false, true)) {
      LOG.error(
          "The folder {} goes offline with all its partitions: {} failed ({})",
          path,
          doing,
          cause.toString(),
          cause);
      onFailure.accept(this);
    }
  }

  /** Whether clients' appends are refused because the disk is too full. */
  boolean isBelowFirstLine() {
    return estimatedBytes() < reserveBytes;
  }

  /** Whether all appends are refused because the disk is too full. */
  boolean isBelowSecondLine() {
    return estimatedBytes() < reserveBytes / SECOND_LINE_DIVISOR;
  }

  private long estimatedBytes() {
    return Math.max(0, measuredBytes - writtenSinceMeasured.get());
  }

  /** Counts bytes that were written; true when it is time to measure again. */
  boolean wrote(long bytes) {
    return writtenSinceMeasured.addAndGet(bytes) > reserveBytes / 8;
  }

  /** Measures the free space. Blocks. */
  void measure() {
    try {
      long counted = writtenSinceMeasured.get();
      long usable = files.usableBytes(path);
      totalBytes = files.totalBytes(path);
      measuredBytes = usable;
      writtenSinceMeasured.addAndGet(-counted);
    } catch (IOException e) {
      fail("asking for its free space", e);
      return;
    }
    boolean below = isBelowFirstLine();
    if (belowFirstLine.getAndSet(below) != below) {
      LOG.warn(
          below
              ? "The disk of {} has only {} bytes left: producers are refused until there is more"
              : "The disk of {} has {} bytes free again: producers are accepted",
          path,
          measuredBytes);
    }
  }

  /** Gives the lock back. */
  void unlock() {
    try {
      lock.release().close();
    } catch (Exception e) {
      LOG.warn("The lock of {} could not be released: {}", path, e.toString());
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
