package io.millrace.cli;

import io.millrace.app.Broker;
import io.millrace.app.StartOptions;
import io.millrace.config.BrokerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Lives through a cluster of three brokers in one process, a replicated record and a member's
 * restart, so that the JVM can keep the classes of that on top of those of {@link Rehearsal}. Run
 * by {@code bin/millrace} once per build. Confined to: the main thread.
 */
public final class MemberRehearsal {
  private static final int BROKERS = 3;
  private static final int SECONDS_MAX = 15;
  private static final int ATTEMPTS = 100;
  private static final int PAUSE_MS = 100;
  private static final String TOPIC = "rehearsal";

  private final Path folder;
  private final int namePort;
  private final List<BrokerConfig> configs = new ArrayList<>();

  private MemberRehearsal(Path folder) throws IOException {
    this.folder = folder;
    this.namePort = Rehearsal.freePort();
    for (int id = 0; id < BROKERS; id++) {
      configs.add(config(id));
    }
  }

  /**
   * Runs it. A failure is only told: what was loaded until then is worth keeping.
   *
   * @param arguments an empty folder
   */
  public static void main(String[] arguments) {
    LogSetup.toConsole();
    try {
      new MemberRehearsal(Path.of(arguments[0])).live();
    } catch (Exception e) {
      System.err.println("the rehearsal ended early: " + e);
    }
    System.exit(0);
  }

  private BrokerConfig config(int id) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve(id + ".properties"),
            Rehearsal.settings(
                folder.resolve("data" + id), id, Rehearsal.freePort(), namePort, -1));
    return new ConfigLoader(Optional.of(file), Map.of(), Map.of(), folder).load().config();
  }

  private void live() throws TimeoutException, InterruptedException {
    List<Broker> brokers = new ArrayList<>();
    for (BrokerConfig config : configs) {
      brokers.add(start(config));
    }
    String bootstrap = "127.0.0.1:" + brokers.get(0).port("PLAINTEXT");
    createTopic(bootstrap);
    Rehearsal.useBroker(bootstrap);
    brokers.get(BROKERS - 1).stop().await(SECONDS_MAX, TimeUnit.SECONDS);
    brokers.set(BROKERS - 1, start(configs.get(BROKERS - 1)));
    Rehearsal.useBroker(bootstrap);
  }

  /** The last broker takes replicas a moment after its start: until then none can be made. */
  private static void createTopic(String bootstrap) throws InterruptedException {
    String[] create = {
      "topics",
      "create",
      TOPIC,
      "--partitions",
      "3",
      "--replicas",
      "3",
      "--bootstrap-server",
      bootstrap
    };
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (ToolCommands.run(create).filter(code -> code == 0).isPresent()) {
        return;
      }
      Thread.sleep(PAUSE_MS);
    }
    throw new IllegalStateException("no topic with " + BROKERS + " replicas could be made");
  }

  private static Broker start(BrokerConfig config) throws TimeoutException {
    return Broker.start(config, StartOptions.PLAIN).await(SECONDS_MAX, TimeUnit.SECONDS);
  }
}
