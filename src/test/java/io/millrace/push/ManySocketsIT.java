package io.millrace.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.BrokerProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Five thousand sockets that tail one topic, and one that stops reading. */
@Tag("it")
class ManySocketsIT {
  private static final int SOCKETS = 5_000;
  private static final int BEFORE = 500;
  private static final String TOPIC = "watched";

  @TempDir Path home;

  @Test
  void idleSocketsTakeLittleAndEachGetsWhatIsProduced() throws Exception {
    int web = BrokerProcess.freePort();
    try (BrokerProcess broker = start(web)) {
      publish(broker, 0, 1);
      List<SocketChannel> open = new ArrayList<>();
      try {
        open(web, open, BEFORE);
        long before = residentBytes(broker.pid());
        open(web, open, SOCKETS);
        long each = (residentBytes(broker.pid()) - before) / (SOCKETS - BEFORE);
        System.out.println("an idle socket takes " + each + " bytes of resident memory");
        assertThat(each).isLessThan(28 * 1024);

        publish(broker, 1, 2);

        for (SocketChannel socket : open) {
          assertThat(readUntil(socket, "\"o\":1,")).contains("record 1");
        }
      } finally {
        for (SocketChannel socket : open) {
          socket.close();
        }
      }
    }
  }

  @Test
  void readerThatStopsCostsNoMemoryAndLaterMissesNothing() throws Exception {
    int web = BrokerProcess.freePort();
    int records = 200_000;
    try (BrokerProcess broker = start(web)) {
      publish(broker, 0, 1);
      List<SocketChannel> open = new ArrayList<>();
      open(web, open, 2);
      try (SocketChannel stopped = open.get(0);
          SocketChannel other = open.get(1)) {
        Thread reading = readAll(other, records);
        publish(broker, 1, 20_000);
        long before = residentBytes(broker.pid());
        publish(broker, 20_000, records);
        reading.join(Duration.ofSeconds(60).toMillis());

        assertThat(reading.isAlive()).as("the other reader still waits").isFalse();
        assertThat(residentBytes(broker.pid()) - before).isLessThan(100 << 20);
        assertThat(offsets(stopped, records)).isEqualTo(records);
      }
    }
  }

  private BrokerProcess start(int web) {
    BrokerProcess broker =
        BrokerProcess.start(
            home, Map.of("http.port", Integer.toString(web), "http.host", "127.0.0.1"));
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> answers(web));
    return broker;
  }

  private static boolean answers(int port) {
    try (SocketChannel probe = SocketChannel.open(new InetSocketAddress("127.0.0.1", port))) {
      return probe.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static void publish(BrokerProcess broker, int from, int to) {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", broker.bootstrap(), "linger.ms", 5, "acks", "all");
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      String filling = "x".repeat(180);
      for (int i = from; i < to; i++) {
        producer.send(new ProducerRecord<>(TOPIC, 0, null, "record " + i + " " + filling));
      }
    }
  }

  private static void open(int port, List<SocketChannel> open, int upTo) throws IOException {
    while (open.size() < upTo) {
      SocketChannel socket = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
      open.add(socket);
      String head =
          "GET /ws/v1/topics/"
              + TOPIC
              + "?from=earliest HTTP/1.1\r\nHost: 127.0.0.1:"
              + port
              + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
              + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
      socket.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
      assertThat(readUntil(socket, "\"o\":0,")).startsWith("HTTP/1.1 101");
    }
  }

  private static String readUntil(SocketChannel socket, String wanted) throws IOException {
    StringBuilder got = new StringBuilder();
    ByteBuffer buffer = ByteBuffer.allocate(4096);
    while (got.indexOf(wanted) < 0) {
      assertThat(socket.read(buffer.clear())).as("still open after: " + got).isPositive();
      got.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
    }
    return got.toString();
  }

  private static Thread readAll(SocketChannel socket, int records) {
    Thread thread =
        new Thread(
            () -> {
              try {
                offsets(socket, records);
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            },
            "reader");
    thread.start();
    return thread;
  }

  /** Reads every offset from 1 on, in order, up to {@code records}; returns where it came to. */
  private static int offsets(SocketChannel socket, int records) throws IOException {
    byte[] mark = "\"o\":".getBytes(StandardCharsets.US_ASCII);
    ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
    int next = 1;
    int matched = 0;
    int number = -1;
    while (next < records) {
      assertThat(socket.read(buffer.clear())).as("still open at offset " + next).isPositive();
      buffer.flip();
      while (buffer.hasRemaining()) {
        byte b = buffer.get();
        if (number >= 0 && b >= '0' && b <= '9') {
          number = number * 10 + b - '0';
        } else if (number >= 0) {
          assertThat(number).isEqualTo(next);
          next++;
          number = -1;
          matched = 0;
        } else {
          matched = b == mark[matched] ? matched + 1 : b == mark[0] ? 1 : 0;
          number = matched == mark.length ? 0 : -1;
        }
      }
    }
    return next;
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
