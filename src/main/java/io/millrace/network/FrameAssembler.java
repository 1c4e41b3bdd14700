package io.millrace.network;

import io.millrace.protocol.MalformedRequestException;
import io.millrace.protocol.RequestHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Makes frames of the bytes of one connection: a size field of 4 bytes, then one direct buffer of
 * exactly that size, once the budget admits it. Confined to: the loop of the connection.
 */
final class FrameAssembler {
  private final int frameBytesMax;
  private final MemoryBudget budget;
  private final Runnable wake;

  private int sizeFieldBytes;
  private int sizeBytes;
  private @Nullable Frame frame;
  private boolean waits;
  private boolean woken;

  /**
   * @param frameBytesMax largest frame that is accepted
   * @param wake called on any thread when the budget may admit the frame that waits
   */
  FrameAssembler(int frameBytesMax, MemoryBudget budget, Runnable wake) {
    this.frameBytesMax = frameBytesMax;
    this.budget = budget;
    this.wake = wake;
  }

  /**
   * Takes bytes up to the end of the next frame.
   *
   * @return the frame, owned by the caller, or null when the bytes ended before it, or when it
   *     {@link #waits} for memory
   * @throws MalformedRequestException when the size field is out of bounds
   */
  @Nullable Frame read(ByteBufAllocator allocator, ByteBuf bytes) {
    if (frame == null && !begin(allocator, bytes)) {
      return null;
    }
    ByteBuf target = frame.bytes();
    target.writeBytes(bytes, Math.min(bytes.readableBytes(), target.writableBytes()));
    if (target.isWritable()) {
      return null;
    }
    Frame whole = frame;
    frame = null;
    sizeFieldBytes = 0;
    sizeBytes = 0;
    return whole;
  }

  private boolean begin(ByteBufAllocator allocator, ByteBuf bytes) {
    while (sizeFieldBytes < Integer.BYTES) {
      if (!bytes.isReadable()) {
        return false;
      }
      sizeBytes = sizeBytes << 8 | bytes.readUnsignedByte();
      sizeFieldBytes++;
    }
    if (waits) {
      return false;
    }
    checkSize();
    if (!budget.take(sizeBytes, woken, wake)) {
      waits = true;
      return false;
    }
    woken = false;
    frame = new Frame(allocate(allocator), budget);
    return true;
  }

  private ByteBuf allocate(ByteBufAllocator allocator) {
    try {
      return allocator.directBuffer(sizeBytes, sizeBytes);
    } catch (OutOfMemoryError e) {
      budget.release(sizeBytes);
      throw new MalformedRequestException("no direct memory for a frame of " + sizeBytes);
    }
  }

  private void checkSize() {
    if (sizeBytes < RequestHeader.BYTES_MIN || sizeBytes > frameBytesMax) {
      throw new MalformedRequestException(
          "a frame of " + sizeBytes + " bytes, allowed are at most " + frameBytesMax);
    }
    if (!budget.canEverHold(sizeBytes)) {
      throw new MalformedRequestException(
          "a frame of " + sizeBytes + " bytes, more than the memory for requests");
    }
  }

  /** Whether a frame waits for memory: read no more from the connection. */
  boolean waits() {
    return waits;
  }

  /** The budget has called {@code wake}: try again. */
  void wakeUp() {
    waits = false;
    woken = true;
  }

  /** Whether a frame has begun and is not whole, so that it holds memory. */
  boolean isPartial() {
    return frame != null;
  }

  /** Gives back what is held; the connection has ended. */
  void close() {
    if (frame != null) {
      frame.release();
      frame = null;
    }
    if (woken) {
      woken = false;
      budget.wakeNext();
    }
  }
}
