package io.millrace.storage.log;

import io.millrace.config.LogConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recovers a log that was not closed: reads what lies behind the recovery point, cuts at the last
 * whole valid batch, and rebuilds indexes, producer state and leader epochs from what it read.
 *
 * <p>The segment that ends at or behind the recovery point is looked at too: its index may hold
 * torn entries behind what the checkpoint forced. Behind the recovery point each segment begins
 * where the one before it ends: a segment that does not was never durable as a whole, and goes with
 * those behind it. Bytes below the recovery point are trusted; when the log does not even reach it,
 * the partition is reported as corrupt.
 *
 * <p>Confined to: the thread that made it.
 */
final class LogRecovery {
  private static final Logger LOGGER = LoggerFactory.getLogger(LogRecovery.class);

  private final LogFiles files;
  private final Path dir;
  private final LogConfig config;
  private final LoadOptions options;
  private final FolderFiles folder;
  private final ProducerTable producers;
  private final LeaderEpochs epochs;
  private final List<SegmentExtent> sealed = new ArrayList<>();

  private long firstBase;
  private long snapshotOffset;
  private long scannedBytes;
  private long cutBytes;

  LogRecovery(
      LogFiles files,
      Path dir,
      LogConfig config,
      LoadOptions options,
      FolderFiles folder,
      ProducerTable producers,
      LeaderEpochs epochs) {
    this.files = files;
    this.dir = dir;
    this.config = config;
    this.options = options;
    this.folder = folder;
    this.producers = producers;
    this.epochs = epochs;
  }

  long snapshotOffset() {
    return snapshotOffset;
  }

  long scannedBytes() {
    return scannedBytes;
  }

  long cutBytes() {
    return cutBytes;
  }

  /**
   * Recovers; the files are whole batches and nothing else afterwards. Only what was cut is forced.
   *
   * @throws CorruptLogException a batch below the recovery point is not valid
   */
  LogSegments run() throws IOException {
    List<Long> bases = dropBelowStart(folder.bases());
    if (firstBase > Math.max(options.logStartOffset(), options.recoveryPoint())) {
      return restart(bases);
    }
    int first = 0;
    while (first + 1 < bases.size() && bases.get(first + 1) < options.recoveryPoint()) {
      sealed.add(trusted(files, dir, config, folder, bases.get(first), bases.get(first + 1)));
      first++;
    }
    ActiveSegment active = open(bases.get(first), options.recoveryPoint());
    epochs.truncateFromEnd(Math.max(options.recoveryPoint(), bases.get(first)));
    loadProducers(active);
    boolean whole = scan(active);
    int next = first + 1;
    while (whole && next < bases.size() && follows(bases.get(next), active.nextOffset())) {
      sealed.add(active.seal().endingAt(bases.get(next)));
      active = open(bases.get(next), bases.get(next));
      whole = scan(active);
      next++;
    }
    drop(bases.subList(next, bases.size()));
    if (isLoss(active.nextOffset())) {
      throw new CorruptLogException(
          active.segment().logFile().path(),
          active.sizeBytes(),
          "the log ends at offset %d, and everything below offset %d was durable"
              .formatted(active.nextOffset(), options.recoveryPoint()));
    }
    if (cutBytes > 0) {
      // The names of dropped segments must not come back behind what is appended next.
      files.forceDirectory(dir);
    }
    return new LogSegments(files, dir, sealed, active);
  }

  /** Segments below the log start are deleted already, save that their names came back. */
  private List<Long> dropBelowStart(List<Long> bases) throws IOException {
    int gone = 0;
    while (gone + 1 < bases.size() && bases.get(gone + 1) <= options.logStartOffset()) {
      deleteSegment(bases.get(gone));
      gone++;
    }
    firstBase = bases.get(gone);
    return bases.subList(gone, bases.size());
  }

  /** The first segment was never durable and its name is lost: what follows it is no prefix. */
  private LogSegments restart(List<Long> bases) throws IOException {
    drop(bases);
    // Nothing of the old log may come back behind what is appended next, nor its producers.
    folder.deleteOffsetFiles(files, dir);
    files.forceDirectory(dir);
    long start = options.logStartOffset();
    if (isLoss(start)) {
      throw new CorruptLogException(
          FileNames.of(dir, start, FileNames.LOG),
          0,
          "the file is missing, and everything below offset %d was durable"
              .formatted(options.recoveryPoint()));
    }
    epochs.clear();
    producers.reset(start);
    snapshotOffset = start;
    return LogSegments.startingAt(files, dir, start, options.nowMs());
  }

  /** Only below the recovery point may compaction have left a gap before a segment. */
  private boolean follows(long base, long endOffset) {
    return base == endOffset || (base > endOffset && base <= options.recoveryPoint());
  }

  /** Whether a log that ends here lacks what was durable and not deleted. */
  private boolean isLoss(long endOffset) {
    return endOffset < options.recoveryPoint()
        && options.recoveryPoint() > options.logStartOffset();
  }

  private ActiveSegment open(long base, long trustedBelow) throws IOException {
    Segment segment = new Segment(files, dir, base);
    ActiveSegment active = new ActiveSegment(files, segment, options.nowMs());
    active.resume(segment, trustedBelow, (int) segment.log().size());
    active.dropTornEntries();
    segment.txnIndex().load(Math.max(base, trustedBelow));
    return active;
  }

  /** Producer state as it was at the recovery point, or as near below as snapshots allow. */
  private void loadProducers(ActiveSegment active) throws IOException {
    long start = Math.max(options.logStartOffset(), firstBase);
    long upTo = Math.max(options.recoveryPoint(), active.baseOffset());
    snapshotOffset = ProducerReplay.load(files, dir, producers, start, upTo, options.nowMs());
    for (SegmentExtent extent : sealed) {
      if (extent.endOffset() > snapshotOffset) {
        scannedBytes += ProducerReplay.replay(extent, snapshotOffset, producers);
      }
    }
    if (active.sizeBytes() > 0 && snapshotOffset < options.recoveryPoint()) {
      scannedBytes += ProducerReplay.replay(active.extent(), snapshotOffset, producers);
    }
  }

  /** Reads what lies behind the indexed part; false when the tail was cut. */
  private boolean scan(ActiveSegment active) throws IOException {
    LogFile file = active.segment().log();
    long size = file.size();
    int from = active.sizeBytes();
    RecoveryScan scan = new RecoveryScan(file, from, size, active.baseOffset());
    while (scan.next()) {
      take(scan, active);
    }
    scannedBytes += scan.validEnd() - from;
    if (scan.validEnd() == size) {
      return true;
    }
    if (isLoss(scan.nextOffset())) {
      throw new CorruptLogException(
          active.segment().logFile().path(),
          scan.validEnd(),
          "%s; everything below offset %d was durable"
              .formatted(scan.problem(), options.recoveryPoint()));
    }
    LOGGER.info(
        "{} is cut at position {}: {}",
        active.segment().logFile().path(),
        scan.validEnd(),
        scan.problem());
    cutBytes += size - scan.validEnd();
    file.truncate(scan.validEnd());
    // Now: when all that stays was durable before, no flush would touch this file any more.
    file.force();
    return false;
  }

  private void take(RecoveryScan scan, ActiveSegment active) throws IOException {
    active.add(
        scan.lastOffset(), scan.maxTimestampMs(), scan.sizeBytes(), config.indexIntervalBytes());
    if (!scan.isV2()) {
      return;
    }
    epochs.assign(scan.batch().leaderEpoch(), scan.batch().baseOffset());
    if (scan.batch().baseOffset() >= producers.endOffset()) {
      AbortedTxn aborted = producers.apply(scan.batch());
      if (aborted != null) {
        active.segment().txnIndex().add(aborted);
      }
    }
  }

  private void drop(List<Long> bases) throws IOException {
    for (long base : bases) {
      Path file = FileNames.of(dir, base, FileNames.LOG);
      LOGGER.info("{} goes: what is before it was cut", file);
      cutBytes += files.size(file);
      deleteSegment(base);
    }
  }

  private void deleteSegment(long base) throws IOException {
    new Segment(files, dir, base).deleteFiles();
    files.delete(FileNames.of(dir, base, FileNames.SNAPSHOT));
  }

  /**
   * A sealed segment that is taken as it is; missing indexes are made from the batch headers.
   *
   * @throws CorruptLogException when it is empty and was not: readers would not notice what is gone
   */
  static SegmentExtent trusted(
      LogFiles files, Path dir, LogConfig config, FolderFiles folder, long base, long endOffset)
      throws IOException {
    Segment segment = new Segment(files, dir, base);
    long size = files.size(segment.logFile().path());
    boolean hasTimes = folder.has(segment.timeIndexFile().path());
    if (size == 0 && hasTimes && files.size(segment.timeIndexFile().path()) > 0) {
      throw new CorruptLogException(
          segment.logFile().path(), 0, "the file is empty, and its indexes are not");
    }
    if (!folder.has(segment.indexFile().path()) || !hasTimes) {
      LOGGER.warn("{} has no index: it is rebuilt", segment.logFile().path());
      ActiveSegment rebuilt = new ActiveSegment(files, segment, 0);
      rebuilt.walkTo(size, config.indexIntervalBytes());
      rebuilt.writeIndexes();
      segment.force();
    }
    return new SegmentExtent(
        segment,
        size,
        endOffset,
        new OffsetIndexFile(segment.indexFile(), base),
        new TimeIndexFile(segment.timeIndexFile(), base),
        SegmentExtent.UNREAD,
        base);
  }
}
