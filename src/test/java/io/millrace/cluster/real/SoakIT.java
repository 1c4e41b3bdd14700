package io.millrace.cluster.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.testkit.cluster.Soak;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A short soak in a network of its own, where links can be cut and a disk filled. */
@Tag("long")
class SoakIT {
  private static final List<String> PRIVATE =
      List.of("unshare", "--net", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child");

  @TempDir Path folder;

  @Test
  void nothingIsLostWhenLinksAreCutAndADiskIsFull() throws Exception {
    assumeTrue(ends(PRIVATE, "ip", "link", "set", "lo", "up"), "this system makes no networks");

    List<String> command = new ArrayList<>(PRIVATE);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx1g", "-XX:+UseSerialGC", "-cp", absoluteClassPath()));
    command.addAll(List.of(Soak.class.getName(), folder.toString(), "1"));
    command.addAll(
        List.of(
            "a leader hears nothing",
            "a leader without network",
            "the controller without network",
            "Hazelcast",
            "a full disk"));
    Process soak = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(soak.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    System.out.println(said);

    assertThat(soak.waitFor()).as(said).isZero();
  }

  private static boolean ends(List<String> prefix, String... command) throws Exception {
    List<String> line = new ArrayList<>(prefix);
    line.addAll(List.of(command));
    return new ProcessBuilder(line).start().waitFor() == 0;
  }

  private static String absoluteClassPath() {
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      entries.add(Path.of(entry).toAbsolutePath().toString());
    }
    return String.join(File.pathSeparator, entries);
  }
}
