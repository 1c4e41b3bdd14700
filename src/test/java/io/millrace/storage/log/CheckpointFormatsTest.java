package io.millrace.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.model.TopicPartition;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** The small files beside the segments, character for character. */
class CheckpointFormatsTest {

  @Test
  void writesOffsetsAsKafkaDoes() {
    Map<TopicPartition, Long> offsets = Map.of(new TopicPartition("my.topic", 3), 42L);

    byte[] content = OffsetCheckpoint.encode(offsets);

    assertThat(text(content)).isEqualTo("0\n1\nmy.topic 3 42\n");
    assertThat(OffsetCheckpoint.decode(content)).isEqualTo(offsets);
  }

  @Test
  void refusesADamagedOffsetCheckpoint() {
    for (String bad : List.of("", "0\n", "1\n0\n", "0\n2\na 0 1\n", "0\n1\na 0\n", "0\nx\n")) {
      assertThatThrownBy(() -> OffsetCheckpoint.decode(bytes(bad)))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void writesLeaderEpochsAsKafkaDoes() {
    LeaderEpochs epochs = new LeaderEpochs();
    epochs.assign(0, 0);
    epochs.assign(0, 5);
    epochs.assign(3, 12);

    byte[] content = epochs.encode();

    assertThat(text(content)).isEqualTo("0\n2\n0 0\n3 12\n");
    assertThat(LeaderEpochs.decode(content).at(13)).isEqualTo(3);
    assertThat(epochs.isChanged()).isFalse();
  }

  @Test
  void replacesAnEpochThatHasNoRecords() {
    LeaderEpochs epochs = new LeaderEpochs();
    epochs.assign(1, 10);
    epochs.assign(2, 10);

    assertThat(text(epochs.encode())).isEqualTo("0\n1\n2 10\n");
  }

  @Test
  void writesTheTopicIdAsKafkaDoes() {
    Uuid id = Uuid.fromString("wN-lkJYYRfeaJL-v4KFvQw");

    byte[] content = new PartitionMetadata(id).encode();

    assertThat(text(content)).isEqualTo("version: 0\ntopic_id: wN-lkJYYRfeaJL-v4KFvQw");
    assertThat(PartitionMetadata.decode(content).topicId()).isEqualTo(id);
    assertThatThrownBy(() -> PartitionMetadata.decode(bytes("version: 0\ntopic_id")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void namesFilesByTwentyDigits() {
    Path dir = Path.of("/d");

    assertThat(FileNames.of(dir, 42, FileNames.LOG)).hasToString("/d/00000000000000000042.log");
    assertThat(FileNames.offsetOf(Path.of("00000000000000000042.index.swap"))).isEqualTo(42);
    assertThat(FileNames.offsetOf(Path.of("partition.metadata"))).isEqualTo(-1);
    assertThat(FileNames.offsetOf(Path.of("99999999999999999999.log"))).isEqualTo(-1);
    assertThat(FileNames.offsetOf(Path.of("0000000000000000042.log"))).isEqualTo(-1);
  }

  private static String text(byte[] content) {
    return new String(content, StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
