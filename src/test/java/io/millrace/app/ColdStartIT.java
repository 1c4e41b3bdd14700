package io.millrace.app;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testkit.BrokerProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Node;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three processes with the three files of a tutorial, started at once. {@code -Dit.cold.starts}
 * says how often.
 */
@Tag("it")
class ColdStartIT {
  private static final int STARTS = Integer.getInteger("it.cold.starts", 1);
  private static final Duration PATIENCE = Duration.ofSeconds(240);

  @TempDir Path home;

  private final List<Process> processes = new ArrayList<>();

  @Test
  void threeFilesOfATutorialStartedAtOnceAreOneCluster() throws Exception {
    for (int round = 0; round < STARTS; round++) {
      long seed = System.nanoTime();
      System.out.println("seed " + seed);
      List<Path> files = files(home.resolve("round-" + round), seed);
      List<Path> consoles = startAll(files, new Random(seed));
      try {
        for (Path console : consoles) {
          await().atMost(PATIENCE).until(() -> isReady(console));
        }
        assertThat(clusterIds(files)).hasSize(1);
        serveTogether(files);
      } finally {
        endAll();
      }
    }
  }

  /** A process that ended will not become ready: its console says why. */
  private boolean isReady(Path console) throws IOException {
    String said = Files.readString(console);
    assertThat(processes).as(said).allMatch(Process::isAlive);
    return said.contains("ready in");
  }

  private static void serveTogether(List<Path> files) throws Exception {
    try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", address(files)))) {
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  admin.describeCluster().nodes().get(30, SECONDS).stream()
                      .map(Node::id)
                      .collect(Collectors.toSet())
                      .equals(Set.of(0, 1, 2)));
      admin.createTopics(List.of(new NewTopic("replicated", 3, (short) 3))).all().get(60, SECONDS);
      await()
          .atMost(PATIENCE)
          .until(() -> admin.listTopics().names().get(30, SECONDS).contains("replicated"));
    }
  }

  private static List<Path> files(Path folder, long seed) throws IOException {
    Files.createDirectories(folder);
    List<Path> files = new ArrayList<>();
    for (int id = 0; id < 3; id++) {
      Path file = folder.resolve("server-" + id + ".properties");
      Files.writeString(
          file,
          """
          broker.id=%d
          listeners=PLAINTEXT://:%d
          log.dirs=%s
          http.port=-1
          zookeeper.connect=localhost:2181/%d
          """
              .formatted(id, BrokerProcess.freePort(), folder.resolve("data-" + id), seed));
      files.add(file);
    }
    return files;
  }

  private static String address(List<Path> files) throws IOException {
    String line =
        Files.readAllLines(files.get(2)).stream()
            .filter(each -> each.startsWith("listeners="))
            .findFirst()
            .orElseThrow();
    return "localhost" + line.substring(line.lastIndexOf(':'));
  }

  private static Set<String> clusterIds(List<Path> files) throws IOException {
    Set<String> ids = new TreeSet<>();
    for (int id = 0; id < files.size(); id++) {
      Path meta = files.get(id).resolveSibling("data-" + id).resolve("meta.properties");
      Files.readAllLines(meta).stream().filter(l -> l.startsWith("cluster.id=")).forEach(ids::add);
    }
    return ids;
  }

  private List<Path> startAll(List<Path> files, Random random) throws Exception {
    List<Path> consoles = new ArrayList<>();
    for (Path file : files) {
      Path console = file.resolveSibling(file.getFileName() + ".console");
      Path logs = file.resolveSibling(file.getFileName() + ".logs");
      ProcessBuilder command =
          new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-Xmx256m",
              "-XX:+UseSerialGC",
              "-XX:TieredStopAtLevel=1",
              "-cp",
              mainClassPath(),
              "io.millrace.cli.Main",
              "start",
              file.toString());
      command.environment().put("LOG_DIR", logs.toString());
      processes.add(command.redirectErrorStream(true).redirectOutput(console.toFile()).start());
      consoles.add(console);
      awaitALittle(random.nextInt(300));
    }
    return consoles;
  }

  /** Lets the processes begin at different moments. */
  private static void awaitALittle(int ms) {
    long until = System.nanoTime() + Duration.ofMillis(ms).toNanos();
    await().pollDelay(Duration.ZERO).until(() -> System.nanoTime() >= until);
  }

  private void endAll() throws InterruptedException {
    for (Process process : processes) {
      process.destroyForcibly();
    }
    for (Process process : processes) {
      process.waitFor(30, SECONDS);
    }
    processes.clear();
  }

  private static String mainClassPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.contains("test-classes"))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
