package io.millrace.handler;

import io.millrace.cluster.Cluster;
import io.millrace.coordinator.GroupCoordinator;
import io.millrace.security.Authorizer;
import java.util.List;

/** The handlers of groups and offsets, for the registry. */
public final class GroupHandlers {
  private GroupHandlers() {}

  /** All of them. */
  public static List<ApiHandler<?>> all(
      Cluster cluster, GroupCoordinator groups, Authorizer authorizer) {
    return List.of(
        new OffsetCommitHandler(groups),
        new OffsetFetchHandler(groups),
        new FindCoordinatorHandler(cluster, authorizer),
        new JoinGroupHandler(groups),
        new HeartbeatHandler(groups),
        new LeaveGroupHandler(groups),
        new SyncGroupHandler(groups),
        new DescribeGroupsHandler(groups),
        new ListGroupsHandler(groups),
        new DeleteGroupsHandler(groups),
        new OffsetDeleteHandler(groups));
  }
}
