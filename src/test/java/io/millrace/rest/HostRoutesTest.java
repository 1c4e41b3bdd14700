package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.security.HostPolicy;
import io.millrace.security.OriginPolicy;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A page whose own name was made to point at the broker (DNS rebinding). */
class HostRoutesTest {
  private ServedRoutes served;
  private int port;

  @BeforeEach
  void open() throws Exception {
    served =
        new ServedRoutes(
            (router, loop) -> {
              new OriginRoutes(OriginPolicy.of(List.of())).mount(router, loop);
              new HostRoutes(HostPolicy.of(List.of(), List.of(), Set::of)).mount(router, loop);
            });
    port = served.port();
  }

  @AfterEach
  void close() throws Exception {
    served.close();
  }

  private String send(String method, String host, String more) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(10_000);
      String request =
          "%s /thing HTTP/1.1\r\nHost: %s:%d\r\n%sContent-Length: 0\r\nConnection: close\r\n\r\n"
              .formatted(method, host, port, more);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void neitherReadsNorChangesAnything() throws Exception {
    String origin = "Origin: http://evil.example:" + port + "\r\n";

    assertThat(send("GET", "evil.example", "")).startsWith("HTTP/1.1 421").contains("http.hosts");
    assertThat(send("DELETE", "evil.example", origin)).startsWith("HTTP/1.1 421");
    assertThat(send("OPTIONS", "evil.example", origin)).startsWith("HTTP/1.1 421");
  }

  @Test
  void pagesOfTheBrokerAreServedAsBefore() throws Exception {
    String origin = "Origin: http://localhost:" + port + "\r\n";

    assertThat(send("GET", "127.0.0.1", "")).endsWith("done");
    assertThat(send("DELETE", "localhost", origin)).endsWith("done");
  }
}
