package io.millrace.push;

import io.millrace.time.Timer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket on its channel, behind nothing but the decoder of frames: what Vert.x would have
 * there holds queues of 8 KB for each socket. What is written is encoded already.
 *
 * <p>Confined to: the loop of the socket, which is the one that Netty calls it on.
 */
final class WebSocketLink extends ChannelInboundHandlerAdapter implements Outlet {
  /** Bytes of a message, in one frame or in many. */
  static final int MESSAGE_BYTES_MAX = 1 << 20;

  /** How long the other side may take to answer a close, in ms. */
  private static final int CLOSING_MS = 10_000;

  private static final int TEXT = 0x81;
  private static final int CLOSE = 0x88;
  private static final int PING = 0x89;
  private static final int PONG = 0x8a;
  private static final int NO_CODE = -1;

  private final boolean binary;
  private Session session;
  private ChannelHandlerContext context;
  private ChannelPromise nobody;

  /**
   * What came of a message in many frames, in room that doubles: a message may come byte by byte.
   * Null between such messages.
   */
  private @Nullable ByteArrayOutputStream fragments;

  private boolean closeSent;
  private boolean closeHeard;
  private Timer.@Nullable Handle patience;

  /**
   * @param binary whether records go in binary frames
   */
  WebSocketLink(boolean binary) {
    this.binary = binary;
  }

  /** Takes a channel over whose handshake is done. */
  void take(Channel channel, Session newSession) {
    session = newSession;
    ChannelPipeline pipeline = channel.pipeline();
    if (pipeline.get(IdleStateHandler.class) != null) {
      // Pings of our own find out who is gone, at one timer for all.
      pipeline.remove(IdleStateHandler.class);
    }
    pipeline.remove(WebSocket13FrameEncoder.class);
    pipeline.replace("handler", "socket", this);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
    // Failed writes end with the channel, which tells by its close.
    nobody = added.channel().unsafe().voidPromise();
  }

  // What comes in.

  @Override
  public void channelRead(ChannelHandlerContext from, Object message) {
    try {
      if (message instanceof WebSocketFrame frame && !closeHeard) {
        came(frame);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void came(WebSocketFrame frame) {
    if (frame instanceof CloseWebSocketFrame close) {
      closeCame(close.statusCode());
    } else if (!closeSent) {
      session.heard();
      if (frame instanceof PingWebSocketFrame) {
        pong(frame.content());
      } else if (frame instanceof TextWebSocketFrame
          || frame instanceof ContinuationWebSocketFrame) {
        textCame(frame);
      } else if (frame instanceof BinaryWebSocketFrame) {
        session.badFrame("frames of clients are text");
      } else if (!(frame instanceof PongWebSocketFrame)) {
        session.badFrame("frames of that kind are not known");
      }
    }
  }

  /** The decoder sees to it that parts follow each other. */
  private void textCame(WebSocketFrame frame) {
    int before = fragments == null ? 0 : fragments.size();
    if (before + frame.content().readableBytes() > MESSAGE_BYTES_MAX) {
      session.close(CloseCode.FRAME_TOO_LARGE, "a message has at most 1 MiB");
      return;
    }
    byte[] part = ByteBufUtil.getBytes(frame.content());
    if (frame.isFinalFragment() && fragments == null) {
      session.onText(part);
      return;
    }
    ByteArrayOutputStream all = fragments == null ? new ByteArrayOutputStream() : fragments;
    all.writeBytes(part);
    fragments = frame.isFinalFragment() ? null : all;
    if (frame.isFinalFragment()) {
      session.onText(all.toByteArray());
    }
  }

  /** Not answered while nothing is taken: the answer to a later ping says as much. */
  private void pong(ByteBuf said) {
    if (context.channel().isWritable()) {
      int length = said.readableBytes();
      context.write(head(PONG, length).writeBytes(said, said.readerIndex(), length), nobody);
      context.flush();
    }
  }

  private void closeCame(int code) {
    closeHeard = true;
    if (closeSent) {
      context.close();
      return;
    }
    writeClose(code == NO_CODE ? CloseCode.DONE.code() : code, "");
    session.onClosed(CloseCode.isInDueForm(code));
    context.close();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext from) {
    if (from.channel().isWritable()) {
      session.loop().execute(session::onWritable);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext from) {
    if (patience != null) {
      patience.cancel();
    }
    session.onClosed(false);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext from, Throwable fault) {
    session.onFault(fault);
    if (!closeSent) {
      from.close();
    } else if (from.pipeline().get(WebSocket13FrameDecoder.class) != null) {
      // What still comes has no frames. It is dropped until the other side has seen the close:
      // bytes that nobody reads would have the kernel cut it off before.
      from.pipeline().remove(WebSocket13FrameDecoder.class);
    }
  }

  // What goes out.

  @Override
  public boolean isWritable() {
    if (context.channel().isWritable()) {
      return true;
    }
    context.flush();
    return context.channel().isWritable();
  }

  @Override
  public void frame(SharedFrame frame, Cursor cursor) {
    int sub = cursor.subscription.number;
    if (frame.isWholeFor(sub)) {
      context.write(frame.whole(), nobody);
    } else {
      context.write(frame.head(sub), nobody);
      context.write(frame.tail(), nobody);
    }
  }

  @Override
  public void control(String json) {
    byte[] text = json.getBytes(StandardCharsets.UTF_8);
    context.write(head(TEXT, text.length).writeBytes(text), nobody);
  }

  /** The head of a frame, in a buffer that has room for the rest. */
  private ByteBuf head(int kind, int length) {
    ByteBuf frame = context.alloc().directBuffer(length + 10).writeByte(kind);
    if (length < 126) {
      return frame.writeByte(length);
    }
    return length < 1 << 16
        ? frame.writeByte(126).writeShort(length)
        : frame.writeByte(127).writeLong(length);
  }

  @Override
  public void flush() {
    context.flush();
  }

  @Override
  public void hold(boolean held) {
    context.channel().config().setAutoRead(!held);
  }

  @Override
  public void ping() {
    context.write(head(PING, 0), nobody);
  }

  @Override
  public void close(int code, String reason) {
    if (closeSent) {
      return;
    }
    writeClose(code, reason);
    hold(false);
    patience = session.loop().schedule(CLOSING_MS, context::close);
  }

  private void writeClose(int code, String reason) {
    closeSent = true;
    fragments = null;
    byte[] words = reason.getBytes(StandardCharsets.UTF_8);
    context.write(
        head(CLOSE, Short.BYTES + words.length).writeShort(code).writeBytes(words), nobody);
    context.flush();
  }

  @Override
  public long bufferedBytes() {
    var pending = context.channel().unsafe().outboundBuffer();
    return pending == null ? 0 : pending.totalPendingWriteBytes();
  }

  @Override
  public String protocol() {
    return binary ? "bin" : "json";
  }
}
