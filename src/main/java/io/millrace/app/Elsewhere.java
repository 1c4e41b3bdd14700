package io.millrace.app;

import io.millrace.cluster.Cluster;
import io.millrace.cluster.peer.PeerLink;
import io.millrace.eventloop.EventLoop;
import io.millrace.partition.Partitions;
import io.millrace.partition.remote.Appends;
import io.millrace.partition.remote.CommittedLogs;
import io.millrace.partition.remote.RemoteFeeds;
import io.vertx.core.Future;

/**
 * What browsers and requests over HTTP reach the whole cluster by, from this broker. Immutable.
 *
 * @param logs all partitions, to read
 * @param appends all partitions, to append to
 */
record Elsewhere(CommittedLogs logs, Appends appends) {

  /**
   * Builds it, behind the partitions that are here.
   *
   * @param control the loop that asks
   * @param loop the loop that owns what is fetched from other brokers
   */
  static Future<Elsewhere> open(
      EventLoop control, EventLoop loop, Cluster cluster, Partitions partitions, PeerLink peers) {
    RemoteFeeds feeds = new RemoteFeeds(loop, cluster::image, peers);
    CommittedLogs logs =
        new CommittedLogs(cluster.brokerId(), partitions, feeds, cluster.effectiveConfigs()::topic);
    Elsewhere opened = new Elsewhere(logs, new Appends(logs, peers));
    return cluster.addListener(control, feeds).map(added -> opened);
  }
}
