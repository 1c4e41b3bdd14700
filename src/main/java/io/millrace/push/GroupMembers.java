package io.millrace.push;

import io.millrace.coordinator.group.GroupView;
import io.millrace.eventloop.EventLoop;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of this broker that are members of groups: a newer one of the same instance ends the
 * older one before it joins, and all are woken when their group rebalances. Thread-safe.
 */
public final class GroupMembers {
  private static final String REBALANCING = "PreparingRebalance";

  private final Map<String, Set<GroupReading>> byGroup = new ConcurrentHashMap<>();
  private final Map<Place, GroupReading> byInstance = new ConcurrentHashMap<>();

  private final Function<EventLoop, Future<Void>> ground;

  private record Place(String group, String instance) {}

  /**
   * @param ground sees to it that there are coordinators: the first member of all creates their
   *     topic
   */
  public GroupMembers(Function<EventLoop, Future<Void>> ground) {
    this.ground = ground;
  }

  /**
   * Takes a member in.
   *
   * @return completes on the member's loop, when an older one of the same instance has stopped; may
   *     fail: then try again
   */
  Future<Void> enter(GroupReading member, String group, @Nullable String instance) {
    byGroup.compute(
        group,
        (name, members) -> {
          Set<GroupReading> all = members == null ? ConcurrentHashMap.newKeySet() : members;
          all.add(member);
          return all;
        });
    GroupReading older =
        instance == null ? null : byInstance.put(new Place(group, instance), member);
    EventLoop loop = member.loop();
    if (older == null || older == member) {
      return ground.apply(loop);
    }
    Future<Void> ended =
        loop.ask(
            older.loop(),
            () -> {
              older.replaced();
              return Future.succeededFuture();
            });
    return ended.compose(done -> ground.apply(loop));
  }

  void exit(GroupReading member, String group, @Nullable String instance) {
    byGroup.computeIfPresent(
        group,
        (name, members) -> {
          members.remove(member);
          return members.isEmpty() ? null : members;
        });
    if (instance != null) {
      byInstance.remove(new Place(group, instance), member);
    }
  }

  /** A group has changed: its members ask at once what that means for them. */
  public void onView(GroupView view) {
    if (view.state().equals(REBALANCING)) {
      byGroup
          .getOrDefault(view.groupId(), Set.of())
          .forEach(member -> member.loop().execute(member::wake));
    }
  }
}
