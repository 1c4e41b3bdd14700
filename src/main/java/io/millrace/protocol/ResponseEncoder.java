package io.millrace.protocol;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ReferenceCounted;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.record.internal.BaseRecords;

/**
 * Turns responses into frames; records that lie in files are sent from there, save where they are
 * so few that a copy costs less. Immutable.
 */
public final class ResponseEncoder {
  private static final int SIZE_FIELD_BYTES = 4;

  /** In one response; what a slow reader makes the broker hold. */
  static final int COPIED_BYTES_MAX = 128 * 1024;

  private final FileRecords.Source source;

  /**
   * @param source recognises records that lie in files
   */
  public ResponseEncoder(FileRecords.Source source) {
    this.source = source;
  }

  /**
   * Encodes the frame of one response, size field included. The message's file records belong to
   * the parts afterwards; when this throws, they are released.
   *
   * @param header of the request that is answered
   * @param version version of the message, that of the request but for an ApiVersions request of an
   *     unknown version
   * @param copy whether file records must be copied into buffers, as TLS needs
   * @param parts an empty list; receives buffers and file regions in the order of writing
   */
  public void encode(
      ByteBufAllocator allocator,
      RequestHeader header,
      short version,
      ApiMessage message,
      boolean copy,
      List<ReferenceCounted> parts) {
    FrameWriter out = null;
    try {
      ObjectSerializationCache cache = new ObjectSerializationCache();
      MessageSizeAccumulator size = new MessageSizeAccumulator();
      message.addSize(size, cache, version);
      boolean flexibleHeader = header.api().responseHeaderVersion(version) >= 1;
      int headerBytes = Integer.BYTES + (flexibleHeader ? 1 : 0);
      int room = copiedBytes(message);
      int bytes = SIZE_FIELD_BYTES + headerBytes + size.sizeExcludingZeroCopy() + room;
      out = new FrameWriter(allocator.directBuffer(bytes), room, source, copy, parts);
      out.writeInt(headerBytes + size.totalSize());
      out.writeInt(header.correlationId());
      if (flexibleHeader) {
        out.writeUnsignedVarint(0);
      }
      message.write(out, cache, version);
      out.finish();
    } catch (Throwable e) {
      List<BaseRecords> released = out == null ? List.of() : out.abandon();
      forEachRecords(
          message,
          records -> {
            if (released.stream().noneMatch(r -> r == records)) {
              release(records);
            }
          });
      throw e;
    }
  }

  /** Bytes of records in files that go into the buffer. */
  private int copiedBytes(ApiMessage message) {
    int[] sum = new int[1];
    forEachRecords(
        message,
        records -> {
          FileRecords inFile = source.of(records);
          int room = Math.min(FrameWriter.SMALL_BYTES_MAX, COPIED_BYTES_MAX - sum[0]);
          if (inFile != null && inFile.sizeInBytes() <= room) {
            sum[0] += inFile.sizeInBytes();
          }
        });
    return sum[0];
  }

  /** Releases the file records of a response that nobody will read. */
  public void discard(ApiMessage message) {
    forEachRecords(message, this::release);
  }

  private void release(BaseRecords records) {
    FileRecords inFile = source.of(records);
    if (inFile != null) {
      inFile.release();
    }
  }

  private static void forEachRecords(ApiMessage message, Consumer<BaseRecords> action) {
    if (message instanceof FetchResponseData fetch) {
      for (FetchResponseData.FetchableTopicResponse topic : fetch.responses()) {
        for (FetchResponseData.PartitionData partition : topic.partitions()) {
          if (partition.records() != null) {
            action.accept(partition.records());
          }
        }
      }
    }
  }
}
