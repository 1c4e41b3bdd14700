package io.millrace.record;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;

/**
 * The header of one record batch (magic 2), read and patched in place in the buffer that holds it.
 *
 * <p>A flyweight: {@link #wrap} moves it to another batch, so that a walk over many batches
 * allocates nothing. The base offset and the partition leader epoch lie in front of what the CRC
 * covers and are set without touching it; the other setters compute the CRC anew. Layout: Kafka's
 * documentation, "Record Batch" (KIP-98, KIP-534).
 *
 * <p>Of the older formats (magic 0 and 1) only {@link #baseOffset}, {@link #sizeBytes} and {@link
 * #magic} have a meaning; they lie at the same places.
 *
 * <p>Confined to: the thread that wrapped it.
 */
public final class BatchView {
  /** Bytes before the length's own count begins: the base offset and the length. */
  public static final int LOG_OVERHEAD = 12;

  /** Size of the header of a v2 batch in bytes; the records follow. */
  public static final int HEADER_BYTES = 61;

  /** The least number of bytes that make {@link #magic} readable. */
  public static final int MAGIC_END = 17;

  /** The only format that is written. */
  public static final byte MAGIC_V2 = 2;

  /** Producer id of a batch that no idempotent producer sent. */
  public static final long NO_PRODUCER_ID = -1;

  /** Producer epoch of a batch that no idempotent producer sent. */
  public static final short NO_PRODUCER_EPOCH = -1;

  /** Sequence of a batch that no idempotent producer sent. */
  public static final int NO_SEQUENCE = -1;

  /** Timestamp of records that carry none. */
  public static final long NO_TIMESTAMP = -1;

  private static final int LENGTH_AT = 8;
  private static final int LEADER_EPOCH_AT = 12;
  private static final int MAGIC_AT = 16;
  private static final int CRC_AT = 17;
  private static final int ATTRIBUTES_AT = 21;
  private static final int LAST_OFFSET_DELTA_AT = 23;
  private static final int BASE_TIMESTAMP_AT = 27;
  private static final int MAX_TIMESTAMP_AT = 35;
  private static final int PRODUCER_ID_AT = 43;
  private static final int PRODUCER_EPOCH_AT = 51;
  private static final int BASE_SEQUENCE_AT = 53;
  private static final int COUNT_AT = 57;

  private static final int COMPRESSION_MASK = 0x07;
  private static final int TIMESTAMP_TYPE_MASK = 0x08;
  private static final int TRANSACTIONAL_MASK = 0x10;
  private static final int CONTROL_MASK = 0x20;
  private static final int DELETE_HORIZON_MASK = 0x40;

  private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

  private ByteBuffer buffer = EMPTY;
  private int start;

  /**
   * Moves this view to the batch that begins at {@code position}; the buffer's own position and
   * limit are neither used nor changed, save that nothing at or behind the limit is read.
   *
   * @param buffer big-endian buffer that holds at least the header at {@code position}; check
   *     {@link #sizeBytes} against what the buffer holds before reading records
   * @return this
   */
  public BatchView wrap(ByteBuffer buffer, int position) {
    this.buffer = buffer;
    this.start = position;
    return this;
  }

  /** The buffer that was wrapped. */
  public ByteBuffer buffer() {
    return buffer;
  }

  /** Index of the batch's first byte in {@link #buffer}. */
  public int position() {
    return start;
  }

  /** Index of the first byte behind the batch. */
  public int end() {
    return start + sizeBytes();
  }

  /** Offset of the first record; for a compressed set of magic 0 and 1 that of the last one. */
  public long baseOffset() {
    return buffer.getLong(start);
  }

  /** Size of the whole batch in bytes, with the base offset and the length field. As claimed. */
  public int sizeBytes() {
    return buffer.getInt(start + LENGTH_AT) + LOG_OVERHEAD;
  }

  /** Epoch of the leader that appended the batch; −1 when unknown. */
  public int leaderEpoch() {
    return buffer.getInt(start + LEADER_EPOCH_AT);
  }

  /** Format version: 2, or 0 and 1 in old files. */
  public byte magic() {
    return buffer.get(start + MAGIC_AT);
  }

  /** The CRC-32C in the header, unsigned. */
  public long crc() {
    return buffer.getInt(start + CRC_AT) & 0xffffffffL;
  }

  /** The attribute bits as they stand. */
  public short attributes() {
    return buffer.getShort(start + ATTRIBUTES_AT);
  }

  /** Offset of the last record minus the base offset. Stays when compaction removes records. */
  public int lastOffsetDelta() {
    return buffer.getInt(start + LAST_OFFSET_DELTA_AT);
  }

  /** Offset of the last record. */
  public long lastOffset() {
    return baseOffset() + lastOffsetDelta();
  }

  /** Offset that follows the batch. */
  public long nextOffset() {
    return lastOffset() + 1;
  }

  /**
   * Timestamp in ms that the records' deltas count from; in a batch with a delete horizon, that
   * horizon.
   */
  public long baseTimestamp() {
    return buffer.getLong(start + BASE_TIMESTAMP_AT);
  }

  /** Largest timestamp of the batch in ms; with log append time that of every record. */
  public long maxTimestamp() {
    return buffer.getLong(start + MAX_TIMESTAMP_AT);
  }

  /** Id of the idempotent producer, or {@link #NO_PRODUCER_ID}. */
  public long producerId() {
    return buffer.getLong(start + PRODUCER_ID_AT);
  }

  /** Whether an idempotent producer sent the batch. */
  public boolean hasProducerId() {
    return producerId() > NO_PRODUCER_ID;
  }

  /** Epoch of the producer, or {@link #NO_PRODUCER_EPOCH}. */
  public short producerEpoch() {
    return buffer.getShort(start + PRODUCER_EPOCH_AT);
  }

  /** Sequence number of the first record, or {@link #NO_SEQUENCE}. */
  public int baseSequence() {
    return buffer.getInt(start + BASE_SEQUENCE_AT);
  }

  /** Sequence number of the last record; wraps from {@code Integer.MAX_VALUE} to 0. */
  public int lastSequence() {
    int base = baseSequence();
    return base == NO_SEQUENCE ? NO_SEQUENCE : sequencePlus(base, lastOffsetDelta());
  }

  /** Number of records in the batch as the header says. */
  public int count() {
    return buffer.getInt(start + COUNT_AT);
  }

  /** Whether the batch belongs to a transaction. */
  public boolean isTransactional() {
    return (attributes() & TRANSACTIONAL_MASK) != 0;
  }

  /** Whether the batch holds control records (transaction markers). */
  public boolean isControl() {
    return (attributes() & CONTROL_MASK) != 0;
  }

  /** Whether the base timestamp is a delete horizon (KIP-534). */
  public boolean hasDeleteHorizon() {
    return (attributes() & DELETE_HORIZON_MASK) != 0;
  }

  /** When tombstones and markers of this batch may go, in ms; call {@link #hasDeleteHorizon}. */
  public long deleteHorizonMs() {
    return baseTimestamp();
  }

  /** Number of the codec as it stands, 0 to 7; only 0 to 4 are known. */
  public int compressionId() {
    return attributes() & COMPRESSION_MASK;
  }

  /**
   * Codec of the records.
   *
   * @throws IllegalArgumentException when the number is not a known codec
   */
  public CompressionType compression() {
    return CompressionType.forId(compressionId());
  }

  /** Whether the records are compressed. */
  public boolean isCompressed() {
    return compressionId() != 0;
  }

  /** What the timestamps mean. */
  public TimestampType timestampType() {
    return (attributes() & TIMESTAMP_TYPE_MASK) == 0
        ? TimestampType.CREATE_TIME
        : TimestampType.LOG_APPEND_TIME;
  }

  /** Whether the CRC in the header is that of the bytes; the whole batch must be in the buffer. */
  public boolean crcMatches() {
    return crc() == computeCrc();
  }

  /** Moves the batch to its offset in the log. Does not change the CRC. */
  public void setBaseOffset(long baseOffset) {
    buffer.putLong(start, baseOffset);
  }

  /** Moves the batch so that its last record has this offset. Does not change the CRC. */
  public void setLastOffset(long lastOffset) {
    setBaseOffset(lastOffset - lastOffsetDelta());
  }

  /** Writes the epoch of the leader that appends. Does not change the CRC. */
  public void setLeaderEpoch(int leaderEpoch) {
    buffer.putInt(start + LEADER_EPOCH_AT, leaderEpoch);
  }

  /**
   * Sets the largest timestamp and what it means; the CRC is computed anew when anything changed.
   *
   * @param type {@code LOG_APPEND_TIME} gives every record of the batch this timestamp
   * @param maxTimestampMs in ms since the epoch
   */
  public void setMaxTimestamp(TimestampType type, long maxTimestampMs) {
    if (timestampType() == type && maxTimestamp() == maxTimestampMs) {
      return;
    }
    int attributes = attributes() & ~TIMESTAMP_TYPE_MASK;
    if (type == TimestampType.LOG_APPEND_TIME) {
      attributes |= TIMESTAMP_TYPE_MASK;
    }
    buffer.putShort(start + ATTRIBUTES_AT, (short) attributes);
    buffer.putLong(start + MAX_TIMESTAMP_AT, maxTimestampMs);
    updateCrc();
  }

  /** Writes the CRC of the bytes as they are now. */
  public void updateCrc() {
    buffer.putInt(start + CRC_AT, (int) computeCrc());
  }

  /** A view on the bytes of the records, still compressed if they are. */
  public ByteBuffer records() {
    return buffer.slice(start + HEADER_BYTES, sizeBytes() - HEADER_BYTES);
  }

  /** A view on the whole batch. */
  public ByteBuffer bytes() {
    return buffer.slice(start, sizeBytes());
  }

  private long computeCrc() {
    CRC32C crc = new CRC32C();
    crc.update(buffer.slice(start + ATTRIBUTES_AT, sizeBytes() - ATTRIBUTES_AT));
    return crc.getValue();
  }

  /** A sequence number {@code increment} later; wraps from {@code Integer.MAX_VALUE} to 0. */
  public static int sequencePlus(int sequence, int increment) {
    return (int) (((long) sequence + increment) & 0x7fffffffL);
  }

  @Override
  public String toString() {
    return "batch(offsets "
        + baseOffset()
        + ".."
        + lastOffset()
        + ", "
        + sizeBytes()
        + " bytes, leader epoch "
        + leaderEpoch()
        + ", producer "
        + producerId()
        + "/"
        + producerEpoch()
        + "/"
        + baseSequence()
        + ")";
  }
}
