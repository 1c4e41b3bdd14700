package io.millrace.storage.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Puts together what must be forced: batches and names for a flush; indexes, producer snapshot and
 * leader epochs too for a recovery point.
 *
 * <p>Confined to: the log's owner.
 */
final class Checkpoints {
  private final LogFiles files;
  private final LogSegments segments;
  private final ProducerTable producers;
  private final LeaderEpochs epochs;
  private final FlushLedger ledger;
  private final Set<Long> outdated = new LinkedHashSet<>();
  private long lastSnapshotOffset;
  private boolean isOwed;

  Checkpoints(LogParts parts) {
    this.files = parts.files();
    this.segments = parts.segments();
    this.producers = parts.producers();
    this.epochs = parts.epochs();
    this.ledger = parts.flushes();
    this.lastSnapshotOffset = parts.snapshotOffset();
  }

  /** Work that makes the batches below {@code endOffset} durable, and the names of their files. */
  FlushWork flush(long endOffset) {
    return begin(endOffset, false);
  }

  /** Work whose report moves the recovery point to {@code endOffset}; nothing may be queued. */
  FlushWork checkpoint(long endOffset) throws IOException {
    FlushWork work = begin(endOffset, true);
    try {
      segments.forceIndexes(work);
    } catch (IOException e) {
      work.release();
      throw e;
    }
    if (!ledger.folderIsNew()) {
      ledger.loose().forEach(work::forceLoose);
    }
    if (endOffset > lastSnapshotOffset || isOwed) {
      outdated.add(lastSnapshotOffset);
      work.writeSnapshot(snapshotFile(endOffset), producers.snapshot(), takeOutdated(endOffset));
      lastSnapshotOffset = endOffset;
      if (!ledger.dirIsDirty()) {
        work.forceDirectory(segments.dir());
      }
    }
    if ((epochs.isChanged() || isOwed) && segments.haveFiles()) {
      writeLeaderEpochs(work);
    }
    isOwed = false;
    return work;
  }

  /** Work was given back that was not run to its end: what it was to write is owed. */
  void failed(FlushWork work) {
    isOwed |= work.isCheckpoint();
  }

  /** Snapshots that a newer one replaces; those at the begin of a segment go with it. */
  private List<Path> takeOutdated(long newest) {
    List<Path> files =
        outdated.stream()
            .filter(offset -> offset != newest && !segments.hasBase(offset))
            .map(this::snapshotFile)
            .toList();
    outdated.clear();
    return files;
  }

  private FlushWork begin(long endOffset, boolean checkpoint) {
    FlushWork work =
        new FlushWork(
            files,
            endOffset,
            ledger.truncationCount(),
            checkpoint,
            ledger.writtenBytes(),
            ledger.dirChanges());
    segments.forceLogs(work, ledger.flushedOffset());
    if (ledger.dirIsDirty()) {
      work.forceDirectory(segments.dir());
    }
    if (ledger.folderIsNew()) {
      work.forceDirectory(segments.dir().toAbsolutePath().getParent());
      ledger.loose().forEach(work::forceLoose);
    }
    return work;
  }

  /**
   * Work that makes a truncation durable.
   *
   * @param copied whether the active segment is a copy that has no name yet
   */
  FlushWork truncation(long endOffset, boolean copied) {
    FlushWork work = begin(endOffset, false);
    Segment active = segments.active().segment();
    work.hold(active);
    work.force(active.logFile());
    writeLeaderEpochs(work);
    if (copied) {
      work.renameForced(active);
    }
    return work;
  }

  private void writeLeaderEpochs(FlushWork work) {
    work.writeLeaderEpochs(segments.dir().resolve(FileNames.LEADER_EPOCHS), epochs.encode());
  }

  /** Writes the producer snapshot that goes with a new segment; the next checkpoint forces it. */
  void snapshotAtRoll(long baseOffset) throws IOException {
    if (baseOffset > lastSnapshotOffset) {
      Path file = snapshotFile(baseOffset);
      files.delete(file);
      try (LogFile out = files.open(file, true)) {
        out.write(new ByteBuffer[] {producers.snapshot()}, 0);
      }
      ledger.looseFile(file);
      // A checkpoint may be about to write the one before: the next one deletes it.
      outdated.add(lastSnapshotOffset);
      lastSnapshotOffset = baseOffset;
    }
  }

  /** After a truncation: producer state from the newest snapshot that is left. */
  void reloadProducers(long logStartOffset, long nowMs) throws IOException {
    lastSnapshotOffset = ProducerReplay.reload(files, segments, producers, logStartOffset, nowMs);
  }

  private Path snapshotFile(long offset) {
    return FileNames.of(segments.dir(), offset, FileNames.SNAPSHOT);
  }
}
