package io.millrace.storage;

import io.millrace.model.TopicPartition;
import io.millrace.storage.log.CorruptLogException;
import io.millrace.storage.log.LogFiles;
import io.millrace.storage.log.NoRoom;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of {@code log.dirs}: whether it still works, and how full its disk is.
 *
 * <p>The free space is measured now and then; between two measurements what was written since is
 * taken off, so that a fast writer does not run past the lines of {@link DiskRoom}.
 *
 * <p>Thread-safe.
 */
final class Folder implements LogFolder {
  private static final Logger LOG = LoggerFactory.getLogger(Folder.class);

  /** What a fast disk takes in the five seconds between two measurements, and more. */
  private static final long SOON_BYTES = 16L << 30;

  private final LogFiles files;
  private final Path path;
  private final Uuid directoryId;
  private final FolderLocks.Lock lock;
  private final long reserveBytes;
  private final FolderNews news;

  // Any thread.
  private final AtomicBoolean failed = new AtomicBoolean();
  private volatile String failure = "";
  private final AtomicLong writtenSinceMeasured = new AtomicLong();
  private final AtomicReference<DiskRoom> room = new AtomicReference<>(DiskRoom.FOR_ALL);
  private volatile long measuredBytes = Long.MAX_VALUE;
  private volatile long totalBytes = -1;

  /** It took no more files at the last try, whatever is free. */
  private volatile boolean refusesFiles;

  private volatile boolean hasFailedLog;
  private final AtomicBoolean toldOfDescriptors = new AtomicBoolean();

  private final SlowForces slow;
  private final Set<TopicPartition> unreadable = ConcurrentHashMap.newKeySet();

  Folder(
      LogFiles files,
      Path path,
      Uuid directoryId,
      FolderLocks.Lock lock,
      long reserveBytes,
      FolderNews news) {
    this.files = files;
    this.path = path;
    this.directoryId = directoryId;
    this.lock = lock;
    this.reserveBytes = reserveBytes;
    this.news = news;
    this.slow = new SlowForces(path);
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

  /**
   * Makes a partition's folder if it is not there. Blocks.
   *
   * @throws DiskFullException when the disk has no room for it
   * @throws NoSuchFileException when this folder itself is gone: it is not made anew
   */
  void make(Path dir) throws IOException {
    if (!isThere()) {
      throw gone();
    }
    try {
      files.createDirectories(dir);
    } catch (IOException e) {
      throw DiskFullException.orElse(this, e);
    }
  }

  /** Takes the folder offline, once; later failures are consequences and stay silent. */
  void fail(String doing, Throwable cause) {
    if (failed.compareAndSet(false, true)) {
      failure = doing + " failed, " + FileFaults.sentence(cause);
      LOG.error(
          "The folder {} goes offline with all its partitions: {} failed ({})",
          path,
          doing,
          cause.toString(),
          cause);
      news.failed(this);
    }
  }

  /** What failed in it, for the operator; empty while it works. */
  String failure() {
    return failure;
  }

  /**
   * Takes one log of it offline, with which something is wrong and not with the disk. The folder
   * gets no clean-stop marker then: that log is not closed with the others. Any thread.
   */
  void logFailed(StoredLog log, String doing, Throwable cause) {
    hasFailedLog = true;
    LOG.error(
        "The partition {} goes offline, others in {} are served: {} failed, {}. Put right what is"
            + " wrong there and start the broker again",
        log.id().topicPartition(),
        path,
        doing,
        FileFaults.sentence(cause));
    news.logFailed(log);
  }

  /**
   * Whether something failed only because the process may open no more files, which says nothing of
   * a disk and may end. Told once. Any thread.
   */
  boolean hasNoDescriptor(@Nullable Throwable cause) {
    if (!FileFaults.isOutOfDescriptors(cause)) {
      return false;
    }
    if (!toldOfDescriptors.getAndSet(true)) {
      LOG.error(
          "No more files can be opened in {}: what needs one waits until clients or partitions are"
              + " fewer. Raise the limit (ulimit -n, LimitNOFILE of systemd); that it happens again"
              + " is not told",
          path);
    }
    return true;
  }

  /** Whether a log of it went offline by itself. */
  boolean hasFailedLog() {
    return hasFailedLog;
  }

  /** What tells when its disk takes long. */
  SlowForces slowForces() {
    return slow;
  }

  /**
   * As {@link #fail}, at a stop, when what was acknowledged is in the files: a full disk is no
   * failure then. The folder gets no clean-stop marker, so that the next start recovers what was
   * not forced. Blocks for a moment.
   */
  void failAtStop(String doing, Throwable cause) {
    if (!isFull(cause)) {
      fail(doing, cause);
    } else if (failed.compareAndSet(false, true)) {
      LOG.warn(
          "The disk of {} is full, so that the stop there is no clean one: nothing that was"
              + " acknowledged is lost, and the next start recovers",
          path);
    }
  }

  @Override
  public void readFailed(TopicPartition partition, Throwable fault) {
    if (isOfDisk(fault)) {
      fail("reading " + partition, fault);
    } else if (!(fault instanceof ClosedChannelException) && unreadable.add(partition)) {
      LOG.warn(
          "{} cannot be read: {}; that it fails again is not told",
          partition,
          FileFaults.sentence(fault));
    }
  }

  private static boolean isOfDisk(Throwable fault) {
    return fault instanceof IOException
        && !(fault instanceof CorruptLogException)
        && !(fault instanceof EOFException)
        && !(fault instanceof ClosedChannelException)
        && !FileFaults.isOfOneFile(fault)
        && !FileFaults.isOutOfDescriptors(fault);
  }

  /**
   * Whether records may be appended: clients', or what the cluster itself needs. What was written
   * since the last measurement counts.
   */
  boolean accepts(boolean internal) {
    return room.get().when(roomBytes(), reserveBytes).isFor(internal);
  }

  /** As {@link #accepts}, by the last measurement: {@link FolderNews} tells when it changes. */
  boolean hasRoom(boolean internal) {
    return room.get().isFor(internal);
  }

  /** Whether others could fill the disk within seconds, so that it is measured each second. */
  boolean mayFillSoon() {
    return !hasRoom(false) || estimatedBytes() < reserveBytes + SOON_BYTES;
  }

  private long estimatedBytes() {
    return Math.max(0, measuredBytes - writtenSinceMeasured.get());
  }

  private long roomBytes() {
    return refusesFiles ? 0 : estimatedBytes();
  }

  /** Counts bytes that were written; true when it is time to measure again. */
  boolean wrote(long bytes) {
    return writtenSinceMeasured.addAndGet(bytes) > reserveBytes / 8;
  }

  /**
   * Whether it is still the folder that was opened, and not deleted, or what lies under its disk
   * that is not mounted any more. Blocks.
   */
  boolean isThere() throws IOException {
    return files.exists(path.resolve(FolderIdentity.META))
        || files.exists(path.resolve(FolderLocks.FILE));
  }

  private NoSuchFileException gone() {
    return new NoSuchFileException(path.resolve(FolderIdentity.META).toString());
  }

  /** Looks whether it is there, and measures the free space. Blocks. */
  void look() {
    try {
      if (isThere()) {
        measure();
      } else {
        fail("looking for it", gone());
      }
    } catch (IOException e) {
      fail("looking for it", e);
    }
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
    if (refusesFiles) {
      refusesFiles = !RoomProbe.isTaken(files, path);
    }
    DiskRoom before = room.getAndUpdate(now -> now.when(roomBytes(), reserveBytes));
    if (room.get() != before) {
      tellRoom(before);
      news.roomChanged(this);
    }
  }

  private void tellRoom(DiskRoom before) {
    boolean takesClients = hasRoom(false);
    if (takesClients != before.isFor(false)) {
      if (refusesFiles) {
        LOG.warn(
            "The disk of {} takes no more files, though {} bytes are free (has it inodes left, is"
                + " there a quota?): no records are accepted until it does",
            path,
            measuredBytes);
        return;
      }
      LOG.warn(
          takesClients
              ? "The disk of {} has {} bytes free again: records are accepted"
              : "The disk of {} has only {} bytes left: no records are accepted until there is more"
                  + " (disk.reserve.bytes)",
          path,
          measuredBytes);
    }
  }

  /** Whether nothing may be written; measures first. Blocks for a moment. */
  boolean isFullNow() {
    measure();
    return isOnline() && !hasRoom(true);
  }

  /**
   * As {@link #isFullNow}, when something could not be written: a disk that says there is no room,
   * although bytes are free, is out of inodes or over a quota if it takes no other file either.
   */
  boolean isFull(Throwable cause) {
    boolean full = isFullNow();
    if (full || reserveBytes == 0 || !NoRoom.isSaidBy(cause) || RoomProbe.isTaken(files, path)) {
      return full;
    }
    refusesFiles = true;
    return isFullNow();
  }

  /**
   * Whether its disk can take so many bytes; measures first, unless there is no reserve: then
   * nobody is to ask what is free. Blocks for a moment.
   */
  boolean hasNow(long bytes) {
    if (reserveBytes == 0) {
      return true;
    }
    measure();
    return measuredBytes >= bytes;
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
