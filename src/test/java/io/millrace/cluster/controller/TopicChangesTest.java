package io.millrace.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.Fact;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsAssignment;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** DeleteTopics and CreatePartitions. */
class TopicChangesTest {
  private final Controller controller = Images.controller(Map.of());
  private final ClusterImage image = Images.withTopics(Images.of(2), "a", "b.c", "d");

  @Nested
  class Deletion {
    private Decision<DeleteTopicsResponseData> delete(DeleteTopicState... topics) {
      return controller.deleteTopics(
          image, new DeleteTopicsRequestData().setTopics(List.of(topics)));
    }

    private static DeleteTopicState named(String name) {
      return new DeleteTopicState().setName(name);
    }

    private static DeleteTopicState withId(Uuid id) {
      return new DeleteTopicState().setName(null).setTopicId(id);
    }

    @Test
    void takesTopicAndConfigsAway() {
      Uuid id = image.topic("b.c").id();

      Decision<DeleteTopicsResponseData> decision = delete(named("a"), withId(id));

      ClusterImage after = Images.after(image, decision.facts());
      assertThat(after.topics().keySet()).containsExactly("d");
      assertThat(after.namesSimilarTo("b_c")).isEmpty();
      DeletableTopicResult second = decision.reply().responses().find("b.c");
      assertThat(second.topicId()).isEqualTo(id);
      assertThat(second.errorCode()).isZero();
    }

    @Test
    void takesNamesOfOlderVersions() {
      Decision<DeleteTopicsResponseData> decision =
          controller.deleteTopics(
              image, new DeleteTopicsRequestData().setTopicNames(List.of("a", "nowhere")));

      assertThat(decision.facts()).hasSize(1);
      assertThat(decision.reply().responses().find("nowhere").errorCode())
          .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    }

    @Test
    void saysUnknownByNameAndById() {
      DeleteTopicsResponseData reply = delete(named("x"), withId(new Uuid(5, 5))).reply();

      assertThat(reply.responses())
          .extracting(DeletableTopicResult::errorCode)
          .containsExactly(
              Errors.UNKNOWN_TOPIC_OR_PARTITION.code(), Errors.UNKNOWN_TOPIC_ID.code());
    }

    @Test
    void refusesATopicThatIsNamedTwiceAlsoOnceByIdAndOnceByName() {
      Decision<DeleteTopicsResponseData> decision =
          delete(named("a"), withId(image.topic("a").id()), named("d"));

      assertThat(decision.reply().responses()).hasSize(2);
      assertThat(decision.reply().responses().find("a").errorCode())
          .isEqualTo(Errors.INVALID_REQUEST.code());
      assertThat(Images.after(image, decision.facts()).topics().keySet())
          .containsExactly("a", "b.c");
    }

    @Test
    void refusesNeitherNameNorIdAndBoth() {
      DeleteTopicsResponseData reply =
          delete(withId(Uuid.ZERO_UUID), named("a").setTopicId(new Uuid(1, 2))).reply();

      assertThat(reply.responses())
          .extracting(DeletableTopicResult::errorCode)
          .containsOnly(Errors.INVALID_REQUEST.code());
    }
  }

  @Nested
  class Growth {
    private Decision<CreatePartitionsResponseData> grow(CreatePartitionsTopic... topics) {
      CreatePartitionsRequestData request = new CreatePartitionsRequestData();
      request.topics().addAll(List.of(topics));
      return controller.createPartitions(image, request);
    }

    private static CreatePartitionsTopic to(String name, int count) {
      return new CreatePartitionsTopic().setName(name).setCount(count).setAssignments(null);
    }

    private void assertRefused(CreatePartitionsTopic topic, Errors error, String message) {
      Decision<CreatePartitionsResponseData> decision = grow(topic);
      CreatePartitionsTopicResult result = decision.reply().results().get(0);
      assertThat(Errors.forCode(result.errorCode())).isEqualTo(error);
      assertThat(result.errorMessage()).contains(message);
      assertThat(decision.facts()).isEmpty();
    }

    @Test
    void addsPartitionsWithAsManyReplicasAsTheFirstHas() {
      List<Fact> facts = grow(to("a", 3)).facts();

      assertThat(Images.after(image, facts).topic("a").partitions())
          .hasSize(3)
          .allSatisfy(partition -> assertThat(partition.replicas()).hasSize(1));
    }

    @Test
    void takesReplicasThatTheRequestNames() {
      CreatePartitionsTopic wish =
          to("a", 2)
              .setAssignments(List.of(new CreatePartitionsAssignment().setBrokerIds(List.of(1))));

      assertThat(Images.after(image, grow(wish).facts()).partition("a", 1).leader()).isEqualTo(1);
    }

    @Test
    void refusesWhatIsNoGrowth() {
      assertRefused(to("a", 1), Errors.INVALID_PARTITIONS, "Topic already has 1 partition(s).");
      assertRefused(to("a", 0), Errors.INVALID_PARTITIONS, "would not be an increase");
      assertRefused(to("x", 3), Errors.UNKNOWN_TOPIC_OR_PARTITION, "");
      assertRefused(to("a", 20_000), Errors.POLICY_VIOLATION, "Excessively large");
    }

    @Test
    void refusesAssignmentsThatDoNotFit() {
      CreatePartitionsAssignment two = new CreatePartitionsAssignment().setBrokerIds(List.of(0, 1));
      assertRefused(
          to("a", 3).setAssignments(List.of(two)),
          Errors.INVALID_REPLICA_ASSIGNMENT,
          "Attempted to add 2 additional partition(s), but only 1 assignment(s)");
      assertRefused(
          to("a", 2).setAssignments(List.of(two)),
          Errors.INVALID_REPLICA_ASSIGNMENT,
          "not consistent with previous");
    }

    @Test
    void onlyJudgesWhenAskedToValidate() {
      CreatePartitionsRequestData request = new CreatePartitionsRequestData().setValidateOnly(true);
      request.topics().add(to("a", 5));

      Decision<CreatePartitionsResponseData> decision = controller.createPartitions(image, request);

      assertThat(decision.facts()).isEmpty();
      assertThat(decision.reply().results().get(0).errorCode()).isZero();
    }
  }
}
