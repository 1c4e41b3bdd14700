package io.millrace.cluster;

import io.millrace.cluster.controller.Controller;
import io.millrace.cluster.controller.TopicImport;
import io.millrace.config.BrokerConfig;
import io.millrace.eventloop.EventLoop;
import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.EffectiveConfigs;
import io.millrace.metadata.MetadataListener;
import io.millrace.metadata.TopicImage;
import io.millrace.model.Caller;
import io.millrace.model.TopicIdPartition;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AllocateProducerIdsRequestData;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.message.BrokerHeartbeatResponseData;
import org.apache.kafka.common.message.BrokerRegistrationRequestData;
import org.apache.kafka.common.message.BrokerRegistrationResponseData;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.apache.kafka.common.message.UnregisterBrokerResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.Message;
import org.jspecify.annotations.Nullable;

/**
 * The cluster of a broker that decides itself: the door in front of the pipeline of decisions.
 *
 * <p>Thread-safe.
 */
public final class ClusterControl implements Cluster {
  /** How long a request waits for an answer of the active controller. */
  private static final int REQUEST_MS = 30_000;

  private final ClusterOptions options;
  private final EventLoop control;
  private final EffectiveConfigs configs;
  private final ClusterParts parts;

  private ClusterControl(EventLoop control, ClusterParts parts) {
    this.options = parts.options();
    this.control = control;
    this.configs = parts.configs();
    this.parts = parts;
  }

  /**
   * Opens the log, founds the cluster if that has not been done, and registers this broker.
   *
   * @param asker loop on which the result completes
   * @param control loop on which images are applied
   * @param ids source of random ids
   * @param onFault called once, on the control loop, when the metadata log can go on no more
   * @return the cluster with this broker in its image; fails with a sentence when the log cannot be
   *     read or belongs to another cluster
   */
  public static Future<Cluster> start(
      EventLoop asker,
      EventLoop control,
      ClusterOptions options,
      MetadataLog log,
      Supplier<Uuid> ids,
      Consumer<Throwable> onFault) {
    ClusterParts parts = new ClusterParts(options, control, log, ids, onFault);
    return asker.ask(control, parts::begin).map(begun -> new ClusterControl(control, parts));
  }

  /**
   * Starts the cluster of a broker that others may join or that joins others.
   *
   * @return completes when this broker's registration is applied, or on the last image that is
   *     known when there is no quorum for a while; the broker is fenced until {@link #serve}
   */
  public static Future<Cluster> start(
      EventLoop asker,
      EventLoop control,
      ClusterOptions options,
      MetadataLog log,
      Supplier<Uuid> ids,
      Consumer<Throwable> onFault,
      ClusterPeers peers) {
    ClusterParts parts = new ClusterParts(options, control, log, ids, onFault);
    return asker
        .ask(control, () -> parts.beginWith(peers))
        .map(begun -> new ClusterControl(control, parts));
  }

  @Override
  public ClusterImage image() {
    return parts.pipeline().listeners().image();
  }

  @Override
  public int brokerId() {
    return options.brokerId();
  }

  @Override
  public long brokerEpoch() {
    BrokerImage self = image().broker(options.brokerId());
    return self == null || !isOwnRegistration(image()) ? -1 : self.epoch();
  }

  @Override
  public EventLoop control() {
    return control;
  }

  @Override
  public BrokerConfig config() {
    return configs.broker(image());
  }

  @Override
  public EffectiveConfigs effectiveConfigs() {
    return configs;
  }

  @Override
  public Future<Void> addListener(EventLoop asker, MetadataListener listener) {
    return asker.ask(control, () -> parts.pipeline().listeners().add(listener));
  }

  private <Q extends Message, R extends Message> Future<R> ask(
      EventLoop asker, RequestKind<Q, R> kind, Caller caller, Q request) {
    return asker.ask(control, () -> parts.forwarder().ask(kind, caller, request, REQUEST_MS));
  }

  @Override
  public Future<CreateTopicsResponseData> createTopics(
      EventLoop asker, Caller caller, CreateTopicsRequestData request) {
    return ask(asker, parts.kinds().createTopics, caller, request);
  }

  @Override
  public Future<DeleteTopicsResponseData> deleteTopics(
      EventLoop asker, Caller caller, DeleteTopicsRequestData request) {
    return ask(asker, parts.kinds().deleteTopics, caller, request);
  }

  @Override
  public Future<CreatePartitionsResponseData> createPartitions(
      EventLoop asker, Caller caller, CreatePartitionsRequestData request) {
    return ask(asker, parts.kinds().createPartitions, caller, request);
  }

  @Override
  public Future<AlterConfigsResponseData> alterConfigs(
      EventLoop asker, Caller caller, AlterConfigsRequestData request) {
    return ask(asker, parts.kinds().alterConfigs, caller, request);
  }

  @Override
  public Future<IncrementalAlterConfigsResponseData> incrementalAlterConfigs(
      EventLoop asker, Caller caller, IncrementalAlterConfigsRequestData request) {
    return ask(asker, parts.kinds().incrementalAlterConfigs, caller, request);
  }

  @Override
  public Future<ElectLeadersResponseData> electLeaders(
      EventLoop asker, Caller caller, ElectLeadersRequestData request) {
    return ask(asker, parts.kinds().electLeaders, caller, request);
  }

  @Override
  public Future<AlterPartitionReassignmentsResponseData> alterReassignments(
      EventLoop asker, Caller caller, AlterPartitionReassignmentsRequestData request) {
    return ask(asker, parts.kinds().alterReassignments, caller, request);
  }

  @Override
  public Future<UnregisterBrokerResponseData> unregisterBroker(
      EventLoop asker, Caller caller, UnregisterBrokerRequestData request) {
    return ask(asker, parts.kinds().unregisterBroker, caller, request);
  }

  @Override
  public Future<AlterPartitionResponseData> alterPartition(
      EventLoop asker, AlterPartitionRequestData request) {
    return ask(asker, parts.kinds().alterPartition, BrokerLifecycle.SELF, request);
  }

  @Override
  public Future<ProducerIdBlock> allocateProducerIds(EventLoop asker) {
    AllocateProducerIdsRequestData request =
        new AllocateProducerIdsRequestData().setBrokerId(options.brokerId());
    return ask(
            asker,
            parts.kinds().allocateProducerIds,
            BrokerLifecycle.SELF,
            request.setBrokerEpoch(brokerEpoch()))
        .map(
            reply -> {
              orFail(reply.errorCode(), null);
              return new ProducerIdBlock(reply.producerIdStart(), reply.producerIdLen());
            });
  }

  @Override
  public Future<TopicImage> ensureInternalTopic(EventLoop asker, String name) {
    TopicImage existing = image().topic(name);
    if (existing != null) {
      return Future.succeededFuture(existing);
    }
    CreateTopicsRequestData request = new CreateTopicsRequestData();
    request.topics().add(new CreateTopicsRequestData.CreatableTopic().setName(name));
    return ask(asker, parts.kinds().internalTopic, BrokerLifecycle.SELF, request)
        .map(reply -> created(name, reply));
  }

  private TopicImage created(String name, CreateTopicsResponseData reply) {
    CreatableTopicResult result = reply.topics().find(name);
    if (result.errorCode() != Errors.TOPIC_ALREADY_EXISTS.code()) {
      orFail(result.errorCode(), result.errorMessage());
    }
    TopicImage topic = image().topic(name);
    if (topic == null) {
      throw new NotDecidedException(
          Errors.UNKNOWN_TOPIC_OR_PARTITION, name + " was deleted while it was created");
    }
    return topic;
  }

  @Override
  public Future<Void> importTopics(EventLoop asker, List<ImportedTopic> topics) {
    List<TopicImport.Found> found =
        topics.stream()
            .map(t -> new TopicImport.Found(t.name(), t.id(), t.leaderEpochs(), t.configs()))
            .toList();
    return asker
        .ask(control, () -> parts.pipeline().decide(image -> parts.importTopics(image, found)))
        .compose(ClusterControl::allImported);
  }

  private static Future<Void> allImported(CreateTopicsResponseData reply) {
    for (CreatableTopicResult result : reply.topics()) {
      orFail(result.errorCode(), result.errorMessage());
    }
    return Future.succeededFuture();
  }

  private static void orFail(short errorCode, @Nullable String message) {
    Errors error = Errors.forCode(errorCode);
    if (error != Errors.NONE) {
      throw new NotDecidedException(error, message == null ? error.message() : message);
    }
  }

  @Override
  public Future<Void> reportOffline(EventLoop asker, Collection<TopicIdPartition> partitions) {
    return ask(
            asker,
            parts.kinds().assignReplicas,
            BrokerLifecycle.SELF,
            Controller.offline(options.brokerId(), brokerEpoch(), partitions))
        .map(
            reply -> {
              orFail(reply.errorCode(), null);
              return null;
            });
  }

  @Override
  public Future<BrokerRegistrationResponseData> registerBroker(
      EventLoop asker, BrokerRegistrationRequestData request) {
    return asker.ask(control, () -> parts.office().register(request));
  }

  @Override
  public Future<BrokerHeartbeatResponseData> heartbeat(
      EventLoop asker, BrokerHeartbeatRequestData request) {
    return asker.ask(control, () -> parts.office().heartbeat(request));
  }

  @Override
  public boolean isOwnRegistration(ClusterImage image) {
    BrokerImage self = image.broker(options.brokerId());
    return self != null && self.incarnation().equals(options.incarnation());
  }

  @Override
  public void serve() {
    control.execute(parts::serve);
  }

  @Override
  public void reportFrom(ReplicaTails tails) {
    control.execute(() -> parts.reportFrom(tails));
  }

  @Override
  public Future<Void> leave(EventLoop asker) {
    return asker.ask(control, parts::leave);
  }

  @Override
  public Future<QuorumView> quorum(EventLoop asker) {
    return parts.quorum().ask(asker);
  }

  @Override
  public QuorumView quorumSeenHere() {
    return parts.quorum().seenHere();
  }

  @Override
  public Set<Integer> refusing() {
    return parts.refusing();
  }

  @Override
  public boolean holdsLease() {
    return parts.holdsLease();
  }

  @Override
  public Future<Void> close(EventLoop asker) {
    return asker.ask(control, parts::close);
  }
}
