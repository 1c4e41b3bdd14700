package io.millrace.rest.view;

import io.millrace.browser.SocketViews;
import io.millrace.cluster.Cluster;
import io.millrace.coordinator.GroupCoordinator;
import io.millrace.coordinator.LatestGroupViews;
import io.millrace.event.EventLog;
import io.millrace.eventloop.EventLoop;
import io.millrace.metrics.LocalMetrics;
import io.millrace.partition.Partitions;
import io.millrace.security.Authorizer;

/**
 * The doors that documents are made through. Immutable.
 *
 * @param views the worker on which documents are made
 * @param self what the process knows of itself
 * @param sockets sessions of browsers
 */
public record Sources(
    EventLoop views,
    BrokerSelf self,
    Cluster cluster,
    Partitions partitions,
    GroupCoordinator groups,
    LatestGroupViews groupViews,
    LocalMetrics metrics,
    Authorizer authorizer,
    EventLog events,
    SocketViews sockets) {}
