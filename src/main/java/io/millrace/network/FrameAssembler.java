package io.millrace.network;

import io.millrace.protocol.MalformedRequestException;
import io.millrace.protocol.RequestHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Makes frames of the bytes of one connection: a size field of 4 bytes, then one direct buffer of
 * that size, once the budget admits it. The rest of a large frame is read from the socket straight
 * into that buffer, through its {@link #window}. Confined to: the loop of the connection.
 */
final class FrameAssembler {
  /** Below this, copying what was read is as cheap as a read of its own. */
  static final int WINDOW_BYTES_MIN = 4 * 1024;

  /** What a window has behind the frame, so that the head of the next one comes along. */
  private static final int BEHIND_BYTES = 512;

  private final int frameBytesMax;
  private final MemoryBudget budget;
  private final Runnable wake;

  private int sizeFieldBytes;
  private int sizeBytes;
  private @Nullable Frame frame;
  private @Nullable ByteBuf window;
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
    int length = Math.min(bytes.readableBytes(), frame.missingBytes());
    frame.bytes().writeBytes(bytes, length);
    if (frame.missingBytes() > 0) {
      return null;
    }
    Frame whole = frame;
    frame = null;
    sizeFieldBytes = 0;
    sizeBytes = 0;
    return whole;
  }

  /**
   * The place of the bytes that a frame lacks, and a little more, to read them from the socket into
   * it; null when there is no frame or little is missing. What was read goes through {@link #fill}.
   */
  @Nullable ByteBuf window() {
    if (frame == null || frame.missingBytes() < WINDOW_BYTES_MIN) {
      return null;
    }
    ByteBuf bytes = frame.bytes();
    int length = bytes.capacity() - bytes.writerIndex();
    window = bytes.retainedSlice(bytes.writerIndex(), length).clear();
    return window;
  }

  /**
   * Takes what was read into the window over into the frame.
   *
   * @param read what was read, into the window or elsewhere; owned by this method
   * @return the bytes that are still to be given to {@link #read}; owned by the caller. They do not
   *     hold the memory of the frame, which may be given back before they have their turn
   */
  ByteBuf fill(ByteBufAllocator allocator, ByteBuf read) {
    boolean isWindow = read == window && frame != null;
    window = null;
    if (!isWindow) {
      return read;
    }
    int length = Math.min(read.readableBytes(), frame.missingBytes());
    frame.bytes().writerIndex(frame.bytes().writerIndex() + length);
    read.skipBytes(length);
    if (!read.isReadable()) {
      return read;
    }
    ByteBuf behind = allocator.directBuffer(read.readableBytes()).writeBytes(read);
    read.release();
    return behind;
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
    frame = new Frame(allocate(allocator), sizeBytes, budget);
    return true;
  }

  private ByteBuf allocate(ByteBufAllocator allocator) {
    try {
      int capacity = sizeBytes < WINDOW_BYTES_MIN ? sizeBytes : sizeBytes + BEHIND_BYTES;
      return allocator.directBuffer(capacity, capacity);
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

  /** Bytes of the frame that is not whole which have come; 0 when there is none. */
  int partialBytes() {
    return frame == null ? 0 : frame.bytes().writerIndex();
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
