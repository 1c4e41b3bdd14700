package io.millrace.partition;

import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.TopicImage;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;

/**
 * Bounds what this broker sends as a leader to replicas that catch up (KIP-73), all of them
 * together. Costs next to nothing while no rate is set.
 *
 * <p>Thread-safe.
 */
public final class LeaderThrottle {
  private final int brokerId;
  private final Supplier<ClusterImage> image;
  private final CopyThrottle throttle = new CopyThrottle();

  // Any thread: what was read last, with its image.
  private volatile Settings settings =
      new Settings(ClusterImage.EMPTY, Long.MAX_VALUE, HashTreePMap.empty());

  /**
   * What the configs of an image say.
   *
   * @param replicas the lists of topics that were needed so far, by their text
   */
  private record Settings(
      ClusterImage image, long bytesPerSecond, HashPMap<String, ThrottledReplicas> replicas) {
    Settings with(String list, ThrottledReplicas read) {
      return new Settings(image, bytesPerSecond, replicas.plus(list, read));
    }
  }

  /**
   * @param brokerId id of this broker
   * @param image the newest image
   */
  public LeaderThrottle(int brokerId, Supplier<ClusterImage> image) {
    this.brokerId = brokerId;
    this.image = image;
  }

  /** For how many ms a follower is sent no records of a partition; 0 when it is sent them now. */
  public long pauseMs(Uuid topicId, int number, int follower, long nowMs) {
    ClusterImage now = image.get();
    long pauseMs = isSet(now) ? throttle.pauseMs(nowMs) : 0;
    return pauseMs > 0 && isThrottled(now, topicId, number, follower) ? pauseMs : 0;
  }

  /** A follower is sent that many bytes of a partition. */
  public void sent(Uuid topicId, int number, int follower, int bytes, long nowMs) {
    ClusterImage now = image.get();
    if (bytes > 0 && isSet(now) && isThrottled(now, topicId, number, follower)) {
      throttle.pauseAfter(bytes, nowMs);
    }
  }

  private boolean isSet(ClusterImage now) {
    Settings last = settings;
    if (last.image.configs() != now.configs()) {
      last = new Settings(now, CopyThrottles.LEADER.rate(now, brokerId), HashTreePMap.empty());
      throttle.setRate(last.bytesPerSecond);
      settings = last;
    }
    return last.bytesPerSecond != Long.MAX_VALUE;
  }

  private boolean isThrottled(ClusterImage now, Uuid topicId, int number, int follower) {
    TopicImage topic = now.topic(topicId);
    String list = topic == null ? null : CopyThrottles.LEADER.list(now, topic);
    return topic != null
        && list != null
        && CopyThrottles.isThrottled(replicas(list), topic, number, brokerId, follower);
  }

  private ThrottledReplicas replicas(String list) {
    Settings last = settings;
    ThrottledReplicas known = last.replicas.get(list);
    if (known == null) {
      known = ThrottledReplicas.of(list);
      settings = last.with(list, known);
    }
    return known;
  }
}
