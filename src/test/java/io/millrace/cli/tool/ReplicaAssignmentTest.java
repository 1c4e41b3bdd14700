package io.millrace.cli.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What stands behind {@code --replica-assignment}. */
class ReplicaAssignmentTest {
  @Test
  void readsBrokersOfEachPartition() {
    assertThat(ReplicaAssignment.parse("0:1, 1:2 ,2:0"))
        .isEqualTo(Map.of(0, List.of(0, 1), 1, List.of(1, 2), 2, List.of(2, 0)));
  }

  @Test
  void refusesWhatNoPartitionCanHave() {
    assertThatThrownBy(() -> ReplicaAssignment.parse("0:1:0"))
        .hasMessage("Partition replica lists may not contain duplicate entries: 0");
    assertThatThrownBy(() -> ReplicaAssignment.parse("0:1,1"))
        .hasMessage("Partition 1 has different replication factor: [1]");
    assertThatThrownBy(() -> ReplicaAssignment.parse("one"))
        .hasMessage("'one' does not name brokers by their numbers");
  }
}
