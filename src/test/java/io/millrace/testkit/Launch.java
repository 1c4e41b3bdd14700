package io.millrace.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What every start of a broker's process needs, be it Millrace or its peer. Stateless. */
public final class Launch {
  private Launch() {}

  /** Folder of the peer harness whose Kafka stands in for Millrace; null: Millrace itself. */
  public static @Nullable Path peer() {
    String folder = System.getProperty("it.peer", "");
    return folder.isEmpty() ? null : Path.of(folder);
  }

  /**
   * Starts Millrace of this build, without the tests, with a file of settings.
   *
   * @param heap most of its heap, as {@code -Xmx} takes it
   * @param more more options of the JVM
   */
  public static List<String> millrace(String heap, Path file, String... more) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + heap);
    command.addAll(List.of(more));
    command.addAll(QuickClasses.options());
    command.addAll(List.of("io.millrace.cli.Main", "start", "--config", file.toString()));
    return command;
  }

  /** Starts Kafka of the peer harness over a folder that {@code kafka-node format} made. */
  public static List<String> kafka(Path peer, Path home) {
    return List.of("env", "HEAP=512m", peer.resolve("kafka-node").toString(), "run", "" + home);
  }

  /** Prepares a folder for {@link #kafka}. */
  public static void format(Path peer, Path home, int id, int port, String voters)
      throws IOException {
    run(peer.resolve("kafka-node").toString(), "format", "" + home, "" + id, "" + port, voters);
  }

  /** Settings as the lines of a file. */
  public static String lines(Map<String, String> settings) {
    return settings.entrySet().stream()
        .map(e -> e.getKey() + "=" + e.getValue())
        .collect(Collectors.joining("\n"));
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
