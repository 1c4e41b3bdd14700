package io.millrace.cli.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Typed;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values for people and for programs. */
class ShownTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1.0 KB",
    "1073741824, 1.0 GB",
    "1610612736, 1.5 GB",
    "-1, -1",
    "9223372036854775807, no limit"
  })
  void showsBytesWithTheirUnit(long bytes, String text) {
    assertThat(Shown.bytes(bytes).text()).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "604800000, 7d",
    "3600000, 1h",
    "5400000, 90m",
    "1000, 1s",
    "1001, 1001ms",
    "0, 0",
    "-1, -1",
    "9223372036854775807, no limit"
  })
  void showsTimesInTheLargestUnitThatFits(long ms, String text) {
    assertThat(Shown.duration(ms).text()).isEqualTo(text);
  }

  @Test
  void givesProgramsThePlainNumber() {
    Listing listing = Listing.of("key", "value");
    listing.add("retention.ms", Shown.duration(604_800_000));

    assertThat(printed(listing, Set.of(), false)).isEqualTo("retention.ms\t604800000\n");
    assertThat(printed(listing, Set.of("out"), false)).contains("   7d");
    assertThat(printed(listing, Set.of("out"), true)).contains("\"value\" : 604800000");
  }

  private static String printed(Listing listing, Set<String> terminals, boolean json) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    Shell shell =
        new Shell(
            stream,
            stream,
            InputStream.nullInputStream(),
            Typed.onTerminal().environment(),
            terminals);
    listing.print(shell, json);
    return out.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }
}
