package io.millrace.cluster.peer;

import java.nio.ByteBuffer;
import org.apache.kafka.common.message.EnvelopeRequestData;

/**
 * How messages of our own travel in Kafka's Envelope (58, version 0): its data is the kind of the
 * message, one byte, and the message's body. Stateless.
 */
public final class Envelopes {
  /** Version of Envelope that is used. */
  public static final short VERSION = 0;

  private static final byte[] NO_HOST = {};

  private Envelopes() {}

  /** The envelope of a message. */
  public static EnvelopeRequestData wrap(int kind, byte[] body) {
    ByteBuffer data = ByteBuffer.allocate(1 + body.length).put((byte) kind).put(body).flip();
    return new EnvelopeRequestData().setRequestData(data).setClientHostAddress(NO_HOST);
  }

  /** Kind of the message in an envelope; -1 when it is empty. */
  public static int kind(EnvelopeRequestData envelope) {
    ByteBuffer data = envelope.requestData();
    return data.hasRemaining() ? data.get(data.position()) & 0xff : -1;
  }

  /** A copy of the body in an envelope that is not empty. */
  public static byte[] body(EnvelopeRequestData envelope) {
    return bytes(
        envelope.requestData().duplicate().position(envelope.requestData().position() + 1));
  }

  /** A copy of what remains of {@code data}. */
  static byte[] bytes(ByteBuffer data) {
    byte[] bytes = new byte[data.remaining()];
    data.duplicate().get(bytes);
    return bytes;
  }
}
