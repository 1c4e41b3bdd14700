package io.millrace.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.tool.Shell;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class RecordTextTest {
  private static final byte[] NO_TEXT = {(byte) 0xff, 0, 1};
  private static final Map<String, String> PLAIN = Map.of("NO_COLOR", "1");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''            | v",
        "-k            | k→v",
        "--headers     | h=1,n=null→v",
        "--headers -k  | h=1,n=null→k→v"
      })
  void printsTheFieldsThatAreWanted(String options, String expected) {
    String printed = inPipe(record(bytes("k"), bytes("v")), options.split(" "));

    assertThat(printed).isEqualTo(expected.replace('→', '\t') + "\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "%t-%p@%o        | t-2@7",
        "%k=%s;          | k=v;",
        "%h %K %S        | h=1,n=null 1 1",
        "%T %d           | 1769860800000 2026-01-31T12:00:00Z",
        "%s\\n           | v⏎",
        "100%%           | 100%",
        "%               | %",
        "%x              | x"
      })
  void printsByAFormatWithoutALineBreakOfItsOwn(String format, String expected) {
    String printed = inPipe(record(bytes("k"), bytes("v")), "-f", format.strip());

    assertThat(printed).isEqualTo(expected.strip().replace('⏎', '\n'));
  }

  @Test
  void bytesPassAPipeUnchanged() {
    byte[] printed = print(record(null, NO_TEXT), false, Set.of(), Map.of());

    assertThat(printed).containsExactly(0xff, 0, 1, '\n');
  }

  @Test
  void nullIsAWord() {
    assertThat(inPipe(record(null, null), "-k")).isEqualTo("null\tnull\n");
  }

  @Test
  void terminalGetsNoBytesThatAreNoText() {
    assertThat(onTerminal(NO_TEXT, PLAIN)).isEqualTo("(3 bytes, base64) /wAB\n");
    assertThat(onTerminal(bytes("\033[2J"), PLAIN)).isEqualTo("(4 bytes, base64) G1sySg==\n");
  }

  @Test
  void terminalShowsJsonLaidOut() {
    assertThat(onTerminal(bytes("{\"a\":[1]}"), PLAIN)).isEqualTo("{\n  \"a\" : [ 1 ]\n}\n");
    assertThat(onTerminal(bytes("{no JSON"), PLAIN)).isEqualTo("{no JSON\n");
  }

  @Test
  void namesAndValuesOfJsonAreColoured() {
    assertThat(onTerminal(bytes("{\"a\":\"b\"}"), Map.of()))
        .isEqualTo("{\n  \033[34m\"a\"\033[0m : \033[32m\"b\"\033[0m\n}\n");
  }

  @Test
  void jsonNamesWhatIsNoText() {
    assertThat(new String(print(record(null, NO_TEXT), true, Set.of(), Map.of()), UTF_8))
        .isEqualTo(
            "{\"topic\":\"t\",\"partition\":2,\"offset\":7,\"timestamp\":1769860800000,"
                + "\"key\":null,\"value_base64\":\"/wAB\",\"headers\":{\"h\":\"1\",\"n\":null}}\n");
  }

  private static String inPipe(ConsumerRecord<byte[], byte[]> record, String... options) {
    return new String(print(record, false, Set.of(), Map.of(), options), UTF_8);
  }

  private static String onTerminal(byte[] value, Map<String, String> environment) {
    return new String(
        print(record(null, value), false, Set.of("in", "out", "err"), environment), UTF_8);
  }

  private static byte[] print(
      ConsumerRecord<byte[], byte[]> record,
      boolean json,
      Set<String> terminals,
      Map<String, String> environment,
      String... options) {
    RecordText text = new RecordText();
    if (!String.join("", options).isEmpty()) {
      CommandLine.populateCommand(text, options);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, UTF_8);
    text.print(
        record, new Shell(out, out, InputStream.nullInputStream(), environment, terminals), json);
    out.flush();
    return bytes.toByteArray();
  }

  private static ConsumerRecord<byte[], byte[]> record(
      byte @Nullable [] key, byte @Nullable [] value) {
    RecordHeaders headers = new RecordHeaders();
    headers.add("h", bytes("1")).add("n", null);
    return new ConsumerRecord<>(
        "t",
        2,
        7,
        1769860800000L,
        TimestampType.CREATE_TIME,
        key == null ? -1 : key.length,
        value == null ? -1 : value.length,
        key,
        value,
        headers,
        Optional.empty());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
