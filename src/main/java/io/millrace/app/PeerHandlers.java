package io.millrace.app;

import io.millrace.cluster.Cluster;
import io.millrace.cluster.peer.PeerServices;
import io.millrace.config.BrokerConfig;
import io.millrace.config.BrokerKeys;
import io.millrace.handler.ApiHandler;
import io.millrace.handler.ControllerHandlers;
import io.millrace.handler.DeleteRecordsHandler;
import io.millrace.handler.DescribeLogDirsHandler;
import io.millrace.handler.DescribeProducersHandler;
import io.millrace.handler.DescribeQuorumHandler;
import io.millrace.handler.EnvelopeHandler;
import io.millrace.handler.FetchCounters;
import io.millrace.handler.FetchHandler;
import io.millrace.handler.Handlers;
import io.millrace.handler.ListOffsetsHandler;
import io.millrace.handler.OffsetForLeaderEpochHandler;
import io.millrace.handler.ProduceHandler;
import io.millrace.handler.ReplicaFetchHandler;
import io.millrace.handler.StartingHandler;
import io.millrace.metrics.Metrics;
import io.millrace.partition.Partitions;
import io.millrace.quota.Quotas;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.ApiKeys;

/** Which handlers a broker registers on its peer port, as its start goes on. Stateless. */
final class PeerHandlers {
  /** What is asked of partitions. */
  private static final List<ApiKeys> OF_PARTITIONS =
      List.of(
          ApiKeys.FETCH,
          ApiKeys.PRODUCE,
          ApiKeys.LIST_OFFSETS,
          ApiKeys.OFFSET_FOR_LEADER_EPOCH,
          ApiKeys.DELETE_RECORDS,
          ApiKeys.DESCRIBE_PRODUCERS);

  private PeerHandlers() {}

  /** While nothing is known yet: messages of our own. */
  static Handlers ofSearch(PeerServices services) {
    List<ApiHandler<?>> handlers = starting();
    handlers.add(new EnvelopeHandler(services));
    return new Handlers(handlers);
  }

  /** When metadata is applied: what brokers ask of the active controller too. */
  static Handlers ofMetadata(PeerServices services, Cluster cluster) {
    List<ApiHandler<?>> handlers = starting();
    handlers.addAll(controller(services, cluster));
    return new Handlers(handlers);
  }

  /** Brokers that knew this one before ask for its partitions at once: they are not there yet. */
  private static List<ApiHandler<?>> starting() {
    List<ApiHandler<?>> handlers = new ArrayList<>();
    OF_PARTITIONS.forEach(api -> handlers.add(new StartingHandler(api)));
    return handlers;
  }

  /** When the partitions are there: everything. */
  static Handlers ofAll(
      PeerServices services,
      BrokerConfig config,
      Cluster cluster,
      Partitions partitions,
      Metrics metrics) {
    List<ApiHandler<?>> handlers = controller(services, cluster);
    FetchHandler readers =
        new FetchHandler(
            partitions,
            HandlerList.AUTHORIZER,
            Quotas.UNLIMITED,
            config.get(BrokerKeys.FETCH_MAX_BYTES),
            false,
            cluster::isLeftBehind,
            config.get(BrokerKeys.MAX_INCREMENTAL_FETCH_SESSION_CACHE_SLOTS),
            Unguessable::positiveInt,
            FetchCounters.of(metrics));
    handlers.add(
        new ReplicaFetchHandler(readers, partitions, cluster::image, Unguessable::positiveInt));
    handlers.add(new ProduceHandler(partitions, HandlerList.AUTHORIZER, Quotas.UNLIMITED));
    handlers.add(new ListOffsetsHandler(partitions, HandlerList.AUTHORIZER));
    handlers.add(new OffsetForLeaderEpochHandler(partitions, HandlerList.AUTHORIZER));
    handlers.add(new DeleteRecordsHandler(partitions, HandlerList.AUTHORIZER));
    handlers.add(new DescribeProducersHandler(partitions, HandlerList.AUTHORIZER));
    handlers.add(new DescribeLogDirsHandler(partitions, HandlerList.AUTHORIZER));
    return new Handlers(handlers);
  }

  /** What brokers ask of the one that decides. */
  private static List<ApiHandler<?>> controller(PeerServices services, Cluster cluster) {
    List<ApiHandler<?>> handlers = new ArrayList<>();
    handlers.add(new EnvelopeHandler(services));
    handlers.add(DescribeQuorumHandler.ofPeers(cluster, HandlerList.AUTHORIZER));
    handlers.addAll(ControllerHandlers.all(cluster));
    return handlers;
  }
}
