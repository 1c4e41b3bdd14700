package io.millrace.rest.view;

import io.millrace.browser.SocketViews;
import io.millrace.cluster.Cluster;
import io.millrace.cluster.QuorumView;
import io.millrace.coordinator.Groups;
import io.millrace.coordinator.LatestGroupViews;
import io.millrace.event.EventLog;
import io.millrace.eventloop.EventLoop;
import io.millrace.metrics.LocalMetrics;
import io.millrace.partition.Partitions;
import io.millrace.partition.remote.Appends;
import io.millrace.partition.remote.CommittedLogs;
import io.millrace.security.Authorizer;
import java.util.function.Supplier;

/**
 * The doors that documents are made through. Immutable.
 *
 * @param views the worker on which documents are made
 * @param self what the process knows of itself
 * @param partitions what this broker holds
 * @param logs all partitions of the cluster
 * @param appends appends to all partitions of the cluster
 * @param sockets sessions of browsers
 * @param quorum who carries the cluster's metadata, as seen here
 * @param cards what other brokers tell of themselves
 */
public record Sources(
    EventLoop views,
    BrokerSelf self,
    Cluster cluster,
    Partitions partitions,
    CommittedLogs logs,
    Appends appends,
    Groups groups,
    LatestGroupViews groupViews,
    LocalMetrics metrics,
    Authorizer authorizer,
    EventLog events,
    SocketViews sockets,
    Supplier<QuorumView> quorum,
    BrokerCards cards) {}
