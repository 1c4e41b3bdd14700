package io.millrace.cluster.controller;

import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.Fact;
import io.millrace.metadata.TopicDeleted;
import io.millrace.metadata.TopicImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Decides DeleteTopics, by name or by id (KIP-516). */
final class TopicDeletion {

  Decision<DeleteTopicsResponseData> decide(ClusterImage image, DeleteTopicsRequestData request) {
    DeleteTopicsResponseData reply = new DeleteTopicsResponseData();
    List<Fact> facts = new ArrayList<>();
    Map<Uuid, Integer> timesNamed = timesNamed(image, wishes(request));
    Set<Uuid> told = new HashSet<>();
    for (DeleteTopicState wish : wishes(request)) {
      DeletableTopicResult result =
          new DeletableTopicResult().setName(wish.name()).setTopicId(wish.topicId());
      try {
        TopicImage topic = find(image, wish);
        result.setName(topic.name()).setTopicId(topic.id());
        if (!told.add(topic.id())) {
          continue;
        }
        if (timesNamed.get(topic.id()) > 1) {
          throw new RefusedException(Errors.INVALID_REQUEST, "Duplicate topic name or id.");
        }
        facts.add(new TopicDeleted(topic.id()));
      } catch (RefusedException refused) {
        result.setErrorCode(refused.error().code()).setErrorMessage(refused.getMessage());
      }
      reply.responses().add(result);
    }
    return new Decision<>(facts, reply);
  }

  /** What is asked for: versions 0 to 5 list names only. */
  private static List<DeleteTopicState> wishes(DeleteTopicsRequestData request) {
    List<DeleteTopicState> wishes = new ArrayList<>(request.topics());
    request.topicNames().forEach(name -> wishes.add(new DeleteTopicState().setName(name)));
    return wishes;
  }

  private static Map<Uuid, Integer> timesNamed(ClusterImage image, List<DeleteTopicState> wishes) {
    Map<Uuid, Integer> times = new HashMap<>();
    for (DeleteTopicState wish : wishes) {
      @Nullable TopicImage topic =
          wish.name() != null ? image.topic(wish.name()) : image.topic(wish.topicId());
      if (topic != null) {
        times.merge(topic.id(), 1, Integer::sum);
      }
    }
    return times;
  }

  private static TopicImage find(ClusterImage image, DeleteTopicState wish) {
    boolean byId = !wish.topicId().equals(Uuid.ZERO_UUID);
    if (wish.name() == null && !byId) {
      throw new RefusedException(
          Errors.INVALID_REQUEST, "Neither topic name nor id were specified.");
    }
    if (wish.name() != null && byId) {
      throw new RefusedException(
          Errors.INVALID_REQUEST, "You may not specify both topic name and topic id.");
    }
    TopicImage topic = byId ? image.topic(wish.topicId()) : image.topic(wish.name());
    if (topic == null) {
      Errors error = byId ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION;
      throw new RefusedException(error, error.message());
    }
    return topic;
  }
}
