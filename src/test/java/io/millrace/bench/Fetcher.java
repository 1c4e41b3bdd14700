package io.millrace.bench;

import io.millrace.protocol.RequestEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * One connection that reads a topic and looks at no more of it than the offsets of its batches, so
 * that it costs little. Each method waits for its answer. Confined to: one thread.
 */
final class Fetcher implements AutoCloseable {
  /** The last that name topics, so that old and new brokers have them. */
  private static final short FETCH_VERSION = 12;

  private static final short LIST_OFFSETS_VERSION = 6;
  private static final long LATEST = -1;
  private static final int WAIT_MS = 500;
  private static final int ANSWER_HEAD_BYTES_MAX = 4096;

  private final String topic;
  private final int bytesMax;
  private final SocketChannel channel;
  private final ByteBuffer in;

  /**
   * Connects.
   *
   * @param bytesMax of the batches that one answer brings
   */
  Fetcher(InetSocketAddress server, String topic, int bytesMax) throws IOException {
    this.topic = topic;
    this.bytesMax = bytesMax;
    this.in = ByteBuffer.allocateDirect(bytesMax + ANSWER_HEAD_BYTES_MAX);
    this.channel = SocketChannel.open(server);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
  }

  /** Fetches what follows an offset, waiting for the first of it for half a second at most. */
  Fetched fetch(int partition, long offset) throws IOException {
    FetchPartition asked =
        new FetchPartition()
            .setPartition(partition)
            .setFetchOffset(offset)
            .setPartitionMaxBytes(bytesMax);
    FetchRequestData request =
        new FetchRequestData()
            .setMaxWaitMs(WAIT_MS)
            .setMinBytes(1)
            .setMaxBytes(bytesMax)
            .setTopics(List.of(new FetchTopic().setTopic(topic).setPartitions(List.of(asked))));
    FetchResponseData answer =
        new FetchResponseData(ask(ApiKeys.FETCH, FETCH_VERSION, request), FETCH_VERSION);
    PartitionData data = answer.responses().get(0).partitions().get(0);
    check(data.errorCode());
    MemoryRecords records = (MemoryRecords) data.records();
    long next = offset;
    for (RecordBatch batch : records.batches()) {
      next = batch.nextOffset();
    }
    return new Fetched(records.sizeInBytes(), next);
  }

  /** What came: bytes, and the offset behind the last whole batch. */
  record Fetched(int bytes, long nextOffset) {}

  /** The offset that the next record gets. */
  long endOffset(int partition) throws IOException {
    ListOffsetsPartition asked =
        new ListOffsetsPartition().setPartitionIndex(partition).setTimestamp(LATEST);
    ListOffsetsRequestData request =
        new ListOffsetsRequestData()
            .setReplicaId(-1)
            .setTopics(
                List.of(new ListOffsetsTopic().setName(topic).setPartitions(List.of(asked))));
    ListOffsetsResponseData answer =
        new ListOffsetsResponseData(
            ask(ApiKeys.LIST_OFFSETS, LIST_OFFSETS_VERSION, request), LIST_OFFSETS_VERSION);
    var data = answer.topics().get(0).partitions().get(0);
    check(data.errorCode());
    return data.offset();
  }

  private static void check(short errorCode) throws IOException {
    if (errorCode != Errors.NONE.code()) {
      throw new IOException("the broker answers " + Errors.forCode(errorCode));
    }
  }

  /** The answer, which is valid until the next request. */
  private ByteBufferAccessor ask(ApiKeys api, short version, ApiMessage request)
      throws IOException {
    ByteBuf frame =
        RequestEncoder.encode(UnpooledByteBufAllocator.DEFAULT, api, version, 0, "bench", request);
    try {
      frame.readBytes(channel, frame.readableBytes());
    } finally {
      frame.release();
    }
    receive(Integer.BYTES);
    receive(in.getInt());
    ByteBufferAccessor answer = new ByteBufferAccessor(in);
    answer.readInt(); // the correlation id
    answer.readUnsignedVarint(); // tagged fields of the header, of which there are none
    return answer;
  }

  private void receive(int bytes) throws IOException {
    in.clear().limit(bytes);
    while (in.hasRemaining()) {
      if (channel.read(in) < 0) {
        throw new EOFException("the broker closed the connection");
      }
    }
    in.flip();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
