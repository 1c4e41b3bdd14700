package io.millrace.network;

import io.millrace.handler.FrameRef;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * The bytes of one request behind the size field, and their share of the {@link MemoryBudget}: both
 * are given back at the last release. Thread-safe.
 */
final class Frame implements FrameRef {
  private static final AtomicIntegerFieldUpdater<Frame> HOLDERS =
      AtomicIntegerFieldUpdater.newUpdater(Frame.class, "holders");

  private final ByteBuf bytes;
  private final int sizeBytes;
  private final MemoryBudget budget;
  private volatile int holders = 1;

  /**
   * @param bytes to be filled; may have room for more than the frame
   */
  Frame(ByteBuf bytes, int sizeBytes, MemoryBudget budget) {
    this.bytes = bytes;
    this.sizeBytes = sizeBytes;
    this.budget = budget;
  }

  ByteBuf bytes() {
    return bytes;
  }

  int sizeBytes() {
    return sizeBytes;
  }

  /** Bytes that have not come yet. */
  int missingBytes() {
    return sizeBytes - bytes.writerIndex();
  }

  @Override
  public void retain() {
    if (HOLDERS.getAndIncrement(this) <= 0) {
      throw new IllegalStateException("the frame was released before");
    }
  }

  @Override
  public void release() {
    int left = HOLDERS.decrementAndGet(this);
    if (left == 0) {
      bytes.release();
      budget.release(sizeBytes);
    } else if (left < 0) {
      throw new IllegalStateException("the frame was released before");
    }
  }
}
