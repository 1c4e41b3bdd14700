package io.millrace.partition;

import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.TopicImage;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;

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

  // Any thread: the last rate that was read, with its image.
  private volatile RateAt rate = new RateAt(ClusterImage.EMPTY, Long.MAX_VALUE);

  private record RateAt(ClusterImage image, long bytesPerSecond) {}

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
    return isThrottled(topicId, number, follower) ? throttle.pauseMs(nowMs) : 0;
  }

  /** A follower is sent that many bytes of a partition. */
  public void sent(Uuid topicId, int number, int follower, int bytes, long nowMs) {
    if (bytes > 0 && isThrottled(topicId, number, follower)) {
      throttle.pauseAfter(bytes, nowMs);
    }
  }

  private boolean isThrottled(Uuid topicId, int number, int follower) {
    ClusterImage now = image.get();
    if (rate(now) == Long.MAX_VALUE) {
      return false;
    }
    TopicImage topic = now.topic(topicId);
    return topic != null
        && CopyThrottles.LEADER.isThrottled(now, topic, number, brokerId, follower);
  }

  private long rate(ClusterImage now) {
    RateAt last = rate;
    if (last.image.configs() != now.configs()) {
      last = new RateAt(now, CopyThrottles.LEADER.rate(now, brokerId));
      throttle.setRate(last.bytesPerSecond);
      rate = last;
    }
    return last.bytesPerSecond;
  }
}
