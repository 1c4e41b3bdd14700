package io.millrace.storage.log;

import io.millrace.record.BatchView;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Walks over the headers of the batches in a part of a file, without reading their records where a
 * chunk can be skipped. Understands magic 0 to 2.
 *
 * <p>Confined to: the thread that made it.
 */
final class BatchCursor {
  private static final int CHUNK_BYTES = 4096;

  private final LogFile file;
  private final long end;
  private final ByteBuffer chunk;
  private final BatchView view = new BatchView();

  private long chunkStart;
  private long position;
  private int sizeBytes;

  /**
   * A walk that begins at a batch.
   *
   * @param end where it ends; a batch that does not end at or before it is not given
   */
  BatchCursor(LogFile file, long position, long end) {
    this.file = file;
    this.position = position;
    this.end = end;
    this.chunk = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, Math.max(0, end - position)));
    this.chunk.limit(0);
  }

  /** Moves to the next batch. False at the end, and when what follows is no whole batch. */
  boolean next() throws IOException {
    position += sizeBytes;
    sizeBytes = 0;
    if (end - position < BatchView.MAGIC_END || !hold(BatchView.MAGIC_END)) {
      return false;
    }
    view.wrap(chunk, (int) (position - chunkStart));
    int size = view.sizeBytes();
    int header = view.magic() >= BatchView.MAGIC_V2 ? BatchView.HEADER_BYTES : BatchView.MAGIC_END;
    if (size < header || size > end - position || !hold(header)) {
      return false;
    }
    view.wrap(chunk, (int) (position - chunkStart));
    sizeBytes = size;
    return true;
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

  /** Position of the batch. */
  long position() {
    return position;
  }

  /** Position behind the batch. */
  long endPosition() {
    return position + sizeBytes;
  }

  int sizeBytes() {
    return sizeBytes;
  }

  long baseOffset() {
    return view.baseOffset();
  }

  boolean isV2() {
    return view.magic() >= BatchView.MAGIC_V2;
  }

  /** Offset of the last record. */
  long lastOffset() {
    return isV2() ? view.lastOffset() : view.baseOffset();
  }

  /** Largest timestamp; −1 when unknown, as in magic 0 and 1, whose records must be read. */
  long maxTimestamp() {
    return isV2() ? view.maxTimestamp() : BatchView.NO_TIMESTAMP;
  }

  int leaderEpoch() {
    return isV2() ? view.leaderEpoch() : -1;
  }

  /** The header. Fields behind {@link BatchView#magic} only when {@link #isV2}. */
  BatchView header() {
    return view;
  }
}
