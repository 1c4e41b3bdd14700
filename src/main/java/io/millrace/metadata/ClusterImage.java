package io.millrace.metadata;

import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * All that the cluster knows at one moment. Its collections share structure with the image before,
 * so that a change costs microseconds whatever the number of partitions. Immutable.
 *
 * @param index number of entries of the metadata log that led here; grows by one with each
 * @param term term of the last entry
 * @param nextSequence sequence that the next entry of that term must have
 * @param clusterId id of the cluster; empty before it is founded
 * @param controllerId id of the active controller, or -1
 * @param lastBrokerEpoch the greatest epoch that was given to a registration
 * @param nextProducerId first producer id that nobody was given
 * @param recoveries how often the metadata went on from one broker because the voters were lost; of
 *     two logs of one cluster the one with the greater number goes on
 * @param brokers all registered brokers, by id
 * @param topics all topics, by name, in order
 * @param topicNames names of all topics, by id
 * @param similarNames names with a {@code .} or {@code _}, by the name with {@code _} for {@code .}
 * @param configs dynamic configs; a resource without any is absent
 * @param answers the last answers to each broker, by its id
 */
public record ClusterImage(
    long index,
    long term,
    long nextSequence,
    String clusterId,
    int controllerId,
    long lastBrokerEpoch,
    long nextProducerId,
    int recoveries,
    TreePMap<Integer, BrokerImage> brokers,
    TreePMap<String, TopicImage> topics,
    HashPMap<Uuid, String> topicNames,
    HashPMap<String, TreePSet<String>> similarNames,
    HashPMap<ConfigScope, TreePMap<String, String>> configs,
    HashPMap<Integer, AnsweredRequests> answers) {

  /** More leaders than a partition gets in its life: they change within seconds at the fastest. */
  private static final int EPOCHS_APART = 1 << 16;

  /** More producers than the lost voters may have met. */
  private static final long PRODUCER_IDS_APART = 1L << 32;

  /** The image before the first entry. */
  public static final ClusterImage EMPTY =
      new ClusterImage(
          0,
          0,
          0,
          "",
          -1,
          -1,
          0,
          0,
          TreePMap.empty(),
          TreePMap.empty(),
          HashTreePMap.empty(),
          HashTreePMap.empty(),
          HashTreePMap.empty(),
          HashTreePMap.empty());

  /** The topic of that name, or null. */
  public @Nullable TopicImage topic(String name) {
    return topics.get(name);
  }

  /** The topic of that id, or null. */
  public @Nullable TopicImage topic(Uuid id) {
    String name = topicNames.get(id);
    return name == null ? null : topics.get(name);
  }

  /** The partition, or null when there is no such topic or partition. */
  public @Nullable PartitionImage partition(String topic, int number) {
    TopicImage image = topics.get(topic);
    return image == null ? null : image.partition(number);
  }

  /** The broker of that id, or null when none has registered. */
  public @Nullable BrokerImage broker(int id) {
    return brokers.get(id);
  }

  /** Whether a broker of that id is registered and not fenced. */
  public boolean isAlive(int brokerId) {
    BrokerImage broker = brokers.get(brokerId);
    return broker != null && !broker.fenced();
  }

  /** Whether a broker may be given a leadership: it is alive and not in controlled shutdown. */
  public boolean mayLead(int brokerId) {
    BrokerImage broker = brokers.get(brokerId);
    return broker != null && !broker.fenced() && !broker.shuttingDown();
  }

  /** Dynamic configs of the resource, empty when it has none. */
  public TreePMap<String, String> configs(ConfigScope scope) {
    return configs.getOrDefault(scope, TreePMap.empty());
  }

  /** All resources that have dynamic configs. */
  public Set<ConfigScope> configScopes() {
    return configs.keySet();
  }

  /** Names of topics that differ from {@code name} in nothing but {@code .} for {@code _}. */
  public TreePSet<String> namesSimilarTo(String name) {
    return similarNames.getOrDefault(similarityKey(name), TreePSet.empty());
  }

  /** The last answers to that broker. */
  public AnsweredRequests answers(int brokerId) {
    return answers.getOrDefault(brokerId, AnsweredRequests.NONE);
  }

  /** The image after that fact. @throws FactRefusedException when a precondition does not hold */
  public ClusterImage apply(Fact fact) {
    return fact.applyTo(this);
  }

  /**
   * The image after that entry.
   *
   * @param logTerm term of the log in which it stands
   * @param touched collects what its facts touch
   * @throws FactRefusedException when the entry was decided in another term than it stands in, when
   *     it is not the next of its term, or when a fact's precondition does not hold; the image with
   *     the entry passed over is then {@link #skip}
   */
  public ClusterImage apply(long logTerm, MetadataEntry entry, ClusterChange.Touched touched) {
    Preconditions.require(
        entry.term() == logTerm, "decided in term %d, logged in term %d", entry.term(), logTerm);
    long expected = logTerm == term ? nextSequence : 0;
    Preconditions.require(
        entry.sequence() == expected,
        "sequence %d of term %d, expected %d",
        entry.sequence(),
        logTerm,
        expected);
    ClusterImage image = this;
    for (Fact fact : entry.facts()) {
      ClusterImage next = fact.applyTo(image);
      fact.touch(image, touched);
      image = next;
    }
    return image.at(index + 1, logTerm, entry.sequence() + 1);
  }

  /**
   * The image with which a recovery begins, which only this broker's copy of the log led to. The
   * lost voters may have decided more, and may go on from there: epochs and producer ids are far
   * beyond those that they give, so that nobody takes what is of the one log for what is of the
   * other. A replica with records of the old log gives up those that the new leader does not have.
   */
  public ClusterImage recovered() {
    ClusterImage next =
        withNextProducerId(nextProducerId + PRODUCER_IDS_APART).withRecoveries(recoveries + 1);
    for (TopicImage topic : topics.values()) {
      next =
          next.withTopic(
              TopicImage.of(
                  topic.name(),
                  topic.id(),
                  topic.partitions().stream().map(ClusterImage::apart).toList()));
    }
    return next;
  }

  private static PartitionImage apart(PartitionImage partition) {
    return partition.withEpochs(
        Math.addExact(partition.leaderEpoch(), EPOCHS_APART),
        Math.addExact(partition.partitionEpoch(), EPOCHS_APART));
  }

  /** The image after an entry that was refused. */
  public ClusterImage skip() {
    return at(index + 1, term, nextSequence);
  }

  private static boolean hasSimilar(String name) {
    return name.indexOf('.') >= 0 || name.indexOf('_') >= 0;
  }

  private static String similarityKey(String name) {
    return name.replace('.', '_');
  }

  ClusterImage withTopic(TopicImage topic) {
    HashPMap<String, TreePSet<String>> similar = similarNames;
    if (hasSimilar(topic.name())) {
      similar =
          similar.plus(
              similarityKey(topic.name()), namesSimilarTo(topic.name()).plus(topic.name()));
    }
    return withTopics(
        topics.plus(topic.name(), topic),
        topicNames.plus(topic.id(), topic.name()),
        similar,
        configs);
  }

  ClusterImage withoutTopic(TopicImage topic) {
    TreePSet<String> others = namesSimilarTo(topic.name()).minus(topic.name());
    String key = similarityKey(topic.name());
    return withTopics(
        topics.minus(topic.name()),
        topicNames.minus(topic.id()),
        others.isEmpty() ? similarNames.minus(key) : similarNames.plus(key, others),
        configs.minus(ConfigScope.topic(topic.name())));
  }

  ClusterImage withConfigs(ConfigScope scope, TreePMap<String, String> next) {
    return withTopics(
        topics,
        topicNames,
        similarNames,
        next.isEmpty() ? configs.minus(scope) : configs.plus(scope, next));
  }

  ClusterImage withBroker(BrokerImage broker) {
    return with(
        clusterId,
        controllerId,
        lastBrokerEpoch,
        nextProducerId,
        recoveries,
        brokers.plus(broker.id(), broker));
  }

  ClusterImage withoutBroker(BrokerImage broker) {
    return with(
        clusterId,
        controllerId,
        lastBrokerEpoch,
        nextProducerId,
        recoveries,
        brokers.minus(broker.id()));
  }

  ClusterImage withClusterId(String id) {
    return with(id, controllerId, lastBrokerEpoch, nextProducerId, recoveries, brokers);
  }

  ClusterImage withControllerId(int id) {
    return with(clusterId, id, lastBrokerEpoch, nextProducerId, recoveries, brokers);
  }

  ClusterImage withLastBrokerEpoch(long epoch) {
    return with(clusterId, controllerId, epoch, nextProducerId, recoveries, brokers);
  }

  ClusterImage withNextProducerId(long id) {
    return with(clusterId, controllerId, lastBrokerEpoch, id, recoveries, brokers);
  }

  ClusterImage withRecoveries(int count) {
    return with(clusterId, controllerId, lastBrokerEpoch, nextProducerId, count, brokers);
  }

  ClusterImage withAnswers(int brokerId, AnsweredRequests next) {
    return new ClusterImage(
        index,
        term,
        nextSequence,
        clusterId,
        controllerId,
        lastBrokerEpoch,
        nextProducerId,
        recoveries,
        brokers,
        topics,
        topicNames,
        similarNames,
        configs,
        answers.plus(brokerId, next));
  }

  ClusterImage at(long nextIndex, long nextTerm, long sequence) {
    return new ClusterImage(
        nextIndex,
        nextTerm,
        sequence,
        clusterId,
        controllerId,
        lastBrokerEpoch,
        nextProducerId,
        recoveries,
        brokers,
        topics,
        topicNames,
        similarNames,
        configs,
        answers);
  }

  private ClusterImage with(
      String id,
      int controller,
      long brokerEpoch,
      long producerId,
      int recoveryCount,
      TreePMap<Integer, BrokerImage> nextBrokers) {
    return new ClusterImage(
        index,
        term,
        nextSequence,
        id,
        controller,
        brokerEpoch,
        producerId,
        recoveryCount,
        nextBrokers,
        topics,
        topicNames,
        similarNames,
        configs,
        answers);
  }

  private ClusterImage withTopics(
      TreePMap<String, TopicImage> nextTopics,
      HashPMap<Uuid, String> nextNames,
      HashPMap<String, TreePSet<String>> similar,
      HashPMap<ConfigScope, TreePMap<String, String>> nextConfigs) {
    return new ClusterImage(
        index,
        term,
        nextSequence,
        clusterId,
        controllerId,
        lastBrokerEpoch,
        nextProducerId,
        recoveries,
        brokers,
        nextTopics,
        nextNames,
        similar,
        nextConfigs,
        answers);
  }
}
