package io.millrace.partition.replication;

import io.millrace.cluster.peer.PeerAddress;
import io.millrace.cluster.peer.PeerLink;
import io.millrace.eventloop.EventLoop;
import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterChange;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.ConfigScope;
import io.millrace.metadata.Endpoint;
import io.millrace.metadata.MetadataListener;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import io.millrace.partition.CopyThrottle;
import io.millrace.partition.CopyThrottles;
import io.millrace.partition.Partition;
import io.millrace.partition.Partitions;
import io.millrace.partition.ThrottledReplicas;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Has each partition that this broker follows pulled from its leader. It stands behind {@link
 * Partitions} among the listeners, so that a partition follows before it is pulled.
 *
 * <p>Confined to: the control loop; the fetches from a leader run on a loop of theirs.
 */
public final class Replication implements MetadataListener {
  private final EventLoop control;
  private final Function<PeerAddress, EventLoop> loops;
  private final PeerLink link;
  private final Partitions partitions;
  private final FetchOptions options;

  // Owner: the control loop; read by the fetchers.
  private volatile long brokerEpoch = -1;

  // Owner: the control loop.
  private final Map<PartKey, Target> targets = new HashMap<>();
  private final Map<Source, LeaderFetcher> fetchers = new HashMap<>();
  private final Map<Source, Integer> counts = new HashMap<>();

  /** By leader, whose connection stays on the thread of the first fetcher's loop. */
  private final Map<PeerAddress, EventLoop> loopsUsed = new HashMap<>();

  private final CopyThrottle throttle = new CopyThrottle();
  private boolean closed;

  /** One run of a leader's process. */
  private record Source(int brokerId, long brokerEpoch, PeerAddress address) {}

  private record Target(Source source, Partition partition, int leaderEpoch, boolean throttled) {

    /** Whether it differs in nothing but the throttle. */
    boolean isSameButForThrottle(Target other) {
      return source.equals(other.source)
          && partition == other.partition
          && leaderEpoch == other.leaderEpoch;
    }
  }

  /**
   * Nothing is pulled until the first change.
   *
   * @param control the loop on which changes come
   * @param loops gives the loop on which fetches from a leader run
   */
  public Replication(
      EventLoop control,
      Function<PeerAddress, EventLoop> loops,
      PeerLink link,
      Partitions partitions,
      FetchOptions options) {
    this.control = control;
    this.loops = loops;
    this.link = link;
    this.partitions = partitions;
    this.options = options;
    partitions.onRoom(this::onRoom);
  }

  /** Disks have become full, or have room again: the leaders are told. */
  private void onRoom() {
    control.assertOwner();
    fetchers.values().forEach(fetcher -> fetcher.loop().execute(fetcher::onRoom));
  }

  @Override
  public void onImage(ClusterChange change, Runnable done) {
    control.assertOwner();
    BrokerImage self = change.now().broker(options.brokerId());
    brokerEpoch = self == null ? -1 : self.epoch();
    if (!closed) {
      Set<Uuid> topics =
          change.brokersChanged() ? change.now().topicNames().keySet() : change.topics();
      topics.forEach(id -> take(change.now(), id));
      change.configs().forEach(scope -> take(change.now(), scope));
      change.topics().forEach(id -> dropMissing(change, id));
    }
    done.run();
  }

  private void take(ClusterImage image, ConfigScope scope) {
    TopicImage topic = image.topic(scope.name());
    if (scope.kind() == ConfigScope.Kind.BROKER) {
      throttle.setRate(CopyThrottles.FOLLOWER.rate(image, options.brokerId()));
    } else if (topic != null) {
      take(image, topic.id());
    }
  }

  private void take(ClusterImage image, Uuid topicId) {
    TopicImage topic = image.topic(topicId);
    if (topic == null) {
      return;
    }
    ThrottledReplicas throttled = CopyThrottles.FOLLOWER.replicas(image, topic);
    for (int number = 0; number < topic.partitions().size(); number++) {
      Partition partition = partitions.get(topicId, number);
      Target target = partition == null ? null : target(image, topic, partition, throttled);
      aim(new PartKey(topicId, number), target);
    }
  }

  /** What it followed of a topic is what the image before had of it. */
  private void dropMissing(ClusterChange change, Uuid topicId) {
    TopicImage gone = change.before().topic(topicId);
    if (gone != null && change.now().topic(topicId) == null) {
      for (int number = 0; number < gone.partitions().size(); number++) {
        aim(new PartKey(topicId, number), null);
      }
    }
  }

  private @Nullable Target target(
      ClusterImage image, TopicImage topic, Partition partition, ThrottledReplicas throttled) {
    int number = partition.id().partition();
    PartitionImage decided = topic.partitions().get(number);
    BrokerImage leader = image.broker(decided.leader());
    Endpoint peer = leader == null ? null : leader.endpoint(Endpoint.PEER);
    if (leader == null
        || peer == null
        || leader.fenced()
        || leader.id() == options.brokerId()
        || partition.problem() != Errors.NONE) {
      return null;
    }
    PeerAddress address = new PeerAddress(peer.host(), peer.port());
    return new Target(
        new Source(leader.id(), leader.epoch(), address),
        partition,
        decided.leaderEpoch(),
        CopyThrottles.isThrottled(
            throttled, topic, number, options.brokerId(), options.brokerId()));
  }

  private void aim(PartKey key, @Nullable Target next) {
    Target before = targets.get(key);
    if (next == null ? before == null : next.equals(before)) {
      return;
    }
    if (before != null && next != null && next.isSameButForThrottle(before)) {
      targets.put(key, next);
      LeaderFetcher same = fetchers.computeIfAbsent(next.source, this::fetcher);
      same.loop().execute(() -> same.throttle(next.partition.id(), next.throttled));
      return;
    }
    if (before != null && (next == null || !next.source.equals(before.source))) {
      release(before);
    }
    if (next == null) {
      targets.remove(key);
      return;
    }
    targets.put(key, next);
    if (before == null || !before.source.equals(next.source)) {
      counts.merge(next.source, 1, Integer::sum);
    }
    LeaderFetcher fetcher = fetchers.computeIfAbsent(next.source, this::fetcher);
    fetcher.loop().execute(() -> fetcher.follow(next.partition, next.leaderEpoch, next.throttled));
  }

  private LeaderFetcher fetcher(Source source) {
    return new LeaderFetcher(
        loopsUsed.computeIfAbsent(source.address, loops),
        link,
        source.address,
        options,
        throttle,
        () -> brokerEpoch);
  }

  private void release(Target target) {
    LeaderFetcher fetcher = fetchers.get(target.source);
    if (fetcher == null) {
      return;
    }
    if (counts.merge(target.source, -1, Integer::sum) > 0) {
      fetcher.loop().execute(() -> fetcher.forget(target.partition.id()));
    } else {
      counts.remove(target.source);
      fetchers.remove(target.source);
      fetcher.loop().execute(fetcher::close);
    }
  }

  /** How many partitions are pulled. Control loop. */
  int followed() {
    control.assertOwner();
    return targets.size();
  }

  /** Ends all fetches. */
  public Future<Void> close() {
    return control.ask(
        control,
        () -> {
          closed = true;
          fetchers.values().forEach(fetcher -> fetcher.loop().execute(fetcher::close));
          fetchers.clear();
          targets.clear();
          return Future.succeededFuture();
        });
  }
}
