package io.millrace.cli.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cli.tool.ToolException;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;

/** How a line becomes a record, by the properties of Kafka's line reader. */
class LineGrammarTest {

  @Test
  void takesTheWholeLineAsValueUnlessToldOtherwise() {
    ProducerRecord<byte[], byte[]> record = parse(Map.of(), "k\tv");

    assertThat(record.key()).isNull();
    assertThat(record.value()).asString(UTF_8).isEqualTo("k\tv");
  }

  @Test
  void cutsTheKeyAtTheFirstSeparator() {
    ProducerRecord<byte[], byte[]> record =
        parse(Map.of("parse.key", "true", "key.separator", "::"), "열쇠::값::값");

    assertThat(record.key()).asString(UTF_8).isEqualTo("열쇠");
    assertThat(record.value()).asString(UTF_8).isEqualTo("값::값");
  }

  @Test
  void readsHeadersBeforeTheKey() {
    ProducerRecord<byte[], byte[]> record =
        parse(Map.of("parse.key", "true", "parse.headers", "true"), "h1:v1,h2:v2\tk\tv");

    assertThat(record.headers())
        .containsExactly(
            new RecordHeader("h1", "v1".getBytes(UTF_8)),
            new RecordHeader("h2", "v2".getBytes(UTF_8)));
    assertThat(record.key()).asString(UTF_8).isEqualTo("k");
    assertThat(record.value()).asString(UTF_8).isEqualTo("v");
  }

  @Test
  void takesTheMarkerForNull() {
    ProducerRecord<byte[], byte[]> record =
        parse(Map.of("parse.key", "true", "null.marker", "NULL"), "k\tNULL");

    assertThat(record.value()).isNull();
  }

  @Test
  void saysInKafkasWordsThatASeparatorIsMissing() {
    assertThatThrownBy(() -> parse(Map.of("parse.key", "true"), "v"))
        .isInstanceOf(ToolException.class)
        .hasMessage("No key separator found on line number 7: 'v'");
  }

  @Test
  void takesSuchALineAsValueWhenErrorsAreIgnored() {
    ProducerRecord<byte[], byte[]> record =
        parse(Map.of("parse.key", "true", "ignore.error", "true"), "v");

    assertThat(record.key()).isNull();
    assertThat(record.value()).asString(UTF_8).isEqualTo("v");
  }

  @Test
  void refusesEqualSeparators() {
    assertThatThrownBy(() -> LineGrammar.of(Map.of("headers.separator", ":")))
        .hasMessage("headers.separator and headers.key.separator may not be equal");
  }

  private static ProducerRecord<byte[], byte[]> parse(Map<String, String> properties, String line) {
    return LineGrammar.of(properties).parse(line.getBytes(UTF_8), 7, "t");
  }
}
