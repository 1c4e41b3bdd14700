package io.millrace.cluster.peer;

import io.millrace.eventloop.EventLoop;
import io.millrace.time.Timer;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Promise;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way and its answer on the way back. The frame belongs to the lane, which
 * writes or releases it. Confined to: the loop of its lane, save the promise, which completes on
 * the loop that asked.
 */
final class PeerRequest {
  final EventLoop asker;
  final ApiKeys api;
  final short version;
  final int correlationId;
  final int timeoutMs;
  final int sizeBytes;
  final Promise<PeerAnswer<ApiMessage>> answer = Promise.promise();

  private final Consumer<PeerRequest> onEnd;

  // Owner: the loop of the lane.
  private @Nullable ByteBuf frame;
  private Timer.@Nullable Handle timeout;
  private boolean ended;

  /**
   * @param frame the encoded request, taken over
   * @param onEnd called once, on the loop of the lane, when it was answered or has failed
   */
  PeerRequest(
      EventLoop asker,
      ApiKeys api,
      short version,
      int correlationId,
      int timeoutMs,
      ByteBuf frame,
      Consumer<PeerRequest> onEnd) {
    this.asker = asker;
    this.api = api;
    this.version = version;
    this.correlationId = correlationId;
    this.timeoutMs = timeoutMs;
    this.frame = frame;
    this.sizeBytes = frame.readableBytes();
    this.onEnd = onEnd;
  }

  /** Begins to wait for the answer. */
  void begin(Timer timer, Consumer<PeerRequest> onTimeout) {
    timeout = timer.schedule(timeoutMs, () -> onTimeout.accept(this));
  }

  /** The frame, for writing it: the caller owns it then. Null when it was taken before. */
  @Nullable ByteBuf takeFrame() {
    ByteBuf taken = frame;
    frame = null;
    return taken;
  }

  /** Whether it has been handed to a connection. */
  boolean isSent() {
    return frame == null;
  }

  /** Whether it was answered or has failed. */
  boolean hasEnded() {
    return ended;
  }

  void succeed(PeerAnswer<ApiMessage> result) {
    if (end()) {
      asker.execute(() -> answer.complete(result));
    } else {
      result.release();
    }
  }

  void fail(PeerFault.Kind kind, String message) {
    fail(new PeerFault(kind, message));
  }

  void fail(PeerFault fault) {
    if (end()) {
      asker.execute(() -> answer.fail(fault));
    }
  }

  private boolean end() {
    if (ended) {
      return false;
    }
    ended = true;
    if (timeout != null) {
      timeout.cancel();
    }
    ByteBuf unsent = takeFrame();
    if (unsent != null) {
      unsent.release();
    }
    onEnd.accept(this);
    return true;
  }
}
