package io.millrace.partition;

import io.millrace.config.LogConfig;
import io.millrace.eventloop.EventLoop;
import io.millrace.metadata.ClusterChange;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.ConfigScope;
import io.millrace.metadata.MetadataListener;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import io.millrace.model.TopicIdPartition;
import io.millrace.model.TopicPartition;
import io.millrace.storage.LogFolder;
import io.millrace.storage.Storage;
import io.millrace.storage.StoredLog;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All partitions that this broker holds. It follows the cluster's image: it opens, reconfigures and
 * deletes partitions, and is done with a change when their logs are.
 *
 * <p>Thread-safe; changes come on the control loop.
 */
public final class Partitions implements MetadataListener {
  private static final Logger LOG = LoggerFactory.getLogger(Partitions.class);

  private final Ground ground;
  private final EventLoop control;
  private final Storage storage;
  private final ReplicaGround replicas;
  private final HostedFolders folders;

  // Owner: the control loop.
  private Consumer<List<TopicIdPartition>> offlineListener = partitions -> {};
  private Runnable roomListener = () -> {};

  // Any thread reads them; the control loop replaces them.
  private volatile ClusterImage image = ClusterImage.EMPTY;
  private volatile Registry registry = new Registry(HashTreePMap.empty(), HashTreePMap.empty());

  private record Registry(HashPMap<String, HostedTopic> byName, HashPMap<Uuid, HostedTopic> byId) {}

  /** A topic's partitions by number; null where another broker holds it. */
  private record HostedTopic(String name, Uuid id, @Nullable Partition[] partitions) {
    @Nullable Partition partition(int number) {
      return number >= 0 && number < partitions.length ? partitions[number] : null;
    }
  }

  /**
   * What they stand on.
   *
   * @param brokerId id of this broker
   * @param incarnation id of this process: it leads while the image's registration has it
   * @param control the loop on which changes come
   * @param configs settings of a topic by an image
   * @param lagTimeMaxMs {@code replica.lag.time.max.ms}
   * @param controller asked for other ISRs
   * @param holdsLease whether the controller has heard from this broker lately; any thread
   */
  public record Ground(
      int brokerId,
      Uuid incarnation,
      EventLoop control,
      Storage storage,
      BiFunction<ClusterImage, String, LogConfig> configs,
      long lagTimeMaxMs,
      IsrChanges controller,
      BooleanSupplier holdsLease) {}

  /** The partitions of one broker, none until the first change. */
  public Partitions(Ground ground) {
    this.ground = ground;
    this.control = ground.control;
    this.storage = ground.storage;
    this.folders = new HostedFolders(ground.brokerId, control, storage);
    BrokerEpochs brokers = BrokerEpochs.of(() -> image);
    this.replicas =
        new ReplicaGround(
            ground.brokerId,
            ground.lagTimeMaxMs,
            new IsrProposals(ground.brokerId, control, ground.controller, brokers),
            brokers,
            ground.holdsLease);
    storage.onFolderFailure(this::folderFailed);
    storage.onLogFailure(this::logFailed);
    storage.onRoom(this::roomChanged);
    tickLater();
  }

  /** Id of this broker. */
  public int brokerId() {
    return ground.brokerId;
  }

  private void tickLater() {
    control.schedule(
        Math.max(1, ground.lagTimeMaxMs / 2),
        () -> {
          eachLeader(LeaderRole::onTick);
          tickLater();
        });
  }

  /** One step per shard: there may be thousands of partitions. */
  private void eachLeader(Consumer<LeaderRole> step) {
    Map<EventLoop, List<LocalReplica>> byShard = new LinkedHashMap<>();
    for (Partition partition : all()) {
      LocalReplica replica = partition.replica();
      if (replica != null && partition.leadership().replicas().size() > 1) {
        byShard.computeIfAbsent(replica.stored().shard(), s -> new ArrayList<>()).add(replica);
      }
    }
    byShard.forEach((shard, some) -> shard.execute(() -> some.forEach(each -> run(each, step))));
  }

  private static void run(LocalReplica replica, Consumer<LeaderRole> step) {
    LeaderRole leader = replica.leader();
    if (leader != null) {
      step.accept(leader);
    }
  }

  /** Leaders hand over what they cannot write, and followers say what they ask for. */
  private void roomChanged(LogFolder folder) {
    eachLeader(LeaderRole::onRoom);
    roomListener.run();
  }

  /**
   * Has {@code listener} called on the control loop when {@link Partition#hasRoom} may differ. Any
   * thread.
   */
  public void onRoom(Runnable listener) {
    control.execute(() -> roomListener = listener);
  }

  /** The partitions in a failed folder answer KAFKA_STORAGE_ERROR from now on. */
  private void folderFailed(LogFolder folder) {
    List<TopicIdPartition> gone = new ArrayList<>();
    for (Partition partition : all()) {
      LocalReplica replica = partition.replica();
      if (replica != null && replica.stored().folder() == folder) {
        partition.close(control, Errors.KAFKA_STORAGE_ERROR);
        gone.add(partition.id());
      }
    }
    wentOffline(gone);
  }

  /** As {@link #folderFailed}, for the one partition whose log failed. */
  private void logFailed(StoredLog log) {
    Partition partition = get(log.id().topicId(), log.id().partition());
    LocalReplica replica = partition == null ? null : partition.replica();
    if (replica != null && replica.stored() == log) {
      partition.close(control, Errors.KAFKA_STORAGE_ERROR);
      wentOffline(List.of(partition.id()));
    }
  }

  /**
   * Has {@code listener} called on the control loop with partitions whose logs are not available,
   * now and from now on. Control loop.
   */
  public void onOffline(Consumer<List<TopicIdPartition>> listener) {
    control.assertOwner();
    offlineListener = listener;
    wentOffline(
        all().stream()
            .filter(each -> each.problem() == Errors.KAFKA_STORAGE_ERROR)
            .map(Partition::id)
            .toList());
  }

  private void wentOffline(List<TopicIdPartition> partitions) {
    if (!partitions.isEmpty()) {
      offlineListener.accept(partitions);
    }
  }

  /**
   * How far the logs of partitions reach, for those that this broker holds.
   *
   * @return on {@code asker}
   */
  public Future<Map<TopicIdPartition, ReplicaEnd>> ends(
      EventLoop asker, Collection<TopicIdPartition> wanted) {
    Map<TopicIdPartition, ReplicaEnd> ends = new HashMap<>();
    List<Future<?>> all = new ArrayList<>();
    for (TopicIdPartition id : wanted) {
      Partition partition = get(id.topicId(), id.partition());
      LocalReplica replica = partition == null ? null : partition.replica();
      if (replica != null && partition.problem() == Errors.NONE) {
        all.add(
            asker
                .ask(replica.stored().shard(), () -> Future.succeededFuture(replica.end()))
                .onSuccess(end -> ends.put(id, end)));
      }
    }
    return Future.join(all).map(ends);
  }

  /** The partition, or null when this broker does not hold it. Any thread. */
  public @Nullable Partition get(TopicPartition partition) {
    return get(partition.topic(), partition.partition());
  }

  /** The partition, or null when this broker does not hold it. Any thread. */
  public @Nullable Partition get(String topic, int number) {
    HostedTopic hosted = registry.byName.get(topic);
    return hosted == null ? null : hosted.partition(number);
  }

  /** The partition, or null when this broker does not hold it. Any thread. */
  public @Nullable Partition get(Uuid topicId, int number) {
    HostedTopic hosted = registry.byId.get(topicId);
    return hosted == null ? null : hosted.partition(number);
  }

  /**
   * Why {@link #get(String, int)} gave null: the partition is led elsewhere, or does not exist. Any
   * thread.
   */
  public Errors absence(String topic, int number) {
    return image.partition(topic, number) == null
        ? Errors.UNKNOWN_TOPIC_OR_PARTITION
        : Errors.NOT_LEADER_OR_FOLLOWER;
  }

  /** Why {@link #get(Uuid, int)} gave null. Any thread. */
  public Errors absence(Uuid topicId, int number) {
    TopicImage topic = image.topic(topicId);
    if (topic == null) {
      return Errors.UNKNOWN_TOPIC_ID;
    }
    return topic.partition(number) == null
        ? Errors.UNKNOWN_TOPIC_OR_PARTITION
        : Errors.NOT_LEADER_OR_FOLLOWER;
  }

  /** Name of a topic, or null when there is no topic of that id. Any thread. */
  public @Nullable String topicName(Uuid topicId) {
    return image.topicNames().get(topicId);
  }

  /** All partitions that this broker holds. Any thread. */
  public Collection<Partition> all() {
    List<Partition> all = new ArrayList<>();
    for (HostedTopic topic : registry.byName.values()) {
      for (Partition partition : topic.partitions) {
        if (partition != null) {
          all.add(partition);
        }
      }
    }
    return all;
  }

  /** The log folders and the partitions' logs in them. Any thread. */
  public List<HostedFolder> folders() {
    return folders.describe(all());
  }

  /**
   * Begins to move a partition's log to another of this broker's folders (KIP-113). Any loop.
   *
   * @return NONE when it is on its way or already there; as Kafka: INVALID_TOPIC_EXCEPTION,
   *     LOG_DIR_NOT_FOUND, KAFKA_STORAGE_ERROR, and REPLICA_NOT_AVAILABLE for a partition that is
   *     not here: it will be made there
   */
  public Future<Errors> moveLog(EventLoop caller, TopicPartition partition, String folder) {
    return folders.move(caller, partition, folder);
  }

  /** The newest image, also while what follows from it is under way. Any thread. */
  public ClusterImage image() {
    return image;
  }

  @Override
  public void onImage(ClusterChange change, Runnable done) {
    control.assertOwner();
    image = change.now();
    List<Future<Void>> deletions = new ArrayList<>();
    for (Uuid topicId : change.topics()) {
      HostedTopic hosted = registry.byId.get(topicId);
      if (hosted != null && image.topic(topicId) == null) {
        delete(hosted, deletions);
      }
    }
    // A name that is taken again has the folder names of the topic that it named before.
    Future.join(deletions).onComplete(deleted -> openAndUpdate(change, done));
  }

  private void openAndUpdate(ClusterChange change, Runnable done) {
    List<Future<Void>> steps = new ArrayList<>();
    for (Uuid topicId : selfChanged(change) ? topicIds(change) : change.topics()) {
      TopicImage now = change.now().topic(topicId);
      if (now != null) {
        update(change.now(), now, registry.byId.get(topicId), steps);
      }
    }
    reconfigure(change, steps);
    if (change.brokersChanged()) {
      eachLeader(LeaderRole::onBrokers);
    }
    Future.join(steps).onComplete(all -> done.run());
  }

  /** Whether this broker may lead depends on its registration. */
  private boolean selfChanged(ClusterChange change) {
    return change.brokersChanged()
        && !Objects.equals(
            change.before().broker(ground.brokerId), change.now().broker(ground.brokerId));
  }

  private static Set<Uuid> topicIds(ClusterChange change) {
    return change.now().topicNames().keySet();
  }

  private void update(
      ClusterImage image,
      TopicImage topic,
      @Nullable HostedTopic hosted,
      List<Future<Void>> steps) {
    @Nullable Partition[] partitions = new Partition[topic.partitions().size()];
    LogConfig config = ground.configs.apply(image, topic.name());
    for (int number = 0; number < partitions.length; number++) {
      Partition existing = hosted == null ? null : hosted.partition(number);
      PartitionImage decided = topic.partitions().get(number);
      if (existing != null && !decided.replicas().contains(ground.brokerId)) {
        remove(existing, Errors.NOT_LEADER_OR_FOLLOWER, steps);
      } else if (existing != null) {
        partitions[number] = existing;
        Leadership next = leadership(image, decided);
        if (!next.equals(existing.leadership())) {
          steps.add(existing.become(control, next));
        }
      } else if (decided.replicas().contains(ground.brokerId)) {
        partitions[number] = open(topic, number, leadership(image, decided), config, steps);
      }
    }
    HostedTopic next = new HostedTopic(topic.name(), topic.id(), partitions);
    registry =
        new Registry(
            registry.byName.plus(topic.name(), next), registry.byId.plus(topic.id(), next));
  }

  private Partition open(
      TopicImage topic,
      int number,
      Leadership leadership,
      LogConfig config,
      List<Future<Void>> steps) {
    TopicIdPartition id =
        new TopicIdPartition(topic.id(), new TopicPartition(topic.name(), number));
    Partition partition = new Partition(id, leadership, config);
    steps.add(
        partition
            .open(replicas, storage)
            .recover(
                fault -> {
                  LOG.error(
                      "the log of {} cannot be opened: {}",
                      id.topicPartition(),
                      fault.getMessage());
                  wentOffline(List.of(id));
                  return partition.close(control, Errors.KAFKA_STORAGE_ERROR);
                }));
    return partition;
  }

  private void delete(HostedTopic topic, List<Future<Void>> steps) {
    registry = new Registry(registry.byName.minus(topic.name), registry.byId.minus(topic.id));
    for (Partition partition : topic.partitions) {
      if (partition != null) {
        remove(partition, Errors.UNKNOWN_TOPIC_OR_PARTITION, steps);
      }
    }
  }

  /** This broker is to hold the partition no longer; requests are answered with {@code problem}. */
  private void remove(Partition partition, Errors problem, List<Future<Void>> steps) {
    steps.add(
        partition
            .close(control, problem)
            .compose(closed -> storage.delete(partition.id()))
            .recover(
                fault -> {
                  LOG.error("the log of {} cannot be deleted: {}", partition, fault.getMessage());
                  return Future.succeededFuture();
                }));
  }

  private void reconfigure(ClusterChange change, List<Future<Void>> steps) {
    boolean all = false;
    for (ConfigScope scope : change.configs()) {
      if (scope.kind() == ConfigScope.Kind.TOPIC) {
        reconfigure(change.now(), registry.byName.get(scope.name()), steps);
      } else {
        all = true;
      }
    }
    if (all) {
      folders.limitMoves(image);
    }
    if (all) {
      registry.byName.values().forEach(topic -> reconfigure(change.now(), topic, steps));
    }
  }

  private void reconfigure(
      ClusterImage image, @Nullable HostedTopic topic, List<Future<Void>> steps) {
    if (topic == null) {
      return;
    }
    LogConfig config = ground.configs.apply(image, topic.name);
    for (Partition partition : topic.partitions) {
      if (partition != null && !config.equals(partition.config())) {
        steps.add(partition.reconfigure(control, config));
      }
    }
  }

  private Leadership leadership(ClusterImage image, PartitionImage decided) {
    return Leadership.of(image, decided, ground.brokerId, ground.incarnation);
  }
}
