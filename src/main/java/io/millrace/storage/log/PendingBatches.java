package io.millrace.storage.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Batches of the active segment that wait for their gathering write. Holds views, copies nothing.
 *
 * <p>Confined to: the log's owner.
 */
final class PendingBatches {
  private ByteBuffer[] buffers = {};
  private int count;
  private long bytes;

  void add(ByteBuffer batches) {
    if (count == buffers.length) {
      buffers = Arrays.copyOf(buffers, Math.max(8, count * 2));
    }
    buffers[count++] = batches;
    bytes += batches.remaining();
  }

  boolean isEmpty() {
    return count == 0;
  }

  /**
   * Writes all with one call and forgets them.
   *
   * @return number of bytes
   */
  long writeTo(ActiveSegment active) throws IOException {
    ByteBuffer[] all = Arrays.copyOf(buffers, count);
    long size = bytes;
    Arrays.fill(buffers, 0, count, null);
    count = 0;
    bytes = 0;
    active.segment().log().write(all, active.sizeBytes() - size);
    return size;
  }
}
