package io.millrace.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.config.ConfigEntry.Source;
import io.millrace.config.ConfigEntry.Synonym;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BrokerConfigTest {

  @Test
  void takesRetentionFromTheFinestUnitThatIsWritten() {
    BrokerConfig config =
        BrokerConfig.of(Map.of("log.retention.hours", "2", "log.retention.minutes", "30"));

    assertThat(config.get(BrokerKeys.LOG_RETENTION_MS)).isEqualTo(1_800_000);
  }

  @Test
  void keepsForeverWhenRetentionIsNegativeInAnyUnit() {
    BrokerConfig config = BrokerConfig.of(Map.of("log.retention.hours", "-1"));

    assertThat(config.get(BrokerKeys.LOG_RETENTION_MS)).isEqualTo(-1);
  }

  @Test
  void countsHoursAsMillisecondsByDefault() {
    assertThat(BrokerConfig.DEFAULTS.get(BrokerKeys.LOG_RETENTION_MS)).isEqualTo(604_800_000);
    assertThat(BrokerConfig.DEFAULTS.get(BrokerKeys.LOG_ROLL_MS)).isEqualTo(604_800_000);
    assertThat(BrokerConfig.DEFAULTS.get(BrokerKeys.LOG_ROLL_JITTER_MS)).isZero();
  }

  @Test
  void putsChangesForOneBrokerBeforeThoseForAll() {
    BrokerConfig config =
        BrokerConfig.of(Map.of("log.retention.ms", "1"))
            .withDynamic(Map.of("log.retention.ms", "2"), Map.of("log.retention.ms", "3"));

    assertThat(config.get(BrokerKeys.LOG_RETENTION_MS)).isEqualTo(3);
    assertThat(config.withDynamic(Map.of(), Map.of()).get(BrokerKeys.LOG_RETENTION_MS))
        .isEqualTo(1);
  }

  @Test
  void givesTopicsTheBrokersValueUnlessTheySetTheirOwn() {
    BrokerConfig broker = BrokerConfig.of(Map.of("log.retention.minutes", "1"));

    assertThat(LogConfig.of(broker, Map.of()).retentionMs()).isEqualTo(60_000);
    assertThat(LogConfig.of(broker, Map.of("retention.ms", "5")).retentionMs()).isEqualTo(5);
  }

  @Test
  void describesATopicsValueWithAllItsSynonyms() {
    BrokerConfig broker =
        BrokerConfig.of(Map.of("log.retention.hours", "2"))
            .withDynamic(Map.of("log.retention.ms", "9"), Map.of());

    ConfigEntry entry = entry(broker.describeTopic(Map.of("retention.ms", "5")), "retention.ms");

    assertThat(entry.value()).isEqualTo("5");
    assertThat(entry.source()).isEqualTo(Source.TOPIC);
    assertThat(entry.synonyms())
        .containsExactly(
            new Synonym("retention.ms", "5", Source.TOPIC),
            new Synonym("log.retention.ms", "9", Source.DYNAMIC_DEFAULT_BROKER),
            new Synonym("log.retention.hours", "2", Source.STATIC_BROKER),
            new Synonym("log.retention.hours", "168", Source.DEFAULT));
  }

  @Test
  void describesTopicKeysInTheOrderInWhichKafkaLists() {
    List<String> names =
        BrokerConfig.of(Map.of()).describeTopic(Map.of()).stream()
            .map(entry -> entry.key().name())
            .toList();

    assertThat(names)
        .containsSubsequence(
            "compression.type",
            "leader.replication.throttled.replicas",
            "min.insync.replicas",
            "segment.jitter.ms",
            "cleanup.policy",
            "flush.ms",
            "follower.replication.throttled.replicas",
            "segment.bytes",
            "retention.ms",
            "flush.messages",
            "file.delete.delay.ms",
            "max.message.bytes",
            "min.compaction.lag.ms",
            "message.timestamp.type",
            "preallocate",
            "min.cleanable.dirty.ratio",
            "index.interval.bytes",
            "unclean.leader.election.enable",
            "retention.bytes",
            "delete.retention.ms",
            "segment.ms",
            "segment.index.bytes");
  }

  @Test
  void describesAnUnsetTopicKeyByTheBrokersValueAndSource() {
    BrokerConfig broker = BrokerConfig.of(Map.of("log.segment.bytes", "1048576"));

    ConfigEntry entry = entry(broker.describeTopic(Map.of()), "segment.bytes");

    assertThat(entry.value()).isEqualTo("1048576");
    assertThat(entry.source()).isEqualTo(Source.STATIC_BROKER);
  }

  @Test
  void neverShowsAPassword() {
    ConfigEntry entry =
        entry(BrokerConfig.of(Map.of("ssl.key.password", "hush")).describe(), "ssl.key.password");

    assertThat(entry.value()).isNull();
    assertThat(entry.synonyms())
        .containsExactly(new Synonym("ssl.key.password", null, Source.STATIC_BROKER));
  }

  @Test
  void hidesAPasswordInTheMessageAboutIt() {
    Key<String> key = Key.of("pass", ValueType.PASSWORD).allows(Rule.oneOf("x"));

    assertThatThrownBy(() -> key.parse("hush")).hasMessage("pass must be one of x, not its value");
  }

  private static ConfigEntry entry(List<ConfigEntry> entries, String name) {
    return entries.stream().filter(e -> e.key().name().equals(name)).findFirst().orElseThrow();
  }
}
