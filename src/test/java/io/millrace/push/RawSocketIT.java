package io.millrace.push;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A WebSocket byte for byte (RFC 6455), as no browser would speak it. */
@Tag("it")
class RawSocketIT {
  private static final int CONTINUATION = 0x0;
  private static final int TEXT = 0x1;
  private static final int CLOSE = 0x8;
  private static final int PING = 0x9;
  private static final int PONG = 0xa;
  private static final int WAIT_MS = 15_000;

  @TempDir static Path folder;
  private static PushBroker broker;

  @BeforeAll
  static void start() throws Exception {
    broker = new PushBroker(folder);
    broker.create("t", 1);
  }

  @AfterAll
  static void stop() throws Exception {
    broker.close();
  }

  private record Frame(int kind, byte[] payload) {
    String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    int code() {
      return ByteBuffer.wrap(payload).getShort();
    }
  }

  /** A connection whose frames are written and read by hand. */
  private static final class Raw implements AutoCloseable {
    private final Socket socket;
    private final OutputStream out;
    private final DataInputStream in;

    Raw() throws IOException {
      socket = new Socket("127.0.0.1", broker.port());
      socket.setSoTimeout(WAIT_MS);
      out = socket.getOutputStream();
      in = new DataInputStream(socket.getInputStream());
    }

    static Raw open() throws IOException {
      Raw raw = new Raw();
      assertThat(raw.shake("Sec-WebSocket-Version: 13\r\n")).startsWith("HTTP/1.1 101");
      return raw;
    }

    /** The head of the answer to a handshake with more headers. */
    String shake(String headers) throws IOException {
      out.write(
          ("GET /ws/v1 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\n"
                  + "Upgrade: websocket\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                  + "Sec-WebSocket-Protocol: millrace.v1.json\r\n"
                  + headers
                  + "\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        head.append((char) in.readUnsignedByte());
      }
      return head.toString();
    }

    /** Bytes of a masked frame, with a mask that changes nothing. */
    static byte[] frame(boolean last, int kind, byte[] payload) {
      ByteBuffer frame = ByteBuffer.allocate(payload.length + 14);
      frame.put((byte) ((last ? 0x80 : 0) | kind));
      if (payload.length < 126) {
        frame.put((byte) (0x80 | payload.length));
      } else if (payload.length < 1 << 16) {
        frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
      } else {
        frame.put((byte) (0x80 | 127)).putLong(payload.length);
      }
      frame.putInt(0).put(payload);
      return Arrays.copyOf(frame.array(), frame.position());
    }

    void send(boolean last, int kind, byte[] payload) throws IOException {
      out.write(frame(last, kind, payload));
    }

    void send(boolean last, int kind, String payload) throws IOException {
      send(last, kind, payload.getBytes(StandardCharsets.UTF_8));
    }

    Frame next() throws IOException {
      int kind = in.readUnsignedByte() & 0x0f;
      int length = in.readUnsignedByte();
      if (length == 126) {
        length = in.readUnsignedShort();
      } else if (length == 127) {
        length = (int) in.readLong();
      }
      byte[] payload = new byte[length];
      in.readFully(payload);
      return new Frame(kind, payload);
    }

    /** Whether the other side ends the connection, without another byte. */
    boolean ends() throws IOException {
      return in.read() < 0;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static byte[] code(int code) {
    return ByteBuffer.allocate(2).putShort((short) code).array();
  }

  @Test
  void aMessageInManyFramesIsOneWithPingsBetweenThem() throws Exception {
    try (Raw raw = Raw.open()) {
      raw.send(false, TEXT, "{\"op\":\"pub\",\"id\":1,");
      raw.send(false, CONTINUATION, "");
      raw.send(true, PING, "still there?");
      raw.send(true, CONTINUATION, "\"t\":\"t\",\"v\":\"in parts\"}");

      Frame pong = raw.next();
      assertThat(pong.kind()).isEqualTo(PONG);
      assertThat(pong.text()).isEqualTo("still there?");
      Frame answer = raw.next();
      assertThat(answer.kind()).isEqualTo(TEXT);
      assertThat(answer.text()).contains("\"op\":\"ok\"").contains("\"id\":1");
    }
  }

  @Test
  void aMessageInManyFramesHasAMebibyteInAll() throws Exception {
    try (Raw raw = Raw.open()) {
      byte[] part = new byte[600_000];
      Arrays.fill(part, (byte) ' ');
      raw.send(false, TEXT, part);
      raw.send(true, CONTINUATION, part);

      Frame close = raw.next();
      assertThat(close.kind()).isEqualTo(CLOSE);
      assertThat(close.code()).isEqualTo(1009);
    }
  }

  @Test
  void aPartThatContinuesNothingIsABadFrame() throws Exception {
    try (Raw raw = Raw.open()) {
      raw.send(true, CONTINUATION, "{}");

      assertThat(raw.next().code()).isEqualTo(4500);
    }
  }

  @Test
  void textThatIsNotUtf8IsABadFrame() throws Exception {
    try (Raw raw = Raw.open()) {
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      text.writeBytes("{\"op\":\"pub\",\"t\":\"t\",\"v\":\"".getBytes(StandardCharsets.UTF_8));
      text.write(0xc3);
      text.writeBytes("\"}".getBytes(StandardCharsets.UTF_8));
      raw.send(true, TEXT, text.toByteArray());

      assertThat(raw.next().code()).isEqualTo(4500);
    }
  }

  @Test
  void aCloseIsAnsweredWithItsCodeAndEndsTheConnection() throws Exception {
    try (Raw raw = Raw.open()) {
      raw.send(true, CLOSE, code(1001));

      Frame close = raw.next();
      assertThat(close.kind()).isEqualTo(CLOSE);
      assertThat(close.code()).isEqualTo(1001);
      assertThat(raw.ends()).isTrue();
    }
  }

  @Test
  void whoAnswersACloseIsNotKeptWaiting() throws Exception {
    try (Raw raw = Raw.open()) {
      raw.send(true, TEXT, "no object");
      assertThat(raw.next().code()).isEqualTo(4500);

      raw.send(true, CLOSE, code(4500));

      assertThat(raw.ends()).isTrue();
    }
  }

  @Test
  void whatIsBehindAFrameThatIsTooLargeDoesNotHideTheReason() throws Exception {
    try (Raw raw = Raw.open()) {
      raw.send(true, TEXT, new byte[8 << 20]);

      assertThat(raw.next().code()).isEqualTo(1009);
    }
  }

  @Test
  void draftsOfTheProtocolAreTurnedAwayWithTheVersionThatIsSpoken() throws Exception {
    for (String version : new String[] {"", "Sec-WebSocket-Version: 8\r\n"}) {
      try (Raw raw = new Raw()) {
        assertThat(raw.shake(version).toLowerCase())
            .startsWith("http/1.1 426")
            .contains("sec-websocket-version: 13");
      }
    }
  }
}
