package io.millrace.handler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The APIs of committed offsets in all their versions. */
class OffsetHandlersTest extends GroupFixture {

  private static Errors result(OffsetCommitResponseData answer) {
    return error(answer.topics().get(0).partitions().get(0).errorCode());
  }

  static Stream<Short> commitVersions() {
    return versions(ApiKeys.OFFSET_COMMIT);
  }

  @ParameterizedTest
  @MethodSource("commitVersions")
  void commits(short version) {
    makeTopic();

    OffsetCommitResponseData answer = commit(version, "t", 1);

    assertThat(result(answer)).isEqualTo(Errors.NONE);
    if (version >= 10) {
      assertThat(answer.topics().get(0).topicId()).isEqualTo(idOf("t"));
    } else {
      assertThat(answer.topics().get(0).name()).isEqualTo("t");
    }
  }

  @ParameterizedTest
  @MethodSource("commitVersions")
  void refusesCommitsOfWhatIsNotThere(short version) {
    makeTopic();

    assertThat(result(commit(version, "unknown", 0)))
        .isEqualTo(version >= 10 ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION);
    assertThat(result(commit(version, "t", 2))).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
  }

  @Test
  void aTopicWithPartitionsOfBothKindsStandsInTheAnswerOnce() {
    makeTopic();
    OffsetCommitRequestTopic topic = new OffsetCommitRequestTopic().setName("t");
    for (int partition = 0; partition < 3; partition++) {
      topic
          .partitions()
          .add(
              new OffsetCommitRequestPartition()
                  .setPartitionIndex(partition)
                  .setCommittedOffset(1));
    }

    OffsetCommitResponseData answer =
        ask(
            OffsetCommitResponseData.class,
            ApiKeys.OFFSET_COMMIT,
            (short) 9,
            new OffsetCommitRequestData().setGroupId("g").setTopics(List.of(topic)));

    assertThat(answer.topics()).hasSize(1);
    assertThat(answer.topics().get(0).partitions()).hasSize(3);
  }

  static Stream<Short> fetchVersions() {
    return versions(ApiKeys.OFFSET_FETCH);
  }

  @ParameterizedTest
  @MethodSource("fetchVersions")
  void fetchesOffsets(short version) {
    makeTopic();
    commit((short) 9, "t", 1);

    OffsetFetchResponseData answer =
        ask(
            OffsetFetchResponseData.class,
            ApiKeys.OFFSET_FETCH,
            version,
            fetchRequest(version, false));

    if (version >= 8) {
      var topic = answer.groups().get(0).topics().get(0);
      assertThat(topic.partitions()).extracting(p -> p.committedOffset()).containsExactly(-1L, 42L);
      assertThat(topic.partitions().get(1).metadata()).isEqualTo("why");
      assertThat(topic.topicId()).isEqualTo(version >= 10 ? idOf("t") : Uuid.ZERO_UUID);
    } else {
      var topic = answer.topics().get(0);
      assertThat(topic.name()).isEqualTo("t");
      assertThat(topic.partitions()).extracting(p -> p.committedOffset()).containsExactly(-1L, 42L);
      assertThat(topic.partitions().get(1).metadata()).isEqualTo("why");
    }
  }

  static Stream<Short> fetchAllVersions() {
    return fetchVersions().filter(version -> version >= 2);
  }

  @ParameterizedTest
  @MethodSource("fetchAllVersions")
  void fetchesAllOffsetsOfAGroup(short version) {
    makeTopic();
    commit((short) 9, "t", 1);

    OffsetFetchResponseData answer =
        ask(
            OffsetFetchResponseData.class,
            ApiKeys.OFFSET_FETCH,
            version,
            fetchRequest(version, true));

    if (version >= 8) {
      var topic = answer.groups().get(0).topics().get(0);
      assertThat(topic.partitions()).extracting(p -> p.committedOffset()).containsExactly(42L);
      assertThat(topic.topicId()).isEqualTo(version >= 10 ? idOf("t") : Uuid.ZERO_UUID);
    } else {
      assertThat(answer.topics().get(0).partitions())
          .extracting(p -> p.committedOffset())
          .containsExactly(42L);
    }
  }

  private OffsetFetchRequestData fetchRequest(short version, boolean all) {
    OffsetFetchRequestData request = new OffsetFetchRequestData();
    if (version >= 8) {
      OffsetFetchRequestTopics topic =
          new OffsetFetchRequestTopics().setPartitionIndexes(List.of(0, 1));
      if (version >= 10) {
        topic.setTopicId(idOf("t"));
      } else {
        topic.setName("t");
      }
      return request.setGroups(
          List.of(
              new OffsetFetchRequestGroup()
                  .setGroupId("g")
                  .setTopics(all ? null : List.of(topic))));
    }
    OffsetFetchRequestTopic topic =
        new OffsetFetchRequestTopic().setName("t").setPartitionIndexes(List.of(0, 1));
    return request.setGroupId("g").setTopics(all ? null : List.of(topic));
  }

  @ParameterizedTest
  @MethodSource("fetchVersions")
  void tellsThatItIsNoCoordinatorWhereTheVersionHasRoomForIt(short version) {
    OffsetFetchResponseData answer =
        ask(
            OffsetFetchResponseData.class,
            ApiKeys.OFFSET_FETCH,
            version,
            fetchRequest(version, false));

    short code =
        version >= 8
            ? answer.groups().get(0).errorCode()
            : version >= 2
                ? answer.errorCode()
                : answer.topics().get(0).partitions().get(0).errorCode();
    assertThat(error(code)).isEqualTo(Errors.NOT_COORDINATOR);
  }

  @Test
  void deletesOffsets() {
    makeTopic();
    commit((short) 9, "t", 1);
    OffsetDeleteRequestData request = new OffsetDeleteRequestData().setGroupId("g");
    for (String name : List.of("t", "unknown")) {
      OffsetDeleteRequestTopic topic = new OffsetDeleteRequestTopic().setName(name);
      topic.partitions().add(new OffsetDeleteRequestPartition().setPartitionIndex(1));
      topic.partitions().add(new OffsetDeleteRequestPartition().setPartitionIndex(99));
      topic.partitions().add(new OffsetDeleteRequestPartition().setPartitionIndex(-1));
      request.topics().add(topic);
    }

    OffsetDeleteResponseData answer =
        ask(OffsetDeleteResponseData.class, ApiKeys.OFFSET_DELETE, (short) 0, request);

    assertThat(answer.topics()).hasSize(2);
    assertThat(answer.topics().find("t").partitions().find(1).errorCode()).isZero();
    for (int number : new int[] {99, -1}) {
      assertThat(error(answer.topics().find("t").partitions().find(number).errorCode()))
          .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }
    assertThat(error(answer.topics().find("unknown").partitions().find(1).errorCode()))
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
  }

  @Test
  void deletesNoOffsetsOfAGroupWithoutAName() {
    makeTopic();

    OffsetDeleteResponseData answer =
        ask(
            OffsetDeleteResponseData.class,
            ApiKeys.OFFSET_DELETE,
            (short) 0,
            new OffsetDeleteRequestData().setGroupId(""));

    assertThat(error(answer.errorCode())).isEqualTo(Errors.INVALID_GROUP_ID);
  }
}
