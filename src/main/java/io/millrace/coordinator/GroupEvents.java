package io.millrace.coordinator;

import io.millrace.coordinator.group.GroupView;
import io.millrace.coordinator.group.GroupView.Rebalance;
import io.millrace.coordinator.group.GroupViews;
import io.millrace.event.Event;
import io.millrace.event.EventLog;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows groups, and tells in words what happens to them. Thread-safe. */
public final class GroupEvents implements GroupViews {
  private final LatestGroupViews shown;
  private final EventLog events;

  /**
   * @param shown where groups are shown
   * @param events where is told what happens
   */
  public GroupEvents(LatestGroupViews shown, EventLog events) {
    this.shown = shown;
    this.events = events;
  }

  @Override
  public void publish(GroupView view) {
    GroupView before = shown.of(view.groupId());
    shown.publish(view);
    Rebalance last = last(view);
    if (before == null && view.generation() == 0 && view.rebalancing() != null) {
      tell("group.created", "Group " + view.groupId() + " came into being.", view.groupId());
    } else if (before != null && last != null && !last.equals(last(before))) {
      tell("group.rebalance", sentence(view.groupId(), last), view.groupId());
    }
  }

  private void tell(String kind, String text, String group) {
    events.add(Event.info(kind, text).group(group));
  }

  private static String sentence(String group, Rebalance ended) {
    String members =
        ended.members() == 0
            ? "nobody"
            : ended.members() + (ended.members() == 1 ? " member" : " members");
    return "Group "
        + group
        + " rebalanced to "
        + members
        + " in "
        + ended.durationMs()
        + " ms: "
        + ended.cause()
        + ".";
  }

  private static @Nullable Rebalance last(GroupView view) {
    List<Rebalance> all = view.rebalances();
    return all.isEmpty() ? null : all.get(all.size() - 1);
  }

  @Override
  public void withdraw(String groupId) {
    if (shown.of(groupId) != null) {
      shown.withdraw(groupId);
      tell("group.deleted", "Group " + groupId + " is gone.", groupId);
    }
  }

  @Override
  public void moved(String groupId) {
    shown.moved(groupId);
  }
}
