package io.millrace.cli.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a command looks for its cluster. */
class BootstrapTest {
  @TempDir private Path folder;

  @Test
  void localhostWhenNobodySaysAnything() {
    assertThat(Bootstrap.of(null, null, shell(Map.of())).servers()).isEqualTo("localhost:9092");
  }

  @Test
  void optionGoesBeforeFileAndFileBeforeEnvironment() throws IOException {
    Path file = Files.writeString(folder.resolve("c.properties"), "bootstrap.servers=file:1\n");
    Shell shell = shell(Map.of("MILLRACE_BOOTSTRAP", "mine:1", "KAFKA_BOOTSTRAP_SERVERS", "k:1"));

    assertThat(Bootstrap.of("option:1", file, shell).servers()).isEqualTo("option:1");
    assertThat(Bootstrap.of(null, file, shell).servers()).isEqualTo("file:1");
    assertThat(Bootstrap.of(null, null, shell).servers()).isEqualTo("mine:1");
    assertThat(Bootstrap.of(null, null, shell(Map.of("KAFKA_BOOTSTRAP_SERVERS", "k:1"))).servers())
        .isEqualTo("k:1");
  }

  @Test
  void missingPortIsTheUsualOne() {
    assertThat(Bootstrap.of("one, two:19092 ,[::1]", null, shell(Map.of())).servers())
        .isEqualTo("one:9092,two:19092,[::1]:9092");
  }

  @Test
  void refusesWhatIsNoAddress() {
    assertThatThrownBy(() -> Bootstrap.of("http://one:9092", null, shell(Map.of())))
        .isInstanceOf(ToolException.class)
        .hasMessage("'http://one:9092' is not an address: write HOST:PORT");
    assertThatThrownBy(() -> Bootstrap.of(" , ", null, shell(Map.of())))
        .hasMessage("--bootstrap-server needs an address: HOST:PORT");
  }

  @Test
  void saysWhichFileIsMissing() {
    Path missing = folder.resolve("missing.properties");
    assertThatThrownBy(() -> Bootstrap.of(null, missing, shell(Map.of())))
        .hasMessage("The file " + missing + " does not exist.");
  }

  @Test
  void settingsOfTheCommandGoBeforeThoseOfTheFile() {
    Bootstrap bootstrap = new Bootstrap("b:1", Map.of("client.id", "file", "linger.ms", "5"));

    assertThat(bootstrap.client(Map.of("client.id", "tool")))
        .containsEntry("client.id", "tool")
        .containsEntry("linger.ms", "5")
        .containsEntry("bootstrap.servers", "b:1");
  }

  @Test
  void knocksBeforeAClientTriesForAMinute() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
      new Bootstrap("127.0.0.1:" + port, Map.of()).checkReachable();
    }
    assertThatThrownBy(() -> new Bootstrap("127.0.0.1:" + port, Map.of()).checkReachable())
        .isInstanceOfSatisfying(
            ToolException.class,
            failure -> {
              assertThat(failure).hasMessageStartingWith("No broker answers at 127.0.0.1:" + port);
              assertThat(failure.exitCode()).isEqualTo(ToolException.NOT_REACHED);
              assertThat(failure.hint()).get().asString().contains("--bootstrap-server");
            });
  }

  private static Shell shell(Map<String, String> environment) {
    return new Shell(System.out, System.err, InputStream.nullInputStream(), environment, Set.of());
  }
}
