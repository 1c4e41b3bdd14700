package io.millrace.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.BrokerProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ten thousand connections to one broker, each of which has said hello. */
@Tag("it")
class ManyConnectionsIT {
  private static final int CONNECTIONS = 10_000;
  private static final byte[] HELLO =
      WireClient.frame(
          new ApiVersionsRequestData().setClientSoftwareName("m").setClientSoftwareVersion("1"),
          (short) 3,
          1);

  @TempDir Path home;

  @Test
  void servesTenThousandConnectionsAtOnce() throws Exception {
    try (BrokerProcess broker = BrokerProcess.start(home)) {
      int port = Integer.parseInt(broker.bootstrap().split(":")[1]);
      List<SocketChannel> open = new ArrayList<>();
      try {
        hello(port, open, 1000);
        long before = residentBytes(broker.pid());
        hello(port, open, CONNECTIONS);
        long each = (residentBytes(broker.pid()) - before) / (CONNECTIONS - 1000);
        System.out.println("an idle connection takes " + each + " bytes of resident memory");
        assertThat(each).isLessThan(28 * 1024);
        for (int i = 0; i < CONNECTIONS; i += 500) {
          greet(open.get(i));
        }
      } finally {
        for (SocketChannel one : open) {
          one.close();
        }
      }
      try (WireClient last = new WireClient(port)) {
        last.send(HELLO);
        last.receive(ApiKeys.API_VERSIONS, (short) 3, 1);
      }
    }
  }

  private static void hello(int port, List<SocketChannel> open, int upTo) throws IOException {
    while (open.size() < upTo) {
      SocketChannel one = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
      open.add(one);
      greet(one);
    }
  }

  private static void greet(SocketChannel connection) throws IOException {
    connection.write(ByteBuffer.wrap(HELLO));
    ByteBuffer size = ByteBuffer.allocate(4);
    readFully(connection, size);
    readFully(connection, ByteBuffer.allocate(size.getInt(0)));
  }

  private static void readFully(SocketChannel connection, ByteBuffer into) throws IOException {
    while (into.hasRemaining()) {
      assertThat(connection.read(into)).isPositive();
    }
  }

  private static long residentBytes(long pid) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
      }
    }
    throw new AssertionError("no VmRSS");
  }
}
