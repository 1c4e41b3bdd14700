package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.testkit.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The units of systemd, where it is installed. */
class SystemdUnitsTest {
  private static final Path SOURCES = Path.of("conf", "systemd");

  @TempDir private Path units;

  /** Copies that start the program of this checkout, since systemd looks whether it is there. */
  @BeforeEach
  void copyUnits() throws IOException {
    String home = Path.of("").toAbsolutePath().toString();
    for (Path source : sources()) {
      Path copy = units.resolve(source.getFileName());
      if (Files.isSymbolicLink(source)) {
        Files.createSymbolicLink(copy, Files.readSymbolicLink(source));
      } else {
        Files.writeString(copy, Files.readString(source).replace("/opt/millrace", home));
      }
    }
  }

  @Test
  void systemdFindsNothingWrongInThem() throws Exception {
    assumeTrue(Child.exists("systemd-analyze"), "systemd-analyze is not installed");
    List<String> command = new ArrayList<>(List.of("systemd-analyze", "--man=no", "verify"));
    sources().forEach(source -> command.add(units.resolve(source.getFileName()).toString()));

    Process verify = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(verify.getInputStream().readAllBytes());

    assertThat(said).isEmpty();
    assertThat(verify.waitFor()).isZero();
  }

  @Test
  void brokerCountsAsStartedWhenItSaysSo() throws IOException {
    assertThat(Files.readAllLines(SOURCES.resolve("millrace.service")))
        .contains("Type=notify", "NotifyAccess=main", "User=millrace")
        .anyMatch(line -> line.startsWith("LimitNOFILE="))
        .anyMatch(line -> line.startsWith("TimeoutStopSec="));
  }

  @Test
  void brokerMayCompileAndKeepsDataInTheSystemsTmp() throws IOException {
    assertThat(Files.readAllLines(SOURCES.resolve("millrace.service")))
        .noneMatch(line -> line.startsWith("MemoryDenyWriteExecute="))
        .noneMatch(line -> line.startsWith("PrivateTmp="));
  }

  @Test
  void namesOfConfluentStandForTheBrokerAndForNothing() throws IOException {
    assertThat(Files.readSymbolicLink(SOURCES.resolve("confluent-kafka.service")))
        .isEqualTo(Path.of("millrace.service"));
    assertThat(Files.readString(SOURCES.resolve("confluent-zookeeper.service")))
        .contains("ExecStart=/bin/echo \"ZooKeeper is not needed");
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      return files.sorted().toList();
    }
  }
}
