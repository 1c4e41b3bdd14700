package io.millrace.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.handler.RequestContext;
import io.millrace.quota.ConnectionCount;
import io.vertx.core.Future;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

class ListenersTest {
  private static final short V4 = 4;

  private final BlockingQueue<RequestContext> asked = new LinkedBlockingQueue<>();
  private final Stub<HeartbeatRequestData> heartbeat =
      new Stub<>(
          ApiKeys.HEARTBEAT,
          (context, request) -> {
            asked.add(context);
            return Future.succeededFuture(new HeartbeatResponseData());
          });

  private static NetworkSettings settings(int loops, NetworkSettings.Listener... listeners) {
    return new NetworkSettings(
        List.of(listeners), loops, 1 << 20, 16 << 20, -1, ConnectionCount.Limits.NONE, -1, -1, 50);
  }

  @Test
  void tellsHandlersByWhichListenerAndAddressTheyWereDialled() throws Exception {
    NetworkSettings.Listener inside = new NetworkSettings.Listener("INSIDE", "127.0.0.1", 0);
    NetworkSettings.Listener all = new NetworkSettings.Listener("ALL", "", 0);
    try (ServerFixture server =
            new ServerFixture(settings(1, inside, all), records -> null, heartbeat);
        WireClient one = new WireClient(server.server.port("INSIDE"));
        WireClient two = new WireClient(server.server.port("ALL"))) {
      one.call(new HeartbeatRequestData().setGroupId("g"), V4);
      two.call(new HeartbeatRequestData().setGroupId("g"), V4);

      RequestContext first = asked.take();
      assertThat(first.caller().listener()).isEqualTo("INSIDE");
      assertThat(first.caller().clientId()).isEqualTo("wire");
      assertThat(first.caller().host()).isEqualTo(InetAddress.getByName("127.0.0.1"));
      assertThat(first.dialled().getPort()).isEqualTo(server.server.port("INSIDE"));
      RequestContext second = asked.take();
      assertThat(second.caller().listener()).isEqualTo("ALL");
      assertThat(second.dialled().getAddress()).isEqualTo(InetAddress.getByName("127.0.0.1"));
      assertThat(second.connectionId()).isNotEqualTo(first.connectionId());
    }
  }

  @Test
  void closesWhatItOpenedWhenAPortIsTaken() throws Exception {
    NetworkSettings.Listener free = new NetworkSettings.Listener("FREE", "127.0.0.1", 0);
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      NetworkSettings.Listener clash =
          new NetworkSettings.Listener("CLASH", "127.0.0.1", taken.getLocalPort());
      for (int round = 0; round < 20; round++) {
        assertThatThrownBy(() -> new ServerFixture(settings(4, free, clash), records -> null))
            .hasRootCauseInstanceOf(BindException.class)
            .satisfies(fault -> assertThat(fault.getCause().getSuppressed()).isEmpty());
      }
    }
  }

  @Test
  void spreadsConnectionsOverTheLoopsOfOnePort() throws Exception {
    NetworkSettings.Listener inside = new NetworkSettings.Listener("PLAINTEXT", "127.0.0.1", 0);
    try (ServerFixture server = new ServerFixture(settings(2, inside), records -> null, heartbeat);
        WireClient one = server.connect();
        WireClient two = server.connect()) {
      one.call(new HeartbeatRequestData().setGroupId("g"), V4);
      two.call(new HeartbeatRequestData().setGroupId("g"), V4);
      assertThat(asked.take().loop()).isNotSameAs(asked.take().loop());
    }
  }
}
