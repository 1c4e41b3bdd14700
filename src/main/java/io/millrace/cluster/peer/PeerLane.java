package io.millrace.cluster.peer;

import io.millrace.eventloop.EventLoop;
import io.millrace.protocol.MalformedRequestException;
import io.millrace.protocol.ResponseBody;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests to one peer by one lane, and the connection that they share. It is made for the
 * first request, and again for the next one after it was lost.
 *
 * <p>A connection on which nothing comes in while requests run into their time is given up: behind
 * a cut that has healed, TCP itself may be silent for minutes.
 *
 * <p>Confined to: its loop.
 */
final class PeerLane implements PeerSocket.Owner {
  private static final Logger LOG = LoggerFactory.getLogger(PeerLane.class);

  /** Requests that may be without an answer. */
  static final int REQUESTS_MAX = 10_000;

  /** Bytes of those requests; one request more than this is let in. */
  static final long BYTES_MAX = 64L << 20;

  /** After so long without a byte, a request that ran into its time ends the connection. */
  static final long QUIET_MS_MAX = 2_000;

  /** Opens a connection on the loop of the lane. */
  interface Dialler {
    void dial(PeerAddress to, Consumer<NetSocket> opened, Consumer<Throwable> failed);
  }

  private final EventLoop loop;
  private final PeerAddress peer;
  private final Dialler dialler;
  private final int frameBytesMax;
  private final Consumer<PeerAddress> onLost;
  private final Map<Integer, PeerRequest> waiting = new HashMap<>();

  private @Nullable PeerSocket socket;
  private long waitingBytes;
  private boolean dialling;
  private boolean closing;

  /**
   * @param onLost called when the connection closed without our doing
   */
  PeerLane(
      EventLoop loop,
      PeerAddress peer,
      Dialler dialler,
      int frameBytesMax,
      Consumer<PeerAddress> onLost) {
    this.loop = loop;
    this.peer = peer;
    this.dialler = dialler;
    this.frameBytesMax = frameBytesMax;
    this.onLost = onLost;
  }

  EventLoop loop() {
    return loop;
  }

  /** Sends a request as soon as there is a connection. */
  void send(PeerRequest request) {
    loop.assertOwner();
    if (closing) {
      request.fail(PeerFault.Kind.LOST, "this broker stops");
      return;
    }
    if (waiting.size() >= REQUESTS_MAX || waitingBytes >= BYTES_MAX) {
      request.fail(
          PeerFault.Kind.SILENT, peer + " has too many requests unanswered: nothing more is sent");
      return;
    }
    waiting.put(request.correlationId, request);
    waitingBytes += request.sizeBytes;
    request.begin(loop, this::timedOut);
    if (socket != null) {
      write(request);
    } else if (!dialling) {
      dialling = true;
      dialler.dial(peer, this::opened, this::refused);
    }
  }

  /** Notes that a request has ended. */
  void ended(PeerRequest request) {
    if (waiting.remove(request.correlationId, request)) {
      waitingBytes -= request.sizeBytes;
    }
  }

  private void write(PeerRequest request) {
    ByteBuf frame = request.takeFrame();
    if (frame != null && socket != null) {
      socket.write(frame);
    }
  }

  private void opened(NetSocket opened) {
    dialling = false;
    ChannelHandlerContext channel = ((NetSocketInternal) opened).channelHandlerContext();
    if (closing) {
      channel.close();
      return;
    }
    PeerSocket next = new PeerSocket(this, peer, frameBytesMax, loop.clock());
    if (channel.isRemoved() || !channel.channel().isActive()) {
      // It ended before its end could be heard of.
      socket = next;
      closed(next);
      return;
    }
    channel.pipeline().addBefore("handler", "answers", next);
    socket = next;
    inOrder().forEach(this::write);
  }

  private void refused(Throwable cause) {
    dialling = false;
    PeerFault.Kind kind =
        DialFailure.isRefusal(cause) ? PeerFault.Kind.REFUSED : PeerFault.Kind.SILENT;
    failAll(kind, peer + " cannot be reached: " + DialFailure.text(cause));
  }

  private List<PeerRequest> inOrder() {
    List<PeerRequest> requests = new ArrayList<>(waiting.values());
    requests.sort((a, b) -> Integer.signum(a.correlationId - b.correlationId));
    return requests;
  }

  private void timedOut(PeerRequest request) {
    String what = " has not answered " + request.api.name + " within " + request.timeoutMs + " ms";
    request.fail(new PeerFault(PeerFault.Kind.SILENT, peer + what, socket != null));
    long nowMs = loop.clock().monotonicMs();
    if (socket != null && nowMs - socket.receivedAtMs() >= QUIET_MS_MAX) {
      LOG.info("{}{}: the connection is given up", peer, what);
      PeerSocket quiet = socket;
      socket = null;
      quiet.close();
      failAll(PeerFault.Kind.SILENT, peer + " is silent");
    }
  }

  @Override
  public void received(ByteBuf frame) {
    PeerRequest request = waiting.get(ResponseBody.correlationId(frame));
    if (request == null) {
      // It ran into its time before.
      frame.release();
      return;
    }
    try {
      ApiMessage message = ResponseBody.read(request.api, request.version, frame);
      request.succeed(new PeerAnswer<>(message, frame::release));
    } catch (MalformedRequestException e) {
      frame.release();
      request.fail(
          PeerFault.Kind.REJECTED,
          peer
              + " answered "
              + request.api.name
              + " with bytes that are no answer: "
              + e.getMessage());
    }
  }

  @Override
  public void closed(PeerSocket ended) {
    if (ended != socket) {
      return;
    }
    socket = null;
    PeerFault lost =
        new PeerFault(PeerFault.Kind.LOST, "the connection to " + peer + " was closed", true);
    inOrder().forEach(request -> request.fail(lost));
    if (!closing) {
      onLost.accept(peer);
    }
  }

  private void failAll(PeerFault.Kind kind, String message) {
    inOrder().forEach(request -> request.fail(kind, message));
  }

  /** Ends the connection and sends nothing more. */
  void close() {
    loop.assertOwner();
    closing = true;
    if (socket != null) {
      socket.close();
    }
    failAll(PeerFault.Kind.LOST, "this broker stops");
  }
}
