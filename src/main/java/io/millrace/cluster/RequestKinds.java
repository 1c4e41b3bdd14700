package io.millrace.cluster;

import io.millrace.cluster.controller.Controller;
import io.millrace.cluster.controller.Decision;
import io.millrace.cluster.peer.PeerLink.Lane;
import io.millrace.metadata.ClusterImage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.apache.kafka.common.message.AllocateProducerIdsRequestData;
import org.apache.kafka.common.message.AllocateProducerIdsResponseData;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.message.AssignReplicasToDirsRequestData;
import org.apache.kafka.common.message.AssignReplicasToDirsResponseData;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.message.BrokerHeartbeatResponseData;
import org.apache.kafka.common.message.BrokerRegistrationRequestData;
import org.apache.kafka.common.message.BrokerRegistrationResponseData;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.apache.kafka.common.message.UnregisterBrokerResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Message;
import org.jspecify.annotations.Nullable;

/** All kinds of requests that the active controller answers. Immutable. */
final class RequestKinds {
  /** A topic that brokers make for themselves; the request is a CreateTopics that names it. */
  private static final int INTERNAL_TOPIC = 1001;

  private final Map<Integer, RequestKind<?, ?>> byCode = new HashMap<>();
  private final DecisionPipeline pipeline;

  final RequestKind<CreateTopicsRequestData, CreateTopicsResponseData> createTopics;
  final RequestKind<DeleteTopicsRequestData, DeleteTopicsResponseData> deleteTopics;
  final RequestKind<CreatePartitionsRequestData, CreatePartitionsResponseData> createPartitions;
  final RequestKind<AlterConfigsRequestData, AlterConfigsResponseData> alterConfigs;
  final RequestKind<IncrementalAlterConfigsRequestData, IncrementalAlterConfigsResponseData>
      incrementalAlterConfigs;
  final RequestKind<AllocateProducerIdsRequestData, AllocateProducerIdsResponseData>
      allocateProducerIds;
  final RequestKind<CreateTopicsRequestData, CreateTopicsResponseData> internalTopic;
  final RequestKind<ElectLeadersRequestData, ElectLeadersResponseData> electLeaders;
  final RequestKind<AlterPartitionReassignmentsRequestData, AlterPartitionReassignmentsResponseData>
      alterReassignments;
  final RequestKind<UnregisterBrokerRequestData, UnregisterBrokerResponseData> unregisterBroker;
  final RequestKind<AssignReplicasToDirsRequestData, AssignReplicasToDirsResponseData>
      assignReplicas;
  final RequestKind<AlterPartitionRequestData, AlterPartitionResponseData> alterPartition;
  final RequestKind<BrokerRegistrationRequestData, BrokerRegistrationResponseData> register;
  final RequestKind<BrokerHeartbeatRequestData, BrokerHeartbeatResponseData> heartbeat;

  RequestKinds(Controller controller, DecisionPipeline pipeline, ActiveController office) {
    this.pipeline = pipeline;
    ReplyCodec<CreateTopicsResponseData> created =
        new ReplyCodec<>(CreateTopicsResponseData::new, RequestKinds::withoutConfigs);
    createTopics =
        named(
            ApiKeys.CREATE_TOPICS, CreateTopicsRequestData::new, created, controller::createTopics);
    deleteTopics =
        named(
            ApiKeys.DELETE_TOPICS,
            DeleteTopicsRequestData::new,
            whole(DeleteTopicsResponseData::new),
            controller::deleteTopics);
    createPartitions =
        named(
            ApiKeys.CREATE_PARTITIONS,
            CreatePartitionsRequestData::new,
            whole(CreatePartitionsResponseData::new),
            controller::createPartitions);
    alterConfigs =
        named(
            ApiKeys.ALTER_CONFIGS,
            AlterConfigsRequestData::new,
            whole(AlterConfigsResponseData::new),
            controller::alterConfigs);
    incrementalAlterConfigs =
        named(
            ApiKeys.INCREMENTAL_ALTER_CONFIGS,
            IncrementalAlterConfigsRequestData::new,
            whole(IncrementalAlterConfigsResponseData::new),
            controller::incrementalAlterConfigs);
    allocateProducerIds =
        named(
            ApiKeys.ALLOCATE_PRODUCER_IDS,
            AllocateProducerIdsRequestData::new,
            whole(AllocateProducerIdsResponseData::new),
            controller::allocateProducerIds);
    internalTopic =
        named(
            INTERNAL_TOPIC,
            CreateTopicsRequestData::new,
            created,
            (image, request) ->
                controller.createInternalTopic(image, request.topics().iterator().next().name()));
    electLeaders =
        named(
            ApiKeys.ELECT_LEADERS,
            ElectLeadersRequestData::new,
            whole(ElectLeadersResponseData::new),
            controller::electLeaders);
    alterReassignments =
        named(
            ApiKeys.ALTER_PARTITION_REASSIGNMENTS,
            AlterPartitionReassignmentsRequestData::new,
            whole(AlterPartitionReassignmentsResponseData::new),
            controller::alterReassignments);
    unregisterBroker =
        named(
            ApiKeys.UNREGISTER_BROKER,
            UnregisterBrokerRequestData::new,
            whole(UnregisterBrokerResponseData::new),
            controller::unregisterBroker);
    // What can be decided twice without harm is not kept for repeats.
    assignReplicas =
        kind(
            Lane.CONTROL,
            ApiKeys.ASSIGN_REPLICAS_TO_DIRS.id,
            AssignReplicasToDirsRequestData::new,
            whole(AssignReplicasToDirsResponseData::new),
            (id, request) -> pipeline.decide(image -> controller.assignReplicas(image, request)));
    alterPartition =
        kind(
            Lane.CONTROL,
            ApiKeys.ALTER_PARTITION.id,
            AlterPartitionRequestData::new,
            whole(AlterPartitionResponseData::new),
            (id, request) -> pipeline.decide(image -> controller.alterPartition(image, request)));
    // A broker lives whether or not its image follows.
    register =
        known(
            new RequestKind<>(
                ApiKeys.BROKER_REGISTRATION.id,
                BrokerRegistrationRequestData::new,
                whole(BrokerRegistrationResponseData::new),
                Lane.CONTROL,
                false,
                (id, request) -> office.register(request)));
    heartbeat =
        known(
            new RequestKind<>(
                ApiKeys.BROKER_HEARTBEAT.id,
                BrokerHeartbeatRequestData::new,
                whole(BrokerHeartbeatResponseData::new),
                Lane.CONTROL,
                false,
                (id, request) -> office.heartbeat(request)));
  }

  private static <R extends Message> ReplyCodec<R> whole(Supplier<R> empty) {
    return new ReplyCodec<>(empty, reply -> reply);
  }

  private <Q extends Message, R extends Message> RequestKind<Q, R> named(
      ApiKeys api,
      Supplier<Q> empty,
      ReplyCodec<R> reply,
      BiFunction<ClusterImage, Q, Decision<R>> decider) {
    return named(api.id, empty, reply, decider);
  }

  private <Q extends Message, R extends Message> RequestKind<Q, R> named(
      int code,
      Supplier<Q> empty,
      ReplyCodec<R> reply,
      BiFunction<ClusterImage, Q, Decision<R>> decider) {
    return kind(
        Lane.CLIENT,
        code,
        empty,
        reply,
        (id, request) -> pipeline.decide(id, reply, image -> decider.apply(image, request)));
  }

  private <Q extends Message, R extends Message> RequestKind<Q, R> kind(
      Lane lane,
      int code,
      Supplier<Q> empty,
      ReplyCodec<R> reply,
      RequestKind.Server<Q, R> server) {
    return known(new RequestKind<>(code, empty, reply, lane, true, server));
  }

  private <Q extends Message, R extends Message> RequestKind<Q, R> known(RequestKind<Q, R> kind) {
    byCode.put(kind.code(), kind);
    return kind;
  }

  /** The kind of that number, or null when this version knows none. */
  @Nullable RequestKind<?, ?> find(int code) {
    return byCode.get(code);
  }

  private static CreateTopicsResponseData withoutConfigs(CreateTopicsResponseData reply) {
    CreateTopicsResponseData compact = new CreateTopicsResponseData();
    compact.setThrottleTimeMs(reply.throttleTimeMs());
    for (CreatableTopicResult topic : reply.topics()) {
      List<CreatableTopicConfigs> configs = topic.configs();
      topic.setConfigs(List.of());
      compact.topics().add(topic.duplicate());
      topic.setConfigs(configs);
    }
    return compact;
  }
}
