package io.millrace.rest.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a group has read. Immutable.
 *
 * @param partitions one entry for each committed offset, by topic and partition
 * @param lag records that the group is behind, of all partitions; null when none is known
 * @param lagMs age in ms of the oldest record that it has not read, over all partitions; 0 when it
 *     has read everything, null when unknown
 */
public record GroupOffsets(List<Place> partitions, @Nullable Long lag, @Nullable Long lagMs) {
  static final GroupOffsets NONE = new GroupOffsets(List.of(), null, null);

  /**
   * One committed offset.
   *
   * @param end the high watermark; null when the partition is not here
   * @param lag records between the two; null when {@code end} is
   * @param lagMs age in ms of the record at {@code committed}; 0 without lag, null when unknown
   */
  public record Place(
      String topic,
      int partition,
      long committed,
      @Nullable Long end,
      @Nullable Long lag,
      @Nullable Long lagMs) {}

  static GroupOffsets of(List<Place> places) {
    Long lag = null;
    Long lagMs = null;
    for (Place place : places) {
      lag = place.lag == null ? lag : Long.valueOf((lag == null ? 0 : lag) + place.lag);
      lagMs =
          place.lagMs == null
              ? lagMs
              : Long.valueOf(Math.max(lagMs == null ? 0 : lagMs, place.lagMs));
    }
    return new GroupOffsets(places, lag, lagMs);
  }

  /** Records that it is behind in one topic; null when unknown. */
  @Nullable Long lagOf(String topic) {
    Long lag = null;
    for (Place place : partitions) {
      if (place.topic.equals(topic) && place.lag != null) {
        lag = (lag == null ? 0 : lag) + place.lag;
      }
    }
    return lag;
  }

  /** Age in ms of the oldest record that it has not read in one topic; null when unknown. */
  @Nullable Long lagMsOf(String topic) {
    Long lagMs = null;
    for (Place place : partitions) {
      if (place.topic.equals(topic) && place.lagMs != null) {
        lagMs = Math.max(lagMs == null ? 0 : lagMs, place.lagMs);
      }
    }
    return lagMs;
  }
}
