package io.millrace.handler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DescribeConfigs, AlterConfigs, IncrementalAlterConfigs and ListConfigResources. */
class ConfigHandlersTest {
  private static final byte TOPIC = ConfigResource.Type.TOPIC.id();
  private static final byte BROKER = ConfigResource.Type.BROKER.id();
  private static final byte FROM_TOPIC = 1;
  private static final byte FROM_BROKER = 2;
  private static final byte FROM_ALL_BROKERS = 3;
  private static final byte FROM_FILE = 4;
  private static final byte FROM_DEFAULT = 5;

  private final HandlerFixture fixture =
      new HandlerFixture(Map.of("log.retention.hours", "24", "num.partitions", "3"));

  private DescribeConfigsResult describe(
      int version, byte type, String name, @Nullable List<String> keys) {
    DescribeConfigsRequestData request =
        new DescribeConfigsRequestData()
            .setIncludeSynonyms(true)
            .setIncludeDocumentation(version >= 3)
            .setResources(
                List.of(
                    new DescribeConfigsResource()
                        .setResourceType(type)
                        .setResourceName(name)
                        .setConfigurationKeys(keys)));
    return fixture
        .call(
            new DescribeConfigsHandler(fixture.world.cluster, fixture),
            request,
            DescribeConfigsResponseData.class,
            version)
        .results()
        .get(0);
  }

  private DescribeConfigsResourceResult config(byte type, String name, String key) {
    return describe(4, type, name, List.of(key)).configs().get(0);
  }

  private Errors set(byte type, String name, String key, String value) {
    IncrementalAlterConfigsRequestData.AlterConfigsResource resource =
        new IncrementalAlterConfigsRequestData.AlterConfigsResource()
            .setResourceType(type)
            .setResourceName(name);
    resource
        .configs()
        .add(
            new IncrementalAlterConfigsRequestData.AlterableConfig()
                .setName(key)
                .setConfigOperation(OpType.SET.id())
                .setValue(value));
    IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
    request.resources().add(resource);
    IncrementalAlterConfigsResponseData answer =
        fixture.call(
            new IncrementalAlterConfigsHandler(fixture.world.cluster, fixture),
            request,
            IncrementalAlterConfigsResponseData.class);
    return Errors.forCode(answer.responses().get(0).errorCode());
  }

  @Test
  void namesTheSourceOfATopicsValueThroughAllLayers() {
    fixture.world.create("orders", 1, Map.of());

    assertThat(config(TOPIC, "orders", "retention.ms").value()).isEqualTo("86400000");
    assertThat(config(TOPIC, "orders", "retention.ms").configSource()).isEqualTo(FROM_FILE);
    assertThat(config(TOPIC, "orders", "segment.bytes").configSource()).isEqualTo(FROM_DEFAULT);

    set(BROKER, "", "log.retention.ms", "7000");
    assertThat(config(TOPIC, "orders", "retention.ms").configSource()).isEqualTo(FROM_ALL_BROKERS);
    set(BROKER, "0", "log.retention.ms", "6000");
    assertThat(config(TOPIC, "orders", "retention.ms").configSource()).isEqualTo(FROM_BROKER);
    set(TOPIC, "orders", "retention.ms", "5000");

    DescribeConfigsResourceResult all = config(TOPIC, "orders", "retention.ms");
    assertThat(all.value()).isEqualTo("5000");
    assertThat(all.configSource()).isEqualTo(FROM_TOPIC);
    assertThat(all.readOnly()).isFalse();
    assertThat(all.synonyms())
        .extracting(DescribeConfigsSynonym::name, DescribeConfigsSynonym::value)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("retention.ms", "5000"),
            org.assertj.core.groups.Tuple.tuple("log.retention.ms", "6000"),
            org.assertj.core.groups.Tuple.tuple("log.retention.ms", "7000"),
            org.assertj.core.groups.Tuple.tuple("log.retention.hours", "24"),
            org.assertj.core.groups.Tuple.tuple("log.retention.hours", "168"));
  }

  @Test
  void changesAtOnceWhatIsInForce() {
    fixture.world.create("orders", 1, Map.of());

    set(BROKER, "", "log.retention.ms", "7000");
    assertThat(fixture.world.cluster.effectiveLogConfig("orders").retentionMs()).isEqualTo(7000);

    set(TOPIC, "orders", "retention.ms", "5000");
    assertThat(fixture.world.cluster.effectiveLogConfig("orders").retentionMs()).isEqualTo(5000);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void describesInEveryVersion(int version) {
    fixture.world.create("orders", 1, Map.of());

    DescribeConfigsResult result = describe(version, TOPIC, "orders", null);

    assertThat(result.errorCode()).isZero();
    assertThat(result.configs())
        .hasSizeGreaterThan(25)
        .allSatisfy(config -> assertThat(config.value()).isNotNull());
    DescribeConfigsResourceResult policy =
        describe(version, TOPIC, "orders", List.of("cleanup.policy")).configs().get(0);
    assertThat(policy.configType()).isEqualTo((byte) (version < 3 ? 0 : 7));
    assertThat(policy.documentation() == null || policy.documentation().isEmpty())
        .isEqualTo(version < 3);
  }

  /** Of Kafka 4.3.1. MirrorMaker 2.8 copies them all, to a Kafka that has to know each. */
  @Test
  void describesTheKeysOfATopicThatKafkaDescribes() {
    fixture.world.create("orders", 1, Map.of());

    assertThat(describe(4, TOPIC, "orders", null).configs())
        .extracting(DescribeConfigsResourceResult::name)
        .containsExactlyInAnyOrder(
            "cleanup.policy",
            "compression.gzip.level",
            "compression.lz4.level",
            "compression.type",
            "compression.zstd.level",
            "delete.retention.ms",
            "file.delete.delay.ms",
            "flush.messages",
            "flush.ms",
            "follower.replication.throttled.replicas",
            "index.interval.bytes",
            "leader.replication.throttled.replicas",
            "local.retention.bytes",
            "local.retention.ms",
            "max.compaction.lag.ms",
            "max.message.bytes",
            "message.timestamp.after.max.ms",
            "message.timestamp.before.max.ms",
            "message.timestamp.type",
            "min.cleanable.dirty.ratio",
            "min.compaction.lag.ms",
            "min.insync.replicas",
            "preallocate",
            "remote.log.copy.disable",
            "remote.log.delete.on.disable",
            "remote.storage.enable",
            "retention.bytes",
            "retention.ms",
            "segment.bytes",
            "segment.index.bytes",
            "segment.jitter.ms",
            "segment.ms",
            "unclean.leader.election.enable");

    set(TOPIC, "orders", "message.downconversion.enable", "false");

    assertThat(config(TOPIC, "orders", "message.downconversion.enable").value()).isEqualTo("false");
  }

  @Test
  void showsBrokersWithWhatCanChange() {
    assertThat(config(BROKER, "0", "num.partitions").value()).isEqualTo("3");
    assertThat(config(BROKER, "0", "num.partitions").readOnly()).isTrue();
    assertThat(config(BROKER, "0", "num.partitions").configSource()).isEqualTo(FROM_FILE);
    assertThat(config(BROKER, "0", "log.retention.ms").readOnly()).isFalse();
    assertThat(describe(4, BROKER, "", null).configs()).isEmpty();

    set(BROKER, "", "log.retention.ms", "7000");

    assertThat(describe(4, BROKER, "", null).configs())
        .singleElement()
        .satisfies(
            config -> {
              assertThat(config.name()).isEqualTo("log.retention.ms");
              assertThat(config.configSource()).isEqualTo(FROM_ALL_BROKERS);
            });
  }

  @Test
  void aKeyWithoutAValueHasNone() {
    assertThat(config(BROKER, "0", "replica.selector.class").value()).isNull();
    assertThat(config(BROKER, "0", "broker.rack").value()).isNull();
  }

  private void assertRefused(DescribeConfigsResult result, Errors error) {
    assertThat(Errors.forCode(result.errorCode())).isEqualTo(error);
    assertThat(result.configs()).isEmpty();
  }

  @Test
  void answersAResourceThatIsNamedOftenOnce() {
    DescribeConfigsResource broker =
        new DescribeConfigsResource().setResourceType(BROKER).setResourceName("0");
    DescribeConfigsRequestData request =
        new DescribeConfigsRequestData()
            .setResources(List.of(broker, broker.duplicate(), broker.duplicate()));

    DescribeConfigsResponseData answer =
        fixture.call(
            new DescribeConfigsHandler(fixture.world.cluster, fixture),
            request,
            DescribeConfigsResponseData.class);

    assertThat(answer.results()).hasSize(1);
  }

  @Test
  void refusesResourcesThatItCannotDescribe() {
    assertRefused(describe(4, TOPIC, "x", null), Errors.UNKNOWN_TOPIC_OR_PARTITION);
    assertRefused(describe(4, TOPIC, "a b", null), Errors.INVALID_TOPIC_EXCEPTION);
    assertRefused(describe(4, BROKER, "1", null), Errors.INVALID_REQUEST);
    assertRefused(describe(4, BROKER, "zero", null), Errors.INVALID_REQUEST);
    assertRefused(
        describe(4, ConfigResource.Type.BROKER_LOGGER.id(), "0", null), Errors.INVALID_REQUEST);
    assertRefused(describe(4, (byte) 99, "0", null), Errors.INVALID_REQUEST);
  }

  @Test
  void showsAndChangesOnlyWhatTheCallerMay() {
    fixture.world.create("orders", 1, Map.of());
    fixture.forbid(AclOperation.DESCRIBE_CONFIGS, "orders");
    fixture.forbid(AclOperation.ALTER_CONFIGS, "orders");
    fixture.forbid(AclOperation.DESCRIBE_CONFIGS, "kafka-cluster");
    fixture.forbid(AclOperation.ALTER_CONFIGS, "kafka-cluster");

    assertRefused(describe(4, TOPIC, "orders", null), Errors.TOPIC_AUTHORIZATION_FAILED);
    assertRefused(describe(4, BROKER, "0", null), Errors.CLUSTER_AUTHORIZATION_FAILED);
    assertThat(set(TOPIC, "orders", "retention.ms", "1"))
        .isEqualTo(Errors.TOPIC_AUTHORIZATION_FAILED);
    assertThat(set(BROKER, "0", "log.retention.ms", "1"))
        .isEqualTo(Errors.CLUSTER_AUTHORIZATION_FAILED);
    assertThat(list(1).errorCode()).isEqualTo(Errors.CLUSTER_AUTHORIZATION_FAILED.code());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void replacesConfigsInEveryVersion(int version) {
    fixture.world.create("orders", 1, Map.of("retention.ms", "5"));
    AlterConfigsRequestData.AlterConfigsResource resource =
        new AlterConfigsRequestData.AlterConfigsResource()
            .setResourceType(TOPIC)
            .setResourceName("orders");
    resource
        .configs()
        .add(new AlterConfigsRequestData.AlterableConfig().setName("flush.messages").setValue("1"));
    AlterConfigsRequestData request = new AlterConfigsRequestData();
    request.resources().add(resource);

    AlterConfigsResponseData answer =
        fixture.call(
            new AlterConfigsHandler(fixture.world.cluster, fixture),
            request,
            AlterConfigsResponseData.class,
            version);

    assertThat(answer.responses().get(0).errorCode()).isZero();
    assertThat(config(TOPIC, "orders", "flush.messages").configSource()).isEqualTo(FROM_TOPIC);
    assertThat(config(TOPIC, "orders", "retention.ms").configSource()).isEqualTo(FROM_FILE);
  }

  private ListConfigResourcesResponseData list(int version, byte... types) {
    ListConfigResourcesRequestData request = new ListConfigResourcesRequestData();
    for (byte type : types) {
      request.resourceTypes().add(type);
    }
    return fixture.call(
        new ListConfigResourcesHandler(fixture.world.cluster, fixture),
        request,
        ListConfigResourcesResponseData.class,
        version);
  }

  @Test
  void listsWhatHasConfigs() {
    fixture.world.create("orders", 1, Map.of());

    assertThat(list(0).configResources()).isEmpty();
    assertThat(list(1).configResources())
        .extracting(ListConfigResourcesResponseData.ConfigResource::resourceName)
        .containsExactly("orders", "0");
    assertThat(list(1, BROKER).configResources()).hasSize(1);
    assertThat(list(1, (byte) 99).errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
  }
}
