package io.millrace.sim;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

/** Builds what clients ask for. Stateless. */
public final class Requests {

  private Requests() {}

  /** Who produces a batch, and where in its sequence. */
  public record Origin(long producerId, short epoch, int sequence) {
    /** No idempotence. */
    public static final Origin NONE =
        new Origin(
            RecordBatch.NO_PRODUCER_ID, RecordBatch.NO_PRODUCER_EPOCH, RecordBatch.NO_SEQUENCE);
  }

  /** A record to send. */
  public record Sent(@Nullable String key, @Nullable String value, long timestampMs) {}

  /** One batch in a buffer of its own. */
  public static MemoryRecords batch(Origin origin, Compression codec, List<Sent> records) {
    MemoryRecordsBuilder builder =
        MemoryRecords.builder(
            ByteBuffer.allocate(512),
            RecordBatch.MAGIC_VALUE_V2,
            codec,
            TimestampType.CREATE_TIME,
            0,
            RecordBatch.NO_TIMESTAMP,
            origin.producerId,
            origin.epoch,
            origin.sequence,
            false,
            false,
            RecordBatch.NO_PARTITION_LEADER_EPOCH);
    for (Sent record : records) {
      builder.append(record.timestampMs, bytes(record.key), bytes(record.value));
    }
    return builder.build();
  }

  private static byte @Nullable [] bytes(@Nullable String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }

  /** A produce request for one partition. The records are copied: the broker writes into them. */
  public static ProduceRequestData produce(
      String topic, int partition, int acks, MemoryRecords records) {
    ByteBuffer copy = ByteBuffer.allocate(records.sizeInBytes());
    copy.put(records.buffer()).flip();
    ProduceRequestData request =
        new ProduceRequestData().setAcks((short) acks).setTimeoutMs(10_000);
    request
        .topicData()
        .add(
            new TopicProduceData()
                .setName(topic)
                .setPartitionData(
                    List.of(
                        new PartitionProduceData()
                            .setIndex(partition)
                            .setRecords(MemoryRecords.readableRecords(copy)))));
    return request;
  }

  /** A fetch outside of any session. */
  public static FetchRequestData fetch(
      String topic, int partition, long offset, int minBytes, int maxWaitMs, int maxBytes) {
    FetchRequestData request =
        new FetchRequestData()
            .setMinBytes(minBytes)
            .setMaxWaitMs(maxWaitMs)
            .setMaxBytes(maxBytes)
            .setSessionEpoch(-1);
    request
        .topics()
        .add(
            new FetchTopic()
                .setTopic(topic)
                .setPartitions(
                    List.of(
                        new FetchPartition()
                            .setPartition(partition)
                            .setFetchOffset(offset)
                            .setPartitionMaxBytes(maxBytes))));
    return request;
  }

  /** A lookup of one partition's offset. */
  public static ListOffsetsRequestData listOffsets(String topic, int partition, long timestamp) {
    ListOffsetsRequestData request = new ListOffsetsRequestData().setReplicaId(-1);
    request
        .topics()
        .add(
            new ListOffsetsTopic()
                .setName(topic)
                .setPartitions(
                    List.of(
                        new ListOffsetsPartition()
                            .setPartitionIndex(partition)
                            .setTimestamp(timestamp))));
    return request;
  }

  /** Creates a topic with configs given as name, value, name, value, … */
  public static CreateTopicsRequestData createTopic(
      String name, int partitions, String... configs) {
    CreatableTopic topic =
        new CreatableTopic()
            .setName(name)
            .setNumPartitions(partitions)
            .setReplicationFactor((short) 1);
    for (int i = 0; i < configs.length; i += 2) {
      topic.configs().add(new CreatableTopicConfig().setName(configs[i]).setValue(configs[i + 1]));
    }
    CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(10_000);
    request.topics().add(topic);
    return request;
  }
}
