package io.millrace.storage.log;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The format of {@code .snapshot} files: Kafka's {@code ProducerSnapshot} version 1. Two bytes
 * version, four bytes CRC-32C of all that follows, entries.
 */
final class ProducerSnapshot {
  private static final short VERSION = 1;
  private static final int CRC_AT = 2;
  private static final int ENTRIES_AT = 6;
  private static final int HEADER_BYTES = 10;
  private static final int ENTRY_BYTES = 46;

  private ProducerSnapshot() {}

  static ByteBuffer encode(Collection<ProducerEntry> producers) {
    ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + producers.size() * ENTRY_BYTES);
    bytes.putShort(VERSION).putInt(0).putInt(producers.size());
    for (ProducerEntry producer : producers) {
      bytes.putLong(producer.producerId).putShort(producer.epoch);
      bytes.putInt(producer.lastSequence()).putLong(producer.lastOffset());
      bytes.putInt(producer.lastOffsetDelta()).putLong(producer.lastTimestampMs);
      bytes.putInt(producer.coordinatorEpoch).putLong(producer.txnFirstOffset);
    }
    bytes.flip();
    return bytes.putInt(CRC_AT, crc(bytes));
  }

  /**
   * Reads a file's content.
   *
   * @throws IllegalArgumentException when version, size or CRC are not right
   */
  static List<ProducerEntry> decode(byte[] content) {
    ByteBuffer bytes = ByteBuffer.wrap(content);
    if (content.length < HEADER_BYTES || bytes.getShort() != VERSION) {
      throw new IllegalArgumentException("not a producer snapshot of version 1");
    }
    if (bytes.getInt() != crc(bytes)) {
      throw new IllegalArgumentException("the CRC of the producer snapshot differs");
    }
    int count = bytes.getInt();
    if (count < 0 || (long) count * ENTRY_BYTES != bytes.remaining()) {
      throw new IllegalArgumentException("the producer snapshot says " + count + " entries");
    }
    List<ProducerEntry> producers = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      producers.add(decodeEntry(bytes));
    }
    return producers;
  }

  private static ProducerEntry decodeEntry(ByteBuffer bytes) {
    ProducerEntry producer = new ProducerEntry(bytes.getLong());
    short epoch = bytes.getShort();
    int lastSequence = bytes.getInt();
    long lastOffset = bytes.getLong();
    int offsetDelta = bytes.getInt();
    long timestampMs = bytes.getLong();
    producer.epoch = epoch;
    if (lastOffset >= 0) {
      producer.add(
          epoch, new ProducerEntry.Batch(lastSequence, lastOffset, offsetDelta, timestampMs), -1);
    }
    producer.cameFromSnapshot();
    producer.lastTimestampMs = timestampMs;
    producer.coordinatorEpoch = bytes.getInt();
    producer.txnFirstOffset = bytes.getLong();
    return producer;
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.slice(ENTRIES_AT, bytes.limit() - ENTRIES_AT));
    return (int) crc.getValue();
  }
}
