package io.millrace.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.ConfigChanged;
import io.millrace.metadata.ConfigScope;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicCreated;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** Broker 1 leads; 2 is in sync, 3 and 4 catch up. */
class LeaderThrottleTest {
  private static final Uuid TOPIC = new Uuid(1, 1);
  private static final String RATE = "leader.replication.throttled.rate";

  private ClusterImage image = listed("0:1");
  private final LeaderThrottle throttle = new LeaderThrottle(1, () -> image);

  private static ClusterImage listed(String leaders) {
    return ClusterImage.EMPTY.apply(
        new TopicCreated(
            TOPIC,
            "t",
            List.of(
                PartitionImage.created(List.of(1, 2, 3, 4), List.of(1, 2)),
                PartitionImage.created(List.of(1, 2, 3, 4), List.of(1, 2))),
            Map.of("leader.replication.throttled.replicas", leaders)));
  }

  private void rate(String bytesPerSecond) {
    image =
        image.apply(
            new ConfigChanged(ConfigScope.broker(1), Map.of(RATE, bytesPerSecond), Set.of()));
  }

  private void sent(int partition, int follower, int bytes) {
    throttle.sent(TOPIC, partition, follower, bytes, 0);
  }

  private long pauseMs(int partition, int follower) {
    return throttle.pauseMs(TOPIC, partition, follower, 0);
  }

  @Test
  void sendsAsFastAsItCanWithoutARate() {
    sent(0, 3, 1 << 30);

    assertThat(pauseMs(0, 3)).isZero();
  }

  @Test
  void countsAllFollowersThatCatchUpTogether() {
    rate("1000");
    sent(0, 3, 300);
    sent(0, 4, 200);

    assertThat(pauseMs(0, 3)).isEqualTo(500);
    assertThat(pauseMs(0, 4)).isEqualTo(500);
  }

  @Test
  void readsARateWithSpacesAroundIt() {
    rate(" 1000 ");
    sent(0, 3, 500);

    assertThat(pauseMs(0, 3)).isEqualTo(500);
  }

  @Test
  void neitherCountsNorHoldsAReplicaInSync() {
    rate("1000");
    sent(0, 2, 5000);
    assertThat(pauseMs(0, 3)).isZero();

    sent(0, 3, 5000);
    assertThat(pauseMs(0, 2)).isZero();
  }

  @Test
  void leavesPartitionsAloneWhoseLeaderIsNotNamed() {
    rate("1000");
    sent(1, 3, 5000);
    sent(0, 3, 500);

    assertThat(pauseMs(1, 3)).isZero();
    assertThat(pauseMs(0, 3)).isEqualTo(500);
  }

  @Test
  void takesANewRateAtOnce() {
    rate("1000");
    sent(0, 3, 5000);
    rate("10000");
    assertThat(pauseMs(0, 3)).isEqualTo(500);

    image = image.apply(new ConfigChanged(ConfigScope.broker(1), Map.of(), Set.of(RATE)));
    assertThat(pauseMs(0, 3)).isZero();
  }
}
