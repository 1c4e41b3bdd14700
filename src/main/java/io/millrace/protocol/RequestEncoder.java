package io.millrace.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ReferenceCounted;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

/**
 * Turns requests into frames, for a broker that asks another one. Stateless.
 *
 * <p>The frame is a copy, records included: what the request was made of may change or be given
 * back at once.
 */
public final class RequestEncoder {
  private static final int SIZE_FIELD_BYTES = 4;

  private RequestEncoder() {}

  /**
   * Encodes the frame of a request, size field included.
   *
   * @param correlationId number that the answer repeats
   * @param clientId who asks
   * @return owned by the caller
   */
  public static ByteBuf encode(
      ByteBufAllocator allocator,
      ApiKeys api,
      short version,
      int correlationId,
      String clientId,
      ApiMessage request) {
    short headerVersion = api.requestHeaderVersion(version);
    RequestHeaderData header =
        new RequestHeaderData()
            .setRequestApiKey(api.id)
            .setRequestApiVersion(version)
            .setCorrelationId(correlationId)
            .setClientId(clientId);
    ObjectSerializationCache cache = new ObjectSerializationCache();
    MessageSizeAccumulator size = new MessageSizeAccumulator();
    header.addSize(size, cache, headerVersion);
    request.addSize(size, cache, version);
    int bytes = SIZE_FIELD_BYTES + size.totalSize();
    List<ReferenceCounted> parts = new ArrayList<>(1);
    FrameWriter out =
        new FrameWriter(allocator.buffer(bytes), 0, FileRecords.Source.NONE, true, parts);
    try {
      out.writeInt(size.totalSize());
      header.write(out, cache, headerVersion);
      request.write(out, cache, version);
      out.finish();
    } catch (RuntimeException e) {
      out.abandon();
      throw e;
    }
    return whole(allocator, bytes, parts);
  }

  private static ByteBuf whole(
      ByteBufAllocator allocator, int bytes, List<ReferenceCounted> parts) {
    if (parts.size() == 1) {
      return (ByteBuf) parts.get(0);
    }
    ByteBuf frame = allocator.buffer(bytes);
    for (ReferenceCounted part : parts) {
      frame.writeBytes((ByteBuf) part);
      part.release();
    }
    return frame;
  }
}
