package io.millrace.push;

import io.millrace.browser.frame.FrameSink.Cut;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A frame as it goes to sockets, in one direct buffer: the WebSocket header, what differs per
 * socket as it is for subscription 1, and the part that is the same for all. Sockets whose
 * subscription is number 1 are written the whole buffer; others get a few bytes of their own and
 * the shared part behind them.
 *
 * <p>Counted: made with one reference. Confined to: one loop, once it is there.
 */
final class SharedFrame {
  private static final int TEXT = 0x81;
  private static final int BINARY = 0x82;
  private static final int RECORDS_TYPE = 1;
  private static final int BATCHES_TYPE = 2;
  private static final int FIRST_SUB = 1;
  private static final int KEPT_HEADS = 16;
  private static final byte[] HEAD = "{\"op\":\"rec\",\"sub\":".getBytes(StandardCharsets.US_ASCII);

  /** How a frame is wrapped. */
  enum Wrapping {
    TEXT_RECORDS,
    BINARY_RECORDS,
    BINARY_BATCHES
  }

  final Cut cut;

  /** What it costs: bytes of the part that is the same for all and counted. */
  final int cost;

  /** Tick of the loop at which it was cached. */
  long cachedAt;

  private final Wrapping wrapping;
  private final @Nullable ByteBuf whole;
  private final int tailAt;
  private ByteBuf @Nullable [] heads;
  private int references = 1;

  private SharedFrame(Cut cut, Wrapping wrapping, int cost, @Nullable ByteBuf whole, int tailAt) {
    this.cut = cut;
    this.wrapping = wrapping;
    this.cost = cost;
    this.whole = whole;
    this.tailAt = tailAt;
  }

  /** Wraps what was cut. Any thread. */
  static SharedFrame of(Cut cut, Wrapping wrapping, byte[] bytes, int from, int to) {
    if (cut.count() == 0) {
      return new SharedFrame(cut, wrapping, 0, null, 0);
    }
    int cost = to - from;
    byte[] costText = wrapping == Wrapping.TEXT_RECORDS ? costText(cost) : new byte[0];
    int tail = costText.length + cost;
    byte[] head = head(wrapping, FIRST_SUB, tail);
    ByteBuf whole = PooledByteBufAllocator.DEFAULT.directBuffer(head.length + tail);
    whole.writeBytes(head).writeBytes(costText).writeBytes(bytes, from, cost);
    return new SharedFrame(cut, wrapping, cost, whole, head.length);
  }

  private static byte[] costText(int cost) {
    return (",\"b\":" + cost + ",").getBytes(StandardCharsets.US_ASCII);
  }

  /** The WebSocket header of a frame for that subscription, and what else stands in front. */
  private static byte[] head(Wrapping wrapping, int sub, int tail) {
    byte[] own = own(wrapping, sub);
    int length = own.length + tail;
    int headerBytes = length < 126 ? 2 : length < 1 << 16 ? 4 : 10;
    byte[] head = new byte[headerBytes + own.length];
    head[0] = (byte) (wrapping == Wrapping.TEXT_RECORDS ? TEXT : BINARY);
    if (headerBytes == 2) {
      head[1] = (byte) length;
    } else {
      head[1] = (byte) (headerBytes == 4 ? 126 : 127);
      for (int i = headerBytes - 1, rest = length; i >= 2; i--, rest >>>= 8) {
        head[i] = (byte) rest;
      }
    }
    System.arraycopy(own, 0, head, headerBytes, own.length);
    return head;
  }

  private static byte[] own(Wrapping wrapping, int sub) {
    if (wrapping == Wrapping.TEXT_RECORDS) {
      byte[] number = Integer.toString(sub).getBytes(StandardCharsets.US_ASCII);
      byte[] own = new byte[HEAD.length + number.length];
      System.arraycopy(HEAD, 0, own, 0, HEAD.length);
      System.arraycopy(number, 0, own, HEAD.length, number.length);
      return own;
    }
    byte[] own = new byte[6];
    own[0] = (byte) (wrapping == Wrapping.BINARY_RECORDS ? RECORDS_TYPE : BATCHES_TYPE);
    int at = 1;
    for (int rest = sub; ; rest >>>= 7) {
      if ((rest & ~0x7f) == 0) {
        own[at++] = (byte) rest;
        return Arrays.copyOf(own, at);
      }
      own[at++] = (byte) ((rest & 0x7f) | 0x80);
    }
  }

  /** Whether it holds records; without any it only moves readers on. */
  boolean hasRecords() {
    return whole != null;
  }

  /** Whether it can be written to that subscription as one buffer. */
  boolean isWholeFor(int sub) {
    return sub == FIRST_SUB;
  }

  /** The whole frame for subscription 1; the caller releases it. */
  ByteBuf whole() {
    return buffer().retainedDuplicate();
  }

  /** What stands in front for that subscription; the caller releases it. */
  ByteBuf head(int sub) {
    if (sub >= KEPT_HEADS) {
      return newHead(sub);
    }
    ByteBuf[] known = heads;
    if (known == null) {
      known = new ByteBuf[KEPT_HEADS];
      heads = known;
    }
    ByteBuf head = known[sub];
    if (head == null) {
      head = newHead(sub);
      known[sub] = head;
    }
    return head.retainedDuplicate();
  }

  private ByteBuf newHead(int sub) {
    byte[] bytes = head(wrapping, sub, buffer().readableBytes() - tailAt);
    return PooledByteBufAllocator.DEFAULT.directBuffer(bytes.length).writeBytes(bytes);
  }

  /** The part that is the same for all; the caller releases it. */
  ByteBuf tail() {
    ByteBuf buffer = buffer();
    return buffer.retainedSlice(tailAt, buffer.readableBytes() - tailAt);
  }

  /** The bytes that are counted as cost, to read from. */
  ByteBuf shared() {
    ByteBuf buffer = buffer();
    return buffer.slice(buffer.readableBytes() - cost, cost);
  }

  private ByteBuf buffer() {
    if (whole == null) {
      throw new IllegalStateException("the frame has no records");
    }
    return whole;
  }

  /** Bytes that it holds. */
  int sizeBytes() {
    return whole == null ? 0 : whole.capacity();
  }

  void retain() {
    references++;
  }

  /** Gives one reference back. What sockets have not sent yet they hold themselves. */
  void release() {
    references--;
    if (references > 0 || whole == null) {
      return;
    }
    whole.release();
    if (heads != null) {
      for (ByteBuf head : heads) {
        if (head != null) {
          head.release();
        }
      }
    }
  }
}
