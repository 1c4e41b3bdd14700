package io.millrace.coordinator;

import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.TopicImage;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponsePartition;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponseTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponsePartition;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponseTopic;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponseTopicCollection;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The offset APIs before they reach a shard: authorises, sorts out topics and partitions that do
 * not exist, and finds the names of topics that are asked for by id. Thread-safe.
 */
final class OffsetDoor {
  private static final short COMMIT_VERSION_TOPIC_ID = 10;
  private static final short FETCH_VERSION_TOPIC_ID = 10;

  private final Supplier<ClusterImage> image;
  private final Access access;
  private final GroupCoordinator door;

  OffsetDoor(Supplier<ClusterImage> image, Access access, GroupCoordinator door) {
    this.image = image;
    this.access = access;
    this.door = door;
  }

  Future<OffsetCommitResponseData> commit(CoordinatorCall call, OffsetCommitRequestData request) {
    if (!access.toGroup(call, AclOperation.READ, request.groupId())) {
      return Future.succeededFuture(
          commitRefused(request.topics(), Errors.GROUP_AUTHORIZATION_FAILED));
    }
    ClusterImage now = image.get();
    OffsetCommitResponseData response = new OffsetCommitResponseData();
    List<OffsetCommitRequestTopic> accepted = new ArrayList<>();
    for (OffsetCommitRequestTopic topic : request.topics()) {
      sortOut(call, now, topic, accepted, response);
    }
    if (accepted.isEmpty()) {
      return Future.succeededFuture(response);
    }
    OffsetCommitRequestData passed = request.duplicate().setTopics(accepted);
    return door.write(
            call.loop(),
            request.groupId(),
            (shard, reply) -> shard.commit(call.version(), passed, reply),
            error -> commitRefused(accepted, error))
        .map(
            done -> {
              done.topics().forEach(topic -> merge(response, topic));
              return response;
            });
  }

  /**
   * Puts the partitions of a topic that exist with {@code accepted}, the others into the answer.
   */
  private void sortOut(
      CoordinatorCall call,
      ClusterImage now,
      OffsetCommitRequestTopic topic,
      List<OffsetCommitRequestTopic> accepted,
      OffsetCommitResponseData response) {
    boolean byId = call.version() >= COMMIT_VERSION_TOPIC_ID;
    TopicImage known = byId ? now.topic(topic.topicId()) : now.topic(topic.name());
    Errors error = Errors.NONE;
    if (known == null && byId) {
      error = Errors.UNKNOWN_TOPIC_ID;
    } else if (!access.toTopic(call, AclOperation.READ, nameOf(known, topic.name()))) {
      error = Errors.TOPIC_AUTHORIZATION_FAILED;
    } else if (known == null) {
      error = Errors.UNKNOWN_TOPIC_OR_PARTITION;
    }
    OffsetCommitRequestTopic pass =
        new OffsetCommitRequestTopic()
            .setName(nameOf(known, topic.name()))
            .setTopicId(byId ? topic.topicId() : Uuid.ZERO_UUID);
    OffsetCommitResponseTopic refused =
        new OffsetCommitResponseTopic().setName(topic.name()).setTopicId(topic.topicId());
    for (OffsetCommitRequestPartition partition : topic.partitions()) {
      boolean exists = known != null && known.partition(partition.partitionIndex()) != null;
      if (error == Errors.NONE && exists) {
        pass.partitions().add(partition);
      } else {
        Errors why = error == Errors.NONE ? Errors.UNKNOWN_TOPIC_OR_PARTITION : error;
        refused.partitions().add(result(partition, why));
      }
    }
    if (!refused.partitions().isEmpty()) {
      response.topics().add(refused);
    }
    if (!pass.partitions().isEmpty()) {
      accepted.add(pass);
    }
  }

  private static String nameOf(@Nullable TopicImage known, String name) {
    return known == null ? name : known.name();
  }

  /** A topic with partitions of both kinds stands in the answer once. */
  private static void merge(OffsetCommitResponseData response, OffsetCommitResponseTopic topic) {
    for (OffsetCommitResponseTopic there : response.topics()) {
      boolean same =
          topic.topicId().equals(Uuid.ZERO_UUID)
              ? there.name().equals(topic.name())
              : there.topicId().equals(topic.topicId());
      if (same) {
        there.partitions().addAll(topic.partitions());
        return;
      }
    }
    response.topics().add(topic);
  }

  static OffsetCommitResponseData commitRefused(
      List<OffsetCommitRequestTopic> topics, Errors error) {
    OffsetCommitResponseData response = new OffsetCommitResponseData();
    for (OffsetCommitRequestTopic topic : topics) {
      OffsetCommitResponseTopic refused =
          new OffsetCommitResponseTopic().setName(topic.name()).setTopicId(topic.topicId());
      topic.partitions().forEach(p -> refused.partitions().add(result(p, error)));
      response.topics().add(refused);
    }
    return response;
  }

  private static OffsetCommitResponsePartition result(
      OffsetCommitRequestPartition partition, Errors error) {
    return new OffsetCommitResponsePartition()
        .setPartitionIndex(partition.partitionIndex())
        .setErrorCode(error.code());
  }

  Future<OffsetFetchResponseData> fetch(CoordinatorCall call, OffsetFetchRequestData request) {
    List<Future<OffsetFetchResponseGroup>> groups =
        request.groups().stream().map(g -> fetch(call, g, request.requireStable())).toList();
    return Future.all(groups)
        .map(all -> new OffsetFetchResponseData().setGroups(new ArrayList<>(all.list())));
  }

  private Future<OffsetFetchResponseGroup> fetch(
      CoordinatorCall call, OffsetFetchRequestGroup group, boolean stable) {
    if (!access.toGroup(call, AclOperation.DESCRIBE, group.groupId())) {
      return Future.succeededFuture(
          fetchRefused(group.groupId(), Errors.GROUP_AUTHORIZATION_FAILED));
    }
    boolean byId = call.version() >= FETCH_VERSION_TOPIC_ID;
    ClusterImage now = image.get();
    List<OffsetFetchResponseTopics> refused = new ArrayList<>();
    OffsetFetchRequestGroup passed = group.duplicate();
    if (group.topics() != null) {
      passed.setTopics(new ArrayList<>());
      for (OffsetFetchRequestTopics topic : group.topics()) {
        TopicImage known = byId ? now.topic(topic.topicId()) : null;
        if (byId && known == null) {
          refused.add(refused(topic, Errors.UNKNOWN_TOPIC_ID));
        } else if (!access.toTopic(call, AclOperation.DESCRIBE, nameOf(known, topic.name()))) {
          refused.add(refused(topic, Errors.TOPIC_AUTHORIZATION_FAILED));
        } else {
          passed.topics().add(topic.duplicate().setName(nameOf(known, topic.name())));
        }
      }
    }
    return door.read(
            call.loop(),
            group.groupId(),
            (shard, reply) -> shard.fetch(passed, stable, reply),
            error -> fetchRefused(group.groupId(), error))
        .map(answer -> finish(call, answer, group.topics() == null, byId, now, refused));
  }

  private OffsetFetchResponseGroup finish(
      CoordinatorCall call,
      OffsetFetchResponseGroup answer,
      boolean all,
      boolean byId,
      ClusterImage now,
      List<OffsetFetchResponseTopics> refused) {
    if (answer.errorCode() != Errors.NONE.code()) {
      return answer;
    }
    List<OffsetFetchResponseTopics> topics = new ArrayList<>(refused);
    for (OffsetFetchResponseTopics topic : answer.topics()) {
      if (all && !access.toTopic(call, AclOperation.DESCRIBE, topic.name())) {
        continue;
      }
      if (all && byId) {
        TopicImage known = now.topic(topic.name());
        if (known == null) {
          // Gone: there is no id to name it by.
          continue;
        }
        topic.setTopicId(known.id());
      }
      topics.add(topic);
    }
    return answer.setTopics(topics);
  }

  private static OffsetFetchResponseGroup fetchRefused(String groupId, Errors error) {
    return new OffsetFetchResponseGroup().setGroupId(groupId).setErrorCode(error.code());
  }

  private static OffsetFetchResponseTopics refused(OffsetFetchRequestTopics topic, Errors error) {
    OffsetFetchResponseTopics refused =
        new OffsetFetchResponseTopics().setName(topic.name()).setTopicId(topic.topicId());
    for (int partition : topic.partitionIndexes()) {
      refused
          .partitions()
          .add(
              new OffsetFetchResponsePartitions()
                  .setPartitionIndex(partition)
                  .setCommittedOffset(-1)
                  .setCommittedLeaderEpoch(-1)
                  .setMetadata("")
                  .setErrorCode(error.code()));
    }
    return refused;
  }

  Future<OffsetDeleteResponseData> delete(CoordinatorCall call, OffsetDeleteRequestData request) {
    if (request.groupId().isEmpty()) {
      return Future.succeededFuture(
          new OffsetDeleteResponseData().setErrorCode(Errors.INVALID_GROUP_ID.code()));
    }
    if (!access.toGroup(call, AclOperation.DELETE, request.groupId())) {
      return Future.succeededFuture(
          new OffsetDeleteResponseData().setErrorCode(Errors.GROUP_AUTHORIZATION_FAILED.code()));
    }
    ClusterImage now = image.get();
    OffsetDeleteResponseTopicCollection refused = new OffsetDeleteResponseTopicCollection();
    OffsetDeleteRequestTopicCollection accepted = new OffsetDeleteRequestTopicCollection();
    for (OffsetDeleteRequestTopic topic : request.topics()) {
      sortOut(call, now.topic(topic.name()), topic, accepted, refused);
    }
    OffsetDeleteRequestData passed =
        new OffsetDeleteRequestData().setGroupId(request.groupId()).setTopics(accepted);
    return door.write(
            call.loop(),
            request.groupId(),
            (shard, reply) -> shard.deleteOffsets(passed, reply),
            error -> new OffsetDeleteResponseData().setErrorCode(error.code()))
        .map(
            answer -> {
              if (answer.errorCode() == Errors.NONE.code()) {
                refused.forEach(topic -> merge(answer.topics(), topic));
              }
              return answer;
            });
  }

  /**
   * Puts the partitions of a topic that exist with {@code accepted}, the others with {@code
   * refused}.
   */
  private void sortOut(
      CoordinatorCall call,
      @Nullable TopicImage known,
      OffsetDeleteRequestTopic topic,
      OffsetDeleteRequestTopicCollection accepted,
      OffsetDeleteResponseTopicCollection refused) {
    boolean allowed = access.toTopic(call, AclOperation.READ, topic.name());
    Errors error = allowed ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.TOPIC_AUTHORIZATION_FAILED;
    OffsetDeleteRequestTopic pass = new OffsetDeleteRequestTopic().setName(topic.name());
    OffsetDeleteResponseTopic rest = new OffsetDeleteResponseTopic().setName(topic.name());
    for (OffsetDeleteRequestPartition partition : topic.partitions()) {
      if (allowed && known != null && known.partition(partition.partitionIndex()) != null) {
        pass.partitions().add(partition);
      } else {
        rest.partitions()
            .add(
                new OffsetDeleteResponsePartition()
                    .setPartitionIndex(partition.partitionIndex())
                    .setErrorCode(error.code()));
      }
    }
    if (!pass.partitions().isEmpty()) {
      accepted.add(pass);
    }
    if (!rest.partitions().isEmpty()) {
      refused.add(rest);
    }
  }

  /** A topic with partitions of both kinds stands in the answer once. */
  private static void merge(
      OffsetDeleteResponseTopicCollection topics, OffsetDeleteResponseTopic topic) {
    OffsetDeleteResponseTopic there = topics.find(topic.name());
    if (there == null) {
      topics.add(topic.duplicate());
    } else {
      topic.partitions().forEach(partition -> there.partitions().add(partition.duplicate()));
    }
  }
}
