package io.millrace.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.ReferenceCounted;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Writable;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/**
 * Writes a message into one buffer, which is cut where many records lie in a file: the parts
 * before, the region, the parts behind. Confined to: the thread that encodes.
 */
final class FrameWriter implements Writable {
  /**
   * Records in a file up to this size are copied into the buffer where there is room for them: one
   * write sends them with all that is around them, and the reader wakes up once.
   */
  static final int SMALL_BYTES_MAX = 16 * 1024;

  private final ByteBuf buffer;
  private final FileRecords.Source source;
  private final boolean copy;
  private int room;
  private final List<ReferenceCounted> parts;

  /** Records that a part holds now; null until there are some. */
  private @Nullable List<BaseRecords> taken;

  /**
   * @param buffer where to write; owned by this writer until {@link #finish} or {@link #abandon}
   * @param room bytes that it has for records in files, beside the message
   * @param copy whether regions must be copied (TLS)
   * @param parts receives the parts in order, each to be written and so released by the caller
   */
  FrameWriter(
      ByteBuf buffer,
      int room,
      FileRecords.Source source,
      boolean copy,
      List<ReferenceCounted> parts) {
    this.buffer = buffer;
    this.room = room;
    this.source = source;
    this.copy = copy;
    this.parts = parts;
  }

  /** Hands over what was written since the last cut, and the buffer with it. */
  void finish() {
    if (parts.isEmpty()) {
      parts.add(buffer);
      return;
    }
    cut();
    buffer.release();
  }

  /** Releases everything that was written; says which records went with it. */
  List<BaseRecords> abandon() {
    parts.forEach(ReferenceCounted::release);
    parts.clear();
    buffer.release();
    return taken == null ? List.of() : taken;
  }

  private void cut() {
    if (buffer.isReadable()) {
      parts.add(buffer.readRetainedSlice(buffer.readableBytes()));
    }
  }

  @Override
  public void writeRecords(BaseRecords records) {
    FileRecords inFile = source.of(records);
    if (inFile != null) {
      writeFile(records, inFile);
    } else if (records instanceof MemoryRecords inMemory) {
      if (inMemory.sizeInBytes() > 0) {
        cut();
        parts.add(Unpooled.wrappedBuffer(inMemory.buffer()));
      }
    } else {
      throw new IllegalArgumentException("records of " + records.getClass().getName());
    }
  }

  private void writeFile(BaseRecords records, FileRecords inFile) {
    int sizeBytes = inFile.sizeInBytes();
    if (sizeBytes <= Math.min(room, SMALL_BYTES_MAX)) {
      room -= sizeBytes;
      copyIntoBuffer(inFile, sizeBytes);
      inFile.release();
    } else {
      cut();
      FileChannel channel = copy ? null : inFile.channel();
      parts.add(channel == null ? copied(inFile) : new FileRecordsRegion(channel, inFile));
    }
    if (taken == null) {
      taken = new ArrayList<>();
    }
    taken.add(records);
  }

  private void copyIntoBuffer(FileRecords inFile, int sizeBytes) {
    if (sizeBytes > 0) {
      inFile.copyTo(buffer.internalNioBuffer(buffer.writerIndex(), sizeBytes));
      buffer.writerIndex(buffer.writerIndex() + sizeBytes);
    }
  }

  private static ByteBuf copied(FileRecords inFile) {
    ByteBuffer bytes = ByteBuffer.allocate(inFile.sizeInBytes());
    inFile.copyTo(bytes);
    inFile.release();
    return Unpooled.wrappedBuffer(bytes.flip());
  }

  @Override
  public void writeByte(byte value) {
    buffer.writeByte(value);
  }

  @Override
  public void writeShort(short value) {
    buffer.writeShort(value);
  }

  @Override
  public void writeInt(int value) {
    buffer.writeInt(value);
  }

  @Override
  public void writeLong(long value) {
    buffer.writeLong(value);
  }

  @Override
  public void writeDouble(double value) {
    buffer.writeDouble(value);
  }

  @Override
  public void writeByteArray(byte[] value) {
    buffer.writeBytes(value);
  }

  @Override
  public void writeByteBuffer(ByteBuffer value) {
    buffer.writeBytes(value.duplicate());
  }

  @Override
  public void writeUnsignedVarint(int value) {
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      buffer.writeByte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    buffer.writeByte(rest);
  }

  @Override
  public void writeVarint(int value) {
    writeUnsignedVarint((value << 1) ^ (value >> 31));
  }

  @Override
  public void writeVarlong(long value) {
    long rest = (value << 1) ^ (value >> 63);
    while ((rest & ~0x7fL) != 0) {
      buffer.writeByte((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    buffer.writeByte((int) rest);
  }
}
