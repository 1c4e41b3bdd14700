package io.millrace.browser.frame;

import java.nio.charset.StandardCharsets;

/**
 * How records are written into frames; readers with equal formats share frames. Immutable.
 *
 * @param kind JSON, compact records, or batches as stored
 * @param value how values stand in JSON; AUTO for the other kinds
 */
public record FrameFormat(Kind kind, ValueMode value) {
  /** Compact records. */
  public static final FrameFormat BINARY = new FrameFormat(Kind.BINARY, ValueMode.AUTO);

  /** Batches as they lie in the log. */
  public static final FrameFormat BATCHES = new FrameFormat(Kind.BATCHES, ValueMode.AUTO);

  /** What a frame is made of. */
  public enum Kind {
    /** JSON text. */
    JSON,
    /** Compact binary records. */
    BINARY,
    /** Batches as stored. */
    BATCHES
  }

  /** JSON with values in that mode. */
  public static FrameFormat json(ValueMode value) {
    return new FrameFormat(Kind.JSON, value);
  }

  /** Whether frames are text. */
  public boolean isText() {
    return kind == Kind.JSON;
  }

  /** Writes what stands in front of the records of a frame; all of it counts as cost. */
  void open(ByteSink out, String topic, int partition, int leaderEpoch, int count) {
    switch (kind) {
      case JSON -> {
        out.put(ascii("\"t\":\"" + topic + "\",\"p\":"));
        out.number(partition);
        out.put(ascii(",\"e\":"));
        out.number(leaderEpoch);
        out.put(ascii(",\"r\":["));
      }
      case BINARY -> {
        openBinary(out, topic, partition);
        out.zigzag(leaderEpoch);
        out.varint(count);
      }
      case BATCHES -> openBinary(out, topic, partition);
    }
  }

  private static void openBinary(ByteSink out, String topic, int partition) {
    byte[] name = ascii(topic);
    out.varint(name.length);
    out.put(name);
    out.varint(partition);
  }

  /** Writes what stands behind the records. */
  void close(ByteSink out) {
    if (kind == Kind.JSON) {
      out.put(']');
      out.put('}');
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
