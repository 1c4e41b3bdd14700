package io.millrace.browser.frame;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** Bytes that grow. Confined to: the thread that made it. */
public final class ByteSink {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ESCAPES = escapes();

  private byte[] bytes;
  private int size;

  /** An empty one. */
  public ByteSink(int capacity) {
    bytes = new byte[Math.max(64, capacity)];
  }

  private static byte[] escapes() {
    byte[] escapes = new byte[128];
    Arrays.fill(escapes, 0, 0x20, (byte) 'u');
    escapes['\n'] = 'n';
    escapes['\r'] = 'r';
    escapes['\t'] = 't';
    escapes['\b'] = 'b';
    escapes['\f'] = 'f';
    escapes['"'] = '"';
    escapes['\\'] = '\\';
    return escapes;
  }

  /** Number of bytes. */
  public int size() {
    return size;
  }

  /** The array behind it, valid until the next write. */
  public byte[] array() {
    return bytes;
  }

  /** A copy of what was written. */
  public byte[] copy() {
    return Arrays.copyOf(bytes, size);
  }

  void clear() {
    size = 0;
  }

  /** Keeps the first {@code count} bytes. */
  void truncate(int count) {
    size = count;
  }

  /** Drops the bytes before {@code from}, so that they stand at the beginning. */
  void dropBefore(int from) {
    System.arraycopy(bytes, from, bytes, 0, size - from);
    size -= from;
  }

  private void need(int more) {
    if (more > bytes.length - size) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), bytes.length * 2));
    }
  }

  /** Writes one byte. */
  public void put(int b) {
    need(1);
    bytes[size++] = (byte) b;
  }

  /** Writes bytes. */
  public void put(byte[] from, int at, int count) {
    need(count);
    System.arraycopy(from, at, bytes, size, count);
    size += count;
  }

  /** Writes bytes. */
  public void put(byte[] from) {
    put(from, 0, from.length);
  }

  /** Writes a number in decimal digits. */
  public void number(long value) {
    if (value < 0) {
      put(Long.toString(value).getBytes(StandardCharsets.US_ASCII));
      return;
    }
    int digits = 1;
    for (long rest = value / 10; rest > 0; rest /= 10) {
      digits++;
    }
    need(digits);
    long rest = value;
    for (int i = size + digits - 1; i >= size; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    size += digits;
  }

  /** Writes an unsigned number in groups of seven bits, the lowest first. */
  public void varint(long value) {
    while ((value & ~0x7fL) != 0) {
      put((int) (value & 0x7f) | 0x80);
      value >>>= 7;
    }
    put((int) value);
  }

  /** Writes a signed number: small ones of either sign are short. */
  public void zigzag(long value) {
    varint((value << 1) ^ (value >> 63));
  }

  /** Writes well-formed UTF-8 as a JSON string. */
  public void jsonString(byte[] text, int from, int to) {
    need(to - from + 2);
    bytes[size++] = '"';
    int plain = from;
    for (int at = from; at < to; at++) {
      byte c = text[at];
      if (c >= 0 && ESCAPES[c] != 0) {
        put(text, plain, at - plain);
        escape(c);
        plain = at + 1;
      }
    }
    put(text, plain, to - plain);
    put('"');
  }

  private void escape(byte c) {
    put('\\');
    put(ESCAPES[c]);
    if (ESCAPES[c] == 'u') {
      put('0');
      put('0');
      put(HEX[c >> 4]);
      put(HEX[c & 0xf]);
    }
  }

  /** Writes {@code {"b64":"…"}}. */
  public void base64(byte[] from, int at, int to) {
    put(BASE64_OPEN);
    byte[] coded = Base64.getEncoder().encode(Arrays.copyOfRange(from, at, to));
    put(coded);
    put(BASE64_CLOSE);
  }

  private static final byte[] BASE64_OPEN = "{\"b64\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] BASE64_CLOSE = "\"}".getBytes(StandardCharsets.US_ASCII);
}
