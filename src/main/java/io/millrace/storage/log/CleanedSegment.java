package io.millrace.storage.log;

import io.millrace.record.BatchView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A segment that a compaction writes. Its files are {@code .cleaned} while they grow and {@code
 * .swap} when they are whole and durable: from then on a start would put them in the place of the
 * segments that they cover. {@code Log.replaceSegments} takes it in.
 *
 * <p>Confined to: the compacting worker, until it is handed to the log's owner.
 */
public final class CleanedSegment {
  private final LogFiles files;
  private final Path dir;
  private final Segment segment;
  private final ActiveSegment writer;
  private final int indexIntervalBytes;
  private final BatchView batch = new BatchView();

  /**
   * Creates the files.
   *
   * @param dir the log's folder
   * @param baseOffset base offset of the first segment that it covers
   */
  public CleanedSegment(LogFiles files, Path dir, long baseOffset, int indexIntervalBytes)
      throws IOException {
    this.files = files;
    this.dir = dir;
    this.indexIntervalBytes = indexIntervalBytes;
    this.segment = new Segment(files, dir, baseOffset, FileNames.CLEANED);
    segment.deleteFiles();
    segment.logFile().create();
    this.writer = new ActiveSegment(files, segment, 0);
  }

  /** First offset that it covers. */
  public long baseOffset() {
    return segment.baseOffset();
  }

  /** Bytes of batches written. */
  public long sizeBytes() {
    return writer.sizeBytes();
  }

  /** Writes whole batches, in the order of their offsets. The buffer is free after the call. */
  public void append(ByteBuffer batches) throws IOException {
    long position = writer.sizeBytes();
    for (int at = batches.position(); at < batches.limit(); at = batch.end()) {
      batch.wrap(batches, at);
      boolean v2 = batch.magic() == BatchView.MAGIC_V2;
      writer.add(
          v2 ? batch.lastOffset() : batch.baseOffset(),
          v2 ? batch.maxTimestamp() : BatchView.NO_TIMESTAMP,
          batch.sizeBytes(),
          indexIntervalBytes);
    }
    segment.log().write(new ByteBuffer[] {batches.duplicate()}, position);
  }

  /** Keeps an aborted transaction whose records are not all gone. */
  public void append(AbortedTxn aborted) throws IOException {
    segment.txnIndex().add(aborted);
  }

  /** Writes the indexes, forces all files, and makes the segment ready to be swapped in. Blocks. */
  public void finish() throws IOException {
    writer.writeIndexes();
    segment.force();
    segment.rename(FileNames.CLEANED, FileNames.SWAP);
    files.forceDirectory(dir);
  }

  /** Closes and deletes the files of a compaction that did not come to its end. */
  public void abandon() throws IOException {
    segment.deleteFiles();
    // A part of it must not come back beside the files of the next compaction.
    files.forceDirectory(dir);
  }

  Segment segment() {
    return segment;
  }

  /** The segment as it stands in for others that end at {@code endOffset}. */
  SegmentExtent extent(long endOffset) throws IOException {
    return writer.seal().endingAt(endOffset);
  }
}
