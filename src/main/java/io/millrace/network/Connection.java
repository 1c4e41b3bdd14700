package io.millrace.network;

import io.millrace.handler.ConnectionScope;
import io.millrace.protocol.MalformedRequestException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client connection: bytes in, frames to the pipeline, answers out.
 *
 * <p>It decides when to read. It does not while a frame waits for memory, while too much is
 * unanswered or the peer does not take its answers, and while a handler holds the next request.
 * What the kernel has delivered meanwhile (one read buffer) is kept as it is.
 *
 * <p>Confined to: its loop, which is the one that Netty calls it on.
 */
final class Connection extends ChannelInboundHandlerAdapter
    implements ConnectionScope, RequestPipeline.Outlet {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  /** Bytes of requests without an answer: one request more than this is let in. */
  static final long UNANSWERED_BYTES_MAX = 32L * 1024 * 1024;

  /** A frame that comes slower counts as stalled. */
  static final int FRAME_BYTES_PER_SECOND_MIN = 16 * 1024;

  /** Answers that may wait for the peer to read. */
  static final int UNSENT_MAX = 32;

  private final NetworkServices services;
  private final ClientIdentity client;
  private final Consumer<Connection> onClosed;
  private final FrameAssembler assembler;
  private final CloseHooks hooks = new CloseHooks();
  private final ArrayDeque<ByteBuf> received = new ArrayDeque<>(2);

  private ChannelHandlerContext channel;
  private RequestPipeline pipeline;
  private AnswerWriter writer;
  private boolean readsOn = true;
  private boolean proceeding;
  private int holds;
  private boolean ending;
  private boolean closing;
  private boolean closed;
  private long activeNs;
  private long frameNs;

  /**
   * @param onClosed called once when the connection has ended
   */
  Connection(NetworkServices services, ClientIdentity client, Consumer<Connection> onClosed) {
    this.services = services;
    this.client = client;
    this.onClosed = onClosed;
    this.assembler =
        new FrameAssembler(
            services.frameBytesMax(),
            services.budget(),
            () -> services.loop().execute(this::memoryAvailable));
    this.activeNs = services.loop().clock().monotonicNs();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    channel = context;
    boolean tls = context.pipeline().get("ssl") != null;
    if (!tls) {
      context.channel().config().setRecvByteBufAllocator(new FrameReads(this::window));
    }
    writer = new AnswerWriter(services, context, tls, this::proceed);
    pipeline = new RequestPipeline(services, client, this, context.alloc(), this);
  }

  /** Null while what was received waits for its turn. */
  private @Nullable ByteBuf window() {
    return received.isEmpty() ? assembler.window() : null;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (closed || ending) {
      ((ByteBuf) message).release();
      return;
    }
    activeNs = services.loop().clock().monotonicNs();
    writer.readBegins();
    received.add(assembler.fill(context.alloc(), (ByteBuf) message));
    proceed();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    writer.readEnds();
  }

  /** Starts the requests that were received, as far as limits let it, and reads on. */
  @Override
  public void proceed() {
    if (proceeding || closed) {
      return;
    }
    proceeding = true;
    try {
      startReceived();
    } catch (MalformedRequestException e) {
      services
          .faults()
          .log(client.address(), FaultLog.Kind.MALFORMED_REQUEST, e.getMessage(), null);
      end();
    } catch (RuntimeException e) {
      services.faults().log(client.address(), FaultLog.Kind.HANDLER_FAILED, "a request failed", e);
      end();
    } finally {
      proceeding = false;
    }
    setReads(received.isEmpty() && mayStart());
    closeWhenAnswered();
  }

  private void startReceived() {
    ByteBuf bytes;
    while ((bytes = received.peek()) != null && mayStart()) {
      if (!assembler.isPartial()) {
        frameNs = activeNs;
      }
      Frame frame = assembler.read(channel.alloc(), bytes);
      if (!bytes.isReadable()) {
        received.poll().release();
      }
      if (frame != null) {
        pipeline.start(frame);
      }
    }
  }

  private boolean mayStart() {
    return !closed
        && !ending
        && holds == 0
        && !assembler.waits()
        && pipeline.unanswered() < services.order().unansweredMax()
        && pipeline.unansweredBytes() < UNANSWERED_BYTES_MAX
        && writer.unsent() < UNSENT_MAX
        && channel.channel().isWritable();
  }

  private void setReads(boolean on) {
    if (readsOn != on && !closed) {
      readsOn = on;
      if (on) {
        // The peer is not blamed for the pause.
        activeNs = services.loop().clock().monotonicNs();
        frameNs = activeNs;
      }
      channel.channel().config().setAutoRead(on);
    }
  }

  private void memoryAvailable() {
    if (closed || ending) {
      // Nothing of it is read any more: the memory is for the next one.
      services.budget().wakeNext();
      return;
    }
    assembler.wakeUp();
    proceed();
  }

  @Override
  public void write(Slot slot) {
    activeNs = services.loop().clock().monotonicNs();
    try {
      writer.write(slot);
    } catch (RuntimeException e) {
      services
          .faults()
          .log(
              client.address(),
              FaultLog.Kind.HANDLER_FAILED,
              "the answer of " + slot.header.api().name + " cannot be encoded",
              e);
      channel.close();
    }
  }

  /** Reads no more, and closes when what was begun is answered. */
  @Override
  public void end() {
    if (!ending && !closed) {
      ending = true;
      releaseReceived();
      assembler.close();
      setReads(false);
      if (!proceeding) {
        closeWhenAnswered();
      }
    }
  }

  private void closeWhenAnswered() {
    if (ending && !closed && !closing && pipeline.unanswered() == 0) {
      closing = true;
      writer.closeWhenSent();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    proceed();
    context.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (!closed) {
      closed = true;
      releaseReceived();
      assembler.close();
      pipeline.close();
      hooks.runAll(
          e ->
              services
                  .faults()
                  .log(client.address(), FaultLog.Kind.HANDLER_FAILED, "a close hook failed", e));
      onClosed.accept(this);
    }
    context.fireChannelInactive();
  }

  private void releaseReceived() {
    received.forEach(ByteBuf::release);
    received.clear();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // A peer that resets its connection is no news; everything else is.
    if (cause instanceof IOException) {
      LOG.debug("connection {} ended: {}", client.connectionId(), cause.getMessage());
    } else {
      services
          .faults()
          .log(client.address(), FaultLog.Kind.HANDLER_FAILED, "the connection failed", cause);
    }
    context.close();
  }

  @Override
  public Hook onClose(Runnable step) {
    services.loop().assertOwner();
    if (closed) {
      step.run();
      return () -> {};
    }
    return hooks.add(step);
  }

  @Override
  public Runnable holdNext() {
    services.loop().assertOwner();
    holds++;
    boolean[] held = {true};
    return () -> {
      if (held[0]) {
        held[0] = false;
        holds--;
        proceed();
      }
    };
  }

  /**
   * Closes the connection when it has been idle, has stalled within a frame, or sends it all too
   * slowly, while others wait for its memory, or has not taken its last answers.
   *
   * @param idleNs the longest idle time; below 0 for none
   * @param stalledNs the longest pause within a frame
   */
  void sweep(long nowNs, long idleNs, long stalledNs) {
    long quietNs = nowNs - activeNs;
    if (services.budget().hasWaiting() && stalls(nowNs, quietNs, stalledNs)) {
      services
          .faults()
          .log(
              client.address(),
              FaultLog.Kind.STALLED,
              "a request that stopped halfway while others need its memory",
              null);
      channel.close();
    } else if (ending && quietNs > stalledNs) {
      channel.close();
    } else if (idleNs >= 0 && quietNs > idleNs && pipeline.unanswered() == 0) {
      channel.close();
    }
  }

  /** A byte now and then would keep the memory of the whole frame for ever. */
  private boolean stalls(long nowNs, long quietNs, long stalledNs) {
    long allowedNs =
        TimeUnit.SECONDS.toNanos(assembler.partialBytes()) / FRAME_BYTES_PER_SECOND_MIN;
    return assembler.isPartial()
        && (quietNs > stalledNs || nowNs - frameNs > stalledNs + allowedNs);
  }

  ClientIdentity client() {
    return client;
  }
}
