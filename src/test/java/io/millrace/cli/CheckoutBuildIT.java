package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Folders;
import io.millrace.testkit.ScriptHome;
import io.millrace.testkit.ScriptHome.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Scripts of a checkout whose sources are newer than its build, as after a pull. */
@Tag("it")
class CheckoutBuildIT {
  private static final String BUILDS = "Building Millrace...";

  private Path checkout;
  private String path;

  @BeforeEach
  void layOut() throws IOException {
    ScriptHome home = ScriptHome.create();
    checkout = Folders.empty("checkout").toRealPath();
    Files.createDirectory(checkout.resolve("target"));
    Files.createSymbolicLink(checkout.resolve("target/libs"), home.folder().resolve("libs"));
    Files.createSymbolicLink(checkout.resolve("conf"), home.folder().resolve("conf"));
    Files.createDirectory(checkout.resolve("web-console"));
    ScriptHome.run(checkout, Map.of(), "cp", "-R", home.folder().resolve("bin").toString(), "bin");
    Path sources = Files.createDirectories(checkout.resolve("src/main"));
    Files.createFile(checkout.resolve("pom.xml"));
    Files.setLastModifiedTime(sources, FileTime.from(Instant.now().plusSeconds(60)));
    path = noMaven() + ":" + System.getenv("PATH");
  }

  /** A folder whose mvn builds nothing. */
  private Path noMaven() throws IOException {
    Path folder = Files.createDirectory(checkout.resolve("no-maven"));
    Path maven = Files.writeString(folder.resolve("mvn"), "#!/bin/sh\nexit 1\n");
    Files.setPosixFilePermissions(maven, PosixFilePermissions.fromString("rwxr-xr-x"));
    return folder;
  }

  /** A process that has the words of a broker of the checkout, and waits. */
  private Process broker() throws IOException {
    return new ProcessBuilder(
            "sh",
            "-c",
            "read line; echo",
            "-Dmillrace.home=" + checkout,
            "-Dkafka.logs.dir=" + checkout.resolve("logs"))
        .start();
  }

  private Ended run(String... command) {
    return ScriptHome.run(checkout, Map.of("PATH", path), command);
  }

  @Test
  void areBuiltBeforeACommandRuns() {
    Ended ended = run("bin/kafka-topics.sh", "--version");

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err()).contains(BUILDS);
  }

  /** It would look for its classes in another jar than it began with. */
  @Test
  void areNotBuiltWhileABrokerRunsOnTheBuild() throws IOException {
    Process broker = broker();
    try {
      Ended ended = run("bin/kafka-topics.sh", "--version");

      assertThat(ended.code()).as(ended.said()).isZero();
      assertThat(ended.out()).hasSize(1);
      assertThat(ended.err())
          .doesNotContain(BUILDS)
          .anyMatch(line -> line.contains("a broker (pid " + broker.pid() + ") runs on it"));
    } finally {
      broker.destroyForcibly();
    }
  }

  @Test
  void areBuiltAllTheSameWhenThatIsAskedFor() throws IOException {
    Process broker = broker();
    try {
      Ended ended = run("bin/millrace", "build");

      assertThat(ended.err())
          .contains(BUILDS)
          .anyMatch(line -> line.contains("(pid " + broker.pid() + ")"));
    } finally {
      broker.destroyForcibly();
    }
  }
}
