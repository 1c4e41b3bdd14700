package io.millrace.rest.view;

import io.millrace.model.TopicIdPartition;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Times of the records at a group's committed offsets, in ms. What one look at the group does not
 * ask for is forgotten, so that no more is kept than the group has committed offsets. Confined to:
 * the loop of views.
 */
final class RecordTimes {
  private Map<RecordAt, Long> current = new HashMap<>();
  private Map<RecordAt, Long> before = Map.of();

  /** A record whose time is looked up. */
  record RecordAt(TopicIdPartition partition, long offset) {}

  /** A look at the group begins. */
  void beginLook() {
    before = current;
    current = new HashMap<>();
  }

  /** It is over: what it did not ask for is forgotten. */
  void endLook() {
    before = Map.of();
  }

  /** The time of a record; null when it was not found out yet. */
  @Nullable Long at(RecordAt record) {
    Long timeMs = before.get(record);
    if (timeMs != null) {
      current.put(record, timeMs);
    }
    return current.get(record);
  }

  /** A time was found out, in a look or after it. */
  void put(RecordAt record, long timeMs) {
    current.put(record, timeMs);
  }

  /** How many are kept. */
  int size() {
    return current.size() + before.size();
  }
}
