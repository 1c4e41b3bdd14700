package io.millrace.compat.driver;

import io.millrace.compat.client.Operator;
import io.millrace.model.TopicPartition;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;

/** {@link Operator} over the Java client's Admin. Thread-safe. */
final class JavaOperator implements Operator {
  private final String bootstrap;
  private final Admin admin;

  JavaOperator(String bootstrap) {
    this.bootstrap = bootstrap;
    this.admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
  }

  @Override
  public void createTopic(String topic, int partitions, Map<String, String> settings) {
    NewTopic wanted = new NewTopic(topic, partitions, (short) 1).configs(settings);
    await(admin.createTopics(List.of(wanted)).all());
  }

  @Override
  public void deleteTopic(String topic) {
    await(admin.deleteTopics(List.of(topic)).all());
  }

  @Override
  public void growTopic(String topic, int total) {
    await(admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(total))).all());
  }

  @Override
  public Set<String> topics() {
    return await(admin.listTopics().names());
  }

  @Override
  public int partitions(String topic) {
    // Admin.describeTopics has no method of one name in all versions.
    try (KafkaConsumer<String, String> consumer =
        JavaClients.withOwnLoader(
            () ->
                new KafkaConsumer<>(
                    Map.of("bootstrap.servers", bootstrap),
                    new StringDeserializer(),
                    new StringDeserializer()))) {
      return consumer.partitionsFor(topic).size();
    }
  }

  @Override
  public Map<String, String> topicSettings(String topic) {
    ConfigResource resource = resource(topic);
    return await(admin.describeConfigs(List.of(resource)).all()).get(resource).entries().stream()
        .filter(e -> e.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG)
        .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
  }

  @Override
  public void alterTopic(String topic, String key, String value) {
    AlterConfigOp set = new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
    await(admin.incrementalAlterConfigs(Map.of(resource(topic), List.of(set))).all());
  }

  private static ConfigResource resource(String topic) {
    return new ConfigResource(ConfigResource.Type.TOPIC, topic);
  }

  @Override
  public long deleteRecords(TopicPartition partition, long offset) {
    return await(
            admin
                .deleteRecords(
                    Map.of(JavaReceiver.theirs(partition), RecordsToDelete.beforeOffset(offset)))
                .lowWatermarks()
                .get(JavaReceiver.theirs(partition)))
        .lowWatermark();
  }

  @Override
  public Set<String> groups() {
    return await(admin.listConsumerGroups().all()).stream()
        .map(group -> group.groupId())
        .collect(Collectors.toSet());
  }

  @Override
  public Map<String, Set<TopicPartition>> members(String group) {
    return await(admin.describeConsumerGroups(List.of(group)).all()).get(group).members().stream()
        .collect(
            Collectors.toMap(
                member -> member.clientId(),
                member ->
                    member.assignment().topicPartitions().stream()
                        .map(JavaReceiver::ours)
                        .collect(Collectors.toSet())));
  }

  @Override
  public Map<TopicPartition, Long> offsets(String group) {
    return await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
        .entrySet()
        .stream()
        .collect(Collectors.toMap(e -> JavaReceiver.ours(e.getKey()), e -> e.getValue().offset()));
  }

  @Override
  public void deleteGroup(String group) {
    await(admin.deleteConsumerGroups(List.of(group)).all());
  }

  @Override
  public String cluster() {
    DescribeClusterResult cluster = admin.describeCluster();
    return await(cluster.nodes()).size() + ":" + await(cluster.controller()).id();
  }

  @Override
  public void close() {
    admin.close();
  }

  private static <T> T await(KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
