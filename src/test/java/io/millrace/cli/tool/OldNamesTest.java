package io.millrace.cli.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How options of earlier releases are understood, and told once each. */
class OldNamesTest {
  private static final OldNames NAMES =
      new OldNames(Map.of("--property", "--reader-property"), Set.of("--gone"), Set.of("--queue"));

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void takesAnOldNameForTodaysAndSaysSoOnce() {
    assertThat(today("--property", "a=b", "--property=c=d"))
        .containsExactly("--reader-property", "a=b", "--reader-property=c=d");
    assertThat(said()).containsExactly("hint: --property is called --reader-property today");
  }

  @Test
  void leavesOutWhatHasNoMeaningAnyMore() {
    assertThat(today("--gone", "--topic", "t", "--queue", "10", "--queue=3"))
        .containsExactly("--topic", "t");
    assertThat(said()).hasSize(2).allMatch(line -> line.endsWith("it was left out"));
  }

  private List<String> today(String... arguments) {
    PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    Shell shell =
        new Shell(stream, stream, new ByteArrayInputStream(new byte[0]), Map.of(), Set.of());
    return NAMES.today(List.of(arguments), shell);
  }

  private List<String> said() {
    return err.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
