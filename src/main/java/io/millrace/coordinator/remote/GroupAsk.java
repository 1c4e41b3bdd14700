package io.millrace.coordinator.remote;

import io.millrace.model.Caller;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

/**
 * A request to a coordinator on behalf of somebody who is connected to another broker. Its form:
 * version byte 1; type and name of the principal, client id, listener; address of the caller as a
 * length byte and so many bytes; id of the asking broker; kind byte; version of the API; Kafka's
 * message. Immutable.
 *
 * @param caller who asks
 * @param node id of the broker that the caller is connected to
 * @param kind what is asked
 * @param version version of Kafka's API that the message is written in
 * @param message Kafka's message
 */
record GroupAsk(Caller caller, int node, Kind kind, short version, ByteBuffer message) {
  private static final byte FORM = 1;

  /** What is asked. The order is that of the bytes on the wire. */
  enum Kind {
    JOIN,
    SYNC,
    HEARTBEAT,
    LEAVE,
    COMMIT,
    FETCH,
    COMMITTED,
    DELETE_OFFSETS,
    DELETE
  }

  static ByteBuffer bytes(ApiMessage message, short version) {
    return MessageUtil.toByteBufferAccessor(message, version).buffer();
  }

  /** Reads the message. */
  ByteBufferAccessor reader() {
    return new ByteBufferAccessor(message.duplicate());
  }

  byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256 + message.remaining());
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORM);
      out.writeUTF(caller.principal().getPrincipalType());
      out.writeUTF(caller.principal().getName());
      out.writeUTF(caller.clientId());
      out.writeUTF(caller.listener());
      byte[] host = caller.host().getAddress();
      out.writeByte(host.length);
      out.write(host);
      out.writeInt(node);
      out.writeByte(kind.ordinal());
      out.writeShort(version);
      byte[] body = new byte[message.remaining()];
      message.duplicate().get(body);
      out.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads a request.
   *
   * @throws IllegalArgumentException when it has another form
   */
  static GroupAsk decode(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      byte form = in.readByte();
      if (form != FORM) {
        throw new IllegalArgumentException("a request to a group has the unknown form " + form);
      }
      KafkaPrincipal principal = new KafkaPrincipal(in.readUTF(), in.readUTF());
      String clientId = in.readUTF();
      String listener = in.readUTF();
      byte[] host = in.readNBytes(in.readUnsignedByte());
      int node = in.readInt();
      int kind = in.readUnsignedByte();
      if (kind >= Kind.values().length) {
        throw new IllegalArgumentException("a request to a group is of the unknown kind " + kind);
      }
      short version = in.readShort();
      return new GroupAsk(
          new Caller(principal, clientId, InetAddress.getByAddress(host), listener),
          node,
          Kind.values()[kind],
          version,
          ByteBuffer.wrap(in.readAllBytes()));
    } catch (IOException e) {
      throw new IllegalArgumentException("a request to a group is cut off", e);
    }
  }
}
