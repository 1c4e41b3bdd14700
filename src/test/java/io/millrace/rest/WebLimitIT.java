package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.app.Broker;
import io.millrace.app.StartOptions;
import io.millrace.config.BrokerConfig;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections of the web door, of which one address may have few. */
@Tag("it")
class WebLimitIT {
  /** Two that may be sockets, and those for requests. */
  private static final int MAX = 2 + 100;

  private static final String ASK = "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n";

  private final List<Socket> open = new ArrayList<>();
  private Broker broker;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    Map<String, String> settings =
        Map.of(
            "listeners", "PLAINTEXT://127.0.0.1:0",
            "http.host", "127.0.0.1",
            "http.port", "0",
            "max.connections.per.ip", "2",
            "log.dirs", folder.toString());
    broker =
        Broker.start(BrokerConfig.of(settings), StartOptions.PLAIN).await(30, TimeUnit.SECONDS);
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> broker.webPort() > 0);
  }

  @AfterEach
  void stop() throws Exception {
    for (Socket socket : open) {
      socket.close();
    }
    broker.stop().await(20, TimeUnit.SECONDS);
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket("127.0.0.1", broker.webPort());
    socket.setSoTimeout(10_000);
    open.add(socket);
    return socket;
  }

  /** Whether the broker answers on a connection; false when it has closed it. */
  private static boolean answers(Socket socket) {
    try {
      socket.getOutputStream().write(ASK.getBytes(StandardCharsets.US_ASCII));
      byte[] answer = new byte[4096];
      int length = socket.getInputStream().read(answer);
      return length > 0
          && new String(answer, 0, length, StandardCharsets.US_ASCII).startsWith("HTTP/1.1 200");
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void oneBeyondTheLimitIsClosedAndTheOthersAreServed() throws Exception {
    List<Socket> first = new ArrayList<>();
    for (int i = 0; i < MAX; i++) {
      first.add(connect());
      assertThat(answers(first.get(i))).as("connection %d", i).isTrue();
    }

    assertThat(answers(connect())).isFalse();

    assertThat(first).allMatch(WebLimitIT::answers);
    first.get(0).close();
    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> answers(connect()));
  }

  @Test
  void anotherLimitHoldsAtOnce() throws Exception {
    for (int i = 0; i < MAX; i++) {
      assertThat(answers(connect())).isTrue();
    }
    AlterConfigOp four =
        new AlterConfigOp(new ConfigEntry("max.connections.per.ip", "4"), AlterConfigOp.OpType.SET);
    ConfigResource brokers = new ConfigResource(ConfigResource.Type.BROKER, "");
    String address = "127.0.0.1:" + broker.port("PLAINTEXT");
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
      // It needs the two connections that its door allows.
      admin.incrementalAlterConfigs(Map.of(brokers, List.of(four))).all().get(20, TimeUnit.SECONDS);
    }

    assertThat(answers(connect())).isTrue();
    assertThat(answers(connect())).isTrue();
    assertThat(answers(connect())).isFalse();
  }
}
