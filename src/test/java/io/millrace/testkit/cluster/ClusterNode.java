package io.millrace.testkit.cluster;

import io.millrace.testkit.ApiVersionsProbe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One broker of a cluster, in a process of its own, over a folder that it outlives.
 *
 * <p>Confined to: the test's thread.
 */
public final class ClusterNode implements AutoCloseable {
  private static final int STOP_SECONDS_MAX = 90;

  private final NodePlace place;
  private final List<String> command;
  private @Nullable Process process;

  ClusterNode(NodePlace place, List<String> command) {
    this.place = place;
    this.command = command;
  }

  /** Its broker id. */
  public int id() {
    return place.id();
  }

  /** Address that clients dial. */
  public String address() {
    return place.address();
  }

  /** Address of its web door. */
  public String webAddress() {
    return place.host() + ":" + place.webPort();
  }

  /** Its folder of settings, data and output. */
  public Path home() {
    return place.home();
  }

  /** Its peer port. */
  public int peerPort() {
    return place.peerPort();
  }

  /** Where it keeps its partitions. */
  public Path data() {
    return place.home().resolve("data");
  }

  /** Starts the process, with more words at the end; it is not waited for. */
  public void start(String... more) {
    List<String> line = new ArrayList<>(command);
    line.addAll(List.of(more));
    try {
      Process started =
          new ProcessBuilder(line)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(console().toFile()))
              .start();
      process = started;
      Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the process printed. */
  public Path console() {
    return place.home().resolveSibling("console-" + place.id() + ".txt");
  }

  /**
   * Whether it answers clients.
   *
   * @throws IllegalStateException with its last words, when it has ended
   */
  public boolean answers() {
    if (!isRunning()) {
      throw new IllegalStateException("broker " + id() + " ended: " + lastWords());
    }
    return ApiVersionsProbe.answers(place.host(), place.port());
  }

  /** Whether its process runs, frozen or not. */
  public boolean isRunning() {
    return process != null && process.isAlive();
  }

  /** Process id of the running broker. */
  public long pid() {
    return running().pid();
  }

  /** Ends the process at once, as {@code kill -9} does. */
  public void kill() {
    running().destroyForcibly();
    awaitEnd();
  }

  /** Asks the process to end, and waits. */
  public void stop() {
    running().destroy();
    awaitEnd();
  }

  /** Sends a signal by name, for example {@code STOP} and {@code CONT}. */
  public void signal(String name) {
    Commands.run("kill", "-" + name, Long.toString(pid()));
  }

  /** Ends the process when it runs. */
  @Override
  public void close() {
    if (isRunning()) {
      running().destroyForcibly();
      awaitEnd();
    }
  }

  private Process running() {
    if (process == null) {
      throw new IllegalStateException("broker " + id() + " was not started");
    }
    return process;
  }

  private void awaitEnd() {
    try {
      if (!running().waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
        running().destroyForcibly();
        throw new IllegalStateException(
            "broker " + id() + " did not end within " + STOP_SECONDS_MAX + " s");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private String lastWords() {
    try {
      List<String> said = Files.readAllLines(console());
      return String.join("\n", said.subList(Math.max(0, said.size() - 15), said.size()));
    } catch (IOException e) {
      return "it left no words: " + e.getMessage();
    }
  }
}
