package io.millrace.protocol;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.protocol.Readable;
import org.apache.kafka.common.protocol.types.RawTaggedField;
import org.jspecify.annotations.Nullable;

/**
 * Reads the primitives of the protocol from a frame. Every length is peer input: it is compared
 * with what is left before anything is allocated. Record fields are views on the frame, not copies;
 * they die with it.
 *
 * <p>What a message costs on the heap can be a hundred times its frame (an array of empty strings),
 * so the number of values in a frame, and the bytes copied out of it, are bounded by the size of
 * the heap. No honest request comes near. Confined to: the thread that decodes the frame.
 */
final class FrameReader implements Readable {
  private static final int VALUES_MIN = 1 << 18;
  private static final long HEAP_BYTES_PER_VALUE = 256;
  private static final int HEAP_PART_COPIED = 8;

  /** Most values of one frame: 262,144, or one for each 256 bytes of the heap. */
  static final int VALUES_MAX =
      (int)
          Math.max(
              VALUES_MIN,
              Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / HEAP_BYTES_PER_VALUE));

  /** Most bytes of strings and arrays that are copied out of one frame: an eighth of the heap. */
  static final long COPIED_BYTES_MAX = Runtime.getRuntime().maxMemory() / HEAP_PART_COPIED;

  private final ByteBuf frame;
  private int valuesLeft;
  private long copiesLeft;

  FrameReader(ByteBuf frame) {
    this(frame, VALUES_MAX, COPIED_BYTES_MAX);
  }

  FrameReader(ByteBuf frame, int valuesMax, long copiedBytesMax) {
    this.frame = frame;
    this.valuesLeft = valuesMax;
    this.copiesLeft = copiedBytesMax;
  }

  private void need(int length) {
    if (--valuesLeft < 0) {
      throw new MalformedRequestException("more values than the heap allows");
    }
    if (length < 0 || length > frame.readableBytes()) {
      throw new MalformedRequestException(
          "a length of " + length + " with " + frame.readableBytes() + " bytes left");
    }
  }

  @Override
  public byte readByte() {
    need(Byte.BYTES);
    return frame.readByte();
  }

  @Override
  public short readShort() {
    need(Short.BYTES);
    return frame.readShort();
  }

  @Override
  public int readInt() {
    need(Integer.BYTES);
    return frame.readInt();
  }

  @Override
  public long readLong() {
    need(Long.BYTES);
    return frame.readLong();
  }

  @Override
  public double readDouble() {
    need(Double.BYTES);
    return frame.readDouble();
  }

  private void needCopy(int length) {
    need(length);
    copiesLeft -= length;
    if (copiesLeft < 0) {
      throw new MalformedRequestException("longer strings than the heap allows");
    }
  }

  @Override
  public byte[] readArray(int length) {
    needCopy(length);
    byte[] bytes = new byte[length];
    frame.readBytes(bytes);
    return bytes;
  }

  @Override
  public String readString(int length) {
    needCopy(length);
    String text = frame.toString(frame.readerIndex(), length, StandardCharsets.UTF_8);
    frame.skipBytes(length);
    return text;
  }

  /** A nullable string with a length of 16 bits, as in every request header. */
  @Nullable String readNullableString() {
    short length = readShort();
    if (length < -1) {
      throw new MalformedRequestException("a string of length " + length);
    }
    return length == -1 ? null : readString(length);
  }

  @Override
  public int readUnsignedVarint() {
    return (int) varint(5);
  }

  @Override
  public int readVarint() {
    int raw = (int) varint(5);
    return (raw >>> 1) ^ -(raw & 1);
  }

  @Override
  public long readVarlong() {
    long raw = varint(10);
    return (raw >>> 1) ^ -(raw & 1);
  }

  private long varint(int bytesMax) {
    long value = 0;
    for (int i = 0; i < bytesMax; i++) {
      byte b = readByte();
      value |= (long) (b & 0x7f) << (7 * i);
      if (b >= 0) {
        return value;
      }
    }
    throw new MalformedRequestException("a variable-length number of more than " + bytesMax);
  }

  @Override
  public ByteBuffer readByteBuffer(int length) {
    need(length);
    ByteBuffer view = frame.nioBuffer(frame.readerIndex(), length);
    frame.skipBytes(length);
    return view;
  }

  @Override
  public List<RawTaggedField> readUnknownTaggedField(
      List<RawTaggedField> unknowns, int tag, int size) {
    need(size);
    return Readable.super.readUnknownTaggedField(unknowns, tag, size);
  }

  /** Passes over tagged fields (KIP-482) that nobody here reads. */
  void skipTaggedFields() {
    int count = readUnsignedVarint();
    for (int i = 0; i < count; i++) {
      readUnsignedVarint();
      int size = readUnsignedVarint();
      need(size);
      frame.skipBytes(size);
    }
  }

  @Override
  public int remaining() {
    // The generated classes ask this before they allocate an array: each element is a value.
    return Math.min(frame.readableBytes(), valuesLeft);
  }

  @Override
  public Readable slice() {
    return new FrameReader(frame.slice(), valuesLeft, copiesLeft);
  }
}
