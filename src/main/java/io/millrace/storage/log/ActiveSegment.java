package io.millrace.storage.log;

import io.millrace.config.LogConfig;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The segment that is written: its size, its indexes in memory, and when it is full. Index entries
 * reach their files by {@link #writeIndexes}, never before the batches.
 *
 * <p>Confined to: the log's owner.
 */
final class ActiveSegment {
  private final LogFiles files;
  private final Segment segment;
  private final long createdMs;
  private final OffsetEntries offsets;
  private final TimeEntries times;

  // Confined to: the log's owner.
  private int sizeBytes;
  private long nextOffset;
  private long firstTimestampMs = -1;
  private long maxTimestampMs = -1;
  private long offsetOfMaxTimestamp;
  private int bytesSinceIndexEntry;
  private int offsetsWritten;
  private int timesWritten;

  ActiveSegment(LogFiles files, Segment segment, long createdMs) {
    this.files = files;
    this.segment = segment;
    this.createdMs = createdMs;
    this.offsets = new OffsetEntries(segment.baseOffset());
    this.times = new TimeEntries(segment.baseOffset());
    this.nextOffset = segment.baseOffset();
    this.offsetOfMaxTimestamp = segment.baseOffset();
  }

  Segment segment() {
    return segment;
  }

  long baseOffset() {
    return segment.baseOffset();
  }

  /** Offset behind its last batch. */
  long nextOffset() {
    return nextOffset;
  }

  /** Bytes of its batches, queued ones included. */
  int sizeBytes() {
    return sizeBytes;
  }

  long createdMs() {
    return createdMs;
  }

  long maxTimestampMs() {
    return maxTimestampMs;
  }

  /** Counts a batch that goes to the end, and indexes it when it is time. */
  void add(long lastOffset, long batchMaxTimestampMs, int batchBytes, int indexIntervalBytes) {
    if (sizeBytes == 0) {
      firstTimestampMs = batchMaxTimestampMs;
    }
    if (batchMaxTimestampMs > maxTimestampMs) {
      maxTimestampMs = batchMaxTimestampMs;
      offsetOfMaxTimestamp = lastOffset;
    }
    if (bytesSinceIndexEntry > indexIntervalBytes) {
      offsets.add(lastOffset, sizeBytes);
      times.maybeAdd(maxTimestampMs, offsetOfMaxTimestamp);
      bytesSinceIndexEntry = 0;
    }
    bytesSinceIndexEntry += batchBytes;
    sizeBytes += batchBytes;
    nextOffset = lastOffset + 1;
  }

  /** Whether batches must go to a new segment: size, age, full index, offset too far. */
  boolean isFullFor(
      LogConfig config, long jitterMs, int bytes, long lastOffset, long timestampMs, long nowMs) {
    if (sizeBytes == 0) {
      return lastOffset - baseOffset() > Integer.MAX_VALUE;
    }
    return (long) sizeBytes + bytes > config.segmentBytes()
        || lastOffset - baseOffset() > Integer.MAX_VALUE
        || ageMs(timestampMs, nowMs) > config.rollMs() - jitterMs
        || offsets.count() >= config.indexBytes() / OffsetEntries.ENTRY_BYTES
        || times.count() >= config.indexBytes() / TimeEntries.ENTRY_BYTES - 1;
  }

  private long ageMs(long timestampMs, long nowMs) {
    return firstTimestampMs >= 0 ? timestampMs - firstTimestampMs : nowMs - createdMs;
  }

  /**
   * Completes the time index up to here and writes index entries that are not in the files yet.
   * Forces nothing.
   */
  void writeIndexes() throws IOException {
    times.maybeAdd(maxTimestampMs, offsetOfMaxTimestamp);
    ByteBuffer offsetBytes = offsets.encode(offsetsWritten);
    ByteBuffer timeBytes = times.encode(timesWritten);
    boolean changed =
        write(segment.indexFile(), offsetBytes, offsetsWritten, OffsetEntries.ENTRY_BYTES)
            | write(segment.timeIndexFile(), timeBytes, timesWritten, TimeEntries.ENTRY_BYTES)
            | segment.txnIndex().write();
    offsetsWritten = offsets.count();
    timesWritten = times.count();
    if (changed) {
      segment.indexesChanged();
    }
  }

  /** True when the file is another one than before. */
  private boolean write(LazyFile file, ByteBuffer entries, int from, int entryBytes)
      throws IOException {
    boolean there = file.isOpen() || files.exists(file.path());
    LogFile out = there ? file.get() : file.create();
    long end = (long) from * entryBytes;
    boolean cut = out.size() > end;
    if (cut) {
      out.truncate(end);
    }
    boolean grows = entries.hasRemaining();
    if (grows) {
      out.write(new ByteBuffer[] {entries}, end);
    }
    return !there || cut || grows;
  }

  /** The segment up to its end as it is now; nothing may be queued. */
  SegmentExtent extent() {
    return new SegmentExtent(
        segment,
        sizeBytes,
        nextOffset,
        offsets.lookup(),
        times.lookup(),
        maxTimestampMs,
        offsetOfMaxTimestamp);
  }

  /** Completes the indexes and writes them; nothing is added any more. */
  SegmentExtent seal() throws IOException {
    writeIndexes();
    return new SegmentExtent(
        segment,
        sizeBytes,
        nextOffset,
        new OffsetIndexFile(segment.indexFile(), baseOffset()),
        new TimeIndexFile(segment.timeIndexFile(), baseOffset()),
        maxTimestampMs,
        offsetOfMaxTimestamp);
  }

  /**
   * Takes over the index files up to bounds, as they are on disk. Then {@link #walkTo} the end, or
   * give what a scan finds to {@link #add}.
   *
   * @param indexes the segment whose index files are read, as a rule this one
   * @param belowOffset entries of this offset and behind are dropped
   * @param belowPosition entries of this position and behind are dropped
   */
  void resume(Segment indexes, long belowOffset, int belowPosition) throws IOException {
    offsets.load(readAll(indexes.indexFile()), belowOffset, belowPosition);
    times.load(
        readAll(indexes.timeIndexFile()),
        offsets.count() == 0 ? baseOffset() : offsets.lastOffset() + 1);
    takeOverIndexes();
  }

  private void takeOverIndexes() throws IOException {
    offsetsWritten = offsets.count();
    timesWritten = times.count();
    maxTimestampMs = times.lastTimestamp();
    offsetOfMaxTimestamp = times.lastOffset();
    sizeBytes = offsets.lastPosition();
    if (sizeBytes > 0) {
      BatchCursor first = new BatchCursor(segment.log(), 0, sizeBytes);
      firstTimestampMs = first.next() ? first.maxTimestamp() : -1;
    }
  }

  /**
   * Drops entries at the end of both indexes that do not say what the batches say: a crash can
   * leave torn ones, a disk damaged ones. Entries that were forced stand before them and stay. What
   * follows the last timestamp that is right is walked over again, for it may hold a larger one.
   */
  void dropTornEntries() throws IOException {
    while (offsets.count() > 0 && lastOffsetAt(offsets.lastPosition()) != offsets.lastOffset()) {
      offsets.removeLast();
    }
    int before = times.count();
    while (times.count() > 0 && !isRight(times.lastTimestamp(), times.lastOffset())) {
      times.removeLast();
    }
    boolean dropped = times.count() < before || times.count() == 0;
    while (dropped
        && offsets.count() > 0
        && (times.count() == 0 || offsets.lastOffset() > times.lastOffset())) {
      offsets.removeLast();
    }
    takeOverIndexes();
  }

  private long lastOffsetAt(long position) throws IOException {
    LogFile file = segment.log();
    BatchCursor cursor = new BatchCursor(file, position, file.size());
    return cursor.next() ? cursor.lastOffset() : -1;
  }

  private boolean isRight(long timestampMs, long offset) throws IOException {
    LogFile file = segment.log();
    BatchCursor cursor = new BatchCursor(file, offsets.lookup().floorByOffset(offset), file.size());
    while (cursor.next()) {
      if (cursor.lastOffset() >= offset) {
        return !cursor.isV2()
            || (cursor.baseOffset() <= offset && cursor.maxTimestamp() == timestampMs);
      }
    }
    return false;
  }

  /** Adds the batches up to a position by their headers, without checking their CRC. */
  void walkTo(long endPosition, int indexIntervalBytes) throws IOException {
    BatchCursor cursor = new BatchCursor(segment.log(), sizeBytes, endPosition);
    while (cursor.next()) {
      add(cursor.lastOffset(), cursor.maxTimestamp(), cursor.sizeBytes(), indexIntervalBytes);
    }
  }

  /** Writes all entries to new files, even when there are none. */
  void writeIndexesAnew() throws IOException {
    offsetsWritten = 0;
    timesWritten = 0;
    writeIndexes();
  }

  /** The log was cut so that the next batch begins at {@code offset}, behind a gap. */
  void skipTo(long offset) {
    nextOffset = Math.max(nextOffset, offset);
  }

  private ByteBuffer readAll(LazyFile file) throws IOException {
    if (!file.isOpen() && !files.exists(file.path())) {
      return ByteBuffer.allocate(0);
    }
    LogFile in = file.get();
    ByteBuffer bytes = ByteBuffer.allocate((int) in.size());
    in.read(bytes, 0);
    return bytes.flip();
  }
}
