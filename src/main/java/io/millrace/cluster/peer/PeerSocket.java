package io.millrace.cluster.peer;

import io.millrace.protocol.ResponseBody;
import io.millrace.time.Clock;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One open connection to a peer: frames out, frames in. Confined to: the loop of its lane, which is
 * the one that Netty calls it on.
 */
final class PeerSocket extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(PeerSocket.class);

  /** What a socket tells its lane. */
  interface Owner {
    /** A whole answer, without its size field; the owner releases it. */
    void received(ByteBuf frame);

    /** The connection has ended. */
    void closed(PeerSocket socket);
  }

  private final Owner owner;
  private final PeerAddress peer;
  private final int frameBytesMax;
  private final Clock clock;

  private ChannelHandlerContext channel;
  private int sizeFieldBytes;
  private int sizeBytes;
  private @Nullable ByteBuf frame;
  private long receivedAtMs;
  private boolean reading;
  private boolean flushDue;
  private boolean closed;

  /**
   * @param frameBytesMax largest answer that is taken; a larger one ends the connection
   */
  PeerSocket(Owner owner, PeerAddress peer, int frameBytesMax, Clock clock) {
    this.owner = owner;
    this.peer = peer;
    this.frameBytesMax = frameBytesMax;
    this.clock = clock;
    this.receivedAtMs = clock.monotonicMs();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    channel = context;
  }

  /** Writes a frame, which it takes over; frames of one turn of the loop are flushed together. */
  void write(ByteBuf bytes) {
    channel.write(bytes, channel.voidPromise());
    if (!flushDue) {
      flushDue = true;
      if (!reading) {
        channel.executor().execute(this::flush);
      }
    }
  }

  private void flush() {
    if (flushDue) {
      flushDue = false;
      channel.flush();
    }
  }

  /** Monotonic time at which bytes last came in, in ms. */
  long receivedAtMs() {
    return receivedAtMs;
  }

  void close() {
    channel.close();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    receivedAtMs = clock.monotonicMs();
    reading = true;
    try {
      while (bytes.isReadable() && !closed) {
        take(context, bytes);
      }
    } finally {
      bytes.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    reading = false;
    flush();
  }

  private void take(ChannelHandlerContext context, ByteBuf bytes) {
    if (frame == null && !begin(context, bytes)) {
      return;
    }
    frame.writeBytes(bytes, Math.min(bytes.readableBytes(), frame.writableBytes()));
    if (!frame.isWritable()) {
      ByteBuf whole = frame;
      frame = null;
      sizeFieldBytes = 0;
      sizeBytes = 0;
      owner.received(whole);
    }
  }

  private boolean begin(ChannelHandlerContext context, ByteBuf bytes) {
    while (sizeFieldBytes < Integer.BYTES) {
      if (!bytes.isReadable()) {
        return false;
      }
      sizeBytes = sizeBytes << 8 | bytes.readUnsignedByte();
      sizeFieldBytes++;
    }
    if (sizeBytes < ResponseBody.BYTES_MIN || sizeBytes > frameBytesMax) {
      LOG.warn("{} sent an answer of {} bytes: the connection is closed", peer, sizeBytes);
      closed = true;
      context.close();
      return false;
    }
    frame = context.alloc().directBuffer(sizeBytes, sizeBytes);
    return true;
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    closed = true;
    if (frame != null) {
      frame.release();
      frame = null;
    }
    owner.closed(this);
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof IOException) {
      LOG.debug("the connection to {} ended: {}", peer, cause.getMessage());
    } else {
      LOG.error("the connection to {} failed", peer, cause);
    }
    context.close();
  }
}
