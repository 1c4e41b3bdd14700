package io.millrace.storage.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What must be forced so that a log is durable up to an offset. It holds its segments.
 *
 * <p>Handed from thread to thread: made by the log's owner, run by one thread of the flusher, given
 * back to the owner by {@code Log.flushed}.
 */
public final class FlushWork {
  private static final Logger LOGGER = LoggerFactory.getLogger(FlushWork.class);

  private final LogFiles files;
  private final long upToOffset;
  private final long truncationCount;
  private final boolean checkpoint;
  private final long writtenBytes;
  private final long dirMark;

  private final List<Segment> held = new ArrayList<>();
  private final List<LazyFile> toForce = new ArrayList<>();
  private final Map<Segment, Integer> indexes = new HashMap<>();
  private final List<Path> loose = new ArrayList<>();
  private final List<Path> dirs = new ArrayList<>();
  private @Nullable NewFile snapshot;
  private List<Path> oldSnapshots = List.of();
  private byte @Nullable [] leaderEpochs;
  private @Nullable Path leaderEpochsFile;
  private @Nullable Segment copy;

  /** A file that is written whole by the work. */
  private record NewFile(Path path, ByteBuffer content) {}

  /**
   * Work without anything to do yet.
   *
   * @param checkpoint whether its report moves the recovery point
   * @param writtenBytes the log's count of written bytes
   * @param dirMark the log's count of changed names
   */
  FlushWork(
      LogFiles files,
      long upToOffset,
      long truncationCount,
      boolean checkpoint,
      long writtenBytes,
      long dirMark) {
    this.files = files;
    this.upToOffset = upToOffset;
    this.truncationCount = truncationCount;
    this.checkpoint = checkpoint;
    this.writtenBytes = writtenBytes;
    this.dirMark = dirMark;
  }

  /** Everything below this offset is durable when {@link #run} returned. */
  public long upToOffset() {
    return upToOffset;
  }

  /** The log's truncation count when the work was made. */
  public long truncationCount() {
    return truncationCount;
  }

  /** Whether there is nothing to force: {@link #run} would return at once. */
  public boolean isEmpty() {
    return toForce.isEmpty()
        && loose.isEmpty()
        && dirs.isEmpty()
        && snapshot == null
        && leaderEpochs == null;
  }

  boolean isCheckpoint() {
    return checkpoint;
  }

  long writtenBytes() {
    return writtenBytes;
  }

  long dirMark() {
    return dirMark;
  }

  /** Holds a segment until the work is given back. */
  void hold(Segment segment) {
    segment.retain();
    held.add(segment);
  }

  void force(LazyFile file) {
    toForce.add(file);
  }

  /** Forces a segment's index files when they changed since they were forced. */
  void forceIndexes(Segment segment) {
    if (segment.indexesAreDirty()) {
      hold(segment);
      force(segment.indexFile());
      force(segment.timeIndexFile());
      if (segment.txnIndex().file().isOpen()) {
        force(segment.txnIndex().file());
      }
      indexes.put(segment, segment.indexChanges());
    }
  }

  /** The work was run: the indexes are durable as they were. */
  void reportIndexes() {
    indexes.forEach(Segment::indexesForced);
  }

  /** A file that nobody has open. */
  void forceLoose(Path file) {
    loose.add(file);
  }

  List<Path> loose() {
    return loose;
  }

  void forceDirectory(Path dir) {
    dirs.add(dir);
  }

  /** Writes and forces a snapshot; the old ones go when it is sure. */
  void writeSnapshot(Path file, ByteBuffer content, List<Path> old) {
    snapshot = new NewFile(file, content);
    oldSnapshots = old;
  }

  void writeLeaderEpochs(Path file, byte[] content) {
    leaderEpochsFile = file;
    leaderEpochs = content;
  }

  /**
   * Forces files and folders. Blocks. Once, on any thread.
   *
   * @throws IOException a force failed: the log's folder must go offline
   */
  public void run() throws IOException {
    for (LazyFile file : toForce) {
      file.get().force();
    }
    for (Path file : loose) {
      forceLooseFile(file);
    }
    if (snapshot != null) {
      writeSnapshotFile(snapshot);
    }
    if (leaderEpochs != null && leaderEpochsFile != null) {
      files.writeAtomically(leaderEpochsFile, leaderEpochs);
    }
    if (copy != null) {
      renameCopy(copy);
    }
    for (Path dir : dirs) {
      files.forceDirectory(dir);
    }
    for (Path old : oldSnapshots) {
      files.delete(old);
    }
  }

  private void forceLooseFile(Path file) throws IOException {
    try (LogFile open = files.open(file, false)) {
      open.force();
    } catch (NoSuchFileException gone) {
      LOGGER.debug("{} needs no force: its segment went or was truncated", file);
    }
  }

  private void writeSnapshotFile(NewFile file) throws IOException {
    files.delete(file.path());
    try (LogFile open = files.open(file.path(), true)) {
      open.write(new ByteBuffer[] {file.content().duplicate()}, 0);
      open.force();
    }
  }

  /** Forces a copy's files; they get their names then, in place of those that have them. */
  void renameForced(Segment segment) {
    copy = segment;
  }

  private void renameCopy(Segment segment) throws IOException {
    segment.force();
    if (!segment.txnIndex().file().isOpen()) {
      Path dir = segment.logFile().path().getParent();
      files.delete(FileNames.of(dir, segment.baseOffset(), FileNames.TXN_INDEX));
    }
    segment.rename(FileNames.CLEANED, "");
  }

  /** Gives the segments back. */
  void release() {
    held.forEach(Segment::release);
    held.clear();
  }
}
