package io.millrace.storage.log;

import io.millrace.record.BatchView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;

/**
 * Reads the batches of a file one after the other and checks each whole: size, CRC, growing
 * offsets. Memory is bounded whatever the file claims.
 *
 * <p>Confined to: the thread that made it.
 */
final class RecoveryScan {
  private static final int CHUNK_BYTES = 1 << 20;
  private static final int CRC_COVERS_FROM = 21;

  private final LogFile file;
  private final long end;
  private final long baseOffset;
  private final ByteBuffer chunk;
  private final BatchView view = new BatchView();

  private long chunkStart;
  private long position;
  private long nextOffset;
  private int sizeBytes;
  private long maxTimestampMs;
  private String problem = "";

  /**
   * A scan.
   *
   * @param position where a batch begins
   * @param baseOffset of the segment: no batch has an offset below it, or too far from it
   */
  RecoveryScan(LogFile file, long position, long end, long baseOffset) {
    this.file = file;
    this.position = position;
    this.end = end;
    this.baseOffset = baseOffset;
    this.nextOffset = baseOffset;
    this.chunk = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, Math.max(0, end - position)));
    this.chunk.limit(0);
  }

  /** Moves to the next valid batch. False at the end and at the first thing that is none. */
  boolean next() throws IOException {
    position += sizeBytes;
    sizeBytes = 0;
    if (position == end) {
      return false;
    }
    if (!hold(BatchView.MAGIC_END)) {
      return stop("less than a header");
    }
    int size = wrap().sizeBytes();
    int magic = view.magic();
    if (magic < 0 || magic > BatchView.MAGIC_V2) {
      return stop("no batch: format " + magic);
    }
    if (size > end - position) {
      return stop("a batch of " + size + " bytes, and the file has " + (end - position));
    }
    boolean valid = magic == BatchView.MAGIC_V2 ? checkV2(size) : checkOld(size);
    if (valid) {
      sizeBytes = size;
      nextOffset = lastOffset() + 1;
    }
    return valid;
  }

  private boolean checkV2(int size) throws IOException {
    if (size < BatchView.HEADER_BYTES || !hold(BatchView.HEADER_BYTES)) {
      return stop("a batch of " + size + " bytes");
    }
    wrap();
    if (view.baseOffset() < nextOffset || view.lastOffsetDelta() < 0) {
      return stop("offset " + view.baseOffset() + " after " + (nextOffset - 1));
    }
    if (isTooFar(view.lastOffsetDelta())) {
      return stop(tooFar());
    }
    if (!crcMatches(size)) {
      return stop("the CRC differs");
    }
    maxTimestampMs = view.maxTimestamp();
    return true;
  }

  private boolean crcMatches(int size) throws IOException {
    if (size <= chunk.capacity()) {
      return hold(size) && wrap().crcMatches();
    }
    long expected = view.crc();
    CRC32C crc = new CRC32C();
    ByteBuffer part = ByteBuffer.allocate(CHUNK_BYTES);
    long at = position + CRC_COVERS_FROM;
    while (at < position + size) {
      part.clear().limit((int) Math.min(part.capacity(), position + size - at));
      if (file.read(part, at) == 0) {
        return false;
      }
      at += part.position();
      crc.update(part.flip());
    }
    return crc.getValue() == expected;
  }

  /** Formats v0 and v1 are left to Kafka's own classes. */
  private boolean checkOld(int size) throws IOException {
    if (size < BatchView.MAGIC_END || view.baseOffset() < nextOffset || size > chunk.capacity()) {
      return stop("a message set of " + size + " bytes at offset " + view.baseOffset());
    }
    if (isTooFar(0)) {
      return stop(tooFar());
    }
    if (!hold(size)) {
      return stop("a message set that ends early");
    }
    try {
      MutableRecordBatch batch =
          MemoryRecords.readableRecords(wrap().bytes()).batchIterator().next();
      batch.ensureValid();
      maxTimestampMs = batch.maxTimestamp();
      return true;
    } catch (CorruptRecordException e) {
      return stop(e.getMessage());
    }
  }

  /** No CRC covers where a batch begins, and indexes hold 32 bits of the way from the base. */
  private boolean isTooFar(int lastOffsetDelta) {
    return view.baseOffset() - baseOffset > (long) Integer.MAX_VALUE - lastOffsetDelta;
  }

  private String tooFar() {
    return "offset " + view.baseOffset() + " in a segment that begins at " + baseOffset;
  }

  private boolean stop(String why) {
    problem = why;
    return false;
  }

  private BatchView wrap() {
    return view.wrap(chunk, (int) (position - chunkStart));
  }

  private boolean hold(int bytes) throws IOException {
    if (position >= chunkStart && position + bytes <= chunkStart + chunk.limit()) {
      return true;
    }
    chunk.clear();
    chunk.limit((int) Math.min(chunk.capacity(), end - position));
    int read = file.read(chunk, position);
    chunk.position(0).limit(read);
    chunkStart = position;
    return read >= bytes;
  }

  /** Position behind the last valid batch. */
  long validEnd() {
    return position + sizeBytes;
  }

  /** Least offset that a next batch may have. */
  long nextOffset() {
    return nextOffset;
  }

  /** Why the scan stopped before the end; empty when it did not. */
  String problem() {
    return problem;
  }

  /** The batch. Its header is in the buffer; the records only when they fit. */
  BatchView batch() {
    return view;
  }

  boolean isV2() {
    return view.magic() == BatchView.MAGIC_V2;
  }

  long lastOffset() {
    return isV2() ? view.lastOffset() : view.baseOffset();
  }

  int sizeBytes() {
    return sizeBytes;
  }

  long maxTimestampMs() {
    return maxTimestampMs;
  }
}
