package io.millrace.coordinator.remote;

import io.millrace.cluster.SoftShare;
import io.millrace.coordinator.LatestGroupViews;
import io.millrace.coordinator.group.GroupView;
import io.millrace.coordinator.group.GroupView.MemberView;
import io.millrace.coordinator.group.GroupViews;
import io.millrace.coordinator.remote.GroupViewCodec.Shared;
import io.millrace.eventloop.EventLoop;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shows the groups that this broker coordinates to all brokers, and here those that others
 * coordinate. What is shared is a hint and wakes members early; nobody delivers or gives up a
 * partition for what stands in it.
 *
 * <p>Thread-safe.
 */
public final class SharedGroupViews implements GroupViews {
  private static final String SPACE = "groups";

  private final int brokerId;
  private final GroupViews here;
  private final LatestGroupViews shown;
  private final SoftShare share;

  /**
   * @param brokerId id of this broker
   * @param here where this broker's own changes are shown and told
   * @param shown where those of the others are shown
   */
  public SharedGroupViews(int brokerId, GroupViews here, LatestGroupViews shown, SoftShare share) {
    this.brokerId = brokerId;
    this.here = here;
    this.shown = shown;
    this.share = share;
  }

  /** Shows what other brokers tell from now on, on that loop. */
  public void begin(EventLoop loop) {
    share.follow(SPACE, loop, this::heard);
  }

  private void heard(String groupId, byte @Nullable [] value) {
    if (value == null) {
      shown.heard(groupId, null);
      return;
    }
    Shared shared = GroupViewCodec.decode(value);
    if (shared != null && shared.brokerId() != brokerId) {
      shown.heard(groupId, shared.view());
    }
  }

  @Override
  public void publish(GroupView view) {
    here.publish(view);
    if (!share.publish(SPACE, view.groupId(), encoded(view))) {
      // Too large with all assignments: the others see it without them.
      share.publish(SPACE, view.groupId(), encoded(withoutAssignments(view)));
    }
  }

  private byte[] encoded(GroupView view) {
    return GroupViewCodec.encode(new Shared(brokerId, view));
  }

  private static GroupView withoutAssignments(GroupView view) {
    List<MemberView> members =
        view.members().stream()
            .map(
                m ->
                    new MemberView(
                        m.memberId(), m.instanceId(), m.clientId(), m.host(), m.node(), List.of()))
            .toList();
    return new GroupView(
        view.groupId(),
        view.state(),
        view.protocolType(),
        view.protocol(),
        view.generation(),
        view.leader(),
        members,
        view.rebalancing(),
        view.rebalances());
  }

  @Override
  public void withdraw(String groupId) {
    here.withdraw(groupId);
    share.remove(SPACE, groupId);
  }

  /** The new coordinator shows it when it has loaded it; until then it is seen as it was. */
  @Override
  public void moved(String groupId) {
    if (share == SoftShare.NONE) {
      here.moved(groupId);
    } else {
      share.release(SPACE, groupId);
    }
  }
}
