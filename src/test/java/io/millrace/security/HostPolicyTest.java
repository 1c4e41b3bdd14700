package io.millrace.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Under which names a browser may dial the web door. */
class HostPolicyTest {
  private final HostPolicy policy =
      HostPolicy.of(
          List.of("broker.shop.example"),
          List.of("https://www.shop.example:8443"),
          () -> Set.of("box.corp.example"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1:8080",
        "192.168.7.9",
        "[::1]:8080",
        "[fe80::1]",
        "localhost:8080",
        "LOCALHOST",
        "app.localhost:8080",
        "millrace:8080",
        "box:8080",
        "box.local:8080",
        "millrace.default.svc.cluster.local:8080",
        "millrace.default.svc",
        "box.corp.example:8080",
        "BOX.corp.example.",
        "broker.shop.example",
        "www.shop.example"
      })
  void servesAddressesNamesThatNobodyCanBuyAndThoseThatItIsKnownBy(String host) {
    assertThat(policy.serves(host)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example:8080",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "box.corp.example.evil.example:8080",
        "shop.example",
        "evil.example.:8080",
        "[evil.example",
        "::1.evil.example"
      })
  void refusesNamesThatAnybodyCanPointAtIt(String host) {
    assertThat(policy.serves(host)).isFalse();
  }

  @Test
  void servesAProgramThatNamesNoHost() {
    assertThat(policy.serves(null)).isTrue();
  }

  @Test
  void aStarEndsTheCheck() {
    assertThat(HostPolicy.of(List.of("*"), List.of(), Set::of).serves("evil.example")).isTrue();
    assertThat(HostPolicy.of(List.of(), List.of("*"), Set::of).serves("evil.example")).isTrue();
  }
}
