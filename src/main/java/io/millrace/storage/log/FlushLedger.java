package io.millrace.storage.log;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What of a log is durable: offsets, names, loose files, and what reports still count.
 *
 * <p>Confined to: the log's owner.
 */
final class FlushLedger {
  private final List<Path> loose = new ArrayList<>();
  private long flushedOffset;
  private long recoveryPoint;
  private long truncationCount;
  private long dirChanges;
  private long dirForced;
  private long writtenBytes;
  private long checkpointedBytes;
  private boolean truncationUnforced;
  private long folderCreatedAt;
  private boolean folderNew;

  FlushLedger(long flushedOffset, long recoveryPoint) {
    this.flushedOffset = flushedOffset;
    this.recoveryPoint = recoveryPoint;
  }

  /** The ledger of files that took the place of this one's and are durable up to that offset. */
  FlushLedger continuedAt(long offset) {
    FlushLedger next = new FlushLedger(offset, offset);
    next.truncationCount = truncationCount;
    return next;
  }

  long flushedOffset() {
    return flushedOffset;
  }

  long recoveryPoint() {
    return recoveryPoint;
  }

  long truncationCount() {
    return truncationCount;
  }

  long dirChanges() {
    return dirChanges;
  }

  boolean dirIsDirty() {
    return dirForced < dirChanges;
  }

  long writtenBytes() {
    return writtenBytes;
  }

  long bytesSinceCheckpoint() {
    return writtenBytes - checkpointedBytes;
  }

  /** Whether a truncation waits for its report; nothing may be appended before. */
  boolean isTruncationUnforced() {
    return truncationUnforced;
  }

  /** Files that were written aside and not forced. */
  List<Path> loose() {
    return loose;
  }

  void wrote(long bytes) {
    writtenBytes += bytes;
  }

  /** The log's folder was created. */
  void folderCreated() {
    folderNew = true;
    dirChanged();
    folderCreatedAt = dirChanges;
  }

  /** Whether the folder's own name is not durable yet. */
  boolean folderIsNew() {
    return folderNew;
  }

  /** A name was created, renamed or deleted. */
  void dirChanged() {
    dirChanges++;
  }

  /** A file was written aside, as a snapshot at a roll. */
  void looseFile(Path file) {
    loose.add(file);
    dirChanged();
  }

  void lowerRecoveryPoint(long offset) {
    recoveryPoint = Math.min(recoveryPoint, offset);
  }

  void truncatedTo(long offset) {
    flushedOffset = Math.min(flushedOffset, offset);
    lowerRecoveryPoint(offset);
    truncationCount++;
    truncationUnforced = true;
    dirChanged();
  }

  void report(FlushWork work) {
    if (work.truncationCount() != truncationCount) {
      return;
    }
    truncationUnforced = false;
    work.reportIndexes();
    flushedOffset = Math.max(flushedOffset, work.upToOffset());
    dirForced = Math.max(dirForced, work.dirMark());
    // A flush may have begun before the first record, and so before the folder.
    folderNew &= work.dirMark() < folderCreatedAt;
    if (work.isCheckpoint()) {
      recoveryPoint = Math.max(recoveryPoint, work.upToOffset());
      checkpointedBytes = Math.max(checkpointedBytes, work.writtenBytes());
      loose.removeAll(work.loose());
    }
  }
}
