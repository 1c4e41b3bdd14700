package io.millrace.coordinator;

import io.millrace.coordinator.group.GroupView;
import io.millrace.coordinator.group.GroupViews;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;

/**
 * The newest view of each group of the cluster, for whoever looks: of those that this broker
 * coordinates as they change, of the others as other brokers tell it. Thread-safe.
 */
public final class LatestGroupViews implements GroupViews {
  private final AtomicReference<HashPMap<String, GroupView>> views =
      new AtomicReference<>(HashTreePMap.empty());
  private final List<Consumer<GroupView>> followers = new CopyOnWriteArrayList<>();

  /** Tells somebody each view from now on, on the loop of the group's coordinator. */
  public void follow(Consumer<GroupView> follower) {
    followers.add(follower);
  }

  @Override
  public void publish(GroupView view) {
    views.updateAndGet(all -> all.plus(view.groupId(), view));
    followers.forEach(follower -> follower.accept(view));
  }

  /** Another broker coordinates the group, and told how it is now; null when it is gone. */
  public void heard(String groupId, @Nullable GroupView view) {
    if (view == null) {
      withdraw(groupId);
    } else {
      publish(view);
    }
  }

  @Override
  public void withdraw(String groupId) {
    views.updateAndGet(all -> all.minus(groupId));
  }

  /** The view of a group, or null when none is known. */
  public @Nullable GroupView of(String groupId) {
    return views.get().get(groupId);
  }

  /** All views at one moment, by group. */
  public Map<String, GroupView> all() {
    return views.get();
  }
}
