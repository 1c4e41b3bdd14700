package io.millrace.coordinator.group;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads the primitive types of the Kafka protocol. Fails with BufferUnderflowException or
 * IllegalArgumentException when the bytes are not what they should be; a length that is larger than
 * what is left is refused before memory is taken for it. Confined to: its maker.
 */
final class WireReader {
  private final ByteBuffer in;

  WireReader(ByteBuffer in) {
    this.in = in.slice();
  }

  /** Receives one tagged field. */
  interface TaggedField {
    void read(int tag, WireReader field);
  }

  int int16() {
    return in.getShort();
  }

  int int32() {
    return in.getInt();
  }

  long int64() {
    return in.getLong();
  }

  int unsignedVarint() {
    int value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      byte next = in.get();
      value |= (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a varint of more than 5 bytes");
  }

  String string() {
    return string(false);
  }

  String compactString() {
    return string(true);
  }

  String string(boolean compact) {
    String value = nullableString(compact);
    if (value == null) {
      throw new IllegalArgumentException("a null string");
    }
    return value;
  }

  @Nullable String nullableString(boolean compact) {
    int length = compact ? unsignedVarint() - 1 : int16();
    return length == -1 ? null : new String(raw(length), StandardCharsets.UTF_8);
  }

  byte[] bytes(boolean compact) {
    return raw(compact ? unsignedVarint() - 1 : int32());
  }

  /** Length of an array; each element takes at least one byte. */
  int arrayLength(boolean compact) {
    int length = compact ? unsignedVarint() - 1 : int32();
    checkLength(length);
    return length;
  }

  void taggedFields(TaggedField reader) {
    int count = unsignedVarint();
    for (int i = 0; i < count; i++) {
      int tag = unsignedVarint();
      reader.read(tag, new WireReader(ByteBuffer.wrap(raw(unsignedVarint()))));
    }
  }

  private byte[] raw(int length) {
    checkLength(length);
    byte[] value = new byte[length];
    in.get(value);
    return value;
  }

  private void checkLength(int length) {
    if (length < 0) {
      throw new IllegalArgumentException("a length of " + length);
    }
    if (length > in.remaining()) {
      throw new BufferUnderflowException();
    }
  }
}
