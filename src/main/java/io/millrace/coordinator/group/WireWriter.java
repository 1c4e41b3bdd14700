package io.millrace.coordinator.group;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes the primitive types of the Kafka protocol, big-endian. Confined to: its maker. */
final class WireWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(64);

  WireWriter int16(int value) {
    out.write(value >>> 8);
    out.write(value);
    return this;
  }

  WireWriter int32(int value) {
    return int16(value >>> 16).int16(value);
  }

  WireWriter int64(long value) {
    return int32((int) (value >>> 32)).int32((int) value);
  }

  WireWriter unsignedVarint(int value) {
    int left = value;
    while ((left & ~0x7f) != 0) {
      out.write((left & 0x7f) | 0x80);
      left >>>= 7;
    }
    out.write(left);
    return this;
  }

  /** STRING: length in 2 bytes, at most 32767 bytes of UTF-8. */
  WireWriter string(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    if (utf8.length > Short.MAX_VALUE) {
      throw new IllegalArgumentException("a string of " + utf8.length + " bytes");
    }
    return int16(utf8.length).raw(utf8);
  }

  WireWriter nullableString(@Nullable String value) {
    return value == null ? int16(-1) : string(value);
  }

  WireWriter compactString(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    return unsignedVarint(utf8.length + 1).raw(utf8);
  }

  /** BYTES: length in 4 bytes. */
  WireWriter bytes(byte[] value) {
    return int32(value.length).raw(value);
  }

  private WireWriter raw(byte[] value) {
    out.write(value, 0, value.length);
    return this;
  }

  byte[] toBytes() {
    return out.toByteArray();
  }
}
