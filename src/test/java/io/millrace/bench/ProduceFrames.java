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
 * Produce requests of one batch each, encoded beforehand, for the partitions of a topic in turn;
 * version 11. Immutable.
 */
final class ProduceFrames {
  /** The last version but one that names topics, so that old and new brokers have it. */
  private static final short VERSION = 11;

  private static final int TIMEOUT_MS = 30_000;

  private final String topic;
  private final short acks;
  private final ByteBuffer[] frames;

  /**
   * Encodes them all.
   *
   * @param arguments {@code topic}, {@code partitions}, {@code size} of a record in bytes, {@code
   *     records} of a request, {@code acks}, and {@code keys}: how many keys the records have
   *     between them, 0 for records without
   */
  ProduceFrames(Arguments arguments) {
    topic = arguments.text("topic");
    acks = (short) arguments.number("acks", 1);
    int partitions = arguments.number("partitions", 1);
    int records = arguments.number("records", 1);
    int keys = arguments.number("keys", 0);
    frames = new ByteBuffer[Math.max(partitions, keys / records)];
    for (int i = 0; i < frames.length; i++) {
      SimpleRecord[] batch = new SimpleRecord[records];
      for (int r = 0; r < records; r++) {
        byte[] key = keys == 0 ? null : ByteBuffer.allocate(4).putInt(i * records + r).array();
        batch[r] =
            new SimpleRecord(
                System.currentTimeMillis(), key, new byte[arguments.number("size", 100)]);
      }
      frames[i] = frame(i % partitions, batch);
    }
  }

  private ByteBuffer frame(int partition, SimpleRecord... batch) {
    MemoryRecords records = MemoryRecords.withRecords(Compression.NONE, batch);
    TopicProduceData produced =
        new TopicProduceData()
            .setName(topic)
            .setPartitionData(
                List.of(new PartitionProduceData().setIndex(partition).setRecords(records)));
    ProduceRequestData request =
        new ProduceRequestData()
            .setAcks(acks)
            .setTimeoutMs(TIMEOUT_MS)
            .setTopicData(new TopicProduceDataCollection(List.of(produced).iterator()));
    ByteBuf encoded =
        RequestEncoder.encode(
            UnpooledByteBufAllocator.DEFAULT, ApiKeys.PRODUCE, VERSION, 0, "bench", request);
    ByteBuffer frame = ByteBuffer.allocateDirect(encoded.readableBytes());
    encoded.readBytes(frame).release();
    return frame.flip();
  }

  /** The request of that number, counted round; whole, from position 0. */
  ByteBuffer next(long number) {
    return frames[(int) (number % frames.length)].duplicate();
  }

  /** Whether an answer says that the batch was taken; the buffer starts behind the size field. */
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
