package io.millrace.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ByteProcessor;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A WebSocket that only counts: it asks for the upgrade, sends what it is told to, answers pings,
 * and looks for marks in the payload of all that comes. It makes no messages of it, so that the
 * receiver costs little beside the server. Confined to: the loop of its channel.
 */
final class ReceivingSocket extends ChannelInboundHandlerAdapter {
  /** Final frame of opcode 10, masked, without payload; a mask follows. */
  private static final int EMPTY_PONG = 0x8A80;

  private final String host;
  private final String path;
  private final String protocol;
  private final String greeting;
  private final Runnable opened;
  private final Runnable closed;
  private final Deliveries deliveries;
  private final boolean timed;

  // Owner: the channel's loop.
  private boolean upgraded;
  private final StringBuilder head = new StringBuilder();
  private final FrameHead frame = new FrameHead();
  private int digitsLeft;
  private long sentNs;

  /**
   * @param protocol subprotocol to offer; empty for none
   * @param greeting text frame to send once it is open; empty for none
   * @param timed whether it reads the times of the records
   * @param opened runs when the server has taken it
   * @param closed runs when it ends after that
   */
  ReceivingSocket(
      String host,
      String path,
      String protocol,
      String greeting,
      Deliveries deliveries,
      boolean timed,
      Runnable opened,
      Runnable closed) {
    this.host = host;
    this.path = path;
    this.protocol = protocol;
    this.greeting = greeting;
    this.deliveries = deliveries;
    this.timed = timed;
    this.opened = opened;
    this.closed = closed;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    String offered = protocol.isEmpty() ? "" : "Sec-WebSocket-Protocol: " + protocol + "\r\n";
    String request =
        "GET "
            + path
            + " HTTP/1.1\r\nHost: "
            + host
            + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: "
            + Base64.getEncoder().encodeToString(new byte[16])
            + "\r\n"
            + offered
            + "\r\n";
    send(context, request.getBytes(StandardCharsets.US_ASCII), false);
  }

  private void send(ChannelHandlerContext context, byte[] bytes, boolean framed) {
    ByteBuf out = context.alloc().buffer(bytes.length + 14);
    if (framed) {
      out.writeByte(0x81);
      if (bytes.length < 126) {
        out.writeByte(0x80 | bytes.length);
      } else {
        out.writeByte(0x80 | 126).writeShort(bytes.length);
      }
      // A mask of zeros leaves the bytes as they are.
      out.writeInt(0);
    }
    context.writeAndFlush(out.writeBytes(bytes));
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      if (!upgraded && !readHead(context, in)) {
        return;
      }
      count(context, in);
    } finally {
      in.release();
    }
  }

  private boolean readHead(ChannelHandlerContext context, ByteBuf in) {
    while (in.isReadable()) {
      head.append((char) in.readByte());
      if (head.length() >= 4 && head.substring(head.length() - 4).equals("\r\n\r\n")) {
        if (!head.toString().startsWith("HTTP/1.1 101")) {
          throw new IllegalStateException("not upgraded: " + head);
        }
        upgraded = true;
        if (!greeting.isEmpty()) {
          send(context, greeting.getBytes(StandardCharsets.UTF_8), true);
        }
        opened.run();
        return true;
      }
    }
    return false;
  }

  private void count(ChannelHandlerContext context, ByteBuf in) {
    long bytes = in.readableBytes();
    long records = 0;
    while (in.isReadable()) {
      if (frame.payloadLeft == 0) {
        if (frame.read(in)) {
          context.writeAndFlush(context.alloc().buffer(6).writeShort(EMPTY_PONG).writeInt(0));
        }
      } else {
        int part = (int) Math.min(frame.payloadLeft, in.readableBytes());
        frame.payloadLeft -= part;
        records += countMarks(in.readSlice(part));
      }
    }
    deliveries.add(records, bytes);
  }

  private long countMarks(ByteBuf payload) {
    long records = 0;
    if (digitsLeft > 0) {
      readTime(payload);
    }
    while (payload.isReadable()) {
      int at = payload.forEachByte(new ByteProcessor.IndexOfProcessor(Deliveries.MARK));
      if (at < 0) {
        break;
      }
      records++;
      payload.readerIndex(at + 1);
      if (timed) {
        digitsLeft = Deliveries.TIME_DIGITS;
        sentNs = 0;
        readTime(payload);
      }
    }
    return records;
  }

  private void readTime(ByteBuf in) {
    while (digitsLeft > 0 && in.isReadable()) {
      sentNs = sentNs * 10 + (in.readByte() - '0');
      digitsLeft--;
    }
    if (digitsLeft == 0) {
      deliveries.arrived(sentNs);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (upgraded) {
      closed.run();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    System.err.println("a socket failed: " + cause);
    context.close();
  }

  /** The head of a frame from a server, byte by byte as it comes: RFC 6455, section 5.2. */
  private static final class FrameHead {
    private static final int SHORT_LENGTH = 126;
    private static final int LONG_LENGTH = 127;
    private static final int PING = 9;

    long payloadLeft;
    private int read;
    private int opcode;
    private int lengthBytes;
    private long length;

    /** Takes the next byte. Returns whether it ends a ping; those of servers here are empty. */
    boolean read(ByteBuf in) {
      int next = in.readUnsignedByte();
      read++;
      if (read == 1) {
        opcode = next & 0xF;
      } else if (read == 2) {
        lengthBytes = next == LONG_LENGTH ? 8 : next == SHORT_LENGTH ? 2 : 0;
        length = lengthBytes == 0 ? next : 0;
      } else if (read > 2) {
        length = length << 8 | next;
      }
      if (read >= 2 && read == 2 + lengthBytes) {
        payloadLeft = length;
        read = 0;
        return opcode == PING;
      }
      return false;
    }
  }
}
