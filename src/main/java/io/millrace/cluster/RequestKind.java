package io.millrace.cluster;

import io.millrace.cluster.peer.PeerLink;
import io.millrace.metadata.RequestId;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.MessageUtil;

/**
 * One kind of request that the active controller answers, wherever it was asked. Immutable.
 *
 * @param code its number between brokers: that of Kafka's API, or one of our own above them; never
 *     used again for another kind
 * @param emptyRequest makes a request to read into
 * @param reply how replies are written and read
 * @param lane connection on which it is forwarded: what clients asked for may be large, and holds
 *     back no heartbeat
 * @param awaitsImage whether an answer comes when the asker's image has what was decided
 * @param server answers a request at the active controller, on the control loop; fails with
 *     NOT_CONTROLLER elsewhere
 */
record RequestKind<Q extends Message, R extends Message>(
    int code,
    Supplier<Q> emptyRequest,
    ReplyCodec<R> reply,
    PeerLink.Lane lane,
    boolean awaitsImage,
    Server<Q, R> server) {

  /** Answers a request. */
  interface Server<Q, R> {
    /**
     * @param id names the request, the same for each repeat of it
     */
    Future<R> serve(RequestId id, Q request);
  }

  byte[] encode(Q request) {
    ByteBuffer bytes =
        MessageUtil.toVersionPrefixedByteBuffer(request.highestSupportedVersion(), request);
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return copy;
  }

  /** Reads a request and answers it, the reply encoded. */
  Future<byte[]> serve(RequestId id, byte[] request) {
    return server.serve(id, read(request)).map(reply::encode);
  }

  /**
   * @throws IllegalArgumentException when the bytes are no such request
   */
  private Q read(byte[] request) {
    ByteBufferAccessor input = new ByteBufferAccessor(ByteBuffer.wrap(request));
    Q message = emptyRequest.get();
    try {
      message.read(input, input.readShort());
    } catch (RuntimeException e) {
      // Kafka's messages throw whatever comes when bytes are missing or too many are announced.
      throw new IllegalArgumentException("a forwarded request cannot be read: " + e, e);
    }
    return message;
  }
}
