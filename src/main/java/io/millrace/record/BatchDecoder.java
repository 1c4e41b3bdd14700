package io.millrace.record;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/**
 * Decompresses the records of a batch, never to more than a given number of bytes: what a few KiB
 * expand to is the sender's choice.
 *
 * <p>Immutable.
 */
public final class BatchDecoder {
  /** Least bound for any batch: what a producer gathers with Kafka's largest usual settings. */
  private static final int EXPANSION_FLOOR_BYTES = 32 << 20;

  /** How far beyond the largest allowed batch its records may expand. */
  private static final int EXPANSION_FACTOR = 16;

  private static final int CHUNK_BYTES = 16 << 10;
  private static final byte[] XERIAL_MAGIC = {-126, 'S', 'N', 'A', 'P', 'P', 'Y', 0};
  private static final int XERIAL_HEADER_BYTES = 16;

  private BatchDecoder() {}

  /** Bound in bytes for the records of a batch of a topic with this {@code max.message.bytes}. */
  public static int expansionLimit(int maxMessageBytes) {
    return (int)
        Math.min(
            Integer.MAX_VALUE - 16,
            Math.max(EXPANSION_FLOOR_BYTES, (long) EXPANSION_FACTOR * maxMessageBytes));
  }

  /**
   * The records of a batch, from index 0 to the limit: a view when they are not compressed, else a
   * new heap buffer.
   *
   * @param batch a batch whose CRC was checked
   * @param maxBytes bound for what the records expand to
   * @throws InvalidRecordsException MESSAGE_TOO_LARGE beyond the bound; INVALID_RECORD when the
   *     bytes cannot be decompressed; UNSUPPORTED_COMPRESSION_TYPE for an unknown codec
   */
  public static ByteBuffer records(BatchView batch, int maxBytes) throws InvalidRecordsException {
    if (!batch.isCompressed()) {
      return batch.records();
    }
    return decompress(codec(batch), batch.records(), maxBytes);
  }

  /** The codec of a batch; UNSUPPORTED_COMPRESSION_TYPE when its number is not known. */
  static CompressionType codec(BatchView batch) throws InvalidRecordsException {
    int id = batch.compressionId();
    if (id > CompressionType.ZSTD.id) {
      throw new InvalidRecordsException(
          Errors.UNSUPPORTED_COMPRESSION_TYPE, "Unknown compression type id: " + id);
    }
    return CompressionType.forId(id);
  }

  private static ByteBuffer decompress(CompressionType codec, ByteBuffer packed, int maxBytes)
      throws InvalidRecordsException {
    if (codec == CompressionType.SNAPPY) {
      checkSnappyChunks(packed, maxBytes);
    }
    byte[] out = new byte[(int) Math.min(maxBytes, Math.max(1024L, 4L * packed.remaining()))];
    int size = 0;
    try (InputStream in =
        Compression.of(codec)
            .build()
            .wrapForInput(packed, BatchView.MAGIC_V2, BufferSupplier.NO_CACHING)) {
      while (true) {
        if (size < out.length) {
          int n = in.read(out, size, Math.min(CHUNK_BYTES, out.length - size));
          if (n < 0) {
            break;
          }
          size += n;
        } else {
          int more = in.read();
          if (more < 0) {
            break;
          }
          out = grown(out, maxBytes);
          out[size++] = (byte) more;
        }
      }
    } catch (IOException | RuntimeException e) {
      // Whatever a codec makes of hostile bytes.
      throw new InvalidRecordsException(
          Errors.INVALID_RECORD, "The records cannot be decompressed with " + codec.name);
    }
    return ByteBuffer.wrap(out, 0, size).slice();
  }

  private static byte[] grown(byte[] full, int maxBytes) throws InvalidRecordsException {
    if (full.length >= maxBytes) {
      throw tooLarge(maxBytes);
    }
    return Arrays.copyOf(full, (int) Math.min(maxBytes, 2L * full.length));
  }

  /** The snappy library allocates what a chunk claims, so claims are compared with the bytes. */
  private static void checkSnappyChunks(ByteBuffer packed, int maxBytes)
      throws InvalidRecordsException {
    for (int i = 0; i < XERIAL_MAGIC.length; i++) {
      if (packed.remaining() < XERIAL_HEADER_BYTES || packed.get(i) != XERIAL_MAGIC[i]) {
        throw badSnappy();
      }
    }
    long total = 0;
    int at = XERIAL_HEADER_BYTES;
    while (at + 4 <= packed.limit()) {
      int chunkBytes = packed.getInt(at);
      at += 4;
      if (chunkBytes <= 0 || chunkBytes > packed.limit() - at) {
        throw badSnappy();
      }
      total += claimedBytes(packed, at);
      if (total > maxBytes) {
        throw tooLarge(maxBytes);
      }
      at += chunkBytes;
    }
  }

  private static long claimedBytes(ByteBuffer packed, int at) throws InvalidRecordsException {
    long claimed = 0;
    for (int shift = 0; shift < 35 && at < packed.limit(); shift += 7) {
      byte b = packed.get(at++);
      claimed |= (b & 0x7fL) << shift;
      if (b >= 0) {
        return claimed;
      }
    }
    throw badSnappy();
  }

  private static InvalidRecordsException badSnappy() {
    return new InvalidRecordsException(
        Errors.INVALID_RECORD, "The records cannot be decompressed with snappy");
  }

  private static InvalidRecordsException tooLarge(int maxBytes) {
    return new InvalidRecordsException(
        Errors.MESSAGE_TOO_LARGE, "The records expand to more than " + maxBytes + " bytes");
  }
}
