package io.millrace.app;

import io.millrace.cluster.Cluster;
import io.millrace.cluster.SoftShare;
import io.millrace.cluster.peer.PeerLink;
import io.millrace.config.BrokerConfig;
import io.millrace.coordinator.GroupCoordinator;
import io.millrace.coordinator.GroupEvents;
import io.millrace.coordinator.Groups;
import io.millrace.coordinator.LatestGroupViews;
import io.millrace.coordinator.group.GroupMemory;
import io.millrace.coordinator.remote.RoutedGroups;
import io.millrace.coordinator.remote.SharedGroupViews;
import io.millrace.coordinator.runtime.PartitionLogs;
import io.millrace.event.EventLog;
import io.millrace.eventloop.EventLoop;
import io.millrace.partition.Partitions;
import io.millrace.push.GroupMembers;
import io.vertx.core.Future;

/**
 * The groups of the cluster, as this broker serves and sees them. Immutable.
 *
 * @param here those that this broker coordinates
 * @param all all of them, wherever they are coordinated
 * @param views the newest view of each
 * @param members the sockets of this broker that are members
 */
record Coordinators(
    GroupCoordinator here, Groups all, LatestGroupViews views, GroupMembers members) {

  /** Builds them, behind the partitions, whose logs they use. */
  static Coordinators of(
      BrokerConfig config,
      EventLoop control,
      Cluster cluster,
      Partitions partitions,
      PeerLink peers,
      SoftShare share,
      EventLog events,
      GroupMemory memory) {
    LatestGroupViews views = new LatestGroupViews();
    GroupMembers members =
        new GroupMembers(
            loop -> cluster.ensureInternalTopic(loop, GroupCoordinator.TOPIC).mapEmpty());
    views.follow(members::onView);
    SharedGroupViews shared =
        new SharedGroupViews(cluster.brokerId(), new GroupEvents(views, events), views, share);
    shared.begin(control);
    GroupCoordinator here =
        GroupCoordinator.of(
            config,
            new GroupCoordinator.Ground(
                control,
                cluster::image,
                new PartitionLogs(partitions, GroupCoordinator.TOPIC),
                Unguessable::uuid,
                HandlerList.AUTHORIZER,
                shared,
                memory));
    Groups all = new RoutedGroups(here, cluster::image, cluster.brokerId(), peers);
    return new Coordinators(here, all, views, members);
  }

  /** Begins to coordinate. */
  Future<Void> start(EventLoop control, Cluster cluster) {
    return cluster.addListener(control, here);
  }
}
