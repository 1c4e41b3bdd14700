package io.millrace.cli.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The JSON that says which records go. */
class OffsetFileTest {
  @Test
  void readsOffsetsOfTheCurrentForm() {
    assertThat(
            OffsetFile.parse(
                """
                {"partitions": [{"topic":"hello.kafka", "partition":0, "offset":3},
                                {"topic":"b", "partition":1, "offset":-1}], "version":1}
                """))
        .containsEntry(new TopicPartition("hello.kafka", 0), 3L)
        .containsEntry(new TopicPartition("b", 1), -1L)
        .hasSize(2);
  }

  @Test
  void readsTheOldFormWithoutVersion() {
    assertThat(
            OffsetFile.parse("{\"partitions\":[{\"topic\":\"t\",\"partition\":0,\"offset\":3}]}"))
        .containsEntry(new TopicPartition("t", 0), 3L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "[1]|The input string is not a JSON object",
        "{\"version\":2,\"partitions\":[]}|Not supported version field value 2",
        "{\"version\":1}|Missing partitions field",
        "{\"partitions\":[{\"topic\":\"t\",\"offset\":3}]}|\"partition\" is missing",
        "{\"partitions\":[{\"topic\":1,\"partition\":0,\"offset\":3}]}|\"topic\" is missing"
      })
  void saysWhatIsWrong(String text, String sentence) {
    assertThat(failure(text).getMessage()).startsWith(sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"partitions\":[{\"topic\":\"t\",\"partition\":0,\"offset\":[3,5]}]}",
        "{\"partitions\":[{\"topic\":\"t\",\"partition\":0,\"from\":3,\"to\":5}]}",
        "{\"partitions\":[{\"topic\":\"t\",\"partition\":0,\"offset\":3},"
            + "{\"topic\":\"t\",\"partition\":0,\"offset\":5}]}"
      })
  void saysThatSingleRecordsStayWhenTheyAreMeant(String text) {
    assertThat(failure(text).hint())
        .hasValueSatisfying(hint -> assertThat(hint).contains("no single ones"));
  }

  private static ToolException failure(String text) {
    return catchThrowableOfType(ToolException.class, () -> OffsetFile.parse(text));
  }
}
