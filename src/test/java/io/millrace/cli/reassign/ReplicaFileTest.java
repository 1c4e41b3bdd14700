package io.millrace.cli.reassign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cli.tool.ToolException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionReplica;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplicaFileTest {
  @Test
  void readsReplicasAndTheFoldersThatAreNamed() {
    ReplicaFile file =
        ReplicaFile.parse(
            "{\"version\":1,\"partitions\":[{\"topic\":\"t\",\"partition\":1,\"replicas\":[3,1],"
                + "\"log_dirs\":[\"/data\",\"any\"]},"
                + "{\"topic\":\"t\",\"partition\":0,\"replicas\":[2]}]}");

    assertThat(file.replicas())
        .containsExactly(
            Map.entry(new TopicPartition("t", 0), List.of(2)),
            Map.entry(new TopicPartition("t", 1), List.of(3, 1)));
    assertThat(file.folders())
        .containsExactly(Map.entry(new TopicPartitionReplica("t", 1, 3), "/data"));
  }

  @Test
  void writesWhatItReads() {
    Map<TopicPartition, List<Integer>> replicas = Map.of(new TopicPartition("t", 0), List.of(1, 2));

    String text = ReplicaFile.json(replicas, Map.of(new TopicPartitionReplica("t", 0, 2), "/data"));

    assertThat(text)
        .isEqualTo(
            "{\"version\":1,\"partitions\":[{\"topic\":\"t\",\"partition\":0,\"replicas\":[1,2],"
                + "\"log_dirs\":[\"any\",\"/data\"]}]}");
    assertThat(ReplicaFile.parse(text).replicas()).isEqualTo(replicas);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"partitions\":[]} | Partition reassignment list cannot be empty",
        "{\"partitions\":[{\"topic\":\"t\",\"partition\":0,\"replicas\":[]}]}"
            + " | Partition replica list cannot be empty",
        "{\"partitions\":[{\"topic\":\"t\",\"partition\":0,\"replicas\":[1,1]}]}"
            + " | may not contain duplicate entries: t-0 contains multiple entries for 1",
        "{\"partitions\":[{\"topic\":\"t\",\"partition\":0,\"replicas\":[1]},"
            + "{\"topic\":\"t\",\"partition\":0,\"replicas\":[2]}]}"
            + " | contains duplicate topic partitions: t-0",
        "{\"version\":2,\"partitions\":[]} | Not supported version field value 2",
        "{\"partitions\":[{\"topic\":\"t\"}]} | names no topic and partition",
        "{\"partitions\":[{\"topic\":\"t\",\"partition\":0,\"replicas\":[1],\"log_dirs\":[]}]}"
            + " | Size of replicas list [1] is different from size of log dirs list []",
        "nothing | is not a JSON object"
      })
  void refusesWhatCannotBeCarriedOut(String text, String sentence) {
    assertThatThrownBy(() -> ReplicaFile.parse(text).checked())
        .isInstanceOf(ToolException.class)
        .hasMessageContaining(sentence);
  }
}
