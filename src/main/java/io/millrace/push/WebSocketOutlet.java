package io.millrace.push;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.VoidChannelPromise;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.timeout.IdleStateHandler;
import io.vertx.core.http.ServerWebSocket;
import java.nio.charset.StandardCharsets;

/**
 * Writes whole frames, already encoded, past the WebSocket's encoder; only pings and the close go
 * through it. Confined to: the loop of the socket.
 */
final class WebSocketOutlet implements Outlet {
  private static final int TEXT = 0x81;
  private static final int PING = 0x89;

  private final ServerWebSocket socket;
  private final Channel channel;
  private final ChannelHandlerContext raw;
  private final ChannelPromise nobody;
  private final boolean binary;

  /**
   * @param channel the channel of the socket, after the upgrade
   * @param onWritable runs when the channel takes more again
   */
  WebSocketOutlet(ServerWebSocket socket, Channel channel, boolean binary, Runnable onWritable) {
    this.socket = socket;
    this.channel = channel;
    this.binary = binary;
    ChannelPipeline pipeline = channel.pipeline();
    this.raw = pipeline.context(WebSocket13FrameEncoder.class);
    // Failed writes end with the channel, which tells by its close.
    this.nobody = new VoidChannelPromise(channel, false);
    if (pipeline.get(IdleStateHandler.class) != null) {
      // Pings of our own find out who is gone, at one timer for all.
      pipeline.remove(IdleStateHandler.class);
    }
    pipeline.addAfter(raw.name(), "millrace-writability", new Writability(onWritable));
  }

  /** Tells when the socket takes more. Confined to: the loop of the socket. */
  private static final class Writability extends ChannelInboundHandlerAdapter {
    private final Runnable onWritable;

    Writability(Runnable onWritable) {
      this.onWritable = onWritable;
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      if (context.channel().isWritable()) {
        onWritable.run();
      }
      context.fireChannelWritabilityChanged();
    }
  }

  @Override
  public boolean isWritable() {
    if (channel.isWritable()) {
      return true;
    }
    raw.flush();
    return channel.isWritable();
  }

  @Override
  public void frame(SharedFrame frame, Cursor cursor) {
    int sub = cursor.subscription.number;
    if (frame.isWholeFor(sub)) {
      raw.write(frame.whole(), nobody);
    } else {
      raw.write(frame.head(sub), nobody);
      raw.write(frame.tail(), nobody);
    }
  }

  @Override
  public void control(String json) {
    byte[] text = json.getBytes(StandardCharsets.UTF_8);
    ByteBuf frame = channel.alloc().directBuffer(text.length + 10);
    frame.writeByte(TEXT);
    if (text.length < 126) {
      frame.writeByte(text.length);
    } else if (text.length < 1 << 16) {
      frame.writeByte(126).writeShort(text.length);
    } else {
      frame.writeByte(127).writeLong(text.length);
    }
    raw.write(frame.writeBytes(text), nobody);
  }

  @Override
  public void flush() {
    raw.flush();
  }

  @Override
  public void hold(boolean held) {
    if (held) {
      socket.pause();
    } else {
      socket.resume();
    }
  }

  @Override
  public void ping() {
    raw.write(channel.alloc().directBuffer(2).writeByte(PING).writeByte(0), nobody);
  }

  @Override
  public void close(int code, String reason) {
    socket.close((short) code, reason);
  }

  @Override
  public long bufferedBytes() {
    var pending = channel.unsafe().outboundBuffer();
    return pending == null ? 0 : pending.totalPendingWriteBytes();
  }

  @Override
  public String protocol() {
    return binary ? "bin" : "json";
  }
}
