package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RollingFileTest {
  private static final int BYTES_MAX = 10;
  private static final int OLD_FILES = 2;

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("server.log");
  }

  private RollingFile opened() throws IOException {
    return new RollingFile(new LoggerContext(), file, BYTES_MAX, OLD_FILES);
  }

  private static void write(RollingFile to, String... lines) throws IOException {
    for (String line : lines) {
      to.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
    to.flush();
  }

  @Test
  void appendsToWhatIsThere() throws IOException {
    Files.writeString(file, "before\n");

    try (RollingFile log = opened()) {
      write(log, "now");
    }

    assertThat(file).hasContent("before\nnow");
  }

  @Test
  void keepsFullFilesUnderNumbers() throws IOException {
    try (RollingFile log = opened()) {
      write(log, "1 of 1", "2 of 1", "1 of 2", "2 of 2", "1 of 3");

      assertThat(file).hasContent("1 of 3");
      assertThat(folder.resolve("server.log.1")).hasContent("1 of 2\n2 of 2");
      assertThat(folder.resolve("server.log.2")).hasContent("1 of 1\n2 of 1");

      write(log, "2 of 3", "1 of 4");
    }
    assertThat(file).hasContent("1 of 4");
    assertThat(folder.resolve("server.log.2")).hasContent("1 of 2\n2 of 2");
    assertThat(folder.resolve("server.log.3")).doesNotExist();
  }

  @Test
  void rollsAFullFileOfAnEarlierRun() throws IOException {
    Files.writeString(file, "full of what was\n");

    try (RollingFile log = opened()) {
      write(log, "now");
    }

    assertThat(file).hasContent("now");
    assertThat(folder.resolve("server.log.1")).hasContent("full of what was");
  }

  @Test
  void growsOnWhenItCannotBeMoved() throws IOException {
    Files.createDirectories(folder.resolve("server.log.1/not empty"));
    Files.createDirectories(folder.resolve("server.log.2/not empty"));

    try (RollingFile log = opened()) {
      write(log, "1234567890");
      write(log, "goes on");
    }

    assertThat(file).hasContent("1234567890\ngoes on");
  }
}
