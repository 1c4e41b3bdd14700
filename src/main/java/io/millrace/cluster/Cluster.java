package io.millrace.cluster;

import io.millrace.config.BrokerConfig;
import io.millrace.config.LogConfig;
import io.millrace.eventloop.EventLoop;
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
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.apache.kafka.common.message.UnregisterBrokerResponseData;

/**
 * The door to the cluster's decisions. A request is answered on the loop that asked, when what it
 * decided is durable, in {@link #image()}, and all listeners are done with it: a topic whose
 * creation was answered can be produced to.
 *
 * <p>Requests must have been authorised; the caller goes with them to the active controller.
 *
 * <p>Thread-safe.
 */
public interface Cluster {

  /** The newest image that all listeners have taken in: one volatile read, any thread. */
  ClusterImage image();

  /** Id of this broker. */
  int brokerId();

  /** Epoch of this broker's registration, or -1 before it is registered (KIP-903). */
  long brokerEpoch();

  /** The loop on which images are applied and listeners called. */
  EventLoop control();

  /** The configuration of this broker in force at {@link #image}, dynamic configs included. */
  BrokerConfig config();

  /** How configs in force are found at any image; for listeners, which see images first. */
  EffectiveConfigs effectiveConfigs();

  /** The settings of a topic in force at {@link #image}. */
  default LogConfig effectiveLogConfig(String topic) {
    return effectiveConfigs().topic(image(), topic);
  }

  /**
   * Adds a listener behind those that there are; its first change is the whole image.
   *
   * @return completes on {@code asker} when the listener has taken in the whole image
   */
  Future<Void> addListener(EventLoop asker, MetadataListener listener);

  /** Creates topics, or with {@code validateOnly} says what creating them would answer. */
  Future<CreateTopicsResponseData> createTopics(
      EventLoop asker, Caller caller, CreateTopicsRequestData request);

  /** Deletes topics that are named by id or name. */
  Future<DeleteTopicsResponseData> deleteTopics(
      EventLoop asker, Caller caller, DeleteTopicsRequestData request);

  /** Adds partitions to topics. */
  Future<CreatePartitionsResponseData> createPartitions(
      EventLoop asker, Caller caller, CreatePartitionsRequestData request);

  /** Replaces all dynamic configs of resources. */
  Future<AlterConfigsResponseData> alterConfigs(
      EventLoop asker, Caller caller, AlterConfigsRequestData request);

  /** Changes dynamic configs of resources, key by key (KIP-339). */
  Future<IncrementalAlterConfigsResponseData> incrementalAlterConfigs(
      EventLoop asker, Caller caller, IncrementalAlterConfigsRequestData request);

  /** A block of producer ids that nobody else is given. */
  Future<ProducerIdBlock> allocateProducerIds(EventLoop asker);

  /**
   * The internal topic of that name, created with its own configuration when it does not exist.
   *
   * @param name {@code __consumer_offsets} or another internal topic
   */
  Future<TopicImage> ensureInternalTopic(EventLoop asker, String name);

  /**
   * Takes over topics whose logs were found in a folder of Apache Kafka, all or none. A topic that
   * exists with the same id is left as it is.
   */
  Future<Void> importTopics(EventLoop asker, List<ImportedTopic> topics);

  /**
   * Changes the ISR of partitions that this broker leads (KIP-497). The answer says what became of
   * each, with the state of the partition where it was changed.
   */
  Future<AlterPartitionResponseData> alterPartition(
      EventLoop asker, AlterPartitionRequestData request);

  /** Elects preferred leaders, or unclean ones where nobody else is left (KIP-460). */
  Future<ElectLeadersResponseData> electLeaders(
      EventLoop asker, Caller caller, ElectLeadersRequestData request);

  /** Begins, replaces or cancels reassignments of replicas (KIP-455). */
  Future<AlterPartitionReassignmentsResponseData> alterReassignments(
      EventLoop asker, Caller caller, AlterPartitionReassignmentsRequestData request);

  /** Forgets a broker that is fenced (KIP-500). */
  Future<UnregisterBrokerResponseData> unregisterBroker(
      EventLoop asker, Caller caller, UnregisterBrokerRequestData request);

  /**
   * Reports that the log folders of replicas on this broker failed: they leave leadership and ISR
   * until the broker starts anew.
   */
  Future<Void> reportOffline(EventLoop asker, Collection<TopicIdPartition> partitions);

  /**
   * Takes a registration, at the active controller.
   *
   * @return fails with NOT_CONTROLLER elsewhere
   */
  Future<BrokerRegistrationResponseData> registerBroker(
      EventLoop asker, BrokerRegistrationRequestData request);

  /**
   * Takes a heartbeat, at the active controller.
   *
   * @return fails with NOT_CONTROLLER elsewhere
   */
  Future<BrokerHeartbeatResponseData> heartbeat(
      EventLoop asker, BrokerHeartbeatRequestData request);

  /**
   * Whether this broker may lead: the image names its process as the one that is registered. A
   * broker acts as leader of a partition only then.
   */
  boolean isOwnRegistration(ClusterImage image);

  /** The listeners are open: this broker can lead. Until then it is registered, and fenced. */
  void serve();

  /** Where the ends of this broker's logs are found, for partitions that nobody leads. */
  void reportFrom(ReplicaTails tails);

  /**
   * Gives this broker's leaderships to others and leaves every ISR in which there are others
   * (controlled shutdown).
   *
   * @return completes when the controller lets it go, or when there is none
   */
  Future<Void> leave(EventLoop asker);

  /**
   * Who carries the metadata log: as the broker that leads it tells, or as this one sees it when
   * that one does not answer.
   */
  Future<QuorumView> quorum(EventLoop asker);

  /** Who carries the metadata log, as this broker sees it. Any thread. */
  QuorumView quorumSeenHere();

  /**
   * Brokers whose port refuses although the image has them alive, and this one while the cluster
   * goes on without it; told to clients as if fenced. Any thread.
   */
  Set<Integer> refusing();

  /**
   * Whether the cluster goes on without this broker, which its controller cannot reach while others
   * are reached: what it leads is led by others. Any thread.
   */
  default boolean isLeftBehind() {
    return refusing().contains(brokerId());
  }

  /**
   * Whether the controller has heard from this broker within its lease. If not, another broker may
   * lead what the image has this one lead. A broker that is alone always does. Any thread.
   */
  boolean holdsLease();

  /** Ends it: what was submitted is waited for, later requests fail. */
  Future<Void> close(EventLoop asker);
}
