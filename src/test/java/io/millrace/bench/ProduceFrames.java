package io.millrace.bench;

import io.millrace.protocol.RequestEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/**
 * Produce requests of one record, encoded beforehand, one for each partition of a topic; version
 * 11, acks=1. Confined to: the load's thread.
 */
final class ProduceFrames {
  /** The last version but one that names topics, so that old and new brokers have it. */
  private static final short VERSION = 11;

  private static final int TIMEOUT_MS = 30_000;

  private final ByteBuffer[] frames;

  ProduceFrames(String topic, int partitions, int recordBytes) {
    frames = new ByteBuffer[partitions];
    for (int partition = 0; partition < partitions; partition++) {
      frames[partition] = frame(topic, partition, recordBytes);
    }
  }

  private static ByteBuffer frame(String topic, int partition, int recordBytes) {
    MemoryRecords records =
        MemoryRecords.withRecords(
            Compression.NONE, new SimpleRecord(System.currentTimeMillis(), new byte[recordBytes]));
    TopicProduceData produced =
        new TopicProduceData()
            .setName(topic)
            .setPartitionData(
                List.of(new PartitionProduceData().setIndex(partition).setRecords(records)));
    ProduceRequestData request =
        new ProduceRequestData()
            .setAcks((short) 1)
            .setTimeoutMs(TIMEOUT_MS)
            .setTopicData(new TopicProduceDataCollection(List.of(produced).iterator()));
    ByteBuf encoded =
        RequestEncoder.encode(
            UnpooledByteBufAllocator.DEFAULT, ApiKeys.PRODUCE, VERSION, 0, "bench", request);
    ByteBuffer frame = ByteBuffer.allocateDirect(encoded.readableBytes());
    encoded.readBytes(frame).release();
    return frame.flip();
  }

  /** The request of the partition of that number, counted round; whole, from position 0. */
  ByteBuffer next(long number) {
    return frames[(int) (number % frames.length)].duplicate();
  }

  /** Whether an answer says that the record was taken; the buffer starts behind the size field. */
  static boolean taken(ByteBuffer answer) {
    ByteBufferAccessor in = new ByteBufferAccessor(answer);
    in.readInt(); // the correlation id: answers come in order
    in.readUnsignedVarint(); // tagged fields of the header, of which there are none
    return new ProduceResponseData(in, VERSION)
        .responses().stream()
            .flatMap(topic -> topic.partitionResponses().stream())
            .allMatch(partition -> partition.errorCode() == Errors.NONE.code());
  }
}
