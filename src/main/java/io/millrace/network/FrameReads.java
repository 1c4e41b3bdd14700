package io.millrace.network;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the bytes of one connection are read to: into the frame that lacks them, where there is
 * one, else into a small buffer, for the head of the next one. Confined to: the loop of the
 * connection.
 */
final class FrameReads extends DefaultMaxMessagesRecvByteBufAllocator {
  /** Many small requests in one read, and of a large one no more than is cheap to copy. */
  private static final int HEAD_BYTES = 4 * 1024;

  private final Supplier<@Nullable ByteBuf> window;

  /**
   * @param window an empty buffer to read into, which the reader releases; null when there is none
   */
  FrameReads(Supplier<@Nullable ByteBuf> window) {
    this.window = window;
  }

  @Override
  public RecvByteBufAllocator.Handle newHandle() {
    return new Reads();
  }

  private final class Reads extends MaxMessageHandle {
    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
      ByteBuf rest = window.get();
      return rest != null ? rest : allocator.ioBuffer(HEAD_BYTES);
    }

    @Override
    public int guess() {
      return HEAD_BYTES;
    }
  }
}
