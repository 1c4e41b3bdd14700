package io.millrace.partition;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.types.RawTaggedField;
import org.jspecify.annotations.Nullable;

/**
 * What followers and leaders tell each other beyond Kafka's Fetch, so that records may leave for a
 * follower that is far away before it has told what became of the ones before. It travels in tagged
 * fields, which whoever does not know them passes over. Stateless.
 */
public final class FetchExtras {
  private static final int TAG = 10_000;

  private FetchExtras() {}

  /**
   * How requests of a session may wait.
   *
   * @param requestsMax how many may wait at the leader; one more ends the one that waits longest
   * @param paceMs time between two answers that are not the last ones; 0 for none
   */
  public record Window(int requestsMax, int paceMs) {
    /** As without these fields. */
    public static final Window ONE = new Window(1, 0);
  }

  /** What it means that a follower names a partition. */
  public enum Place {
    /** It is sent records from there, and no more until it names the partition again. */
    ALONE,
    /** It is sent records from there, and those behind them. */
    STARTS,
    /** That far it has what it was sent; it takes the rest, and those behind it. */
    GOES_ON
  }

  /** Puts a window into a request. */
  public static void put(FetchRequestData request, Window window) {
    byte[] bytes =
        ByteBuffer.allocate(2 * Integer.BYTES)
            .putInt(window.requestsMax())
            .putInt(window.paceMs())
            .array();
    request.unknownTaggedFields().add(new RawTaggedField(TAG, bytes));
  }

  /** The window of a request. */
  public static Window window(FetchRequestData request) {
    ByteBuffer bytes = find(request.unknownTaggedFields(), 2 * Integer.BYTES);
    return bytes == null
        ? Window.ONE
        : new Window(between(1, bytes.getInt(), 100), between(0, bytes.getInt(), 1_000));
  }

  private static int between(int least, int value, int most) {
    return Math.max(least, Math.min(value, most));
  }

  /** Says what it means that the partition is named. */
  public static void put(FetchPartition partition, Place place) {
    if (place != Place.ALONE) {
      byte[] bytes = {(byte) place.ordinal()};
      partition.unknownTaggedFields().add(new RawTaggedField(TAG, bytes));
    }
  }

  /** What it means that the partition is named. */
  public static Place place(FetchPartition partition) {
    ByteBuffer bytes = find(partition.unknownTaggedFields(), 1);
    int number = bytes == null ? 0 : bytes.get();
    return number == Place.GOES_ON.ordinal()
        ? Place.GOES_ON
        : number == Place.STARTS.ordinal() ? Place.STARTS : Place.ALONE;
  }

  /** Tells for how long a request has waited at the leader. */
  public static void putHeld(FetchResponseData response, long ms) {
    byte[] bytes = ByteBuffer.allocate(Long.BYTES).putLong(ms).array();
    response.unknownTaggedFields().add(new RawTaggedField(TAG, bytes));
  }

  /** For how many ms the request waited at the leader; -1 when the leader does not tell. */
  public static long heldMs(FetchResponseData response) {
    ByteBuffer bytes = find(response.unknownTaggedFields(), Long.BYTES);
    return bytes == null ? -1 : bytes.getLong();
  }

  private static @Nullable ByteBuffer find(List<RawTaggedField> fields, int size) {
    for (RawTaggedField field : fields) {
      if (field.tag() == TAG && field.size() == size) {
        return ByteBuffer.wrap(field.data());
      }
    }
    return null;
  }
}
