package io.millrace.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.network.WireClient;
import io.millrace.testkit.Mutations;
import io.millrace.testkit.NettyLeaks;
import io.millrace.testkit.RandomMessages;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.ReferenceCounted;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CodecTest {
  private static final int ROUNDS = 10;

  @RegisterExtension static final NettyLeaks LEAKS = new NettyLeaks();

  private final RandomMessages messages = new RandomMessages(new Random(11));
  private final Mutations mutations = new Mutations(new Random(12));

  private static RequestHeader decodeHeader(ByteBuf frame) {
    return RequestHeader.read(frame.skipBytes(4));
  }

  @ParameterizedTest
  @EnumSource(ApiKeys.class)
  void readsRequestsOfEveryVersionAsKafkaWritesThem(ApiKeys api) {
    for (short version : api.allVersions()) {
      for (int i = 0; i < ROUNDS; i++) {
        ApiMessage request = messages.request(api);
        byte[] bytes = tryEncode(request, version);
        if (bytes != null) {
          ByteBuf frame = Unpooled.wrappedBuffer(bytes);
          RequestHeader header = decodeHeader(frame);
          assertThat(header).isEqualTo(new RequestHeader(api, version, 42, "wire"));
          ApiMessage read = RequestBody.read(header, frame);
          assertThat(WireClient.frame(read, version, 42)).isEqualTo(bytes);
          assertThat(frame.readableBytes()).isZero();
        }
      }
    }
  }

  private static byte[] tryEncode(ApiMessage request, short version) {
    try {
      return WireClient.frame(request, version, 42);
    } catch (UnsupportedVersionException | NullPointerException e) {
      return null; // A field was filled that this version has not.
    }
  }

  @ParameterizedTest
  @EnumSource(ApiKeys.class)
  void endsDamagedRequestsInOneKindOfException(ApiKeys api) {
    for (short version : api.allVersions()) {
      for (int i = 0; i < ROUNDS; i++) {
        byte[] bytes = tryEncode(messages.request(api), version);
        if (bytes != null) {
          read(mutations.damage(bytes));
          read(mutations.noise(bytes));
        }
      }
    }
  }

  private static void read(byte[] bytes) {
    ByteBuf frame = Unpooled.wrappedBuffer(bytes);
    try {
      RequestHeader header = decodeHeader(frame);
      RequestBody.read(header, frame);
    } catch (MalformedRequestException expected) {
      assertThat(expected).hasMessageNotContaining("\n");
    }
  }

  @Test
  void refusesEveryTruncationOfAProduceRequest() {
    byte[] whole = WireClient.frame(produce(), (short) 13, 42);
    for (int length = 4; length < whole.length; length++) {
      ByteBuf cut = Unpooled.wrappedBuffer(Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> RequestBody.read(decodeHeader(cut), cut))
          .isInstanceOf(MalformedRequestException.class);
    }
  }

  private static ProduceRequestData produce() {
    ProduceRequestData request = new ProduceRequestData().setAcks((short) 1);
    ProduceRequestData.PartitionProduceData partition =
        new ProduceRequestData.PartitionProduceData()
            .setRecords(
                MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(1L, new byte[50])));
    request
        .topicData()
        .add(new ProduceRequestData.TopicProduceData().setPartitionData(List.of(partition)));
    return request;
  }

  @Test
  void refusesMoreValuesThanTheHeapCouldHold() {
    byte[] whole = WireClient.frame(produce(), (short) 13, 42);
    ByteBuf frame = Unpooled.wrappedBuffer(whole);
    RequestHeader header = decodeHeader(frame);
    ProduceRequestData read = new ProduceRequestData();
    assertThatThrownBy(() -> read.read(new FrameReader(frame, 5, 1000), header.version()))
        .isInstanceOf(MalformedRequestException.class)
        .hasMessageContaining("values");
  }

  @Test
  void refusesLongerStringsThanTheHeapCouldHold() {
    MetadataRequestData request = new MetadataRequestData();
    request.setTopics(
        List.of(
            new MetadataRequestTopic().setName("a".repeat(80)),
            new MetadataRequestTopic().setName("b".repeat(80))));
    ByteBuf frame = Unpooled.wrappedBuffer(WireClient.frame(request, (short) 12, 42));
    RequestHeader header = decodeHeader(frame);
    assertThatThrownBy(
            () ->
                new MetadataRequestData().read(new FrameReader(frame, 1000, 100), header.version()))
        .isInstanceOf(MalformedRequestException.class)
        .hasMessageContaining("strings");
  }

  @Test
  void givesRecordsAsViewsOnTheFrame() {
    byte[] bytes = WireClient.frame(produce(), (short) 13, 42);
    ByteBuf frame = ByteBufAllocator.DEFAULT.directBuffer(bytes.length).writeBytes(bytes);
    ProduceRequestData request = (ProduceRequestData) RequestBody.read(decodeHeader(frame), frame);
    MemoryRecords records =
        (MemoryRecords) request.topicData().iterator().next().partitionData().get(0).records();

    assertThat(records.buffer().isDirect()).isTrue();
    byte[] before = records.buffer().duplicate().hasRemaining() ? copy(records) : new byte[0];
    frame.setByte(frame.writerIndex() - 3 - 20, ~frame.getByte(frame.writerIndex() - 3 - 20));
    assertThat(copy(records)).isNotEqualTo(before);
    frame.release();
  }

  private static byte[] copy(MemoryRecords records) {
    ByteBuffer view = records.buffer().duplicate();
    byte[] bytes = new byte[view.remaining()];
    view.get(bytes);
    return bytes;
  }

  @ParameterizedTest
  @EnumSource(ApiKeys.class)
  void writesResponsesOfEveryVersionAsKafkaDoes(ApiKeys api) {
    ResponseEncoder encoder = new ResponseEncoder(FileRecords.Source.NONE);
    for (short version : api.allVersions()) {
      for (int i = 0; i < ROUNDS; i++) {
        ApiMessage response = messages.response(api);
        byte[] expected;
        try {
          expected = kafkaBytes(api, version, response);
        } catch (UnsupportedVersionException | NullPointerException e) {
          continue; // A field was filled that this version has not.
        }
        List<ReferenceCounted> parts = new ArrayList<>();
        RequestHeader header = new RequestHeader(api, version, 42, "");
        encoder.encode(ByteBufAllocator.DEFAULT, header, version, response, false, parts);
        ByteBuf whole = Unpooled.buffer();
        for (ReferenceCounted part : parts) {
          whole.writeBytes((ByteBuf) part);
          part.release();
        }
        assertThat(whole).isEqualTo(Unpooled.wrappedBuffer(expected));
      }
    }
  }

  private static byte[] kafkaBytes(ApiKeys api, short version, ApiMessage response) {
    ResponseHeaderData header = new ResponseHeaderData().setCorrelationId(42);
    short headerVersion = api.responseHeaderVersion(version);
    ObjectSerializationCache cache = new ObjectSerializationCache();
    MessageSizeAccumulator size = new MessageSizeAccumulator();
    header.addSize(size, cache, headerVersion);
    response.addSize(size, cache, version);
    ByteBuffer bytes = ByteBuffer.allocate(4 + size.totalSize());
    bytes.putInt(size.totalSize());
    ByteBufferAccessor accessor = new ByteBufferAccessor(bytes);
    header.write(accessor, cache, headerVersion);
    response.write(accessor, cache, version);
    return bytes.array();
  }
}
