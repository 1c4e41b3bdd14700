package io.millrace.storage.log.clean;

import io.millrace.storage.log.CorruptLogException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a segment in chunks of whole batches. The chunk grows only for a batch that is larger than
 * it. Confined to: the compacting worker.
 */
final class BatchChunks {
  private static final int LOG_OVERHEAD = 12;
  private static final int SIZE_AT = 8;

  private final SourceSegment segment;
  private ByteBuffer chunk;
  private long position;

  /**
   * @param chunkBytes size of a chunk in bytes
   */
  BatchChunks(SourceSegment segment, int chunkBytes) {
    this.segment = segment;
    this.chunk = ByteBuffer.allocate(Math.max(LOG_OVERHEAD, chunkBytes));
  }

  /**
   * The next batches; the buffer is used again by the next call.
   *
   * @return null at the end of the segment
   */
  @Nullable ByteBuffer next() throws IOException {
    long left = segment.sizeBytes() - position;
    if (left == 0) {
      return null;
    }
    read(left);
    int whole = wholeBatches();
    if (whole == 0) {
      chunk = ByteBuffer.allocate(nextBatchBytes(left));
      read(left);
      whole = wholeBatches();
    }
    position += whole;
    chunk.limit(whole);
    return chunk;
  }

  private void read(long left) throws IOException {
    chunk.clear().limit((int) Math.min(chunk.capacity(), left));
    segment.log().read(chunk, position);
    if (chunk.hasRemaining()) {
      throw corrupt("file is shorter than its segment");
    }
    chunk.flip();
  }

  private int wholeBatches() throws CorruptLogException {
    int at = 0;
    while (chunk.limit() - at >= LOG_OVERHEAD) {
      int bytes = batchBytes(at);
      if (bytes > chunk.limit() - at) {
        break;
      }
      at += bytes;
    }
    return at;
  }

  private int nextBatchBytes(long left) throws CorruptLogException {
    if (chunk.limit() < LOG_OVERHEAD || batchBytes(0) > left) {
      throw corrupt("batch goes past the end of the segment");
    }
    return batchBytes(0);
  }

  private int batchBytes(int at) throws CorruptLogException {
    int size = chunk.getInt(at + SIZE_AT);
    if (size <= 0 || size > Integer.MAX_VALUE - LOG_OVERHEAD) {
      throw corrupt("batch of size " + size);
    }
    return size + LOG_OVERHEAD;
  }

  private CorruptLogException corrupt(String what) {
    return new CorruptLogException(segment.file(), position, what);
  }
}
