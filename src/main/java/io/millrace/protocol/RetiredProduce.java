package io.millrace.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Produce 0 to 2, which is advertised and not served: clients decide by the advertised range which
 * codecs they may use (KAFKA-18659), and the message classes no longer know these versions. Every
 * partition is answered with UNSUPPORTED_VERSION. Stateless.
 *
 * <p>Request: acks int16, timeout int32, [topic string, [partition int32, records bytes]].
 * Response: [topic string, [partition int32, error int16, offset int64, from 2 on append time
 * int64]], from 1 on throttle time int32.
 */
public final class RetiredProduce {
  private static final short SERVED_FROM = 3;

  private RetiredProduce() {}

  /** Whether the header belongs to a request that this class answers. */
  public static boolean is(RequestHeader header) {
    return header.api() == ApiKeys.PRODUCE && header.version() < SERVED_FROM;
  }

  /**
   * Reads the body and writes the frame of its answer.
   *
   * @return the frame, or null when the client wants no answer (acks=0)
   * @throws MalformedRequestException when the bytes are no such request
   */
  public static @Nullable ByteBuf answer(
      RequestHeader header, ByteBuf body, ByteBufAllocator allocator) {
    FrameReader in = new FrameReader(body);
    short acks = in.readShort();
    in.readInt();
    ByteBuf out = allocator.buffer(64);
    try {
      out.writeInt(0).writeInt(header.correlationId());
      int topics = count(in);
      out.writeInt(topics);
      for (int i = 0; i < topics; i++) {
        topic(header.version(), in, out);
      }
      if (header.version() >= 1) {
        out.writeInt(0);
      }
      out.setInt(0, out.readableBytes() - Integer.BYTES);
    } catch (RuntimeException e) {
      out.release();
      throw e;
    }
    if (acks == 0) {
      out.release();
      return null;
    }
    return out;
  }

  private static void topic(short version, FrameReader in, ByteBuf out) {
    short length = in.readShort();
    out.writeShort(length).writeBytes(in.readByteBuffer(length));
    int partitions = count(in);
    out.writeInt(partitions);
    for (int i = 0; i < partitions; i++) {
      out.writeInt(in.readInt());
      in.readByteBuffer(Math.max(0, in.readInt()));
      out.writeShort(Errors.UNSUPPORTED_VERSION.code()).writeLong(-1);
      if (version >= 2) {
        out.writeLong(-1);
      }
    }
  }

  private static int count(FrameReader in) {
    int count = in.readInt();
    if (count < 0 || count > in.remaining()) {
      throw new MalformedRequestException("an array of " + count);
    }
    return count;
  }
}
