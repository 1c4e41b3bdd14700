package io.millrace.handler;

import io.millrace.cluster.Cluster;
import io.millrace.config.BrokerKeys;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import io.millrace.model.Caller;
import io.millrace.security.Authorizer;
import io.vertx.core.Future;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponsePartition;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;

/**
 * DescribeTopicPartitions (75): topics in the order of their names, a bounded number of partitions
 * at a time, with a cursor to go on (KIP-966).
 *
 * <ul>
 *   <li>0: as said.
 * </ul>
 *
 * <p>An empty list asks for all topics that the caller may describe. Eligible leader replicas are
 * not kept yet and told as none.
 */
public final class DescribeTopicPartitionsHandler
    implements ApiHandler<DescribeTopicPartitionsRequestData> {
  private final Cluster cluster;
  private final Authorizer authorizer;

  public DescribeTopicPartitionsHandler(Cluster cluster, Authorizer authorizer) {
    this.cluster = cluster;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.DESCRIBE_TOPIC_PARTITIONS;
  }

  @Override
  public Future<ApiMessage> handle(
      RequestContext context, DescribeTopicPartitionsRequestData request) {
    ClusterImage image = cluster.image();
    DescribeTopicPartitionsRequestData.Cursor cursor = request.cursor();
    if (cursor != null && cursor.partitionIndex() < 0) {
      return Future.succeededFuture(refused(request));
    }
    Page page = new Page(context, image, limit(request));
    for (String name : names(context.caller(), image, request)) {
      boolean isFirst = cursor != null && cursor.topicName().equals(name);
      if (!page.add(name, isFirst ? cursor.partitionIndex() : 0)) {
        break;
      }
    }
    return Future.succeededFuture(page.response);
  }

  private static DescribeTopicPartitionsResponseData refused(
      DescribeTopicPartitionsRequestData request) {
    DescribeTopicPartitionsResponseData response = new DescribeTopicPartitionsResponseData();
    request
        .topics()
        .forEach(topic -> response.topics().add(failed(topic.name(), Errors.INVALID_REQUEST)));
    return response;
  }

  private int limit(DescribeTopicPartitionsRequestData request) {
    int most = cluster.config().get(BrokerKeys.MAX_REQUEST_PARTITION_SIZE_LIMIT);
    return Math.max(1, Math.min(most, request.responsePartitionLimit()));
  }

  private SortedSet<String> names(
      Caller caller, ClusterImage image, DescribeTopicPartitionsRequestData request) {
    SortedSet<String> names = new TreeSet<>();
    if (request.topics().isEmpty()) {
      image.topics().keySet().stream()
          .filter(name -> mayDescribe(caller, name))
          .forEach(names::add);
    } else {
      request.topics().forEach(topic -> names.add(topic.name()));
    }
    return request.cursor() == null ? names : names.tailSet(request.cursor().topicName());
  }

  private boolean mayDescribe(Caller caller, String topic) {
    return authorizer.allows(caller, AclOperation.DESCRIBE, ResourceType.TOPIC, topic);
  }

  private static DescribeTopicPartitionsResponseTopic failed(String name, Errors error) {
    return new DescribeTopicPartitionsResponseTopic()
        .setName(name)
        .setErrorCode(error.code())
        .setIsInternal(Topic.isInternal(name));
  }

  /** The answer as it fills. */
  private final class Page {
    private final RequestContext context;
    private final ClusterImage image;
    private final DescribeTopicPartitionsResponseData response =
        new DescribeTopicPartitionsResponseData();
    private final PartitionDescriber partitions;
    private int room;

    Page(RequestContext context, ClusterImage image, int room) {
      this.context = context;
      this.image = image;
      this.partitions =
          new PartitionDescriber(image, cluster.refusing(), context.caller().listener());
      this.room = room;
    }

    /** Adds a topic from a partition on. False when there was no room for all of it. */
    boolean add(String name, int from) {
      if (!mayDescribe(context.caller(), name)) {
        response.topics().add(failed(name, Errors.TOPIC_AUTHORIZATION_FAILED));
        return true;
      }
      TopicImage topic = image.topic(name);
      if (topic == null) {
        response
            .topics()
            .add(
                failed(
                    name,
                    Topic.isValid(name)
                        ? Errors.UNKNOWN_TOPIC_OR_PARTITION
                        : Errors.INVALID_TOPIC_EXCEPTION));
        return true;
      }
      if (room == 0) {
        return stopAt(name, from);
      }
      int to = (int) Math.min(topic.partitions().size(), (long) from + room);
      response.topics().add(describe(topic, from, to));
      room -= Math.max(0, to - from);
      return to >= topic.partitions().size() || stopAt(name, to);
    }

    private boolean stopAt(String name, int partition) {
      response.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(partition));
      return false;
    }

    private DescribeTopicPartitionsResponseTopic describe(TopicImage topic, int from, int to) {
      DescribeTopicPartitionsResponseTopic described =
          new DescribeTopicPartitionsResponseTopic()
              .setErrorCode(Errors.NONE.code())
              .setName(topic.name())
              .setTopicId(topic.id())
              .setIsInternal(Topic.isInternal(topic.name()))
              .setTopicAuthorizedOperations(
                  AuthorizedOperations.topic(authorizer, context.caller(), topic.name()));
      for (int number = from; number < to; number++) {
        described.partitions().add(describe(number, topic.partitions().get(number)));
      }
      return described;
    }

    private DescribeTopicPartitionsResponsePartition describe(
        int number, PartitionImage partition) {
      PartitionDescription described = partitions.describe(partition);
      return new DescribeTopicPartitionsResponsePartition()
          .setErrorCode(described.error().code())
          .setPartitionIndex(number)
          .setLeaderId(described.leader())
          .setLeaderEpoch(partition.leaderEpoch())
          .setReplicaNodes(partition.replicas())
          .setIsrNodes(partition.isr())
          .setEligibleLeaderReplicas(partition.eligible())
          .setLastKnownElr(partition.lastIsr())
          .setOfflineReplicas(described.offline());
    }
  }
}
