package io.millrace.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.ConfigChanged;
import io.millrace.metadata.ConfigScope;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicCreated;
import io.millrace.metadata.TopicImage;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class CopyThrottleTest {
  private static final String LIST = "follower.replication.throttled.replicas";

  @Test
  void doesNotPauseWithoutARate() {
    assertThat(new CopyThrottle().pauseAfter(1 << 30, 0)).isZero();
  }

  @Test
  void pausesUntilItsShareHasGrownToWhatItTook() {
    CopyThrottle throttle = new CopyThrottle();
    throttle.setRate(1000);

    assertThat(throttle.pauseAfter(500, 0)).isEqualTo(500);
    assertThat(throttle.pauseAfter(500, 500)).isEqualTo(500);
    assertThat(throttle.pauseAfter(1, 10_000)).isEqualTo(1);
  }

  @Test
  void sharesTheRateAmongReplicas() {
    CopyThrottle throttle = new CopyThrottle();
    throttle.setRate(1000);
    throttle.pauseAfter(500, 0);

    assertThat(throttle.pauseAfter(500, 0)).isEqualTo(1000);
  }

  @Test
  void waitsForWhatIsLeftAtTheRateOfTheMoment() {
    CopyThrottle throttle = new CopyThrottle();
    throttle.setRate(1000);
    throttle.pauseAfter(5000, 0);
    assertThat(throttle.pauseMs(1000)).isEqualTo(4000);

    throttle.setRate(4000);
    assertThat(throttle.pauseMs(1000)).isEqualTo(250);
    assertThat(throttle.pauseMs(1250)).isZero();

    throttle.setRate(Long.MAX_VALUE);
    assertThat(throttle.pauseMs(0)).isZero();
  }

  @Test
  void pausesForNoMoreThanTenSeconds() {
    CopyThrottle throttle = new CopyThrottle();
    throttle.setRate(1);

    assertThat(throttle.pauseAfter(1 << 20, 0)).isEqualTo(10_000);
    assertThat(throttle.pauseMs(10_000)).isZero();
  }

  @Test
  void throttlesReplicasThatAreNamedAndNotInSync() {
    ClusterImage named = image("0:2,1:3");
    ClusterImage all = image("*");

    assertThat(isThrottled(named, 2)).isTrue();
    assertThat(isThrottled(named, 3)).isFalse();
    assertThat(isThrottled(all, 3)).isTrue();
    assertThat(isThrottled(all, 1)).isFalse();
  }

  @Test
  void takesTheRateOfTheBrokerBeforeThatOfAll() {
    String key = "follower.replication.throttled.rate";
    ClusterImage image =
        ClusterImage.EMPTY.apply(
            new ConfigChanged(ConfigScope.DEFAULT_BROKER, Map.of(key, "70"), Set.of()));
    ClusterImage own =
        image.apply(new ConfigChanged(ConfigScope.broker(2), Map.of(key, "50"), Set.of()));

    assertThat(CopyThrottles.FOLLOWER.rate(ClusterImage.EMPTY, 2)).isEqualTo(Long.MAX_VALUE);
    assertThat(CopyThrottles.FOLLOWER.rate(own, 1)).isEqualTo(70);
    assertThat(CopyThrottles.FOLLOWER.rate(own, 2)).isEqualTo(50);
  }

  private static boolean isThrottled(ClusterImage image, int broker) {
    TopicImage topic = image.topic("t");
    return CopyThrottles.isThrottled(
        CopyThrottles.FOLLOWER.replicas(image, topic), topic, 0, broker, broker);
  }

  private static ClusterImage image(String list) {
    return ClusterImage.EMPTY.apply(
        new TopicCreated(
            new Uuid(1, 1),
            "t",
            List.of(PartitionImage.created(List.of(1, 2, 3), List.of(1))),
            Map.of(LIST, list)));
  }
}
