package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people see of a start: a few lines when all is well, one sentence when it is not. */
@Tag("it")
class StartIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path home;

  private record Ended(int code, List<String> lines) {}

  @Test
  void saysInFewLinesWhatItIsAndThatItIsReady() throws Exception {
    Process broker = start("--override", "broker.id=7");
    awaitReady(broker);
    broker.destroy();
    assertThat(broker.waitFor(2, TimeUnit.SECONDS)).as("stopped within 2 s").isTrue();

    assertThat(console())
        // The door for browsers opens behind the readiness: perhaps not before the end.
        .hasSizeBetween(8, 9)
        .noneMatch(line -> line.contains("ERROR"))
        .anyMatch(line -> line.contains(" is a temporary folder, "))
        .anyMatch(line -> line.contains("broker 7 of cluster "))
        .anyMatch(line -> line.matches(".* listening on PLAINTEXT://127\\.0\\.0\\.1:\\d+"))
        .anyMatch(line -> line.endsWith(" data in " + home.resolve("data")))
        .anyMatch(line -> line.matches(".* ready in \\d+ ms"))
        .anyMatch(line -> line.matches(".* clean shutdown in \\d+ ms"));
    assertThat(Files.readString(home.resolve("logs/server.log"))).contains("ready in");
  }

  @Test
  void keepsItsIdsOverARestart() throws Exception {
    String first = identityOfOneRun();

    assertThat(identityOfOneRun()).isEqualTo(first);
  }

  @Test
  void refusesAFolderThatAnotherProcessUses() throws Exception {
    Process broker = start();
    awaitReady(broker);

    Ended second = run(builder(List.of()), home.resolve("second.txt"));

    assertRefused(second, "is in use by another process");
    broker.destroy();
    broker.waitFor();
  }

  @Test
  void refusesAPortThatIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String listener = "PLAINTEXT://127.0.0.1:" + taken.getLocalPort();

      assertRefused(runStart("--override", "listeners=" + listener), listener);
    }
  }

  @Test
  void refusesAFolderThatIsAFile() throws Exception {
    Path file = Files.createFile(home.resolve("file"));

    assertRefused(runStart("--override", "log.dirs=" + file), file.toString());
  }

  @Test
  void refusesAKeyThatIsMisspelt() throws Exception {
    assertRefused(
        runStart("--override", "num.partitons=3"),
        "unknown key num.partitons; did you mean num.partitions?");
  }

  @Test
  void onlyLooksAtTheConfigurationWhenAskedTo() throws Exception {
    Ended ended = runStart("--check-config", "--override", "num.partitions=3");

    assertThat(ended.code()).isZero();
    assertThat(ended.lines()).anyMatch(line -> line.matches("\\s+num.partitions\\s+3"));
    assertThat(home.resolve("data")).doesNotExist();
  }

  @Test
  void scriptRefusesAJavaThatIsTooOld() throws Exception {
    Path java = Files.createDirectories(home.resolve("old/bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    Files.writeString(home.resolve("old/release"), "JAVA_VERSION=\"11.0.2\"\n");
    ProcessBuilder script =
        new ProcessBuilder(Path.of("bin", "millrace").toAbsolutePath().toString(), "start");
    script.environment().put("JAVA_HOME", home.resolve("old").toString());

    Ended ended = run(script, home.resolve("old.txt"));

    assertRefused(ended, "Millrace needs Java 17 or newer");
    assertThat(ended.lines()).hasSize(1);
  }

  private static void assertRefused(Ended ended, String sentence) {
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.lines()).as("the sentence").anyMatch(line -> line.contains(sentence));
    assertThat(ended.lines()).as("lines").hasSizeLessThanOrEqualTo(2);
    assertThat(ended.lines()).as("stack trace").noneMatch(line -> line.startsWith("\tat "));
  }

  private String identityOfOneRun() throws Exception {
    Process broker = start();
    awaitReady(broker);
    broker.destroy();
    broker.waitFor();
    String line = console().stream().filter(l -> l.contains(" of cluster ")).findFirst().get();
    return line.substring(line.indexOf("broker "));
  }

  private Process start(String... more) throws IOException {
    return builder(List.of(more)).redirectOutput(home.resolve("console.txt").toFile()).start();
  }

  private void awaitReady(Process broker) {
    Awaitility.await("ready, see " + home.resolve("console.txt"))
        .atMost(PATIENCE)
        .failFast("the process ended", () -> !broker.isAlive())
        .until(() -> console().stream().anyMatch(line -> line.contains("ready in")));
  }

  private List<String> console() throws IOException {
    return Files.readAllLines(home.resolve("console.txt"));
  }

  private Ended runStart(String... more) throws Exception {
    return run(builder(List.of(more)), home.resolve("console.txt"));
  }

  private static Ended run(ProcessBuilder builder, Path output) throws Exception {
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return new Ended(process.exitValue(), Files.readAllLines(output));
  }

  private ProcessBuilder builder(List<String> arguments) {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    line.add("-Dmillrace.home=" + home);
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.millrace.cli.Main"));
    line.add("start");
    line.addAll(List.of("--override", "log.dirs=" + home.resolve("data")));
    line.addAll(List.of("--override", "listeners=PLAINTEXT://127.0.0.1:0"));
    line.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.environment().remove("LOG_DIR");
    return builder;
  }
}
