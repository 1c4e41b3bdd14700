package io.millrace.sim.cluster;

import io.millrace.app.StraySweep;
import io.millrace.cluster.BrokerLiveness;
import io.millrace.cluster.Cluster;
import io.millrace.cluster.ClusterControl;
import io.millrace.cluster.ClusterOptions;
import io.millrace.cluster.ClusterPeers;
import io.millrace.cluster.OwnEpoch;
import io.millrace.cluster.ReplicaTails.Tail;
import io.millrace.cluster.peer.PeerAddress;
import io.millrace.config.BrokerConfig;
import io.millrace.config.StorageKeys;
import io.millrace.coordinator.GroupCoordinator;
import io.millrace.coordinator.Groups;
import io.millrace.coordinator.group.GroupMemory;
import io.millrace.coordinator.group.GroupViews;
import io.millrace.coordinator.remote.GroupService;
import io.millrace.coordinator.remote.RoutedGroups;
import io.millrace.coordinator.runtime.PartitionLogs;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.SimScheduler;
import io.millrace.handler.AlterPartitionReassignmentsHandler;
import io.millrace.handler.ApiHandler;
import io.millrace.handler.CreateTopicsHandler;
import io.millrace.handler.ElectLeadersHandler;
import io.millrace.handler.FetchCounters;
import io.millrace.handler.FetchHandler;
import io.millrace.handler.GroupHandlers;
import io.millrace.handler.Handlers;
import io.millrace.handler.IncrementalAlterConfigsHandler;
import io.millrace.handler.InitProducerIdHandler;
import io.millrace.handler.ListOffsetsHandler;
import io.millrace.handler.MetadataHandler;
import io.millrace.handler.OffsetForLeaderEpochHandler;
import io.millrace.handler.ProduceHandler;
import io.millrace.handler.ReplicaFetchHandler;
import io.millrace.metadata.Endpoint;
import io.millrace.metrics.LocalMetrics;
import io.millrace.model.TopicIdPartition;
import io.millrace.partition.Partition;
import io.millrace.partition.Partitions;
import io.millrace.partition.replication.FetchOptions;
import io.millrace.partition.replication.Replication;
import io.millrace.quota.Quotas;
import io.millrace.security.Authorizer;
import io.millrace.storage.Belonging;
import io.millrace.storage.FolderLocks;
import io.millrace.storage.Storage;
import io.millrace.storage.StorageOptions;
import io.millrace.storage.log.Log;
import io.millrace.storage.log.ProducerMemory;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * One run of a broker's process on a machine of the simulated cluster, built as {@code app} builds
 * it.
 *
 * <p>Confined to: the test's thread.
 */
final class ClusterBroker {
  static final int PEER_PORT = 17092;
  private static final Path FOLDER = Path.of("/data");

  private final ClusterWorld world;
  private final SimMachine machine;
  private final String name;
  private final SimScheduler.Process process;
  private final EventLoop control;
  private final List<EventLoop> shards;
  private final EventLoop clients;
  private final EventLoop peers;
  private final SimPeerDoor peerDoor;
  private final SimPeerLink link;
  private final Supplier<Uuid> ids;
  private final Uuid incarnation;
  private final Future<Void> ready;
  private @Nullable Storage storage;
  private @Nullable Cluster cluster;
  private @Nullable Partitions partitions;
  private @Nullable GroupCoordinator groups;
  private @Nullable Groups routed;
  private @Nullable Throwable broken;
  private boolean stopping;

  ClusterBroker(ClusterWorld world, SimMachine machine, String name) {
    this.world = world;
    this.machine = machine;
    this.name = name;
    this.process = world.sim.process(name);
    this.control = process.loop("control");
    this.shards = List.of(process.loop("shard-0"), process.loop("shard-1"));
    this.clients = process.loop("clients");
    this.peers = process.loop("peers");
    this.peerDoor = new SimPeerDoor(process, peers, Endpoint.PEER);
    this.link = world.network.link(machine.host(), process);
    Random random = new Random(world.random.nextLong());
    this.ids = () -> new Uuid(random.nextLong() | 1, random.nextLong() | 1);
    this.incarnation = ids.get();
    this.ready = open();
  }

  private Future<Void> open() {
    Promise<Void> opened = Promise.promise();
    BrokerConfig config = world.config;
    StorageOptions options =
        new StorageOptions(
            List.of(FOLDER),
            machine.id(),
            config,
            Optional.of(machine.bootId()),
            ids,
            folder -> new FolderLocks.Lock(folder.toString(), () -> {}),
            false,
            world.coldAfterBytes,
            Belonging.Source.NONE,
            ProducerMemory.unlimited(config.get(StorageKeys.PRODUCER_ID_EXPIRATION_MS)),
            false);
    control.execute(
        () ->
            Storage.open(options, control, shards, machine.disk(), new LocalMetrics())
                .compose(
                    open -> {
                      storage = open;
                      return joined(open);
                    })
                .compose(joined -> storage.previousEpoch())
                .compose(epoch -> startCluster(storage, config, epoch))
                .compose(started -> openPartitions(config))
                .onComplete(opened));
    return opened.future();
  }

  /** Who joins takes the cluster's id into its folder. */
  private Future<Void> joined(Storage opened) {
    String clusterId = world.raft.image().clusterId();
    return clusterId.isEmpty() || clusterId.equals(opened.clusterId())
        ? Future.succeededFuture()
        : opened.joins(clusterId);
  }

  private Future<Void> startCluster(Storage opened, BrokerConfig config, long previousEpoch) {
    ClusterOptions options =
        new ClusterOptions(
            machine.id(),
            incarnation,
            machine.id() == 0 || !opened.logs().isEmpty() ? opened.clusterId() : null,
            true,
            List.of(
                new Endpoint("PLAINTEXT", "PLAINTEXT", machine.host(), ClusterClient.CLIENT_PORT),
                new Endpoint(Endpoint.PEER, "PLAINTEXT", machine.host(), PEER_PORT)),
            null,
            !opened.startedUnclean(),
            opened.startedUnclean() ? -1 : previousEpoch,
            opened.folders().get(0).directoryId(),
            "",
            config);
    // The peer port is open before anybody is asked.
    world.network.listen(new PeerAddress(machine.host(), PEER_PORT), peerDoor);
    SimMetadataLog log = world.raft.open(machine.id(), machine.host(), process, control);
    Consumer<Throwable> onFault = cause -> broken = cause;
    ClusterPeers others = new ClusterPeers(link, log, BrokerLiveness.NONE, peerDoor::serve);
    Future<Cluster> start =
        world.brokerCount() == 1
            ? ClusterControl.start(control, control, options, log, ids, onFault)
            : ClusterControl.start(control, control, options, log, ids, onFault, others);
    return start.compose(
        started -> {
          cluster = started;
          return opened.joins(started.image().clusterId());
        });
  }

  private Future<Void> openPartitions(BrokerConfig config) {
    partitions =
        new Partitions(
            new Partitions.Ground(
                machine.id(),
                incarnation,
                control,
                storage,
                cluster.effectiveConfigs()::topic,
                world.lagTimeMaxMs,
                cluster::alterPartition,
                cluster::holdsLease));
    groups =
        GroupCoordinator.of(
            config,
            new GroupCoordinator.Ground(
                control,
                cluster::image,
                new PartitionLogs(partitions, GroupCoordinator.TOPIC),
                ids,
                Authorizer.ALLOW_ALL,
                GroupViews.NONE,
                GroupMemory.unlimited()));
    routed = new RoutedGroups(groups, cluster::image, machine.id(), link);
    return cluster
        .addListener(control, new OwnEpoch(cluster, storage::registered, -1))
        .compose(noted -> cluster.addListener(control, partitions))
        .compose(applied -> cluster.addListener(control, new StraySweep(cluster, storage)))
        .compose(swept -> cluster.addListener(control, replication(config)))
        .compose(following -> cluster.addListener(control, groups))
        .onSuccess(
            all -> {
              listen();
              cluster.reportFrom(this::tails);
              cluster.serve();
            });
  }

  /** Where the logs of replicas end. */
  private Future<Map<TopicIdPartition, Tail>> tails(
      EventLoop asker, List<TopicIdPartition> replicas) {
    List<Future<?>> asked = new ArrayList<>();
    Map<TopicIdPartition, Tail> found = new LinkedHashMap<>();
    for (TopicIdPartition id : replicas) {
      Partition partition = partitions.get(id.topicId(), id.partition());
      if (partition != null && partition.problem() == Errors.NONE) {
        asked.add(
            asker
                .ask(partition.shard(), () -> tail(partition))
                .onSuccess(tail -> found.put(id, tail)));
      }
    }
    return Future.join(asked).map(found);
  }

  private static Future<Tail> tail(Partition partition) {
    Log log = partition.log().log();
    return Future.succeededFuture(new Tail(log.latestLeaderEpoch(), log.logEndOffset()));
  }

  private Replication replication(BrokerConfig config) {
    return new Replication(
        control,
        leader -> process.loop("replication-" + leader),
        link,
        partitions,
        FetchOptions.of(machine.id(), config));
  }

  private void listen() {
    peerDoor.serve(new GroupService(groups)).handle(new Handlers(peerHandlers()));
    world.network.listen(
        new PeerAddress(machine.host(), ClusterClient.CLIENT_PORT),
        new SimPeerDoor(process, clients, "PLAINTEXT").handle(new Handlers(clientHandlers())));
  }

  private List<ApiHandler<?>> clientHandlers() {
    Authorizer all = Authorizer.ALLOW_ALL;
    Quotas quotas = Quotas.UNLIMITED;
    List<ApiHandler<?>> list = new ArrayList<>();
    list.add(new ProduceHandler(partitions, all, quotas));
    list.add(fetches());
    list.add(new ListOffsetsHandler(partitions, all));
    list.add(new OffsetForLeaderEpochHandler(partitions, all));
    list.add(new InitProducerIdHandler(cluster, all));
    list.add(new CreateTopicsHandler(cluster, all, quotas));
    list.add(new IncrementalAlterConfigsHandler(cluster, all));
    list.add(new ElectLeadersHandler(cluster, all));
    list.add(new AlterPartitionReassignmentsHandler(cluster, all));
    list.add(new MetadataHandler(cluster, all));
    list.addAll(GroupHandlers.all(cluster, groups, all));
    return list;
  }

  private List<ApiHandler<?>> peerHandlers() {
    int[] session = new int[1];
    return List.of(
        new ReplicaFetchHandler(fetches(), partitions, cluster::image, () -> ++session[0]));
  }

  private FetchHandler fetches() {
    int[] session = new int[1];
    return new FetchHandler(
        partitions,
        Authorizer.ALLOW_ALL,
        Quotas.UNLIMITED,
        50 << 20,
        false,
        () -> cluster != null && cluster.isLeftBehind(),
        10,
        () -> ++session[0],
        FetchCounters.of(new LocalMetrics()));
  }

  /** Random id of this process. */
  Uuid incarnation() {
    return incarnation;
  }

  /** What becomes of it, for a report. */
  String state() {
    String text = name + (process.isPaused() ? " paused" : process.isAlive() ? "" : " dead");
    if (broken != null || ready.failed()) {
      return text + " broken: " + (broken != null ? broken : ready.cause());
    }
    if (!ready.isComplete()) {
      return text + " starting";
    }
    return text + " at image " + cluster.image().index();
  }

  /** Completes when it serves. */
  Future<Void> ready() {
    return ready;
  }

  boolean isServing() {
    return process.isAlive() && ready.succeeded() && broken == null && !stopping;
  }

  SimScheduler.Process process() {
    return process;
  }

  @Nullable Throwable broken() {
    return broken;
  }

  @Nullable Cluster cluster() {
    return cluster;
  }

  @Nullable Partitions partitions() {
    return partitions;
  }

  /** The loop of its clients. */
  EventLoop clients() {
    return clients;
  }

  /** All groups, wherever they are coordinated. */
  @Nullable Groups groups() {
    return routed;
  }

  /** Stops cleanly, as {@code app} does. */
  Future<Void> stop() {
    stopping = true;
    Promise<Void> stopped = Promise.promise();
    control.execute(
        () ->
            cluster
                .leave(control)
                .compose(
                    left -> {
                      world.network.close(process);
                      return groups.close();
                    })
                .compose(closed -> cluster.close(control))
                .compose(closed -> storage.close())
                .onComplete(stopped));
    return stopped.future().onComplete(done -> process.crash());
  }

  @Override
  public String toString() {
    return name;
  }
}
