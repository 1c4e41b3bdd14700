package io.millrace.testkit.cluster;

import io.millrace.testkit.Launch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes a broker's settings and gives the command that starts it. Stateless. */
final class NodeCommand {
  private NodeCommand() {}

  /** The command of one broker of {@code all}; settings are written when there are none yet. */
  static List<String> of(NodePlace place, List<NodePlace> all, Map<String, String> settings) {
    try {
      Files.createDirectories(place.home());
      Path peer = Launch.peer();
      List<String> command = new ArrayList<>(place.prefix());
      command.addAll(
          peer == null ? millrace(place, all, settings) : kafka(peer, place, all, settings));
      return command;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> millrace(
      NodePlace place, List<NodePlace> all, Map<String, String> settings) throws IOException {
    Path file = place.home().resolve("server.properties");
    Files.writeString(
        file,
        """
        broker.id=%d
        listeners=PLAINTEXT://%s
        log.dirs=%s
        http.host=%s
        http.port=%d
        cluster.host=%s
        cluster.port=%d
        cluster.join=%s
        default.replication.factor=3
        min.insync.replicas=2
        %s
        """
            .formatted(
                place.id(),
                place.address(),
                place.home().resolve("data"),
                place.host(),
                place.webPort(),
                place.host(),
                place.peerPort(),
                all.stream()
                    .map(node -> node.host() + ":" + node.peerPort())
                    .collect(Collectors.joining(",")),
                Launch.lines(settings)));
    return millraceStart(file);
  }

  /** Starts Millrace of this class path with a file of settings. */
  static List<String> millraceStart(Path file) {
    List<String> more = new ArrayList<>();
    more.add("-XX:+HeapDumpOnOutOfMemoryError");
    more.add("-XX:HeapDumpPath=" + file.getParent());
    String options = System.getProperty("it.options", "");
    if (!options.isEmpty()) {
      more.addAll(List.of(options.split(" ")));
    }
    return Launch.millrace(
        System.getProperty("it.heap", "512m"), file, more.toArray(String[]::new));
  }

  private static List<String> kafka(
      Path peer, NodePlace place, List<NodePlace> all, Map<String, String> settings)
      throws IOException {
    if (!Files.exists(place.home().resolve("server.properties"))) {
      String voters =
          all.stream()
              .map(other -> other.id() + "@" + other.host() + ":" + other.peerPort())
              .collect(Collectors.joining(","));
      Launch.format(peer, place.home(), place.id(), place.port(), voters);
      Files.writeString(
          place.home().resolve("server.properties"),
          "\nlisteners=PLAINTEXT://%s,CONTROLLER://%s:%d\n%s\n"
              .formatted(place.address(), place.host(), place.peerPort(), Launch.lines(settings)),
          StandardOpenOption.APPEND);
    }
    return Launch.kafka(peer, place.home());
  }
}
