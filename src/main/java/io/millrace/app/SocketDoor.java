package io.millrace.app;

import io.millrace.browser.LiveViews;
import io.millrace.browser.Publisher;
import io.millrace.cluster.Cluster;
import io.millrace.config.BrokerConfig;
import io.millrace.coordinator.Groups;
import io.millrace.metrics.Metrics;
import io.millrace.push.GroupMembers;
import io.millrace.push.Push;
import io.millrace.push.PushServices;
import io.millrace.quota.Quotas;
import io.millrace.security.Admission;
import io.millrace.security.WebNodes;

/** Puts together what the sessions of browsers need. Stateless. */
final class SocketDoor {
  private SocketDoor() {}

  /** The groups that sockets may join, and the sockets that are their members. */
  record Members(Groups door, GroupMembers members) {}

  static Push of(
      BrokerConfig config,
      Cluster cluster,
      Elsewhere elsewhere,
      Members groups,
      Admission admission,
      LiveViews live,
      Metrics metrics) {
    Publisher publisher =
        new Publisher(
            elsewhere.logs(),
            elsewhere.appends(),
            cluster::image,
            HandlerList.AUTHORIZER,
            Quotas.UNLIMITED);
    return new Push(
        new PushServices(
            elsewhere.logs(),
            cluster::image,
            publisher,
            HandlerList.AUTHORIZER,
            groups.door(),
            groups.members(),
            admission,
            new WebNodes(cluster::image, cluster.brokerId()),
            live,
            metrics,
            NetworkConfig.connections(config)));
  }
}
