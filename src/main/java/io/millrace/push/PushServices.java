package io.millrace.push;

import io.millrace.browser.LiveViews;
import io.millrace.browser.Publisher;
import io.millrace.coordinator.Groups;
import io.millrace.metadata.ClusterImage;
import io.millrace.metrics.Metrics;
import io.millrace.partition.remote.CommittedLogs;
import io.millrace.quota.ConnectionCount;
import io.millrace.security.Admission;
import io.millrace.security.Authorizer;
import io.millrace.security.WebNodes;
import java.util.function.Supplier;

/**
 * What sessions reach the broker by. Thread-safe.
 *
 * @param logs all partitions of the cluster
 * @param image the newest image of the cluster
 * @param publisher appends records
 * @param authorizer who may do what
 * @param groups the door to groups
 * @param members the sockets that are members of groups
 * @param admission who may begin a session
 * @param nodes where else a page may go on
 * @param liveViews documents that can be followed
 * @param metrics where is counted what was delivered
 * @param socketsMax how many sockets may be open
 */
public record PushServices(
    CommittedLogs logs,
    Supplier<ClusterImage> image,
    Publisher publisher,
    Authorizer authorizer,
    Groups groups,
    GroupMembers members,
    Admission admission,
    WebNodes nodes,
    LiveViews liveViews,
    Metrics metrics,
    ConnectionCount.Limits socketsMax) {}
