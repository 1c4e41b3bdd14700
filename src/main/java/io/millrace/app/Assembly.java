package io.millrace.app;

import io.millrace.cluster.Cluster;
import io.millrace.cluster.ClusterControl;
import io.millrace.cluster.ClusterOptions;
import io.millrace.cluster.ClusterStartException;
import io.millrace.cluster.MetadataEvents;
import io.millrace.cluster.OwnEpoch;
import io.millrace.cluster.QuorumView;
import io.millrace.cluster.SoftShare;
import io.millrace.cluster.local.LocalMetadataLog;
import io.millrace.cluster.membership.Membership;
import io.millrace.cluster.peer.PeerLink;
import io.millrace.config.BrokerConfig;
import io.millrace.config.BrokerKeys;
import io.millrace.coordinator.remote.GroupService;
import io.millrace.event.Event;
import io.millrace.event.EventLog;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.Work;
import io.millrace.metrics.LocalMetrics;
import io.millrace.network.NetworkSettings;
import io.millrace.network.TcpServer;
import io.millrace.network.ToldElsewhere;
import io.millrace.partition.Partitions;
import io.millrace.rest.WebServer;
import io.millrace.rest.WebSettings;
import io.millrace.rest.view.BrokerSelf;
import io.millrace.storage.DiskFiles;
import io.millrace.storage.LogFolder;
import io.millrace.storage.Storage;
import io.millrace.storage.StorageException;
import io.millrace.storage.StorageOptions;
import io.millrace.storage.log.LogFiles;
import io.millrace.time.Clock;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One start: builds the parts from the inside out. Each step begins when those it needs are done.
 * Confined to: the thread that begins it, then the control loop.
 */
final class Assembly {
  private static final Logger LOG = LoggerFactory.getLogger(Assembly.class);

  private static final String VERSION =
      Objects.requireNonNullElse(Broker.class.getPackage().getImplementationVersion(), "dev");

  /** By then a broker that was restarted has caught up, if it has little to copy. */
  private static final int MEMBERSHIP_DELAY_MS = 5_000;

  private final BrokerConfig config;
  private final StartOptions options;
  private final int cores = Runtime.getRuntime().availableProcessors();
  private final LogFiles files = new DiskFiles();
  private final LocalMetrics metrics = new LocalMetrics();
  private final StopOrder stops = new StopOrder();
  private final Clock clock = new SystemClock();
  private final Uuid incarnation = Unguessable.uuid();
  private final EventLog events = new EventLog(clock);
  private final long startedWallMs = clock.wallMs();
  private final long startedMonotonicMs = clock.monotonicMs();

  private final HeapShares heapShares;

  private NetworkSettings network;
  private WebSettings webSettings;
  private ToldElsewhere told;
  private JoinPlan joinPlan;
  private Path metadata;
  private LocalMetadataLog log;
  private Loops loops;
  private EventLoop control;
  private Storage storage;
  private Cluster cluster;
  private Partitions partitions;
  private Elsewhere elsewhere;
  private @Nullable Neighbours neighbours;
  private PeerLink peers = PeerLink.NONE;
  private Parts parts;
  private SoftShare share = SoftShare.NONE;
  private TcpServer server;
  private @Nullable WebServer web;
  private volatile boolean serving;
  private final Promise<Broker.Failure> failed = Promise.promise();

  Assembly(BrokerConfig config, StartOptions options) {
    this.config = config;
    this.options = options;
    this.heapShares = new HeapShares(config, clock, events, metrics);
  }

  /** Starts everything; what was started is stopped again when something cannot be. */
  Future<Broker> start() {
    return begin()
        .compose(started -> openStorage())
        .compose(opened -> meetOthers())
        .compose(met -> startCluster())
        .compose(started -> openPartitions())
        .compose(opened -> openElsewhere())
        .compose(opened -> startCoordinators())
        .compose(started -> listen())
        .map(
            listening -> {
              openWebDoor();
              stops.add("serving", this::ending);
              return new Broker(
                  cluster, metrics, server, web, stops, givenUp(), superseded(), failed.future());
            })
        .recover(fault -> stops.stopAll().transform(done -> Future.failedFuture(named(fault))));
  }

  private Future<Void> givenUp() {
    Neighbours met = neighbours;
    return met == null ? Promise.<Void>promise().future() : met.givenUp();
  }

  private Future<String> superseded() {
    Neighbours met = neighbours;
    return met == null ? Promise.<String>promise().future() : met.superseded();
  }

  private static Throwable named(Throwable fault) {
    return fault instanceof StorageException || fault instanceof ClusterStartException
        ? new StartException(fault.getMessage(), fault)
        : fault;
  }

  private Future<Void> begin() {
    try {
      network = NetworkConfig.of(config, cores);
      told = AdvertisedHosts.find(config, InetAddress::getAllByName);
      PortCheck.check(network.listeners());
      joinPlan = JoinPlan.of(config, Machine.REAL);
      webSettings = WebPort.choose(WebSettings.of(config, network.loops()));
      List<Path> folders = DataFolders.prepare(config);
      metadata = DataFolders.metadata(folders);
      DataFolders.checkCompany(joinPlan.looks(), files, metadata);
    } catch (StartException e) {
      return Future.failedFuture(e);
    }
    int written = config.get(BrokerKeys.STORAGE_SHARDS);
    // A shard for two cores: more of them only add wake-ups, for one writes a gigabyte a second.
    int shards = written > 0 ? written : Math.max(1, cores / 2);
    return Loops.start(clock, network.loops(), shards, cores)
        .map(
            started -> {
              loops = started;
              control = started.control();
              stops.add("event loops", loops::stop);
              return null;
            });
  }

  private Future<Void> openStorage() {
    StorageOptions storageOptions =
        StorageOptions.of(
            config,
            DataFolders.bootId(),
            Unguessable::uuid,
            options.importsKafkaFolder(),
            () -> DataFolders.belonging(files, metadata),
            heapShares.producers(),
            options.givesUpFolders());
    return Storage.open(storageOptions, control, loops.shards(), files, metrics)
        .map(
            opened -> {
              storage = opened;
              storage
                  .lost()
                  .onSuccess(loss -> fail(new Broker.Failure(loss.sentence(), loss.isGone())));
              storage.onFolderFailure(this::folderFailed);
              DataFolders.warnOfTemporary(config);
              stops.add("storage", storage::close);
              return null;
            });
  }

  /** A broker that is not told where others may be opens no port for them. */
  private Future<Void> meetOthers() {
    log = new LocalMetadataLog(files, metadata, control, LocalMetadataLog.SNAPSHOT_AFTER_BYTES);
    if (!joinPlan.looks()) {
      return Future.succeededFuture();
    }
    PeerPort.Ground port =
        new PeerPort.Ground(loops.vertx(), loops.factory(), config, network, metrics, events);
    Neighbours.Ground ground =
        new Neighbours.Ground(
            config,
            options,
            joinPlan,
            control,
            files,
            storage,
            metadata,
            log,
            incarnation,
            startedWallMs,
            new Membership(events, MEMBERSHIP_DELAY_MS));
    return Neighbours.meet(port, ground)
        .map(
            met -> {
              neighbours = met;
              peers = met.link();
              share = met.membership().share();
              stops.add("peer port", met.port()::close);
              stops.add("membership", met.membership()::close);
              return null;
            });
  }

  private Future<Void> startCluster() {
    return storage.previousEpoch().compose(this::startCluster);
  }

  private Future<Void> startCluster(long previousEpoch) {
    Neighbours met = neighbours;
    ClusterOptions clusterOptions = clusterOptions(previousEpoch);
    Future<Cluster> start =
        met == null
            ? ClusterControl.start(
                control, control, clusterOptions, log, Unguessable::uuid, this::metadataFailed)
            : met.startCluster(clusterOptions, this::metadataFailed);
    return start.map(
        started -> {
          cluster = started;
          stops.add("metadata", () -> cluster.close(control));
          return null;
        });
  }

  private ClusterOptions clusterOptions(long previousEpoch) {
    boolean trusted = !storage.startedUnclean();
    return new ClusterOptions(
        storage.nodeId(),
        incarnation,
        storage.clusterId(),
        storage.logs().isEmpty() || !storage.imported().isEmpty(),
        neighbours == null ? Endpoints.ofLone(config) : neighbours.endpoints(webSettings),
        config.find(BrokerKeys.BROKER_RACK).orElse(null),
        trusted,
        trusted ? previousEpoch : -1,
        storage.folders().get(0).directoryId(),
        VERSION,
        config);
  }

  private void fail(Broker.Failure failure) {
    failed.tryComplete(failure);
  }

  private void folderFailed(LogFolder folder) {
    boolean others = storage.folders().stream().anyMatch(LogFolder::isOnline);
    if (others && isInCompany() && metadata.toAbsolutePath().startsWith(folder.path())) {
      withoutMetadata("the log folder failed");
    }
  }

  private boolean isInCompany() {
    Neighbours met = neighbours;
    return met != null && met.isInCompany();
  }

  /** The others go on to decide who leads what, and this broker does not learn of it. */
  private void withoutMetadata(String why) {
    fail(
        new Broker.Failure(
            "its metadata log in "
                + metadata.toAbsolutePath().getParent()
                + " has failed ("
                + why
                + "), and without it the broker does not know what it leads. Put the disk in order"
                + " and start the broker",
            false));
  }

  /** A broker that is alone serves on: nobody decides anything behind its back. */
  private void metadataFailed(Throwable cause) {
    if (isInCompany()) {
      LOG.error("the metadata log failed", cause);
      withoutMetadata(String.valueOf(cause.getMessage()));
      return;
    }
    LOG.error(
        "the metadata log failed: nothing can be created, changed or deleted here until the disk of"
            + " {} is in order and this broker is started again",
        metadata.toAbsolutePath().getParent(),
        cause);
  }

  private Future<Void> openPartitions() {
    partitions =
        new Partitions(
            new Partitions.Ground(
                cluster.brokerId(),
                incarnation,
                control,
                storage,
                cluster.effectiveConfigs()::topic,
                config.get(BrokerKeys.REPLICA_LAG_TIME_MAX_MS),
                cluster::alterPartition,
                cluster::holdsLease));
    return importFolders()
        .compose(imported -> cluster.addListener(control, ownEpoch()))
        .compose(noted -> cluster.addListener(control, partitions))
        .compose(applied -> cluster.addListener(control, new StraySweep(cluster, storage)))
        .compose(swept -> follow());
  }

  /** Nothing is noted until this process is registered, which can be after the start. */
  private OwnEpoch ownEpoch() {
    return new OwnEpoch(cluster, storage::registered, -1);
  }

  /** Behind the partitions: one that this broker leads no longer follows before it is fetched. */
  private Future<Void> follow() {
    Neighbours met = neighbours;
    if (met == null) {
      Follow.reportOffline(control, cluster, partitions);
      return Future.succeededFuture();
    }
    return collectGarbage().compose(collected -> follow(met));
  }

  private Future<Void> follow(Neighbours met) {
    met.port()
        .serve(PeerHandlers.ofAll(met.port().services(), config, cluster, partitions, metrics));
    Follow.report(control, cluster, partitions);
    return Follow.begin(loops.factory(), control, config, cluster, partitions, peers)
        .onSuccess(begun -> stops.add("replication", begun::close))
        .mapEmpty();
  }

  /**
   * What a start leaves alive is moved where it stays, now that nobody waits for this broker:
   * whoever is in sync holds up producers by each collection. A broker that finds no others goes
   * on. On a worker, since some collectors let other threads go on meanwhile.
   */
  private Future<Void> collectGarbage() {
    return cluster.image().brokers().size() > 1
        ? control.offload(Work.HOUSEKEEPING, Executors.callable(System::gc)).mapEmpty()
        : Future.succeededFuture();
  }

  /** Before the registration is noted: a start that dies in between finds the same logs again. */
  private Future<Void> importFolders() {
    if (storage.imported().isEmpty()) {
      return Future.succeededFuture();
    }
    try {
      return cluster.importTopics(control, FolderImport.topics(storage.imported()));
    } catch (StartException e) {
      return Future.failedFuture(e);
    }
  }

  /** A broker that is alone fetches from nobody, and needs no worker for it. */
  private Future<Void> openElsewhere() {
    Future<EventLoop> loop =
        peers == PeerLink.NONE
            ? Future.succeededFuture(control)
            : loops.factory().startWorker("elsewhere");
    return loop.compose(owner -> Elsewhere.open(control, owner, cluster, partitions, peers))
        .onSuccess(opened -> elsewhere = opened)
        .mapEmpty();
  }

  /** Behind the partitions, whose logs they use. */
  private Future<Void> startCoordinators() {
    Coordinators coordinators =
        Coordinators.of(
            config, control, cluster, partitions, peers, share, events, heapShares.groups());
    parts =
        new Parts(
            config,
            loops,
            cluster,
            partitions,
            elsewhere,
            coordinators,
            metrics,
            events,
            DescriptorWatch.begin(control));
    stops.add("groups", coordinators.here()::close);
    if (neighbours != null) {
      neighbours.port().services().add(new GroupService(coordinators.here()));
    }
    return coordinators.start(control, cluster);
  }

  private Future<Void> listen() {
    ClientDoor door = new ClientDoor(parts, network, told);
    server = door.server();
    stops.add("listeners", server::stop);
    return cluster
        .addListener(control, new MetadataEvents(events))
        .compose(added -> door.open())
        .onSuccess(listening -> began())
        .compose(listening -> seeOthers());
  }

  /** What brokers show each other: nothing waits for it. */
  private Future<Void> seeOthers() {
    Neighbours met = neighbours;
    if (met == null) {
      return Future.succeededFuture();
    }
    new EventShare(control, events, share, cluster.brokerId(), incarnation.toString()).begin();
    return met.beSeen(cluster);
  }

  private void began() {
    serving = true;
    cluster.serve();
    events.ofBroker(cluster.brokerId());
    storage.onFolderFailure(
        folder ->
            events.add(
                Event.of("disk", Event.Level.BAD, "The log folder " + folder.path() + " failed.")));
    long tookMs = clock.monotonicMs() - startedMonotonicMs;
    events.add(Event.info("broker.started", "The broker started in " + tookMs + " ms."));
  }

  private Future<Void> ending() {
    serving = false;
    events.add(Event.info("broker.stopping", "The broker stops."));
    Neighbours met = neighbours;
    if (met != null) {
      met.membership().beginNoMore();
    }
    return cluster.leave(control);
  }

  /** Clients are served, and there is a folder that takes what they send. */
  private boolean isReady() {
    return serving && storage.folders().stream().anyMatch(LogFolder::isOnline);
  }

  private void openWebDoor() {
    if (!webSettings.opens()) {
      return;
    }
    BrokerSelf self =
        new BrokerSelf(
            VERSION,
            startedWallMs,
            startedMonotonicMs,
            "localhost",
            server::port,
            () -> web == null ? -1 : web.port());
    WebSide side =
        new WebSide(
            new WebSide.Ground(parts, webSettings, self, this::isReady, this::quorum, share));
    web = side.server();
    side.open(stops);
  }

  /** A broker that is alone carries the metadata alone. */
  private QuorumView quorum() {
    Neighbours met = neighbours;
    int self = cluster.brokerId();
    return met != null
        ? met.quorum()
        : new QuorumView(
            self,
            cluster.image().term(),
            cluster.image().index(),
            List.of(new QuorumView.Member(self, -1, -1)),
            List.of());
  }
}
