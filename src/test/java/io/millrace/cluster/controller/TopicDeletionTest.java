package io.millrace.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.metadata.ClusterImage;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class TopicDeletionTest {
  private final Controller controller = Images.controller(Map.of());
  private final ClusterImage image = Images.withTopics(Images.of(2), "a", "b.c", "d");

  private Decision<DeleteTopicsResponseData> delete(DeleteTopicState... topics) {
    return controller.deleteTopics(image, new DeleteTopicsRequestData().setTopics(List.of(topics)));
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
        .containsExactly(Errors.UNKNOWN_TOPIC_OR_PARTITION.code(), Errors.UNKNOWN_TOPIC_ID.code());
  }

  @Test
  void refusesATopicThatIsNamedTwiceAlsoOnceByIdAndOnceByName() {
    Decision<DeleteTopicsResponseData> decision =
        delete(named("a"), withId(image.topic("a").id()), named("d"));

    assertThat(decision.reply().responses()).hasSize(2);
    assertThat(decision.reply().responses().find("a").errorCode())
        .isEqualTo(Errors.INVALID_REQUEST.code());
    assertThat(Images.after(image, decision.facts()).topics().keySet()).containsExactly("a", "b.c");
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
