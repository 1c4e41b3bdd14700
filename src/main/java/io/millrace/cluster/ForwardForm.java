package io.millrace.cluster;

import io.millrace.metadata.RequestId;
import io.millrace.model.Caller;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

/**
 * How requests to the active controller travel between brokers. The first byte is the version of
 * the form, the second says what is asked.
 */
final class ForwardForm {
  static final byte VERSION = 1;

  /** Who are you, and do you decide? */
  static final byte HELLO = 0;

  /** Answer this. */
  static final byte REQUEST = 1;

  private static final int BYTES_MAX = 64 << 20;

  private ForwardForm() {}

  /**
   * A request.
   *
   * @param code number of its kind
   * @param body the encoded message
   */
  record Request(RequestId id, Caller caller, int code, byte[] body) {}

  /**
   * What became of it.
   *
   * @param index of the image that has what was decided; the asker waits for it
   * @param body the encoded reply; empty with an error
   */
  record Reply(Errors error, String message, long index, byte[] body) {}

  /**
   * Who a process is.
   *
   * @param heard whether the active controller answered it a moment ago; brokers that do not tell
   *     have not heard it
   */
  record Self(int brokerId, Uuid incarnation, boolean deciding, boolean heard) {}

  private interface Writer {
    void write(DataOutputStream out) throws IOException;
  }

  private interface Reader<T> {
    T read(DataInputStream in) throws IOException;
  }

  private static byte[] write(Writer writer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      writer.write(out);
    } catch (IOException impossible) {
      throw new IllegalStateException("writing to memory failed", impossible);
    }
    return bytes.toByteArray();
  }

  /**
   * @throws IllegalArgumentException when the bytes are none of ours
   */
  private static <T> T read(byte[] bytes, Reader<T> reader) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readByte();
      if (version != VERSION) {
        throw new IllegalArgumentException(
            "a request between brokers of form " + version + ", known is " + VERSION);
      }
      return reader.read(in);
    } catch (IOException e) {
      throw new IllegalArgumentException("a request between brokers ends in the middle", e);
    }
  }

  /** What is asked. */
  static byte what(byte[] request) {
    return read(request, DataInputStream::readByte);
  }

  static byte[] hello() {
    return write(out -> out.writeByte(HELLO));
  }

  static byte[] encode(Self self) {
    return write(
        out -> {
          out.writeInt(self.brokerId());
          uuid(out, self.incarnation());
          out.writeBoolean(self.deciding());
          out.writeBoolean(self.heard());
        });
  }

  static Self self(byte[] bytes) {
    return read(
        bytes,
        in ->
            new Self(
                in.readInt(), uuid(in), in.readBoolean(), in.available() > 0 && in.readBoolean()));
  }

  static byte[] encode(Request request) {
    return write(
        out -> {
          out.writeByte(REQUEST);
          out.writeInt(request.id().brokerId());
          uuid(out, request.id().incarnation());
          out.writeLong(request.id().number());
          text(out, request.caller().principal().getPrincipalType());
          text(out, request.caller().principal().getName());
          text(out, request.caller().clientId());
          bytes(out, request.caller().host().getAddress());
          text(out, request.caller().listener());
          out.writeInt(request.code());
          bytes(out, request.body());
        });
  }

  static Request request(byte[] bytes) {
    return read(
        bytes,
        in -> {
          in.readByte();
          RequestId id = new RequestId(in.readInt(), uuid(in), in.readLong());
          KafkaPrincipal principal = new KafkaPrincipal(text(in), text(in));
          Caller caller =
              new Caller(principal, text(in), InetAddress.getByAddress(bytes(in)), text(in));
          return new Request(id, caller, in.readInt(), bytes(in));
        });
  }

  static byte[] encode(Reply reply) {
    return write(
        out -> {
          out.writeShort(reply.error().code());
          text(out, reply.message());
          out.writeLong(reply.index());
          bytes(out, reply.body());
        });
  }

  static Reply reply(byte[] bytes) {
    return read(
        bytes, in -> new Reply(Errors.forCode(in.readShort()), text(in), in.readLong(), bytes(in)));
  }

  private static void uuid(DataOutputStream out, Uuid id) throws IOException {
    out.writeLong(id.getMostSignificantBits());
    out.writeLong(id.getLeastSignificantBits());
  }

  private static Uuid uuid(DataInputStream in) throws IOException {
    return new Uuid(in.readLong(), in.readLong());
  }

  private static void bytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] bytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > Math.min(BYTES_MAX, in.available())) {
      throw new IllegalArgumentException("a request between brokers has a part of " + length);
    }
    return in.readNBytes(length);
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    bytes(out, text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(bytes(in), StandardCharsets.UTF_8);
  }
}
