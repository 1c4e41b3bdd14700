package io.millrace.handler;

import io.millrace.cluster.Cluster;
import io.millrace.config.BrokerKeys;
import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.Endpoint;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import io.millrace.model.Caller;
import io.millrace.security.Authorizer;
import io.millrace.time.Timer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;

/**
 * Metadata (3): brokers, and topics with their partitions.
 *
 * <ul>
 *   <li>0: an empty list asks for all topics.
 *   <li>1: null asks for all topics, an empty list for none; racks, controller, internal topics.
 *   <li>2: cluster id. 3: throttle time. 5: offline replicas. 6: same. 7: leader epochs (KIP-320).
 *   <li>4: the client may refuse that unknown topics are created.
 *   <li>8-10: authorized operations (KIP-430); those of the cluster only here.
 *   <li>10: topic ids in the answer. 12: topics may be asked for by id (KIP-516), which goes before
 *       a name.
 *   <li>13: an error code for the whole answer (KIP-1102).
 * </ul>
 *
 * <p>A topic that is named several times is answered once, so that a small request cannot ask for a
 * huge answer. A topic that is created by being asked for is answered with its leader, or after two
 * seconds without one. While no controller answers, brokers whose port refuses are told as gone.
 */
public final class MetadataHandler implements ApiHandler<MetadataRequestData> {
  private static final short FIRST_WITH_CONTROL_OF_CREATION = 4;
  private static final short FIRST_WITH_LISTENER_ERROR = 6;
  private static final short FIRST_WITH_TOPIC_IDS = 12;

  /** How long an answer waits for the creation of topics: a cluster may have no quorum. */
  private static final int CREATION_MS = 2000;

  private final Cluster cluster;
  private final Authorizer authorizer;

  public MetadataHandler(Cluster cluster, Authorizer authorizer) {
    this.cluster = cluster;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.METADATA;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, MetadataRequestData request) {
    if (asksById(context, request)) {
      return Future.succeededFuture(refused(context, request));
    }
    List<String> toCreate = toCreate(context, request);
    if (toCreate.isEmpty()) {
      return Future.succeededFuture(answer(context, request, Map.of()));
    }
    Promise<ApiMessage> answered = Promise.promise();
    new TopicAutoCreation(cluster, authorizer)
        .create(context, toCreate)
        .onSuccess(failures -> answered.tryComplete(answer(context, request, failures)))
        .onFailure(answered::tryFail);
    Map<String, Errors> late = new HashMap<>();
    toCreate.forEach(name -> late.put(name, Errors.LEADER_NOT_AVAILABLE));
    Timer.Handle patience =
        context
            .loop()
            .schedule(CREATION_MS, () -> answered.tryComplete(answer(context, request, late)));
    return answered.future().onComplete(done -> patience.cancel());
  }

  /** Versions 10 and 11 have fields for ids, which no client may use there. */
  private static boolean asksById(RequestContext context, MetadataRequestData request) {
    return context.version() < FIRST_WITH_TOPIC_IDS
        && request.topics() != null
        && request.topics().stream()
            .anyMatch(t -> t.name() == null || !t.topicId().equals(Uuid.ZERO_UUID));
  }

  private static MetadataResponseData refused(RequestContext context, MetadataRequestData request) {
    MetadataResponseData response = new MetadataResponseData();
    for (MetadataRequestTopic wish : request.topics()) {
      String name = wish.name() == null ? "" : wish.name();
      response.topics().add(failed(Errors.INVALID_REQUEST, name, wish.topicId()));
    }
    return response;
  }

  /** Whether a topic is meant by its id, whatever name stands beside it. */
  private static boolean byId(MetadataRequestTopic wish) {
    return wish.name() == null || !wish.topicId().equals(Uuid.ZERO_UUID);
  }

  private static boolean asksForAll(RequestContext context, MetadataRequestData request) {
    return request.topics() == null || (context.version() == 0 && request.topics().isEmpty());
  }

  private List<String> toCreate(RequestContext context, MetadataRequestData request) {
    boolean mayCreate =
        context.version() < FIRST_WITH_CONTROL_OF_CREATION || request.allowAutoTopicCreation();
    if (!mayCreate
        || asksForAll(context, request)
        || !cluster.config().get(BrokerKeys.AUTO_CREATE_TOPICS_ENABLE)) {
      return List.of();
    }
    ClusterImage image = cluster.image();
    Set<String> names = new LinkedHashSet<>();
    for (MetadataRequestTopic wish : request.topics()) {
      String name = wish.name();
      if (name != null
          && !byId(wish)
          && image.topic(name) == null
          && mayDescribe(context.caller(), name)) {
        names.add(name);
      }
    }
    return List.copyOf(names);
  }

  private boolean mayDescribe(Caller caller, String topic) {
    return authorizer.allows(caller, AclOperation.DESCRIBE, ResourceType.TOPIC, topic);
  }

  private MetadataResponseData answer(
      RequestContext context, MetadataRequestData request, Map<String, Errors> creationFailures) {
    ClusterImage image = cluster.image();
    MetadataResponseData response =
        new MetadataResponseData()
            .setClusterId(image.clusterId())
            .setControllerId(isReachable(image, image.controllerId()) ? image.controllerId() : -1);
    addBrokers(context, image, response);
    if (asksForAll(context, request)) {
      addAllTopics(context, request, image, response);
    } else {
      addTopics(context, request, image, creationFailures, response);
    }
    if (request.includeClusterAuthorizedOperations()) {
      response.setClusterAuthorizedOperations(operationsOnCluster(context.caller()));
    }
    return response;
  }

  private void addAllTopics(
      RequestContext context,
      MetadataRequestData request,
      ClusterImage image,
      MetadataResponseData response) {
    for (TopicImage topic : image.topics().values()) {
      if (mayDescribe(context.caller(), topic.name())) {
        response.topics().add(describe(context, request, image, topic));
      }
    }
  }

  private void addTopics(
      RequestContext context,
      MetadataRequestData request,
      ClusterImage image,
      Map<String, Errors> creationFailures,
      MetadataResponseData response) {
    Set<Object> answered = new HashSet<>();
    for (MetadataRequestTopic wish : request.topics()) {
      if (answered.add(byId(wish) ? wish.topicId() : wish.name())) {
        response.topics().add(find(context, request, image, wish, creationFailures));
      }
    }
  }

  private int operationsOnCluster(Caller caller) {
    boolean mayDescribe =
        authorizer.allows(
            caller, AclOperation.DESCRIBE, ResourceType.CLUSTER, Resource.CLUSTER_NAME);
    return mayDescribe ? AuthorizedOperations.cluster(authorizer, caller) : 0;
  }

  private boolean isReachable(ClusterImage image, int broker) {
    return image.isAlive(broker) && !cluster.refusing().contains(broker);
  }

  private void addBrokers(
      RequestContext context, ClusterImage image, MetadataResponseData response) {
    for (BrokerImage broker : image.brokers().values()) {
      Endpoint endpoint = broker.endpoint(context.caller().listener());
      if (isReachable(image, broker.id()) && endpoint != null) {
        ClientAddress address = ClientAddress.of(endpoint, context.dialled());
        response
            .brokers()
            .add(
                new MetadataResponseBroker()
                    .setNodeId(broker.id())
                    .setHost(address.host())
                    .setPort(address.port())
                    .setRack(broker.rack()));
      }
    }
  }

  private MetadataResponseTopic find(
      RequestContext context,
      MetadataRequestData request,
      ClusterImage image,
      MetadataRequestTopic wish,
      Map<String, Errors> creationFailures) {
    String name = wish.name();
    if (name == null || byId(wish)) {
      TopicImage topic = image.topic(wish.topicId());
      return topic == null || !mayDescribe(context.caller(), topic.name())
          ? failed(Errors.UNKNOWN_TOPIC_ID, null, wish.topicId())
          : describe(context, request, image, topic);
    }
    if (!mayDescribe(context.caller(), name)) {
      return failed(Errors.TOPIC_AUTHORIZATION_FAILED, name, Uuid.ZERO_UUID);
    }
    TopicImage topic = image.topic(name);
    if (topic != null) {
      return describe(context, request, image, topic);
    }
    Errors error = creationFailures.getOrDefault(name, unknown(name));
    MetadataResponseTopic failed = failed(error, name, Uuid.ZERO_UUID);
    // Also of a topic that is not there: whoever asks learns whether it may create it.
    return error == Errors.TOPIC_AUTHORIZATION_FAILED
        ? failed
        : withOperations(context, request, failed);
  }

  private static Errors unknown(String name) {
    try {
      Topic.validate(name);
      return Errors.UNKNOWN_TOPIC_OR_PARTITION;
    } catch (InvalidTopicException e) {
      return Errors.INVALID_TOPIC_EXCEPTION;
    }
  }

  private static MetadataResponseTopic failed(Errors error, @Nullable String name, Uuid id) {
    return new MetadataResponseTopic()
        .setErrorCode(error.code())
        .setName(name)
        .setTopicId(id)
        .setIsInternal(name != null && Topic.isInternal(name));
  }

  private MetadataResponseTopic describe(
      RequestContext context, MetadataRequestData request, ClusterImage image, TopicImage topic) {
    List<MetadataResponsePartition> partitions = new ArrayList<>(topic.partitions().size());
    PartitionDescriber describer =
        new PartitionDescriber(image, cluster.refusing(), context.caller().listener());
    for (PartitionImage partition : topic.partitions()) {
      partitions.add(describe(context, describer, partition).setPartitionIndex(partitions.size()));
    }
    MetadataResponseTopic described =
        new MetadataResponseTopic()
            .setErrorCode(Errors.NONE.code())
            .setName(topic.name())
            .setTopicId(topic.id())
            .setIsInternal(Topic.isInternal(topic.name()))
            .setPartitions(partitions);
    return withOperations(context, request, described);
  }

  private MetadataResponseTopic withOperations(
      RequestContext context, MetadataRequestData request, MetadataResponseTopic topic) {
    if (request.includeTopicAuthorizedOperations()) {
      topic.setTopicAuthorizedOperations(
          AuthorizedOperations.topic(authorizer, context.caller(), topic.name()));
    }
    return topic;
  }

  private MetadataResponsePartition describe(
      RequestContext context, PartitionDescriber describer, PartitionImage partition) {
    PartitionDescription described = describer.describe(partition);
    Errors error = described.error();
    if (error == Errors.LISTENER_NOT_FOUND && context.version() < FIRST_WITH_LISTENER_ERROR) {
      error = Errors.LEADER_NOT_AVAILABLE;
    }
    return new MetadataResponsePartition()
        .setErrorCode(error.code())
        .setLeaderId(described.leader())
        .setLeaderEpoch(partition.leaderEpoch())
        .setReplicaNodes(partition.replicas())
        .setIsrNodes(partition.isr())
        .setOfflineReplicas(described.offline());
  }
}
