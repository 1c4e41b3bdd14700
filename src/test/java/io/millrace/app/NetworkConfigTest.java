package io.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.config.BrokerConfig;
import io.millrace.network.NetworkSettings;
import java.net.InetAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkConfigTest {
  private static NetworkSettings of(Map<String, String> written) {
    return NetworkConfig.of(BrokerConfig.of(written), 8);
  }

  @Test
  void leavesSocketBuffersToTheSystemUnlessTheyAreWritten() {
    assertThat(of(Map.of()).receiveBufferBytes()).isEqualTo(-1);
    assertThat(of(Map.of("socket.receive.buffer.bytes", "102400")).receiveBufferBytes())
        .isEqualTo(102_400);
  }

  @Test
  void takesNoMoreLoopsThanCores() {
    assertThat(NetworkConfig.of(BrokerConfig.DEFAULTS, 2).loops()).isEqualTo(2);
    assertThat(of(Map.of("num.network.threads", "5")).loops()).isEqualTo(5);
  }

  @Test
  void bindsRequestMemoryToDirectMemoryUnlessWritten() {
    assertThat(of(Map.of()).memoryBytes()).isBetween(8L << 20, 1L << 30);
    assertThat(of(Map.of("queued.max.request.bytes", "5000000")).memoryBytes())
        .isEqualTo(5_000_000);
  }

  @Test
  void readsConnectionLimitsOfAddresses() throws Exception {
    assertThat(
            of(Map.of("max.connections.per.ip.overrides", "127.0.0.1:3, ::1:4"))
                .connections()
                .overrides())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(InetAddress.getByName("127.0.0.1"), 3, InetAddress.getByName("::1"), 4));
  }

  @ParameterizedTest
  @CsvSource({
    "listeners, SSL://:9093, SSL",
    "listeners, OTHER://:9093, listener.security.protocol.map",
    "advertised.listeners, PLAINTEXT://0.0.0.0:9092, advertised.listeners",
    "max.connections.per.ip.overrides, [nowhere]:5, max.connections.per.ip.overrides",
  })
  void refusesWhatItCannotServeInOneSentence(String key, String value, String named) {
    assertThatThrownBy(() -> of(Map.of(key, value)))
        .isInstanceOf(StartException.class)
        .hasMessageContaining(named)
        .hasMessageEndingWith(".");
  }
}
