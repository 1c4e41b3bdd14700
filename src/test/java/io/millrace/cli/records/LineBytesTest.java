package io.millrace.cli.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a stream of bytes is cut into lines. */
class LineBytesTest {

  @Test
  void endsLinesAtEachOfTheThreeEnds() throws IOException {
    assertThat(lines("a\nb\r\nc\rd")).containsExactly("a", "b", "c", "d");
  }

  @Test
  void keepsEmptyLines() throws IOException {
    assertThat(lines("\n\r\n\r\r\nz\n")).containsExactly("", "", "", "", "z");
  }

  @Test
  void hasNoLineInAnEmptyStream() throws IOException {
    assertThat(lines("")).isEmpty();
  }

  @Test
  void readsLinesThatAreLongerThanItsBuffer() throws IOException {
    String line = "가".repeat(100_000);

    assertThat(lines(line + "\n" + line)).containsExactly(line, line);
  }

  @Test
  void leavesBytesThatAreNoTextAsTheyAre() throws IOException {
    byte[] bytes = {(byte) 0xff, 0, (byte) 0xc3};

    assertThat(new LineBytes(new ByteArrayInputStream(bytes)).next()).isEqualTo(bytes);
  }

  private static List<String> lines(String text) throws IOException {
    LineBytes lines = new LineBytes(new ByteArrayInputStream(text.getBytes(UTF_8)));
    List<String> read = new ArrayList<>();
    for (byte[] line = lines.next(); line != null; line = lines.next()) {
      read.add(new String(line, UTF_8));
    }
    return read;
  }
}
