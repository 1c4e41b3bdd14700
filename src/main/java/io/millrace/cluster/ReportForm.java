package io.millrace.cluster;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;

/**
 * What a broker holds of partitions that nobody leads, as it travels to the active controller. The
 * first byte is the version of the form.
 *
 * @param brokerEpoch epoch of the broker's registration
 */
record ReportForm(int brokerId, long brokerEpoch, List<Held> held) {
  private static final byte VERSION = 1;
  private static final int HEAD_BYTES = 1 + 4 + 8 + 4;
  private static final int HELD_BYTES = 16 + 4 + 4 + 8;

  ReportForm {
    held = List.copyOf(held);
  }

  /**
   * What it holds of one partition.
   *
   * @param lastEpoch leader epoch of its last whole batch, -1 for none
   * @param logEnd offset behind its last whole batch
   */
  record Held(Uuid topicId, int partition, int lastEpoch, long logEnd) {}

  byte[] encode() {
    ByteBuffer out = ByteBuffer.allocate(HEAD_BYTES + held.size() * HELD_BYTES);
    out.put(VERSION).putInt(brokerId).putLong(brokerEpoch).putInt(held.size());
    for (Held each : held) {
      out.putLong(each.topicId().getMostSignificantBits());
      out.putLong(each.topicId().getLeastSignificantBits());
      out.putInt(each.partition()).putInt(each.lastEpoch()).putLong(each.logEnd());
    }
    return out.array();
  }

  /**
   * @throws IllegalArgumentException when the bytes are none of ours
   */
  static ReportForm decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      if (in.get() != VERSION) {
        throw new IllegalArgumentException("a report of another form than " + VERSION);
      }
      int broker = in.getInt();
      long epoch = in.getLong();
      int count = in.getInt();
      if (count < 0 || count > in.remaining() / HELD_BYTES) {
        throw new IllegalArgumentException(
            "a report of " + count + " partitions that is too short");
      }
      List<Held> held = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        held.add(
            new Held(new Uuid(in.getLong(), in.getLong()), in.getInt(), in.getInt(), in.getLong()));
      }
      return new ReportForm(broker, epoch, held);
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("a report ends in the middle", e);
    }
  }
}
