package io.millrace.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pages of whom the web door serves. */
class OriginPolicyTest {
  private final OriginPolicy own = OriginPolicy.of(List.of());
  private final OriginPolicy listed =
      OriginPolicy.of(List.of("https://shop.example", "http://dev.example:3000/"));

  @ParameterizedTest
  @CsvSource({
    "http://localhost:8080, localhost:8080",
    "http://LOCALHOST:8080, localhost:8080",
    "https://console.example, console.example",
    "https://console.example, console.example:443",
    "http://console.example, console.example:80",
    "http://[::1]:8080, [::1]:8080",
  })
  void allowsThePagesThatTheBrokerServed(String origin, String host) {
    assertThat(own.allows(origin, host)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "http://evil.example, localhost:8080",
    "http://localhost:8081, localhost:8080",
    "http://localhost:8080.evil.example, localhost:8080",
    "http://evil.example/localhost:8080, localhost:8080",
    "https://localhost, localhost:80",
    "file://localhost:8080, localhost:8080",
    "null, localhost:8080",
    "localhost:8080, localhost:8080",
    "'', localhost:8080",
  })
  void refusesAllOtherPages(String origin, String host) {
    assertThat(own.allows(origin, host)).isFalse();
  }

  @Test
  void allowsProgramsWhichSayNoOrigin() {
    assertThat(own.allows(null, "localhost:8080")).isTrue();
    assertThat(own.allows("POST", null, null)).isTrue();
  }

  @Test
  void refusesAPageThatTalksToAnUnnamedHost() {
    assertThat(own.allows("http://localhost:8080", null)).isFalse();
  }

  @Test
  void allowsTheOriginsThatAreListed() {
    assertThat(listed.allows("https://shop.example", "localhost:8080")).isTrue();
    assertThat(listed.allows("https://SHOP.example:443", "localhost:8080")).isTrue();
    assertThat(listed.allows("http://dev.example:3000", "localhost:8080")).isTrue();
    assertThat(listed.allows("http://shop.example", "localhost:8080")).isFalse();
    assertThat(listed.allows("https://shop.example.evil", "localhost:8080")).isFalse();
  }

  @Test
  void allowsAllWhenAStarIsListed() {
    OriginPolicy any = OriginPolicy.of(List.of("*"));

    assertThat(any.allows("https://anywhere.example", "localhost:8080")).isTrue();
    assertThat(any.allows("null", "localhost:8080")).isTrue();
  }

  @Test
  void letsForeignPagesAskForWhatTheyCannotReadAndChangeNothing() {
    String foreign = "https://evil.example";

    assertThat(own.allows("GET", foreign, "localhost:8080")).isTrue();
    for (String unsafe : List.of("POST", "PUT", "PATCH", "DELETE")) {
      assertThat(own.allows(unsafe, foreign, "localhost:8080")).as(unsafe).isFalse();
    }
    assertThat(own.isListed(foreign)).isFalse();
  }
}
