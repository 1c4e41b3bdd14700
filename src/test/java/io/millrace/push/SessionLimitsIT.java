package io.millrace.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ends a session besides its own wish, and what it is told. */
@Tag("it")
class SessionLimitsIT {
  @TempDir Path folder;

  @Test
  void brokerThatStopsSendsItsSessionsAway() throws Exception {
    PushBroker broker = new PushBroker(folder);
    broker.create("left", 1);
    try (SocketClient client = broker.open()) {
      client.send("{'op':'sub','id':1,'topics':['left'],'from':'latest'}");
      client.next("ok");

      broker.close();

      assertThat(client.next("goaway").getLong("afterMs")).isNotNegative();
      assertThat(client.closed().code()).isIn(1012, 4000);
    }
  }

  @Test
  void frameBeyondAMebibyteClosesWithMessageTooBig() throws Exception {
    try (PushBroker broker = new PushBroker(folder);
        SocketClient client = broker.open()) {
      client.send("{'op':'pub','id':1,'t':'any','v':'" + "x".repeat((1 << 20) + 1) + "'}");

      assertThat(client.closed().code()).isEqualTo(1009);
    }
  }

  @Test
  void oneFrameBeyondAMebibyteIsRefusedByItsHead() throws Exception {
    assertThat(closeCodeAfter(frameHead((1 << 20) + 1))).isEqualTo(1009);
  }

  @Test
  void frameOfNegativeLengthIsABadFrame() throws Exception {
    assertThat(closeCodeAfter(frameHead(-1))).isEqualTo(4500);
  }

  @Test
  void frameWithoutAMaskIsABadFrame() throws Exception {
    assertThat(closeCodeAfter(ByteBuffer.wrap(new byte[] {(byte) 0x81, 2, '{', '}'})))
        .isEqualTo(4500);
  }

  /** The head of a masked text frame that says how many bytes will follow. */
  private static ByteBuffer frameHead(long length) {
    return ByteBuffer.allocate(14)
        .put(new byte[] {(byte) 0x81, (byte) 0xff})
        .putLong(length)
        .clear();
  }

  private int closeCodeAfter(ByteBuffer sent) throws Exception {
    try (PushBroker broker = new PushBroker(folder);
        SocketChannel socket =
            SocketChannel.open(new InetSocketAddress("127.0.0.1", broker.port()))) {
      socket.write(
          ascii(
              "GET /ws/v1 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\n"
                  + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                  + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                  + "Sec-WebSocket-Protocol: millrace.v1.json\r\n\r\n"));
      assertThat(socket.read(ByteBuffer.allocate(4096))).isPositive();

      socket.write(sent);

      ByteBuffer close = ByteBuffer.allocate(1024);
      assertThat(socket.read(close)).isPositive();
      assertThat(close.get(0) & 0xff).as("a close frame").isEqualTo(0x88);
      return close.getShort(2);
    }
  }

  private static ByteBuffer ascii(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void aPageThatAsksWhetherTheBrokerIsThereIsTold() throws Exception {
    try (PushBroker broker = new PushBroker(folder);
        SocketClient client = broker.open()) {
      client.send("{'op':'ping','id':7}");

      assertThat(client.next("ok").getInteger("id")).isEqualTo(7);
    }
  }

  @Test
  void watchOfSomethingThatIsNoDocumentIsRefusedWithTheRefusalAlone() throws Exception {
    try (PushBroker broker = new PushBroker(folder);
        SocketClient client = broker.open()) {
      client.send("{'op':'watch','id':5,'path':'/api/v1/nothing'}");

      JsonObject answer = client.next();

      assertThat(answer.getString("op")).isEqualTo("err");
      assertThat(answer.getInteger("id")).isEqualTo(5);
      client.send("{'op':'unsub','id':6,'sub':9}");
      assertThat(client.next().getInteger("id")).as("nothing came between").isEqualTo(6);
    }
  }
}
