package io.millrace.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.ConfigScope;
import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigAlterationTest {
  private static final byte TOPIC = ConfigResource.Type.TOPIC.id();
  private static final byte BROKER = ConfigResource.Type.BROKER.id();
  private static final ConfigScope ORDERS = ConfigScope.topic("orders");

  private final Controller controller = Images.controller(Map.of());
  private ClusterImage image = Images.withTopics(Images.of(1), "orders");

  private static AlterConfigsResource resource(byte type, String name) {
    return new AlterConfigsResource().setResourceType(type).setResourceName(name);
  }

  private static AlterConfigsResource with(
      AlterConfigsResource resource, OpType operation, String key, @Nullable String value) {
    resource
        .configs()
        .add(new AlterableConfig().setName(key).setConfigOperation(operation.id()).setValue(value));
    return resource;
  }

  private AlterConfigsResourceResponse change(AlterConfigsResource resource) {
    IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
    request.resources().add(resource);
    Decision<IncrementalAlterConfigsResponseData> decision =
        controller.incrementalAlterConfigs(image, request);
    image = Images.after(image, decision.facts());
    return decision.reply().responses().get(0);
  }

  private AlterConfigsResourceResponse change(
      byte type, String name, OpType operation, String key, @Nullable String value) {
    return change(with(resource(type, name), operation, key, value));
  }

  private AlterConfigsResponseData.AlterConfigsResourceResponse replace(
      byte type, String name, String key, String value) {
    AlterConfigsRequestData.AlterConfigsResource resource =
        new AlterConfigsRequestData.AlterConfigsResource()
            .setResourceType(type)
            .setResourceName(name);
    resource
        .configs()
        .add(new AlterConfigsRequestData.AlterableConfig().setName(key).setValue(value));
    AlterConfigsRequestData request = new AlterConfigsRequestData();
    request.resources().add(resource);
    Decision<AlterConfigsResponseData> decision = controller.alterConfigs(image, request);
    image = Images.after(image, decision.facts());
    return decision.reply().responses().get(0);
  }

  private static void assertRefused(
      AlterConfigsResponseData.AlterConfigsResourceResponse response,
      Errors error,
      String message) {
    assertThat(Errors.forCode(response.errorCode())).isEqualTo(error);
    assertThat(response.errorMessage()).contains(message);
  }

  private static void assertRefused(
      AlterConfigsResourceResponse response, Errors error, String message) {
    assertThat(Errors.forCode(response.errorCode())).isEqualTo(error);
    assertThat(response.errorMessage()).contains(message);
  }

  @Test
  void setsAndDeletesKeysAndLeavesTheOthers() {
    change(TOPIC, "orders", OpType.SET, "retention.ms", "5");
    change(TOPIC, "orders", OpType.SET, "segment.bytes", "1000000");
    change(TOPIC, "orders", OpType.DELETE, "retention.ms", null);

    assertThat(image.configs(ORDERS)).containsOnly(Map.entry("segment.bytes", "1000000"));
  }

  @Test
  void appendsToAndSubtractsFromLists() {
    change(TOPIC, "orders", OpType.APPEND, "cleanup.policy", "compact");
    assertThat(image.configs(ORDERS)).containsEntry("cleanup.policy", "delete,compact");

    change(TOPIC, "orders", OpType.APPEND, "cleanup.policy", "compact");
    assertThat(image.configs(ORDERS)).containsEntry("cleanup.policy", "delete,compact");

    change(TOPIC, "orders", OpType.SUBTRACT, "cleanup.policy", "delete");
    assertThat(image.configs(ORDERS)).containsEntry("cleanup.policy", "compact");
  }

  @Test
  void refusesListOperationsOnOtherTypes() {
    assertRefused(
        change(TOPIC, "orders", OpType.APPEND, "retention.ms", "5"),
        Errors.INVALID_CONFIG,
        "Can't APPEND to key retention.ms because its type is not LIST.");
  }

  @Test
  void namesTheKeyOfAnInvalidValue() {
    assertRefused(
        change(TOPIC, "orders", OpType.SET, "cleanup.policy", "shred"),
        Errors.INVALID_CONFIG,
        "cleanup.policy");
    assertRefused(
        change(TOPIC, "orders", OpType.SET, "no.such.key", "1"),
        Errors.INVALID_CONFIG,
        "Unknown topic config name: no.such.key");
    assertRefused(
        change(TOPIC, "orders", OpType.SET, "retntion.ms", "1"),
        Errors.INVALID_CONFIG,
        "Unknown topic config name: retntion.ms; did you mean retention.ms?");
    assertRefused(
        change(TOPIC, "orders", OpType.SET, "log.retention.ms", "1"),
        Errors.INVALID_CONFIG,
        "Unknown topic config name: log.retention.ms; that is the key of brokers, topics have"
            + " retention.ms");
    assertRefused(
        change(TOPIC, "orders", OpType.SET, "retention.ms", null),
        Errors.INVALID_REQUEST,
        "Null value not supported for : retention.ms");
    assertThat(image.configs(ORDERS)).isEmpty();
  }

  @Test
  void refusesSettingsOfATopicThatContradictEachOtherOrTheBrokers() {
    change(TOPIC, "orders", OpType.SET, "min.compaction.lag.ms", "10");
    assertRefused(
        change(TOPIC, "orders", OpType.SET, "max.compaction.lag.ms", "5"),
        Errors.INVALID_CONFIG,
        "min.compaction.lag.ms (10) > max.compaction.lag.ms (5)");
    change(TOPIC, "orders", OpType.DELETE, "min.compaction.lag.ms", null);
    change(BROKER, "", OpType.SET, "log.cleaner.max.compaction.lag.ms", "7");
    assertRefused(
        change(TOPIC, "orders", OpType.SET, "min.compaction.lag.ms", "10"),
        Errors.INVALID_CONFIG,
        "min.compaction.lag.ms (10) > max.compaction.lag.ms (7)");
    assertRefused(
        replace(TOPIC, "orders", "min.compaction.lag.ms", "10"),
        Errors.INVALID_CONFIG,
        "min.compaction.lag.ms (10) > max.compaction.lag.ms (7)");
    assertThat(image.configs(ORDERS)).isEmpty();
  }

  @Test
  void refusesSettingsOfBrokersThatNoFileMayHave() {
    change(BROKER, "", OpType.SET, "log.cleaner.max.compaction.lag.ms", "5");
    assertRefused(
        change(BROKER, "0", OpType.SET, "log.cleaner.min.compaction.lag.ms", "10"),
        Errors.INVALID_REQUEST,
        "log.cleaner.min.compaction.lag.ms is larger than log.cleaner.max.compaction.lag.ms");
    assertRefused(
        change(BROKER, "", OpType.SET, "log.cleaner.min.compaction.lag.ms", "10"),
        Errors.INVALID_REQUEST,
        "log.cleaner.min.compaction.lag.ms is larger than log.cleaner.max.compaction.lag.ms");
    assertRefused(
        change(BROKER, "0", OpType.SET, "log.retention.ms", "0"),
        Errors.INVALID_REQUEST,
        "the retention time must be -1 (never delete) or more than 0");
    assertThat(image.configs(ConfigScope.broker(0))).isEmpty();
  }

  @Test
  void refusesWhatIsNotThereForATopicOrABroker() {
    assertRefused(
        change(TOPIC, "orders", OpType.SET, "remote.storage.enable", "true"),
        Errors.INVALID_CONFIG,
        "remote.storage.enable cannot be used: records are kept on the brokers' disks only");
    assertRefused(
        change(BROKER, "0", OpType.SET, "principal.builder.class", "com.example.Names"),
        Errors.INVALID_REQUEST,
        "principal.builder.class cannot be used: this version has no access control");
    assertThat(change(TOPIC, "orders", OpType.SET, "remote.storage.enable", "false").errorCode())
        .isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0:1", "0:1,12:3", "*", ""})
  void takesThrottledReplicasThatAreSpelt(String replicas) {
    String key = "leader.replication.throttled.replicas";

    assertThat(change(TOPIC, "orders", OpType.SET, key, replicas).errorCode()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "0", "0:1,*", "0-1", ":1", "-1:1"})
  void refusesThrottledReplicasThatNameNone(String replicas) {
    String key = "follower.replication.throttled.replicas";

    assertRefused(
        change(TOPIC, "orders", OpType.SET, key, replicas),
        Errors.INVALID_CONFIG,
        key + " must be");
  }

  @Test
  void refusesLimitsThatLetNobodyIn() {
    assertRefused(
        change(BROKER, "", OpType.SET, "max.connections", "0"),
        Errors.INVALID_REQUEST,
        "max.connections must be at least 1");
    assertRefused(
        change(BROKER, "", OpType.SET, "max.connections.per.ip", "0"),
        Errors.INVALID_REQUEST,
        "max.connections.per.ip can be 0 only where max.connections.per.ip.overrides lets some in");
    assertRefused(
        change(BROKER, "", OpType.SET, "max.connections.per.ip.overrides", "127.0.0.1"),
        Errors.INVALID_REQUEST,
        "max.connections.per.ip.overrides must be");
    change(BROKER, "", OpType.SET, "max.connections.per.ip.overrides", "127.0.0.1:5, [::1]:7");
    assertThat(change(BROKER, "", OpType.SET, "max.connections.per.ip", "0").errorCode()).isZero();
  }

  @Test
  void changesNothingOfAResourceWhenOneOfItsKeysIsWrong() {
    AlterConfigsResource both = resource(TOPIC, "orders");
    with(both, OpType.SET, "retention.ms", "5");
    with(both, OpType.SET, "segment.bytes", "x");

    assertRefused(change(both), Errors.INVALID_CONFIG, "segment.bytes");
    assertThat(image.configs(ORDERS)).isEmpty();
  }

  @Test
  void refusesAKeyThatIsNamedTwice() {
    AlterConfigsResource twice = resource(TOPIC, "orders");
    with(twice, OpType.SET, "retention.ms", "5");
    with(twice, OpType.DELETE, "retention.ms", null);

    assertRefused(change(twice), Errors.INVALID_REQUEST, "duplicate config keys");
  }

  @Test
  void refusesResourcesThatDoNotExist() {
    assertRefused(
        change(TOPIC, "nowhere", OpType.SET, "retention.ms", "5"),
        Errors.UNKNOWN_TOPIC_OR_PARTITION,
        "nowhere");
    assertRefused(
        change(BROKER, "7", OpType.SET, "log.retention.ms", "5"),
        Errors.INVALID_REQUEST,
        "Unexpected broker id");
    assertRefused(
        change(BROKER, "00", OpType.SET, "log.retention.ms", "5"),
        Errors.INVALID_REQUEST,
        "Unexpected broker id");
    assertRefused(
        change(ConfigResource.Type.BROKER_LOGGER.id(), "0", OpType.SET, "root", "INFO"),
        Errors.INVALID_REQUEST,
        "Unexpected resource type BROKER_LOGGER");
  }

  @Test
  void changesBrokersWhereTheKeyIsDynamic() {
    assertThat(change(BROKER, "0", OpType.SET, "log.retention.ms", "5").errorCode()).isZero();
    assertThat(change(BROKER, "", OpType.SET, "log.segment.bytes", "1000000").errorCode()).isZero();

    assertThat(image.configs(ConfigScope.broker(0))).containsEntry("log.retention.ms", "5");
    assertThat(image.configs(ConfigScope.DEFAULT_BROKER))
        .containsEntry("log.segment.bytes", "1000000");
    assertRefused(
        change(BROKER, "0", OpType.SET, "log.dirs", "/elsewhere"),
        Errors.INVALID_REQUEST,
        "Cannot update these configs dynamically: [log.dirs]; write it in the configuration of the"
            + " broker and restart it");
    assertRefused(
        change(BROKER, "0", OpType.SET, "log.retention.ms", "soon"),
        Errors.INVALID_REQUEST,
        "log.retention.ms");
  }

  @Test
  void refusesValuesThatAreTooLongToBeKept() {
    assertRefused(
        change(
            TOPIC,
            "orders",
            OpType.SET,
            "leader.replication.throttled.replicas",
            "x".repeat(32_768)),
        Errors.INVALID_CONFIG,
        "leader.replication.throttled.replicas");
  }

  @Test
  void refusesAnUnknownOperation() {
    AlterConfigsResource resource = resource(TOPIC, "orders");
    resource
        .configs()
        .add(
            new AlterableConfig()
                .setName("retention.ms")
                .setConfigOperation((byte) 9)
                .setValue("5"));

    assertRefused(change(resource), Errors.INVALID_REQUEST, "Unknown operation type 9");
  }

  @Test
  void decidesNothingWhenNothingChangesOrNothingShallChange() {
    change(TOPIC, "orders", OpType.SET, "retention.ms", "5");
    IncrementalAlterConfigsRequestData same = new IncrementalAlterConfigsRequestData();
    same.resources().add(with(resource(TOPIC, "orders"), OpType.SET, "retention.ms", "5"));
    IncrementalAlterConfigsRequestData dry = new IncrementalAlterConfigsRequestData();
    dry.setValidateOnly(true);
    dry.resources().add(with(resource(TOPIC, "orders"), OpType.SET, "retention.ms", "6"));

    assertThat(controller.incrementalAlterConfigs(image, same).facts()).isEmpty();
    assertThat(controller.incrementalAlterConfigs(image, dry).facts()).isEmpty();
  }

  @Test
  void replacesAllKeysOfAResource() {
    change(TOPIC, "orders", OpType.SET, "retention.ms", "5");
    replace(TOPIC, "orders", "segment.bytes", "1000000");

    assertThat(image.configs(ORDERS)).containsOnly(Map.entry("segment.bytes", "1000000"));
  }
}
