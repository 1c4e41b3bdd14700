package io.millrace.cli.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cli.tool.ToolException;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class TopicScopeTest {
  @Test
  void readsWholeTopicsAndSomePartitions() {
    TopicScope scope = TopicScope.parse(List.of("a", "b:0,2"));

    assertThat(scope.wholeTopics()).containsExactly("a");
    assertThat(scope.partitions())
        .containsExactly(new TopicPartition("b", 0), new TopicPartition("b", 2));
  }

  @Test
  void namesWhatIsNoScope() {
    assertThatThrownBy(() -> TopicScope.parse(List.of("b:x")))
        .isInstanceOf(ToolException.class)
        .hasMessage("Invalid partition 'x' specified in topic arg 'b:x'");
    assertThatThrownBy(() -> TopicScope.parse(List.of("b:0:1")))
        .hasMessage("Invalid topic arg 'b:0:1', expected topic name and partitions");
  }
}
