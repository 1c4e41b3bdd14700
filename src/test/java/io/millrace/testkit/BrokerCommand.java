package io.millrace.testkit;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How a broker is started over a folder: the command line, with the settings written. */
interface BrokerCommand {

  /** The command line of one start. */
  List<String> line(String... moreArguments);

  /** Folder of the peer harness whose Kafka stands in for Millrace; null: Millrace itself. */
  static @Nullable Path peer() {
    String folder = System.getProperty("it.peer", "");
    return folder.isEmpty() ? null : Path.of(folder);
  }

  /** Writes the settings below {@code home} and gives the command of the broker under test. */
  static BrokerCommand chosen(
      String heap,
      Path home,
      int port,
      int proxiedPort,
      int advertisedPort,
      Map<String, String> settings)
      throws IOException {
    Files.createDirectories(home);
    Path peer = peer();
    return peer == null
        ? millrace(heap, home, port, proxiedPort, advertisedPort, settings)
        : kafka(peer, home, port, proxiedPort, advertisedPort, settings);
  }

  private static BrokerCommand millrace(
      String heap,
      Path home,
      int port,
      int proxiedPort,
      int advertisedPort,
      Map<String, String> settings)
      throws IOException {
    Path file = home.resolve("server.properties");
    Files.writeString(
        file,
        """
        listeners=PLAINTEXT://127.0.0.1:%d,PROXIED://127.0.0.1:%d
        advertised.listeners=PLAINTEXT://127.0.0.1:%d,PROXIED://127.0.0.1:%d
        listener.security.protocol.map=PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT
        %s
        """
            .formatted(port, proxiedPort, port, advertisedPort, lines(settings)));
    List<String> base =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx" + heap,
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            mainClassPath(),
            "io.millrace.cli.Main",
            "start",
            "--config",
            file.toString());
    return more -> {
      List<String> line = new ArrayList<>(base);
      line.addAll(Arrays.asList(more));
      return line;
    };
  }

  private static BrokerCommand kafka(
      Path peer,
      Path home,
      int port,
      int proxiedPort,
      int advertisedPort,
      Map<String, String> settings)
      throws IOException {
    String node = peer.resolve("kafka-node").toString();
    Path file = home.resolve("server.properties");
    if (!Files.exists(file)) {
      int controller = port + 1000;
      run(node, "format", home.toString(), "1", "" + port, "1@127.0.0.1:" + controller);
      Files.writeString(
          file,
          """

          listeners=PLAINTEXT://127.0.0.1:%d,PROXIED://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d
          advertised.listeners=PLAINTEXT://127.0.0.1:%d,PROXIED://127.0.0.1:%d
          listener.security.protocol.map=PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT
          %s
          """
              .formatted(port, proxiedPort, controller, port, advertisedPort, lines(settings)),
          StandardOpenOption.APPEND);
    }
    return more -> List.of("env", "HEAP=512m", node, "run", home.toString());
  }

  private static String lines(Map<String, String> settings) {
    return settings.entrySet().stream()
        .map(e -> e.getKey() + "=" + e.getValue())
        .collect(Collectors.joining("\n"));
  }

  /** This build's class path without the tests. */
  private static String mainClassPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.contains("test-classes"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static void run(String... command) throws IOException {
    try {
      if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
        throw new IOException("failed: " + String.join(" ", command));
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
