package io.millrace.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;

class ClusterImageTest {
  private static final Uuid ID = new Uuid(1, 1);
  private static final Uuid PROCESS = new Uuid(2, 2);

  private final ClusterImage image =
      ClusterImage.EMPTY
          .apply(new BrokerRegistered(0, 5, -1, PROCESS, List.of(), null))
          .apply(
              new TopicCreated(
                  ID,
                  "a.b",
                  List.of(PartitionImage.created(List.of(0), List.of(0))),
                  Map.of("retention.ms", "1")));

  private void assertRefused(Fact fact) {
    assertThatThrownBy(() -> image.apply(fact)).isInstanceOf(FactRefusedException.class);
  }

  private static PartitionImage changed(int leaderEpoch, int partitionEpoch) {
    return new PartitionImage(List.of(0), List.of(0), 0, leaderEpoch, partitionEpoch);
  }

  @Test
  void refusesFactsWhosePreconditionsDoNotHold() {
    List<PartitionImage> one = List.of(changed(0, 0));
    assertRefused(new TopicCreated(new Uuid(9, 9), "a.b", one, Map.of()));
    assertRefused(new TopicCreated(ID, "other", one, Map.of()));
    assertRefused(new TopicDeleted(new Uuid(9, 9)));
    assertRefused(new PartitionsAdded(ID, 0, one));
    assertRefused(new PartitionsAdded(ID, 2, one));
    assertRefused(new PartitionChanged(ID, 1, 0, List.of(5L), changed(0, 1)));
    assertRefused(new BrokerRegistered(0, 6, -1, PROCESS, List.of(), null));
    assertRefused(new BrokerRegistered(0, 5, 5, PROCESS, List.of(), null));
    assertRefused(new BrokerFenced(0, 4));
    assertRefused(new BrokerUnfenced(1, 5));
    assertRefused(new ControllerActivated(0, 4));
    assertRefused(new ProducerIdsAllocated(0, 5, 1, 10));
    assertRefused(new ProducerIdsAllocated(0, 4, 0, 10));
    assertRefused(new ConfigChanged(ConfigScope.topic("x"), Map.of("a", "b"), Set.of()));
  }

  @Test
  void refusesAChangeThatWasDecidedOnAnotherPartitionEpoch() {
    assertRefused(new PartitionChanged(ID, 0, 1, List.of(5L), changed(0, 2)));
    assertRefused(new PartitionChanged(ID, 0, 0, List.of(5L), changed(0, 2)));
    assertThat(
            image
                .apply(new PartitionChanged(ID, 0, 0, List.of(5L), changed(1, 1)))
                .partition("a.b", 0)
                .leaderEpoch())
        .isEqualTo(1);
  }

  @Test
  void refusesAnIsrMemberOfAnEarlierRegistration() {
    assertRefused(new PartitionChanged(ID, 0, 0, List.of(4L), changed(0, 1)));
  }

  @Test
  void neverLetsALeaderEpochFall() {
    ClusterImage later = image.apply(new PartitionChanged(ID, 0, 0, List.of(5L), changed(3, 1)));

    assertThatThrownBy(
            () -> later.apply(new PartitionChanged(ID, 0, 1, List.of(5L), changed(2, 2))))
        .isInstanceOf(FactRefusedException.class);
  }

  @Test
  void forgetsNameIdAndConfigsOfADeletedTopic() {
    ClusterImage after = image.apply(new TopicDeleted(ID));

    assertThat(after.topic("a.b")).isNull();
    assertThat(after.topic(ID)).isNull();
    assertThat(after.configs(ConfigScope.topic("a.b"))).isEmpty();
    assertThat(after.namesSimilarTo("a_b")).isEmpty();
    assertThat(after.configScopes()).isEmpty();
  }

  @Test
  void refusesAnEntryOfAnotherTermOrOutOfSequence() {
    MetadataEntry second = new MetadataEntry(3, 1, List.of());
    ClusterChange.Touched touched = new ClusterChange.Touched();
    ClusterImage inTerm = ClusterImage.EMPTY.apply(3, new MetadataEntry(3, 0, List.of()), touched);

    assertThat(inTerm.apply(3, second, touched).index()).isEqualTo(2);
    assertThatThrownBy(() -> inTerm.apply(4, second, touched))
        .isInstanceOf(FactRefusedException.class);
    assertThatThrownBy(() -> ClusterImage.EMPTY.apply(3, second, touched))
        .isInstanceOf(FactRefusedException.class);
    assertThatThrownBy(() -> inTerm.apply(4, new MetadataEntry(4, 1, List.of()), touched))
        .isInstanceOf(FactRefusedException.class);
  }

  @Test
  void keepsAnswersForTenMinutesAndOfTheNewestProcessOnly() {
    ClusterImage answered = image.apply(answer(PROCESS, 1, 1000, 1));

    ClusterImage inTime = answered.apply(answer(PROCESS, 2, 601_000, 1));
    ClusterImage late = answered.apply(answer(PROCESS, 2, 601_001, 1));
    ClusterImage other = answered.apply(answer(new Uuid(3, 3), 1, 1000, 1));

    assertThat(inTime.answers(0).find(new RequestId(0, PROCESS, 1))).isNotNull();
    assertThat(late.answers(0).find(new RequestId(0, PROCESS, 1))).isNull();
    assertThat(other.answers(0).find(new RequestId(0, PROCESS, 1))).isNull();
  }

  @Test
  void boundsAnswersByCountAndBytes() {
    ClusterImage many = image;
    for (int i = 0; i < 300; i++) {
      many = many.apply(answer(PROCESS, i, 0, 10));
    }
    ClusterImage large = many.apply(answer(PROCESS, 300, 0, (256 << 10) - 20));

    assertThat(many.answers(0).byNumber()).hasSize(AnsweredRequests.COUNT_MAX);
    assertThat(large.answers(0).byNumber().keySet()).containsExactly(298L, 299L, 300L);
    assertThat(large.answers(0).sizeBytes()).isEqualTo(256 << 10);
  }

  private static RequestAnswered answer(Uuid process, long number, long atMs, int bytes) {
    return new RequestAnswered(
        new RequestId(0, process, number), atMs, Bytes.wrap(new byte[bytes]));
  }
}
