package io.millrace.network;

import io.millrace.protocol.ResponseEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCounted;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes answers to the socket of one connection and counts those that have not left yet. Writes go
 * straight to Netty, which releases what it cannot send; they are flushed once for a batch.
 * Confined to: the loop of the connection.
 */
final class AnswerWriter {
  private final NetworkServices services;
  private final ChannelHandlerContext channel;
  private final boolean copies;
  private final Runnable onSent;
  private final ChannelFutureListener sent = this::sent;
  private final List<ReferenceCounted> parts = new ArrayList<>(1);

  private int unsent;
  private boolean reading;
  private boolean flushDue;

  /**
   * @param copies whether file regions must be copied (TLS)
   * @param onSent called when an answer has left
   */
  AnswerWriter(
      NetworkServices services, ChannelHandlerContext channel, boolean copies, Runnable onSent) {
    this.services = services;
    this.channel = channel;
    this.copies = copies;
    this.onSent = onSent;
  }

  /** Writes the answer of a slot, if it has one. */
  void write(Slot slot) {
    ByteBuf frame = slot.frame();
    if (frame != null) {
      writeLast(frame);
    } else if (slot.message() != null) {
      services
          .encoder()
          .encode(channel.alloc(), slot.header, slot.version, slot.message(), copies, parts);
      int last = parts.size() - 1;
      for (int i = 0; i < last; i++) {
        // A region whose file is shorter fails alone: the failure must end the connection.
        channel.write(parts.get(i), channel.voidPromise());
      }
      writeLast(parts.get(last));
      parts.clear();
    }
  }

  private void writeLast(Object part) {
    unsent++;
    channel.write(part).addListener(sent);
    flushSoon();
  }

  private void sent(ChannelFuture result) {
    unsent--;
    if (result.isSuccess()) {
      onSent.run();
    } else {
      channel.close();
    }
  }

  /** Closes the connection when all that was written has left. */
  void closeWhenSent() {
    channel.write(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    flushSoon();
  }

  private void flushSoon() {
    if (!flushDue) {
      flushDue = true;
      if (!reading) {
        services.loop().atBatchEnd(this::flushDue);
      }
    }
  }

  private void flushDue() {
    if (flushDue) {
      flushDue = false;
      channel.flush();
    }
  }

  /** Bytes have come in: what is answered at once is flushed when all of them were handled. */
  void readBegins() {
    reading = true;
  }

  /** All bytes that had come in were handled. */
  void readEnds() {
    reading = false;
    flushDue();
  }

  /** Answers written that have not left yet. */
  int unsent() {
    return unsent;
  }

  /** Releases the answer of a slot that nobody will read. */
  static void discard(ResponseEncoder encoder, Slot slot) {
    if (slot.frame() != null) {
      slot.frame().release();
    }
    if (slot.message() != null) {
      encoder.discard(slot.message());
    }
  }
}
