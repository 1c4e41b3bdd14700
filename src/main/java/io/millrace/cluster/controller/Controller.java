package io.millrace.cluster.controller;

import io.millrace.config.BrokerConfig;
import io.millrace.config.BrokerKeys;
import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.EffectiveConfigs;
import io.millrace.metadata.Fact;
import io.millrace.model.TopicIdPartition;
import java.util.Collection;
import java.util.List;
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
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.apache.kafka.common.message.UnregisterBrokerResponseData;

/**
 * The decider: an image and a request give facts and a reply. Each answer holds for the image that
 * it was given.
 *
 * <p>Thread-safe: what it remembers follows from what it is given.
 */
public final class Controller {
  /** A hundred years are for ever, and can be added to any clock. */
  private static final long LONGEST_INTERVAL_S = 100L * 365 * 86_400;

  private final EffectiveConfigs configs;
  private final int brokerId;
  private final Supplier<Uuid> ids;

  // Any thread: of the last configuration.
  private volatile ConfiguredTopicRules rules = new ConfiguredTopicRules(BrokerConfig.DEFAULTS);

  /**
   * @param configs gives the controller's configuration at an image
   * @param brokerId id of the controller's broker
   * @param ids source of topic ids
   */
  public Controller(EffectiveConfigs configs, int brokerId, Supplier<Uuid> ids) {
    this.configs = configs;
    this.brokerId = brokerId;
    this.ids = ids;
  }

  /** Decides CreateTopics. */
  public Decision<CreateTopicsResponseData> createTopics(
      ClusterImage image, CreateTopicsRequestData request) {
    return new TopicCreation(topicRules(image), ids).decide(image, request);
  }

  private TopicRules topicRules(ClusterImage image) {
    BrokerConfig config = configs.broker(image);
    ConfiguredTopicRules known = rules;
    if (!known.areOf(config)) {
      known = new ConfiguredTopicRules(config);
      rules = known;
    }
    return known;
  }

  /** Decides DeleteTopics. */
  public Decision<DeleteTopicsResponseData> deleteTopics(
      ClusterImage image, DeleteTopicsRequestData request) {
    return new TopicDeletion().decide(image, request);
  }

  /** Decides CreatePartitions. */
  public Decision<CreatePartitionsResponseData> createPartitions(
      ClusterImage image, CreatePartitionsRequestData request) {
    return new PartitionGrowth().decide(image, request);
  }

  /** Decides AlterConfigs. */
  public Decision<AlterConfigsResponseData> alterConfigs(
      ClusterImage image, AlterConfigsRequestData request) {
    return EligibleReset.added(
        configs, image, new ConfigAlteration(configs).replace(image, request));
  }

  /** Decides IncrementalAlterConfigs. */
  public Decision<IncrementalAlterConfigsResponseData> incrementalAlterConfigs(
      ClusterImage image, IncrementalAlterConfigsRequestData request) {
    return EligibleReset.added(
        configs, image, new ConfigAlteration(configs).change(image, request));
  }

  /** Decides AllocateProducerIds. */
  public Decision<AllocateProducerIdsResponseData> allocateProducerIds(
      ClusterImage image, AllocateProducerIdsRequestData request) {
    return new ProducerIds().decide(image, request);
  }

  /** Decides the creation of an internal topic. */
  public Decision<CreateTopicsResponseData> createInternalTopic(ClusterImage image, String name) {
    return createTopics(image, InternalTopics.creation(image, configs.broker(image), name));
  }

  /** Decides how topics from a folder of Apache Kafka become known. */
  public Decision<CreateTopicsResponseData> importTopics(
      ClusterImage image, List<TopicImport.Found> topics) {
    return TopicImport.decide(image, brokerId, topics, ids);
  }

  /** Decides AlterPartition. */
  public Decision<AlterPartitionResponseData> alterPartition(
      ClusterImage image, AlterPartitionRequestData request) {
    return new IsrAlteration(configs).decide(image, request);
  }

  /** Decides ElectLeaders. */
  public Decision<ElectLeadersResponseData> electLeaders(
      ClusterImage image, ElectLeadersRequestData request) {
    return new LeaderElection(configs).decide(image, request);
  }

  /** Decides AlterPartitionReassignments. */
  public Decision<AlterPartitionReassignmentsResponseData> alterReassignments(
      ClusterImage image, AlterPartitionReassignmentsRequestData request) {
    return new Reassignment(configs).decide(image, request);
  }

  /** Decides UnregisterBroker. */
  public Decision<UnregisterBrokerResponseData> unregisterBroker(
      ClusterImage image, UnregisterBrokerRequestData request) {
    return new BrokerRemoval(configs).decide(image, request);
  }

  /** Decides what becomes of replicas whose log folder failed. */
  public Decision<AssignReplicasToDirsResponseData> assignReplicas(
      ClusterImage image, AssignReplicasToDirsRequestData request) {
    return new OfflineReplicas(configs).decide(image, request);
  }

  /** The request that reports replicas of a broker whose log folder failed. */
  public static AssignReplicasToDirsRequestData offline(
      int broker, long epoch, Collection<TopicIdPartition> replicas) {
    return OfflineReplicas.request(broker, epoch, replicas);
  }

  /**
   * Decides BrokerRegistration.
   *
   * @param holderLives whether another process that holds the id runs, or may run
   */
  public Decision<BrokerRegistrationResponseData> registerBroker(
      ClusterImage image, BrokerRegistrationRequestData request, boolean holderLives) {
    return new Registration(configs).decide(image, request, holderLives);
  }

  /**
   * The facts with which a broker that is alone begins a term.
   *
   * @param newClusterId id for the cluster in case it is not founded
   */
  public List<Fact> beginAlone(
      ClusterImage image, BrokerAdmission.Applicant applicant, String newClusterId) {
    return BrokerAdmission.alone(configs, image, applicant, newClusterId);
  }

  /** Whether that request comes from another broker than the one that holds its id. */
  public static boolean isContested(ClusterImage image, BrokerRegistrationRequestData request) {
    BrokerImage holder = image.broker(request.brokerId());
    return holder != null && !Registration.isSameBroker(holder, request);
  }

  /** The request with which a broker registers. */
  public static BrokerRegistrationRequestData registration(
      String clusterId, BrokerAdmission.Applicant applicant) {
    return Registration.request(clusterId, applicant);
  }

  /**
   * Decides BrokerHeartbeat.
   *
   * @param caughtUp whether the broker has applied its own registration and what came before it
   * @param othersCaughtUp whether all brokers that are alive have applied the changes with which
   *     this one gave up its leaderships
   */
  public Decision<BrokerHeartbeatResponseData> heartbeat(
      ClusterImage image,
      BrokerHeartbeatRequestData request,
      boolean caughtUp,
      boolean othersCaughtUp) {
    return new Heartbeats(configs).decide(image, request, caughtUp, othersCaughtUp);
  }

  /** A broker is gone: it is fenced, and its leaderships move in the same entry. */
  public List<Fact> fence(ClusterImage image, BrokerImage broker) {
    return new Heartbeats(configs).fence(image, broker);
  }

  /** Elections of partitions that nobody leads and somebody could lead by now. */
  public List<Fact> electLeaderless(ClusterImage image) {
    return new BrokerSweep(configs, image).leaderless();
  }

  /** Elections that give brokers back what they are to lead, where too much is led by others. */
  public List<Fact> restorePreferred(ClusterImage image) {
    BrokerConfig config = configs.broker(image);
    return config.get(BrokerKeys.AUTO_LEADER_REBALANCE_ENABLE)
        ? new LeaderElection(configs)
            .restorePreferred(image, config.get(BrokerKeys.LEADER_IMBALANCE_PER_BROKER_PERCENTAGE))
        : List.of();
  }

  /** How often misplaced leaders are looked for, in ms. */
  public long restoreIntervalMs(ClusterImage image) {
    return 1000
        * Math.min(
            LONGEST_INTERVAL_S,
            configs.broker(image).get(BrokerKeys.LEADER_IMBALANCE_CHECK_INTERVAL_SECONDS));
  }

  /** Reassignments that raise the replication factor of internal topics as brokers join. */
  public List<Fact> raiseInternalReplication(ClusterImage image) {
    return new InternalReplication(configs).raise(image);
  }
}
