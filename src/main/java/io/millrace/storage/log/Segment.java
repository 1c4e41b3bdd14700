package io.millrace.storage.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of one segment and who holds them. The log holds one reference, each reader and flush
 * one more; the files are reused, shortened or deleted only at zero. Thread-safe, but for what is
 * known of its indexes, which belongs to the log's owner.
 */
final class Segment {
  private static final Logger LOGGER = LoggerFactory.getLogger(Segment.class);

  private final long baseOffset;
  private final LazyFile log;
  private final LazyFile index;
  private final LazyFile timeIndex;
  private final TxnIndex txnIndex;
  private final AtomicInteger references = new AtomicInteger(1);

  // Confined to: the log's owner.
  private int indexChanges;
  private int indexChangesForced;

  Segment(LogFiles files, Path dir, long baseOffset) {
    this(files, dir, baseOffset, "");
  }

  /**
   * A segment whose files' names end with something more.
   *
   * @param suffix as {@code .cleaned}, or empty
   */
  Segment(LogFiles files, Path dir, long baseOffset, String suffix) {
    this.baseOffset = baseOffset;
    this.log = lazy(files, dir, baseOffset, FileNames.LOG + suffix);
    this.index = lazy(files, dir, baseOffset, FileNames.INDEX + suffix);
    this.timeIndex = lazy(files, dir, baseOffset, FileNames.TIME_INDEX + suffix);
    this.txnIndex = new TxnIndex(files, lazy(files, dir, baseOffset, FileNames.TXN_INDEX + suffix));
  }

  private static LazyFile lazy(LogFiles files, Path dir, long baseOffset, String suffix) {
    return new LazyFile(files, dir, baseOffset, suffix);
  }

  long baseOffset() {
    return baseOffset;
  }

  /** The batches; opened on first use. */
  LogFile log() throws IOException {
    return log.get();
  }

  LazyFile logFile() {
    return log;
  }

  LazyFile indexFile() {
    return index;
  }

  LazyFile timeIndexFile() {
    return timeIndex;
  }

  TxnIndex txnIndex() {
    return txnIndex;
  }

  /** Something was written to the index files, or cut off. */
  void indexesChanged() {
    indexChanges++;
  }

  /** Number of changes so far, for {@link #indexesForced}. */
  int indexChanges() {
    return indexChanges;
  }

  boolean indexesAreDirty() {
    return indexChangesForced < indexChanges;
  }

  /** The files were forced after so many changes. */
  void indexesForced(int changes) {
    indexChangesForced = Math.max(indexChangesForced, changes);
  }

  /** Takes a reference. False when the segment is gone: look at a newer view. */
  boolean tryRetain() {
    int now = references.get();
    while (now > 0) {
      if (references.compareAndSet(now, now + 1)) {
        return true;
      }
      now = references.get();
    }
    return false;
  }

  /** Takes one more reference; the caller holds one. */
  void retain() {
    if (!tryRetain()) {
      throw new IllegalStateException("segment " + log.path() + " is not held");
    }
  }

  /** Gives a reference back. */
  void release() {
    int left = references.decrementAndGet();
    if (left < 0) {
      throw new IllegalStateException("segment " + log.path() + " was released too often");
    }
  }

  /**
   * Takes the last reference away if it is the log's own: true when nobody else holds the files.
   */
  boolean retire() {
    return references.compareAndSet(1, 0);
  }

  boolean isHeld() {
    return references.get() > 0;
  }

  /** Opens what is not open yet, so that the names can go to other files. */
  void openAll(LogFiles files) throws IOException {
    log.get();
    if (files.exists(index.path())) {
      index.get();
    }
    if (files.exists(timeIndex.path())) {
      timeIndex.get();
    }
    txnIndex.all();
  }

  /** Changes the end of the names of all files. */
  void rename(String oldSuffix, String newSuffix) throws IOException {
    renameIndexes(oldSuffix, newSuffix);
    log.rename(oldSuffix, newSuffix);
  }

  /** Changes the end of the names of all files but the batches'. */
  void renameIndexes(String oldSuffix, String newSuffix) throws IOException {
    index.rename(oldSuffix, newSuffix);
    timeIndex.rename(oldSuffix, newSuffix);
    txnIndex.file().rename(oldSuffix, newSuffix);
  }

  /** Waits until what is written in the open files is durable. */
  void force() throws IOException {
    for (LazyFile file : all()) {
      if (file.isOpen()) {
        file.get().force();
      }
    }
  }

  /** The folder was renamed. */
  void moved(Path newDir) {
    for (LazyFile file : all()) {
      file.moved(newDir);
    }
  }

  void close() throws IOException {
    for (LazyFile file : all()) {
      file.close();
    }
  }

  /** Closes the index files until somebody uses them: each takes a descriptor. */
  void closeIndexes() throws IOException {
    index.close();
    timeIndex.close();
  }

  /**
   * As {@link #closeIndexes}, for the active segment, whose indexes only its owner reads or writes;
   * not when they hold what was not forced.
   */
  void closeForcedIndexes() {
    if (!indexesAreDirty()) {
      try {
        closeIndexes();
      } catch (IOException e) {
        LOGGER.warn("the indexes of {} could not be closed: {}", log.path(), e.getMessage());
      }
    }
  }

  /** Closes the files and deletes them. */
  void deleteFiles() throws IOException {
    for (LazyFile file : all()) {
      file.delete();
    }
  }

  private LazyFile[] all() {
    return new LazyFile[] {log, index, timeIndex, txnIndex.file()};
  }
}
