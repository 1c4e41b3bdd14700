package io.millrace.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.BrokerConfig;
import io.millrace.config.BrokerKeys;
import io.millrace.config.Key;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** What is remembered of one image is not told of another with other configs. */
class EffectiveConfigsTest {
  private final EffectiveConfigs configs =
      new EffectiveConfigs(BrokerConfig.of(Map.of("num.partitions", "3")), 1);

  @Test
  void followEachChangeAndGoBackWithIt() {
    ClusterImage none = with("t");
    ClusterImage forAll = set(none, ConfigScope.DEFAULT_BROKER, "log.retention.ms", "1000");
    ClusterImage forThis = set(forAll, ConfigScope.broker(1), "log.retention.ms", "2000");
    ClusterImage forAnother = set(forThis, ConfigScope.broker(2), "log.retention.ms", "3000");
    ClusterImage ofTopic = set(forAnother, ConfigScope.topic("t"), "retention.ms", "4000");
    long unset = configs.topic(none, "t").retentionMs();

    assertThat(configs.topic(forAll, "t").retentionMs()).isEqualTo(1000);
    assertThat(configs.topic(forThis, "t").retentionMs()).isEqualTo(2000);
    assertThat(configs.topic(forAnother, "t").retentionMs()).isEqualTo(2000);
    assertThat(configs.topic(ofTopic, "t").retentionMs()).isEqualTo(4000);
    assertThat(configs.topic(ofTopic, "other").retentionMs()).isEqualTo(2000);
    assertThat(configs.topic(forAll, "t").retentionMs()).isEqualTo(1000);
    assertThat(configs.topic(none, "t").retentionMs()).isEqualTo(unset);
    assertThat(configs.broker(ofTopic).get(BrokerKeys.NUM_PARTITIONS)).isEqualTo(3);
  }

  @Test
  void ofATopicAreThereThoughItsSettingsContradictEachOther() {
    ClusterImage lags = set(with("t"), ConfigScope.topic("t"), "min.compaction.lag.ms", "5000");
    ClusterImage less =
        set(lags, ConfigScope.DEFAULT_BROKER, "log.cleaner.max.compaction.lag.ms", "50");

    assertThat(configs.topic(less, "t").minCompactionLagMs()).isEqualTo(5000);
    assertThat(configs.topic(less, "t").maxCompactionLagMs()).isEqualTo(50);
    assertThat(configs.topic(less, "other").maxCompactionLagMs()).isEqualTo(50);
  }

  @Test
  void areReadAsTheyWereWrittenAndLeftOutWhereTheyMeanNothing() {
    Key<Long> rate = BrokerKeys.LEADER_REPLICATION_THROTTLED_RATE;
    ClusterImage none = with("t");
    ClusterImage forAll = set(none, ConfigScope.DEFAULT_BROKER, rate.name(), "70");
    ClusterImage spaced = set(forAll, ConfigScope.broker(1), rate.name(), " 80 ");
    ClusterImage wrong = set(spaced, ConfigScope.broker(1), rate.name(), "much");

    assertThat(EffectiveConfigs.set(none, 1, rate)).isEmpty();
    assertThat(EffectiveConfigs.set(forAll, 1, rate)).contains(70L);
    assertThat(EffectiveConfigs.set(spaced, 1, rate)).contains(80L);
    assertThat(EffectiveConfigs.set(spaced, 2, rate)).contains(70L);
    assertThat(EffectiveConfigs.set(wrong, 1, rate)).contains(70L);
  }

  @Test
  void areOneObjectWhileNobodyChangesThem() {
    ClusterImage image = set(with("other"), ConfigScope.DEFAULT_BROKER, "num.partitions", "7");
    ClusterImage later = set(image, ConfigScope.topic("other"), "retention.ms", "5000");

    assertThat(configs.broker(later)).isSameAs(configs.broker(image));
    assertThat(configs.topic(later, "t")).isSameAs(configs.topic(image, "t"));
    assertThat(configs.broker(later).get(BrokerKeys.NUM_PARTITIONS)).isEqualTo(7);
  }

  private static ClusterImage with(String topic) {
    List<PartitionImage> one = List.of(PartitionImage.created(List.of(1), List.of(1)));
    return ClusterImage.EMPTY.apply(new TopicCreated(new Uuid(1, 1), topic, one, Map.of()));
  }

  private static ClusterImage set(ClusterImage image, ConfigScope scope, String key, String value) {
    return image.apply(new ConfigChanged(scope, Map.of(key, value), Set.of()));
  }
}
