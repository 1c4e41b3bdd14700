package io.millrace.record;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;
import org.apache.kafka.common.utils.internals.ByteUtils;
import org.jspecify.annotations.Nullable;

/**
 * Builds one v2 batch. The clock is the caller's: every record brings its timestamp.
 *
 * <p>Confined to: the thread that made it.
 */
public final class BatchBuilder {
  private static final int FIRST_BYTES = 512;

  private final ByteBufferOutputStream records = new ByteBufferOutputStream(FIRST_BYTES);
  private long baseTimestamp = BatchView.NO_TIMESTAMP;
  private long maxTimestamp = BatchView.NO_TIMESTAMP;
  private int lastOffsetDelta = -1;
  private int count;

  /**
   * Adds a record behind the ones before.
   *
   * @param timestampMs in ms since the epoch, −1 for none
   * @param key from position to limit, not moved; null for none
   * @param value from position to limit, not moved; null makes a tombstone
   * @return this
   */
  public BatchBuilder add(
      long timestampMs,
      @Nullable ByteBuffer key,
      @Nullable ByteBuffer value,
      List<Header> headers) {
    if (count == 0) {
      baseTimestamp = timestampMs;
    }
    maxTimestamp = Math.max(maxTimestamp, timestampMs);
    lastOffsetDelta++;
    count++;
    long timestampDelta = timestampMs - baseTimestamp;
    int body =
        1
            + ByteUtils.sizeOfVarlong(timestampDelta)
            + ByteUtils.sizeOfVarint(lastOffsetDelta)
            + sized(key)
            + sized(value)
            + sizeOf(headers);
    records.ensureRemaining(body + ByteUtils.sizeOfVarint(body));
    ByteBuffer out = records.buffer();
    ByteUtils.writeVarint(body, out);
    out.put((byte) 0);
    ByteUtils.writeVarlong(timestampDelta, out);
    ByteUtils.writeVarint(lastOffsetDelta, out);
    put(key, out);
    put(value, out);
    ByteUtils.writeVarint(headers.size(), out);
    for (Header header : headers) {
      put(ByteBuffer.wrap(Utils.utf8(header.key())), out);
      put(header.value() == null ? null : ByteBuffer.wrap(header.value()), out);
    }
    return this;
  }

  /** As {@link #add(long, ByteBuffer, ByteBuffer, List)}, without headers. */
  public BatchBuilder add(long timestampMs, @Nullable ByteBuffer key, @Nullable ByteBuffer value) {
    return add(timestampMs, key, value, List.of());
  }

  /** Number of records so far. */
  public int count() {
    return count;
  }

  /** Size of the batch so far in bytes, not compressed. */
  public int sizeBytes() {
    return BatchView.HEADER_BYTES + records.position();
  }

  /** The batch, not compressed, of no producer; offsets begin at 0 and the leader epoch is −1. */
  public ByteBuffer build() {
    return build(Compression.NONE);
  }

  /**
   * The batch with its records compressed; as {@link #build()} else.
   *
   * @throws IllegalStateException when there are no records
   */
  public ByteBuffer build(Compression compression) {
    return build(compression, BatchView.NO_PRODUCER_ID, BatchView.NO_PRODUCER_EPOCH, -1);
  }

  /** The batch of an idempotent producer; as {@link #build(Compression)} else. */
  public ByteBuffer build(
      Compression compression, long producerId, short producerEpoch, int baseSequence) {
    if (count == 0) {
      throw new IllegalStateException("a batch has at least one record");
    }
    ByteBuffer plain = records.buffer().duplicate().flip();
    BatchHeader header =
        new BatchHeader(
            0,
            -1,
            (short) compression.type().id,
            lastOffsetDelta,
            baseTimestamp,
            maxTimestamp,
            producerId,
            producerEpoch,
            baseSequence,
            count);
    return assemble(header, compression, plain);
  }

  /**
   * The fields of a batch's header, without length and CRC.
   *
   * @param attributes with the codec that the records are compressed with
   */
  record BatchHeader(
      long baseOffset,
      int leaderEpoch,
      short attributes,
      int lastOffsetDelta,
      long baseTimestamp,
      long maxTimestamp,
      long producerId,
      short producerEpoch,
      int baseSequence,
      int count) {

    /** The header of an existing batch, with the codec exchanged. */
    static BatchHeader of(BatchView batch, CompressionType codec) {
      return new BatchHeader(
          batch.baseOffset(),
          batch.leaderEpoch(),
          (short) ((batch.attributes() & ~0x07) | codec.id),
          batch.lastOffsetDelta(),
          batch.baseTimestamp(),
          batch.maxTimestamp(),
          batch.producerId(),
          batch.producerEpoch(),
          batch.baseSequence(),
          batch.count());
    }
  }

  /** Writes a header, compresses the records behind it, and closes it with length and CRC. */
  static ByteBuffer assemble(BatchHeader header, Compression compression, ByteBuffer plain) {
    ByteBufferOutputStream out =
        new ByteBufferOutputStream(BatchView.HEADER_BYTES + Math.max(64, plain.remaining()));
    out.position(BatchView.HEADER_BYTES);
    if (compression.type() == CompressionType.NONE) {
      out.write(plain);
    } else {
      try (OutputStream packed = compression.wrapForOutput(out, BatchView.MAGIC_V2)) {
        writeTo(packed, plain);
      } catch (IOException e) {
        throw new IllegalStateException("compressing to memory cannot fail", e);
      }
    }
    ByteBuffer batch = out.buffer().duplicate().flip();
    batch.putLong(0, header.baseOffset);
    batch.putInt(8, batch.limit() - BatchView.LOG_OVERHEAD);
    batch.putInt(12, header.leaderEpoch);
    batch.put(16, BatchView.MAGIC_V2);
    batch.putShort(21, header.attributes);
    batch.putInt(23, header.lastOffsetDelta);
    batch.putLong(27, header.baseTimestamp);
    batch.putLong(35, header.maxTimestamp);
    batch.putLong(43, header.producerId);
    batch.putShort(51, header.producerEpoch);
    batch.putInt(53, header.baseSequence);
    batch.putInt(57, header.count);
    new BatchView().wrap(batch, 0).updateCrc();
    return batch;
  }

  private static void writeTo(OutputStream out, ByteBuffer bytes) throws IOException {
    if (bytes.hasArray()) {
      out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    } else {
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(bytes.position(), copy);
      out.write(copy);
    }
  }

  private static int sized(@Nullable ByteBuffer bytes) {
    return bytes == null
        ? ByteUtils.sizeOfVarint(-1)
        : ByteUtils.sizeOfVarint(bytes.remaining()) + bytes.remaining();
  }

  private static int sizeOf(List<Header> headers) {
    int size = ByteUtils.sizeOfVarint(headers.size());
    for (Header header : headers) {
      int name = Utils.utf8Length(header.key());
      size += ByteUtils.sizeOfVarint(name) + name;
      size += header.value() == null ? 1 : ByteUtils.sizeOfVarint(header.value().length);
      size += header.value() == null ? 0 : header.value().length;
    }
    return size;
  }

  private static void put(@Nullable ByteBuffer bytes, ByteBuffer out) {
    if (bytes == null) {
      ByteUtils.writeVarint(-1, out);
    } else {
      ByteUtils.writeVarint(bytes.remaining(), out);
      out.put(bytes.duplicate());
    }
  }
}
