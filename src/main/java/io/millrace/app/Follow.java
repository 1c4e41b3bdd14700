package io.millrace.app;

import io.millrace.cluster.Cluster;
import io.millrace.cluster.ReplicaTails;
import io.millrace.cluster.peer.PeerLink;
import io.millrace.config.BrokerConfig;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.VertxLoops;
import io.millrace.model.TopicIdPartition;
import io.millrace.partition.Partitions;
import io.millrace.partition.replication.FetchOptions;
import io.millrace.partition.replication.Replication;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts to follow what other brokers lead, and to tell the controller of this broker's logs.
 * Stateless.
 */
final class Follow {
  private static final long REPORT_AGAIN_MS = 1_000;
  private static final Logger LOG = LoggerFactory.getLogger(Follow.class);

  private Follow() {}

  /** Reports logs that are not available, and how far those reach that nobody leads. */
  static void report(EventLoop control, Cluster cluster, Partitions partitions) {
    cluster.reportFrom(
        (asker, wanted) ->
            partitions
                .ends(asker, wanted)
                .map(
                    ends -> {
                      Map<TopicIdPartition, ReplicaTails.Tail> tails = new HashMap<>();
                      ends.forEach(
                          (id, end) ->
                              tails.put(
                                  id, new ReplicaTails.Tail(end.lastEpoch(), end.endOffset())));
                      return tails;
                    }));
    reportOffline(control, cluster, partitions);
  }

  /** Reports logs that are not available; a broker alone does so too, for what clients are told. */
  static void reportOffline(EventLoop control, Cluster cluster, Partitions partitions) {
    control.execute(() -> partitions.onOffline(gone -> offline(control, cluster, gone, false)));
  }

  private static void offline(
      EventLoop control, Cluster cluster, List<TopicIdPartition> gone, boolean told) {
    cluster
        .reportOffline(control, gone)
        .onFailure(
            fault -> {
              if (!told) {
                LOG.warn(
                    "logs that are not available could not be reported yet: {}", fault.toString());
              }
              control.schedule(REPORT_AGAIN_MS, () -> offline(control, cluster, gone, true));
            });
  }

  /** Begins; the fetches from each leader run on one of the event loops. */
  static Future<Replication> begin(
      VertxLoops loops,
      EventLoop control,
      BrokerConfig config,
      Cluster cluster,
      Partitions partitions,
      PeerLink peers) {
    Replication replication =
        new Replication(
            control,
            leader -> loops.onEventLoop("replication-" + leader),
            peers,
            partitions,
            FetchOptions.of(cluster.brokerId(), config));
    return cluster.addListener(control, replication).map(replication);
  }
}
