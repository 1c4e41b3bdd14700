package io.millrace.cli.segment;

import io.millrace.cli.tool.ToolException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.zip.CRC32C;

/**
 * The content of {@code .snapshot} files (producers) and {@code .txnindex} files (aborted
 * transactions). Stateless.
 */
public final class ProducerFile {
  private static final int CRC_AT = 2;
  private static final int ENTRIES_AT = 6;
  private static final int HEADER_BYTES = 10;
  private static final int ENTRY_BYTES = 46;
  private static final int ABORTED_BYTES = 34;

  private ProducerFile() {}

  /**
   * What a log knows of a producer.
   *
   * @param lastSequence of its last batch
   * @param lastOffset of its last batch; -1 when there is none
   * @param offsetDelta from the first to the last record of that batch
   * @param txnFirstOffset where its open transaction begins, if one is open
   */
  public record Producer(
      long id,
      short epoch,
      int lastSequence,
      long lastOffset,
      int offsetDelta,
      long timestampMs,
      int coordinatorEpoch,
      OptionalLong txnFirstOffset) {

    /** Sequence of the first record of its last batch; sequences start anew behind the greatest. */
    public int firstSequence() {
      return (int) Math.floorMod((long) lastSequence - offsetDelta, 1L << 31);
    }
  }

  /**
   * A transaction that was aborted.
   *
   * @param lastStable last stable offset when it ended
   */
  public record Aborted(
      short version, long producerId, long firstOffset, long lastOffset, long lastStable) {}

  /**
   * The producers of a snapshot.
   *
   * @throws ToolException when version, size or checksum are not right
   */
  public static List<Producer> producers(Path file) {
    ByteBuffer bytes = SegmentFile.content(file);
    if (bytes.remaining() < HEADER_BYTES) {
      throw damaged(file, "it is too short");
    }
    short version = bytes.getShort();
    if (version != 1) {
      throw damaged(file, "its version is " + version);
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes.slice(ENTRIES_AT, bytes.limit() - ENTRIES_AT));
    if (bytes.getInt(CRC_AT) != (int) crc.getValue()) {
      throw damaged(file, "its checksum differs");
    }
    bytes.position(ENTRIES_AT);
    int count = bytes.getInt();
    if (count < 0 || (long) count * ENTRY_BYTES != bytes.remaining()) {
      throw damaged(file, "it says that it has " + count + " entries");
    }
    List<Producer> producers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      producers.add(producer(bytes));
    }
    return producers;
  }

  private static Producer producer(ByteBuffer bytes) {
    long id = bytes.getLong();
    short epoch = bytes.getShort();
    int lastSequence = bytes.getInt();
    long lastOffset = bytes.getLong();
    int offsetDelta = bytes.getInt();
    long timestampMs = bytes.getLong();
    int coordinatorEpoch = bytes.getInt();
    long txn = bytes.getLong();
    return new Producer(
        id,
        epoch,
        lastSequence,
        lastOffset,
        offsetDelta,
        timestampMs,
        coordinatorEpoch,
        txn < 0 ? OptionalLong.empty() : OptionalLong.of(txn));
  }

  /** The aborted transactions of a {@code .txnindex}. */
  public static List<Aborted> aborted(Path file) {
    ByteBuffer bytes = SegmentFile.content(file);
    List<Aborted> entries = new ArrayList<>();
    while (bytes.remaining() >= ABORTED_BYTES) {
      entries.add(
          new Aborted(
              bytes.getShort(),
              bytes.getLong(),
              bytes.getLong(),
              bytes.getLong(),
              bytes.getLong()));
    }
    return entries;
  }

  private static ToolException damaged(Path file, String why) {
    return ToolException.failed("Snapshot " + file + " is corrupt: " + why + ".");
  }
}
