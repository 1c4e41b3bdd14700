package io.millrace.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** How a broker is started over a folder: the command line, with the settings written. */
interface BrokerCommand {

  /** The command line of one start. */
  List<String> line(String... moreArguments);

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
    Path peer = Launch.peer();
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
            .formatted(port, proxiedPort, port, advertisedPort, Launch.lines(settings)));
    List<String> base = Launch.millrace(heap, file);
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
    Path file = home.resolve("server.properties");
    if (!Files.exists(file)) {
      int controller = port + 1000;
      Launch.format(peer, home, 1, port, "1@127.0.0.1:" + controller);
      Files.writeString(
          file,
          """

          listeners=PLAINTEXT://127.0.0.1:%d,PROXIED://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d
          advertised.listeners=PLAINTEXT://127.0.0.1:%d,PROXIED://127.0.0.1:%d
          listener.security.protocol.map=PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT
          %s
          """
              .formatted(
                  port, proxiedPort, controller, port, advertisedPort, Launch.lines(settings)),
          StandardOpenOption.APPEND);
    }
    return more -> Launch.kafka(peer, home);
  }
}
