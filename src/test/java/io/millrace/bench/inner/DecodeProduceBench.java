package io.millrace.bench.inner;

import io.millrace.protocol.RequestBody;
import io.millrace.protocol.RequestEncoder;
import io.millrace.protocol.RequestHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Reads the header and the body of a produce request; its records stay a view on the frame. */
@State(Scope.Thread)
public class DecodeProduceBench {
  private static final short VERSION = 12;
  private static final int SIZE_FIELD_BYTES = 4;

  /** Partitions that the request names, each with a batch of 16 KB. */
  @Param({"1", "6"})
  public int partitions = 1;

  private ByteBuf frame;

  /** Encodes the request. */
  @Setup
  public void encode() {
    MemoryRecords records = MemoryRecords.readableRecords(SampleBatch.of(15, 1024));
    List<PartitionProduceData> parts =
        IntStream.range(0, partitions)
            .mapToObj(i -> new PartitionProduceData().setIndex(i).setRecords(records))
            .toList();
    TopicProduceData topic = new TopicProduceData().setName("bench").setPartitionData(parts);
    ProduceRequestData request =
        new ProduceRequestData()
            .setAcks((short) 1)
            .setTopicData(new TopicProduceDataCollection(List.of(topic).iterator()));
    frame =
        RequestEncoder.encode(
            PooledByteBufAllocator.DEFAULT, ApiKeys.PRODUCE, VERSION, 1, "bench", request);
  }

  /** Decodes it. */
  @Benchmark
  public ProduceRequestData decode() {
    frame.readerIndex(SIZE_FIELD_BYTES);
    RequestHeader header = RequestHeader.read(frame);
    return (ProduceRequestData) RequestBody.read(header, frame);
  }

  /** Gives the frame back. */
  @TearDown
  public void release() {
    frame.release();
  }
}
