package io.millrace.cluster.local;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * How a piece of content lies in a file: length of what follows the checksum (4 bytes), CRC32C of
 * it (4), index in the log (8), content.
 *
 * @param index index of the entry; of a snapshot, the index of the last entry in it
 * @param content the content; a view into the buffer that it was read from
 */
record EntryFrame(long index, ByteBuffer content) {
  private static final int PREFIX = 4 + 4;
  private static final int INDEX = 8;

  /** The bytes of a frame, ready to be written. */
  static ByteBuffer encode(long index, byte[] content) {
    ByteBuffer frame = ByteBuffer.allocate(PREFIX + INDEX + content.length);
    frame.position(PREFIX);
    frame.putLong(index).put(content);
    frame.putInt(0, INDEX + content.length);
    frame.putInt(4, crc(frame, PREFIX, INDEX + content.length));
    return frame.flip();
  }

  /**
   * Reads the frame at the buffer's position and moves behind it.
   *
   * @return null when no whole frame with the right checksum lies there; the position stays
   */
  static @Nullable EntryFrame next(ByteBuffer buffer) {
    int at = buffer.position();
    if (buffer.remaining() < PREFIX + INDEX) {
      return null;
    }
    int size = buffer.getInt(at);
    if (size < INDEX || size > buffer.remaining() - PREFIX) {
      return null;
    }
    if (buffer.getInt(at + 4) != crc(buffer, at + PREFIX, size)) {
      return null;
    }
    buffer.position(at + PREFIX + size);
    return new EntryFrame(
        buffer.getLong(at + PREFIX), buffer.slice(at + PREFIX + INDEX, size - INDEX));
  }

  /** What stands before a round of entries: the index that was reached, and nothing else. */
  static ByteBuffer begin(long index) {
    return encode(index, new byte[0]);
  }

  /** Whether a round begins anywhere behind the buffer's position, which stays. */
  static boolean roundBeginsBehind(ByteBuffer buffer) {
    ByteBuffer look = buffer.duplicate();
    while (look.remaining() > PREFIX + INDEX) {
      look.position(look.position() + 1);
      if (look.getInt(look.position()) == INDEX && next(look.duplicate()) != null) {
        return true;
      }
    }
    return false;
  }

  private static int crc(ByteBuffer buffer, int at, int size) {
    CRC32C crc = new CRC32C();
    crc.update(buffer.slice(at, size));
    return (int) crc.getValue();
  }
}
