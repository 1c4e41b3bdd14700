package io.millrace.cluster.raft;

import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.FactCodec;
import io.millrace.metadata.FactFormatException;
import io.millrace.metadata.ImageCodec;
import io.millrace.metadata.MetadataEntry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * What stands in the Raft log: the image that the log begins with, in pieces; the record that ends
 * it; and behind that, entries. First byte: its kind.
 */
sealed interface RaftRecord {
  /** Size of a piece of the first image, in bytes. */
  int SEED_BYTES = 256 << 10;

  /** A piece of the first image. */
  byte SEED = 1;

  /** The first image is whole. */
  byte FOUNDED = 2;

  /** An entry. */
  byte ENTRY = 3;

  /**
   * A piece of the image that the log begins with.
   *
   * @param number counts the pieces, from 0; the first one starts the image anew
   */
  record Seed(int number, ByteBuffer piece) implements RaftRecord {}

  /**
   * The pieces before it are the image that the log begins with.
   *
   * @param termBase what is added to the term of Raft to get the term of the metadata log, which
   *     goes on from the local log's
   * @param raftTerm term of Raft in which it must stand; elsewhere it means nothing
   * @param pieces number of pieces
   * @param crc CRC32C of the whole image
   */
  record Founded(long termBase, long raftTerm, int pieces, int crc) implements RaftRecord {}

  /** Facts that were decided. */
  record Entry(MetadataEntry entry) implements RaftRecord {}

  /**
   * Reads a record that fills the buffer.
   *
   * @throws FactFormatException when it is none, or one of a newer version
   */
  static RaftRecord decode(ByteBuffer bytes) {
    if (!bytes.hasRemaining()) {
      throw new FactFormatException("an empty record in the Raft log");
    }
    byte kind = bytes.get();
    return switch (kind) {
      case SEED -> new Seed(bytes.getInt(), bytes.slice());
      case FOUNDED -> new Founded(bytes.getLong(), bytes.getLong(), bytes.getInt(), bytes.getInt());
      case ENTRY -> new Entry(FactCodec.decode(bytes.slice()));
      default ->
          throw new FactFormatException(
              "a record of kind " + kind + " in the Raft log: written by a newer version");
    };
  }

  /** The stored form of an entry. */
  static ByteBuffer encode(MetadataEntry entry) {
    byte[] content = FactCodec.encode(entry);
    return ByteBuffer.allocate(1 + content.length).put(ENTRY).put(content).flip();
  }

  /** The stored form of everything that a log begins with. */
  static List<ByteBuffer> beginning(ClusterImage image, long termBase, long raftTerm) {
    byte[] whole = ImageCodec.encode(image);
    List<ByteBuffer> records = new ArrayList<>();
    for (int at = 0; at < whole.length; at += SEED_BYTES) {
      int size = Math.min(SEED_BYTES, whole.length - at);
      records.add(
          ByteBuffer.allocate(1 + 4 + size)
              .put(SEED)
              .putInt(records.size())
              .put(whole, at, size)
              .flip());
    }
    records.add(
        ByteBuffer.allocate(1 + 8 + 8 + 4 + 4)
            .put(FOUNDED)
            .putLong(termBase)
            .putLong(raftTerm)
            .putInt(records.size())
            .putInt(crc(whole))
            .flip());
    return records;
  }

  /** CRC32C of all bytes. */
  static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
