package io.millrace.app;

import io.millrace.cluster.Cluster;
import io.millrace.config.BrokerConfig;
import io.millrace.config.BrokerKeys;
import io.millrace.coordinator.GroupCoordinator;
import io.millrace.handler.AclChangeHandlers;
import io.millrace.handler.AlterConfigsHandler;
import io.millrace.handler.AlterPartitionReassignmentsHandler;
import io.millrace.handler.AlterReplicaLogDirsHandler;
import io.millrace.handler.ApiHandler;
import io.millrace.handler.BrokersOnlyHandler;
import io.millrace.handler.CreatePartitionsHandler;
import io.millrace.handler.CreateTopicsHandler;
import io.millrace.handler.DeleteRecordsHandler;
import io.millrace.handler.DeleteTopicsHandler;
import io.millrace.handler.DescribeAclsHandler;
import io.millrace.handler.DescribeClusterHandler;
import io.millrace.handler.DescribeConfigsHandler;
import io.millrace.handler.DescribeLogDirsHandler;
import io.millrace.handler.DescribeProducersHandler;
import io.millrace.handler.DescribeQuorumHandler;
import io.millrace.handler.DescribeTopicPartitionsHandler;
import io.millrace.handler.ElectLeadersHandler;
import io.millrace.handler.FetchCounters;
import io.millrace.handler.FetchHandler;
import io.millrace.handler.GroupHandlers;
import io.millrace.handler.Handlers;
import io.millrace.handler.IncrementalAlterConfigsHandler;
import io.millrace.handler.InitProducerIdHandler;
import io.millrace.handler.ListConfigResourcesHandler;
import io.millrace.handler.ListOffsetsHandler;
import io.millrace.handler.ListPartitionReassignmentsHandler;
import io.millrace.handler.ListTransactionsHandler;
import io.millrace.handler.MetadataHandler;
import io.millrace.handler.OffsetForLeaderEpochHandler;
import io.millrace.handler.ProduceHandler;
import io.millrace.handler.SaslHandshakeHandler;
import io.millrace.handler.UnregisterBrokerHandler;
import io.millrace.metrics.Metrics;
import io.millrace.partition.Partitions;
import io.millrace.quota.Quotas;
import io.millrace.security.Authorizer;
import java.util.ArrayList;
import java.util.List;

/** Which handlers a broker registers. Stateless. */
final class HandlerList {
  static final Authorizer AUTHORIZER = Authorizer.ALLOW_ALL;
  private static final Quotas QUOTAS = Quotas.UNLIMITED;

  private HandlerList() {}

  static Handlers of(
      BrokerConfig config,
      Cluster cluster,
      Partitions partitions,
      GroupCoordinator groups,
      Metrics metrics) {
    List<ApiHandler<?>> handlers = new ArrayList<>();
    data(handlers, config, cluster, partitions, metrics);
    cluster(handlers, cluster);
    handlers.addAll(BrokersOnlyHandler.all());
    handlers.add(new SaslHandshakeHandler());
    handlers.addAll(GroupHandlers.all(cluster, groups, AUTHORIZER));
    return new Handlers(handlers);
  }

  private static void cluster(List<ApiHandler<?>> handlers, Cluster cluster) {
    handlers.add(new InitProducerIdHandler(cluster, AUTHORIZER));
    handlers.add(new MetadataHandler(cluster, AUTHORIZER));
    handlers.add(new DescribeTopicPartitionsHandler(cluster, AUTHORIZER));
    handlers.add(new DescribeClusterHandler(cluster, AUTHORIZER));
    handlers.add(new CreateTopicsHandler(cluster, AUTHORIZER, QUOTAS));
    handlers.add(new DeleteTopicsHandler(cluster, AUTHORIZER, QUOTAS));
    handlers.add(new CreatePartitionsHandler(cluster, AUTHORIZER, QUOTAS));
    handlers.add(new DescribeConfigsHandler(cluster, AUTHORIZER));
    handlers.add(new AlterConfigsHandler(cluster, AUTHORIZER));
    handlers.add(new IncrementalAlterConfigsHandler(cluster, AUTHORIZER));
    handlers.add(new ListConfigResourcesHandler(cluster, AUTHORIZER));
    handlers.add(new ElectLeadersHandler(cluster, AUTHORIZER));
    handlers.add(new UnregisterBrokerHandler(cluster, AUTHORIZER));
    handlers.add(new AlterPartitionReassignmentsHandler(cluster, AUTHORIZER));
    handlers.add(new ListPartitionReassignmentsHandler(cluster, AUTHORIZER));
    handlers.add(new DescribeQuorumHandler(cluster, AUTHORIZER));
    handlers.add(new DescribeAclsHandler());
    handlers.addAll(AclChangeHandlers.all());
    handlers.add(new ListTransactionsHandler());
  }

  private static void data(
      List<ApiHandler<?>> handlers,
      BrokerConfig config,
      Cluster cluster,
      Partitions partitions,
      Metrics metrics) {
    handlers.add(new ProduceHandler(partitions, AUTHORIZER, QUOTAS));
    handlers.add(
        new FetchHandler(
            partitions,
            AUTHORIZER,
            QUOTAS,
            config.get(BrokerKeys.FETCH_MAX_BYTES),
            config
                .find(BrokerKeys.REPLICA_SELECTOR_CLASS)
                .filter(BrokerKeys.RACK_AWARE_SELECTOR::equals)
                .isPresent(),
            cluster::isLeftBehind,
            config.get(BrokerKeys.MAX_INCREMENTAL_FETCH_SESSION_CACHE_SLOTS),
            Unguessable::positiveInt,
            FetchCounters.of(metrics)));
    handlers.add(new ListOffsetsHandler(partitions, AUTHORIZER));
    handlers.add(new OffsetForLeaderEpochHandler(partitions, AUTHORIZER));
    handlers.add(new DeleteRecordsHandler(partitions, AUTHORIZER));
    handlers.add(new DescribeProducersHandler(partitions, AUTHORIZER));
    handlers.add(new DescribeLogDirsHandler(partitions, AUTHORIZER));
    handlers.add(new AlterReplicaLogDirsHandler(partitions, AUTHORIZER));
  }
}
