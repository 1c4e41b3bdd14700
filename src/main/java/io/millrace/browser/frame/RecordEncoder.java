package io.millrace.browser.frame;

import io.millrace.record.RecordIterator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Writes single records in a format. Confined to: the thread that made it. */
public final class RecordEncoder {
  private static final byte[] OFFSET = ascii("{\"o\":");
  private static final byte[] TIMESTAMP = ascii(",\"ts\":");
  private static final byte[] KEY = ascii(",\"k\":");
  private static final byte[] VALUE = ascii(",\"v\":");
  private static final byte[] TOMBSTONE = ascii(",\"v\":null,\"del\":true");
  private static final byte[] DELETED = ascii(",\"del\":true");
  private static final byte[] HEADERS = ascii(",\"h\":[");
  private static final byte[] NULL = ascii("null");
  private static final byte[] PARTITION = ascii("{\"p\":");
  private static final byte[] ITEM_OFFSET = ascii(",\"o\":");
  private static final byte[] ITEM_EPOCH = ascii(",\"e\":");

  private final FrameFormat format;

  /** Writes in that format. */
  public RecordEncoder(FrameFormat format) {
    this.format = format;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Writes the record as it stands in a frame, without a separator. */
  void encode(RecordIterator record, ByteSink out) {
    if (format.kind() == FrameFormat.Kind.JSON) {
      out.put(OFFSET);
      out.number(record.offset());
      json(record, out);
      out.put('}');
    } else {
      binary(record, out);
    }
  }

  /** Writes the record as it stands by itself: with its partition and leader epoch, as JSON. */
  public void encodeItem(RecordIterator record, int partition, int leaderEpoch, ByteSink out) {
    out.put(PARTITION);
    out.number(partition);
    out.put(ITEM_OFFSET);
    out.number(record.offset());
    json(record, out);
    out.put(ITEM_EPOCH);
    out.number(leaderEpoch);
    out.put('}');
  }

  private void json(RecordIterator record, ByteSink out) {
    out.put(TIMESTAMP);
    out.number(record.timestamp());
    out.put(KEY);
    textOrBytes(record.key(), out);
    value(record, out);
    if (record.hasHeaders()) {
      headers(record, out);
    }
  }

  private void value(RecordIterator record, ByteSink out) {
    ByteBuffer value = record.value();
    if (value == null) {
      out.put(format.value() == ValueMode.NONE ? DELETED : TOMBSTONE);
      return;
    }
    if (format.value() == ValueMode.NONE) {
      return;
    }
    out.put(VALUE);
    byte[] bytes = value.array();
    int from = value.arrayOffset() + value.position();
    int to = from + value.remaining();
    switch (format.value()) {
      case AUTO -> {
        if (JsonGrammar.isValue(bytes, from, to)) {
          out.put(bytes, from, to - from);
        } else {
          textOrBytes(bytes, from, to, out);
        }
      }
      case JSON -> {
        if (JsonGrammar.isValue(bytes, from, to)) {
          out.put(bytes, from, to - from);
        } else {
          out.base64(bytes, from, to);
        }
      }
      case TEXT -> textOrBytes(bytes, from, to, out);
      case B64 -> out.base64(bytes, from, to);
      case NONE -> throw new IllegalStateException("a value that is left out is not written");
    }
  }

  private static void textOrBytes(@Nullable ByteBuffer text, ByteSink out) {
    if (text == null) {
      out.put(NULL);
      return;
    }
    int from = text.arrayOffset() + text.position();
    textOrBytes(text.array(), from, from + text.remaining(), out);
  }

  private static void textOrBytes(byte[] bytes, int from, int to, ByteSink out) {
    if (Utf8.isValid(bytes, from, to)) {
      out.jsonString(bytes, from, to);
    } else {
      out.base64(bytes, from, to);
    }
  }

  private static void headers(RecordIterator record, ByteSink out) {
    out.put(HEADERS);
    boolean first = true;
    for (Header header : record.headers()) {
      if (!first) {
        out.put(',');
      }
      first = false;
      out.put('[');
      byte[] name = header.key().getBytes(StandardCharsets.UTF_8);
      out.jsonString(name, 0, name.length);
      out.put(',');
      byte[] value = header.value();
      textOrBytes(value == null ? null : ByteBuffer.wrap(value), out);
      out.put(']');
    }
    out.put(']');
  }

  private static void binary(RecordIterator record, ByteSink out) {
    out.varint(record.offset());
    out.zigzag(record.timestamp());
    bytes(record.key(), out);
    bytes(record.value(), out);
    if (!record.hasHeaders()) {
      out.put(0);
      return;
    }
    var headers = record.headers();
    out.varint(headers.size());
    for (Header header : headers) {
      byte[] name = header.key().getBytes(StandardCharsets.UTF_8);
      out.varint(name.length);
      out.put(name);
      byte[] value = header.value();
      bytes(value == null ? null : ByteBuffer.wrap(value), out);
    }
  }

  /** Length + 1 and the bytes; 0 for null. */
  private static void bytes(@Nullable ByteBuffer bytes, ByteSink out) {
    if (bytes == null) {
      out.put(0);
      return;
    }
    out.varint(bytes.remaining() + 1L);
    out.put(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
  }
}
