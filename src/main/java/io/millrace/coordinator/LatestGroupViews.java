package io.millrace.coordinator;

import io.millrace.coordinator.group.GroupView;
import io.millrace.coordinator.group.GroupViews;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The newest view of each group that this broker coordinates, for whoever looks. Thread-safe. */
public final class LatestGroupViews implements GroupViews {
  private final Map<String, GroupView> views = new ConcurrentHashMap<>();

  @Override
  public void publish(GroupView view) {
    views.put(view.groupId(), view);
  }

  @Override
  public void withdraw(String groupId) {
    views.remove(groupId);
  }

  /** The view of a group, or null when it is not coordinated here. */
  public @Nullable GroupView of(String groupId) {
    return views.get(groupId);
  }

  /** All views at about one moment. */
  public Map<String, GroupView> all() {
    return Map.copyOf(views);
  }
}
