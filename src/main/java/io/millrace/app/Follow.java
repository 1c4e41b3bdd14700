package io.millrace.app;

import io.millrace.cluster.Cluster;
import io.millrace.cluster.peer.PeerLink;
import io.millrace.config.BrokerConfig;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.VertxLoops;
import io.millrace.partition.Partitions;
import io.millrace.partition.replication.FetchOptions;
import io.millrace.partition.replication.Replication;
import io.vertx.core.Future;

/** Starts to follow what other brokers lead. Stateless. */
final class Follow {
  private Follow() {}

  /** Begins; the worker that fetches runs for as long as the broker does. */
  static Future<Replication> begin(
      VertxLoops loops,
      EventLoop control,
      BrokerConfig config,
      Cluster cluster,
      Partitions partitions,
      PeerLink peers) {
    return loops
        .startWorker("replication")
        .compose(
            loop -> {
              Replication replication =
                  new Replication(
                      control,
                      loop,
                      peers,
                      partitions,
                      FetchOptions.of(cluster.brokerId(), config));
              return cluster.addListener(control, replication).map(replication);
            });
  }
}
