package io.millrace.partition.replication;

import io.millrace.record.BatchView;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Checks what a leader sent, before it goes to the log. Stateless. */
final class ReceivedBatches {
  private ReceivedBatches() {}

  /**
   * Whether these are whole batches of format 2 with their CRC, none of a leader that comes after
   * the one that is followed.
   *
   * @return null when they are, else what is wrong
   */
  static @Nullable String fault(ByteBuffer batches, int leaderEpoch) {
    BatchView batch = new BatchView();
    for (int at = batches.position(); at < batches.limit(); at = batch.end()) {
      int left = batches.limit() - at;
      if (left < BatchView.HEADER_BYTES) {
        return left + " bytes are left behind the last batch";
      }
      batch.wrap(batches, at);
      if (batch.magic() != BatchView.MAGIC_V2
          || batch.sizeBytes() < BatchView.HEADER_BYTES
          || batch.sizeBytes() > left) {
        return "no whole batch at byte " + at;
      }
      if (!batch.crcMatches()) {
        return batch + " has another CRC than it says";
      }
      if (batch.leaderEpoch() > leaderEpoch) {
        return batch + " is of leader epoch " + batch.leaderEpoch() + ", which comes later";
      }
    }
    return null;
  }
}
