package io.millrace.testkit.cluster;

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

/** Writes a broker's settings and gives the command that starts it. Stateless. */
final class NodeCommand {
  private NodeCommand() {}

  /** Folder of the peer harness whose Kafka stands in for Millrace; null: Millrace itself. */
  static @Nullable Path peer() {
    String folder = System.getProperty("it.peer", "");
    return folder.isEmpty() ? null : Path.of(folder);
  }

  /** The command of one broker of {@code all}; settings are written when there are none yet. */
  static List<String> of(NodePlace place, List<NodePlace> all, Map<String, String> settings) {
    try {
      Files.createDirectories(place.home());
      Path peer = peer();
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
                lines(settings)));
    return millraceStart(file);
  }

  /** Starts Millrace of this class path with a file of settings. */
  static List<String> millraceStart(Path file) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx" + System.getProperty("it.heap", "512m"),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+HeapDumpOnOutOfMemoryError",
            "-XX:HeapDumpPath=" + file.getParent()));
    String more = System.getProperty("it.options", "");
    if (!more.isEmpty()) {
      command.addAll(List.of(more.split(" ")));
    }
    command.addAll(
        List.of(
            "-cp", mainClassPath(), "io.millrace.cli.Main", "start", "--config", file.toString()));
    return command;
  }

  private static List<String> kafka(
      Path peer, NodePlace place, List<NodePlace> all, Map<String, String> settings)
      throws IOException {
    String node = peer.resolve("kafka-node").toString();
    if (!Files.exists(place.home().resolve("server.properties"))) {
      String voters =
          all.stream()
              .map(other -> other.id() + "@" + other.host() + ":" + other.peerPort())
              .collect(Collectors.joining(","));
      run(node, "format", place.home().toString(), "" + place.id(), "" + place.port(), voters);
      Files.writeString(
          place.home().resolve("server.properties"),
          "\nlisteners=PLAINTEXT://%s,CONTROLLER://%s:%d\n%s\n"
              .formatted(place.address(), place.host(), place.peerPort(), lines(settings)),
          StandardOpenOption.APPEND);
    }
    return List.of("env", "HEAP=512m", node, "run", place.home().toString());
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
