package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Event;
import io.millrace.event.EventLog;
import io.millrace.quota.ConnectionCount.Limits;
import io.millrace.testkit.SetClock;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WebConnectionsTest {
  private static final int MORE_OF_ADDRESS = 100;
  private static final int MORE_FOR_REQUESTS = 1_000;

  private final SetClock clock = new SetClock(0);
  private final EventLog events = new EventLog(clock);
  private final List<EmbeddedChannel> opened = new ArrayList<>();

  @AfterEach
  void close() {
    opened.forEach(EmbeddedChannel::finishAndReleaseAll);
  }

  private EmbeddedChannel connect(WebConnections connections, String host) {
    EmbeddedChannel channel =
        new EmbeddedChannel() {
          @Override
          protected SocketAddress remoteAddress0() {
            return new InetSocketAddress(host, 5000);
          }
        };
    opened.add(channel);
    connections.take(channel);
    channel.runPendingTasks();
    return channel;
  }

  private List<String> told() {
    return events.after(0, 100).stream().map(Event::text).toList();
  }

  @Test
  void closesWhatIsBeyondALimitAndKeepsTheOthers() {
    WebConnections connections = new WebConnections(Limits.of(50, 2), clock, events);
    List<EmbeddedChannel> first = new ArrayList<>();
    for (int i = 0; i < 2 + MORE_OF_ADDRESS; i++) {
      first.add(connect(connections, "10.0.0.1"));
    }

    EmbeddedChannel further = connect(connections, "10.0.0.1");

    assertThat(further.isOpen()).isFalse();
    assertThat(first).allMatch(EmbeddedChannel::isOpen);
    assertThat(connect(connections, "10.0.0.2").isOpen()).isTrue();
    assertThat(told()).singleElement().asString().contains("max.connections.per.ip", "10.0.0.1");
  }

  @Test
  void whatEndsMakesRoom() {
    WebConnections connections = new WebConnections(Limits.of(0, 50), clock, events);
    List<EmbeddedChannel> first = new ArrayList<>();
    for (int i = 0; i < MORE_FOR_REQUESTS; i++) {
      first.add(connect(connections, "10.0." + i / 100 + ".1"));
    }
    assertThat(connect(connections, "10.1.0.1").isOpen()).isFalse();
    assertThat(connections.open()).isEqualTo(MORE_FOR_REQUESTS);

    first.get(0).close();

    assertThat(connect(connections, "10.1.0.1").isOpen()).isTrue();
    assertThat(connections.open()).isEqualTo(MORE_FOR_REQUESTS);
  }

  @Test
  void tellsOfManyOnceInAMinute() {
    WebConnections connections = new WebConnections(Limits.of(0, 0), clock, events);
    for (int i = 0; i < MORE_OF_ADDRESS + 10; i++) {
      connect(connections, "10.0.0.1");
    }
    assertThat(told()).hasSize(1);

    clock.pass(60_000);
    connect(connections, "10.0.0.1");

    assertThat(told()).hasSize(2);
  }

  @Test
  void otherLimitsHoldFromThenOn() {
    WebConnections connections = new WebConnections(Limits.NONE, clock, events);
    for (int i = 0; i < 2 * MORE_OF_ADDRESS; i++) {
      assertThat(connect(connections, "10.0.0.1").isOpen()).isTrue();
    }

    connections.change(Limits.of(10, 10));

    assertThat(opened).allMatch(EmbeddedChannel::isOpen);
    assertThat(connect(connections, "10.0.0.1").isOpen()).isFalse();
  }
}
