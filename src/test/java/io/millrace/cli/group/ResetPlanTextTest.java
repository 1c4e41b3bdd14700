package io.millrace.cli.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cli.tool.ToolException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ResetPlanTextTest {
  private static final TopicPartition HELLO = new TopicPartition("hello.kafka", 2);

  @Test
  void writesWithoutTheGroupWhenThereIsOne() {
    assertThat(ResetPlanText.line(HELLO, 7)).isEqualTo("hello.kafka,2,7");
    assertThat(ResetPlanText.line("g", HELLO, 7)).isEqualTo("g,hello.kafka,2,7");
  }

  @Test
  void quotesLongNamesAndThoseWithCommas() {
    TopicPartition longer = new TopicPartition("a-topic-with-a-longer-name", 0);

    assertThat(ResetPlanText.line("a,\"b\"", longer, 1))
        .isEqualTo("\"a,\"\"b\"\"\",\"a-topic-with-a-longer-name\",0,1");
  }

  @Test
  void readsWhatItWrites() {
    String text = ResetPlanText.line("a,\"b\"", HELLO, 7) + "\n\n" + "other,t,0,1\r\n";

    assertThat(ResetPlanText.parse(text, List.of("a,\"b\"", "other")))
        .isEqualTo(
            Map.of("a,\"b\"", Map.of(HELLO, 7L), "other", Map.of(new TopicPartition("t", 0), 1L)));
  }

  @Test
  void givesLinesWithoutAGroupToTheOnlyOne() {
    assertThat(ResetPlanText.parse("hello.kafka,2,7", List.of("g")))
        .isEqualTo(Map.of("g", Map.of(HELLO, 7L)));
  }

  @Test
  void namesTheLineThatIsNoPlan() {
    assertThatThrownBy(() -> ResetPlanText.parse("t,0,1\nt,zero,1", List.of("g")))
        .isInstanceOf(ToolException.class)
        .hasMessage("Line 2 of the plan is 't,zero,1'");
    assertThatThrownBy(() -> ResetPlanText.parse("t,0,1", List.of("g", "h")))
        .hasMessage("Line 1 of the plan is 't,0,1'");
  }
}
