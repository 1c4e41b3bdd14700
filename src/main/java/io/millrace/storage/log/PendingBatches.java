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
  private int kept;
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

  /** Takes copies, so that the buffers which were given are not needed any more. */
  void keep() {
    for (; kept < count; kept++) {
      ByteBuffer given = buffers[kept].duplicate();
      buffers[kept] = ByteBuffer.allocate(given.remaining()).put(given).flip();
    }
  }

  /**
   * Writes all with one call and forgets them. When that fails they stay, and the next call writes
   * them to the same place.
   *
   * @return number of bytes
   */
  long writeTo(ActiveSegment active) throws IOException {
    ByteBuffer[] all = new ByteBuffer[count];
    for (int i = 0; i < count; i++) {
      all[i] = buffers[i].duplicate();
    }
    long size = bytes;
    active.segment().log().write(all, active.sizeBytes() - size);
    Arrays.fill(buffers, 0, count, null);
    count = 0;
    kept = 0;
    bytes = 0;
    return size;
  }
}
