package io.millrace.cluster;

import io.millrace.cluster.controller.BrokerAdmission;
import io.millrace.cluster.controller.Controller;
import io.millrace.cluster.controller.Decision;
import io.millrace.cluster.controller.TopicImport;
import io.millrace.config.BrokerConfig;
import io.millrace.eventloop.EventLoop;
import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.EffectiveConfigs;
import io.millrace.metadata.MetadataListener;
import io.millrace.metadata.RequestId;
import io.millrace.metadata.TopicImage;
import io.millrace.model.Caller;
import io.millrace.model.TopicIdPartition;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AllocateProducerIdsRequestData;
import org.apache.kafka.common.message.AllocateProducerIdsResponseData;
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
  private static final ReplyCodec<CreateTopicsResponseData> CREATED =
      new ReplyCodec<>(CreateTopicsResponseData::new, ClusterControl::withoutConfigs);
  private static final ReplyCodec<DeleteTopicsResponseData> DELETED =
      new ReplyCodec<>(DeleteTopicsResponseData::new, reply -> reply);
  private static final ReplyCodec<CreatePartitionsResponseData> GROWN =
      new ReplyCodec<>(CreatePartitionsResponseData::new, reply -> reply);
  private static final ReplyCodec<AlterConfigsResponseData> ALTERED =
      new ReplyCodec<>(AlterConfigsResponseData::new, reply -> reply);
  private static final ReplyCodec<IncrementalAlterConfigsResponseData> CHANGED =
      new ReplyCodec<>(IncrementalAlterConfigsResponseData::new, reply -> reply);
  private static final ReplyCodec<AllocateProducerIdsResponseData> ALLOCATED =
      new ReplyCodec<>(AllocateProducerIdsResponseData::new, reply -> reply);

  private final ClusterOptions options;
  private final EventLoop control;
  private final EffectiveConfigs configs;
  private final Controller controller;
  private final DecisionPipeline pipeline;

  // Any thread: the last configuration that was worked out, with its image.
  private volatile ConfigAt config;

  // Owner: the control loop.
  private long nextRequest;

  private record ConfigAt(ClusterImage image, BrokerConfig config) {}

  private ClusterControl(
      ClusterOptions options,
      EventLoop control,
      MetadataLog log,
      Supplier<Uuid> ids,
      Consumer<Throwable> onFault) {
    this.options = options;
    this.control = control;
    this.configs = new EffectiveConfigs(options.config(), options.brokerId());
    this.controller = new Controller(configs, options.brokerId(), ids);
    this.pipeline = new DecisionPipeline(control, log, onFault);
    this.config = new ConfigAt(ClusterImage.EMPTY, options.config());
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
    ClusterControl cluster = new ClusterControl(options, control, log, ids, onFault);
    return asker.ask(control, () -> cluster.begin(ids)).map(ignored -> cluster);
  }

  /**
   * Starts the cluster of a broker that others may join or that joins others.
   *
   * @return completes when this broker's registration is applied, or on the last image that is
   *     known when there is no quorum for a while
   */
  public static Future<Cluster> start(
      EventLoop asker,
      EventLoop control,
      ClusterOptions options,
      MetadataLog log,
      Supplier<Uuid> ids,
      Consumer<Throwable> onFault,
      ClusterPeers peers) {
    return start(asker, control, options, log, ids, onFault);
  }

  private Future<Void> begin(Supplier<Uuid> ids) {
    return pipeline
        .open()
        .recover(
            unread ->
                Future.failedFuture(
                    new ClusterStartException(
                        "The cluster's metadata cannot be read: " + unread.getMessage(), unread)))
        .compose(opened -> admit(ids));
  }

  private Future<Void> admit(Supplier<Uuid> ids) {
    ClusterImage image = pipeline.speculative();
    String wanted = options.clusterId();
    if (image.clusterId().isEmpty() && !options.mayFound()) {
      return Future.failedFuture(
          new ClusterStartException(
              "The log.dirs hold partitions of cluster "
                  + wanted
                  + ", but its metadata is in none of them: put the missing log folder back."));
    }
    if (wanted != null && !image.clusterId().isEmpty() && !image.clusterId().equals(wanted)) {
      return Future.failedFuture(
          new ClusterStartException(
              "The data folder belongs to cluster "
                  + wanted
                  + ", its metadata to cluster "
                  + image.clusterId()
                  + "."));
    }
    BrokerAdmission.Applicant applicant =
        new BrokerAdmission.Applicant(
            options.brokerId(),
            options.incarnation(),
            options.endpoints(),
            options.rack(),
            options.trusted(),
            options.previousEpoch(),
            options.folder(),
            options.version());
    String newClusterId = wanted != null ? wanted : ids.get().toString();
    return pipeline.submit(BrokerAdmission.alone(image, applicant, newClusterId));
  }

  @Override
  public ClusterImage image() {
    return pipeline.listeners().image();
  }

  @Override
  public int brokerId() {
    return options.brokerId();
  }

  @Override
  public long brokerEpoch() {
    BrokerImage self = image().broker(options.brokerId());
    return self == null ? -1 : self.epoch();
  }

  @Override
  public EventLoop control() {
    return control;
  }

  @Override
  public BrokerConfig config() {
    ClusterImage image = image();
    ConfigAt last = config;
    if (last.image().configs() != image.configs()) {
      last = new ConfigAt(image, configs.broker(image));
      config = last;
    }
    return last.config();
  }

  @Override
  public EffectiveConfigs effectiveConfigs() {
    return configs;
  }

  @Override
  public Future<Void> addListener(EventLoop asker, MetadataListener listener) {
    return asker.ask(control, () -> pipeline.listeners().add(listener));
  }

  private <R extends Message> Future<R> decide(
      EventLoop asker, ReplyCodec<R> codec, Function<ClusterImage, Decision<R>> decider) {
    return asker.ask(
        control,
        () -> {
          RequestId id = new RequestId(options.brokerId(), options.incarnation(), nextRequest++);
          return pipeline.decide(id, codec, decider);
        });
  }

  @Override
  public Future<CreateTopicsResponseData> createTopics(
      EventLoop asker, Caller caller, CreateTopicsRequestData request) {
    return decide(asker, CREATED, image -> controller.createTopics(image, request));
  }

  @Override
  public Future<DeleteTopicsResponseData> deleteTopics(
      EventLoop asker, Caller caller, DeleteTopicsRequestData request) {
    return decide(asker, DELETED, image -> controller.deleteTopics(image, request));
  }

  @Override
  public Future<CreatePartitionsResponseData> createPartitions(
      EventLoop asker, Caller caller, CreatePartitionsRequestData request) {
    return decide(asker, GROWN, image -> controller.createPartitions(image, request));
  }

  @Override
  public Future<AlterConfigsResponseData> alterConfigs(
      EventLoop asker, Caller caller, AlterConfigsRequestData request) {
    return decide(asker, ALTERED, image -> controller.alterConfigs(image, request));
  }

  @Override
  public Future<IncrementalAlterConfigsResponseData> incrementalAlterConfigs(
      EventLoop asker, Caller caller, IncrementalAlterConfigsRequestData request) {
    return decide(asker, CHANGED, image -> controller.incrementalAlterConfigs(image, request));
  }

  @Override
  public Future<ProducerIdBlock> allocateProducerIds(EventLoop asker) {
    AllocateProducerIdsRequestData request =
        new AllocateProducerIdsRequestData().setBrokerId(options.brokerId());
    return decide(
            asker,
            ALLOCATED,
            image -> controller.allocateProducerIds(image, request.setBrokerEpoch(brokerEpoch())))
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
    return decide(asker, CREATED, image -> controller.createInternalTopic(image, name))
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
    return decide(asker, CREATED, image -> controller.importTopics(image, found))
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

  private static CreateTopicsResponseData withoutConfigs(CreateTopicsResponseData reply) {
    CreateTopicsResponseData compact = reply.duplicate();
    compact.topics().forEach(topic -> topic.setConfigs(List.of()));
    return compact;
  }

  private static <R> Future<R> notYet() {
    return Future.failedFuture(
        new NotDecidedException(Errors.NOT_CONTROLLER, "this broker does not decide now"));
  }

  @Override
  public Future<AlterPartitionResponseData> alterPartition(
      EventLoop asker, AlterPartitionRequestData request) {
    return notYet();
  }

  @Override
  public Future<ElectLeadersResponseData> electLeaders(
      EventLoop asker, Caller caller, ElectLeadersRequestData request) {
    return notYet();
  }

  @Override
  public Future<AlterPartitionReassignmentsResponseData> alterReassignments(
      EventLoop asker, Caller caller, AlterPartitionReassignmentsRequestData request) {
    return notYet();
  }

  @Override
  public Future<UnregisterBrokerResponseData> unregisterBroker(
      EventLoop asker, Caller caller, UnregisterBrokerRequestData request) {
    return notYet();
  }

  @Override
  public Future<BrokerRegistrationResponseData> registerBroker(
      EventLoop asker, BrokerRegistrationRequestData request) {
    return notYet();
  }

  @Override
  public Future<BrokerHeartbeatResponseData> heartbeat(
      EventLoop asker, BrokerHeartbeatRequestData request) {
    return notYet();
  }

  @Override
  public Future<Void> reportOffline(EventLoop asker, Collection<TopicIdPartition> partitions) {
    return notYet();
  }

  @Override
  public boolean isOwnRegistration(ClusterImage image) {
    BrokerImage self = image.broker(options.brokerId());
    return self != null && self.incarnation().equals(options.incarnation());
  }

  @Override
  public Future<Void> leave(EventLoop asker) {
    return Future.succeededFuture();
  }

  @Override
  public Set<Integer> refusing() {
    return Set.of();
  }

  @Override
  public Future<Void> close(EventLoop asker) {
    return asker.ask(control, pipeline::close);
  }
}
