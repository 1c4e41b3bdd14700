package io.millrace.cluster;

import io.millrace.config.BrokerConfig;
import io.millrace.config.LogConfig;
import io.millrace.eventloop.EventLoop;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.EffectiveConfigs;
import io.millrace.metadata.MetadataListener;
import io.millrace.metadata.TopicImage;
import io.millrace.model.Caller;
import io.vertx.core.Future;
import java.util.List;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;

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

  /** Ends it: what was submitted is waited for, later requests fail. */
  Future<Void> close(EventLoop asker);
}
