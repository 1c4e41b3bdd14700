package io.millrace.app;

import io.millrace.cluster.Cluster;
import io.millrace.config.BrokerConfig;
import io.millrace.event.EventLog;
import io.millrace.metrics.LocalMetrics;
import io.millrace.partition.Partitions;
import io.millrace.quota.DescriptorRoom;

/**
 * What is behind the doors of a broker. Immutable.
 *
 * @param elsewhere partitions of all brokers
 * @param coordinators groups of all brokers
 * @param descriptors what the limit of open files leaves for clients
 */
record Parts(
    BrokerConfig config,
    Loops loops,
    Cluster cluster,
    Partitions partitions,
    Elsewhere elsewhere,
    Coordinators coordinators,
    LocalMetrics metrics,
    EventLog events,
    DescriptorRoom descriptors) {}
