package io.millrace.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** The image with which one broker goes on when the voters are lost. */
class RecoveredImageTest {
  private static final PartitionImage PARTITION =
      new PartitionImage(List.of(0, 1, 2), List.of(0, 1), 0, 7, 9);

  private static ClusterImage image() {
    TopicImage topic = TopicImage.of("orders", new Uuid(1, 1), List.of(PARTITION, PARTITION));
    return ClusterImage.EMPTY
        .at(40, 3, 2)
        .withClusterId("c")
        .withNextProducerId(2_000)
        .withTopic(topic);
  }

  @Test
  void countsRecoveries() {
    assertThat(image().recoveries()).isZero();
    assertThat(image().recovered().recoveries()).isEqualTo(1);
    assertThat(image().recovered().recovered().recoveries()).isEqualTo(2);
  }

  @Test
  void hasEpochsAndProducerIdsThatTheLostVotersDoNotGive() {
    ClusterImage recovered = image().recovered();

    for (int number = 0; number < 2; number++) {
      PartitionImage partition = recovered.partition("orders", number);
      assertThat(partition.leaderEpoch()).isGreaterThan(7 + 50_000);
      assertThat(partition.partitionEpoch()).isGreaterThan(9 + 50_000);
      assertThat(partition.withEpochs(7, 9)).isEqualTo(PARTITION);
    }
    assertThat(recovered.nextProducerId()).isGreaterThan(2_000 + 1_000_000_000L);
  }

  @Test
  void isOtherwiseTheSame() {
    ClusterImage recovered = image().recovered();

    assertThat(recovered.index()).isEqualTo(40);
    assertThat(recovered.term()).isEqualTo(3);
    assertThat(recovered.clusterId()).isEqualTo("c");
    assertThat(recovered.topicNames()).isEqualTo(image().topicNames());
  }

  @Test
  void keepsTheCountWhenItIsStoredAndWhenItChanges() {
    ClusterImage recovered = image().recovered();

    assertThat(ImageCodec.decode(ByteBuffer.wrap(ImageCodec.encode(recovered))))
        .isEqualTo(recovered);
    assertThat(recovered.skip().recoveries()).isEqualTo(1);
    assertThat(recovered.withControllerId(1).recoveries()).isEqualTo(1);
  }

  @Test
  void isReadByEarlierReleasesWhileItWasNeverRecovered() {
    assertThat(ImageCodec.encode(image())[0]).isEqualTo((byte) ImageCodec.FORMAT_2);
    assertThat(ImageCodec.encode(image().recovered())[0])
        .isEqualTo((byte) ImageCodec.NEWEST_FORMAT);
  }
}
