package io.millrace.sim;

import io.millrace.cluster.Cluster;
import io.millrace.cluster.ClusterControl;
import io.millrace.cluster.ClusterOptions;
import io.millrace.cluster.local.LocalMetadataLog;
import io.millrace.config.BrokerConfig;
import io.millrace.config.StorageKeys;
import io.millrace.coordinator.GroupCoordinator;
import io.millrace.coordinator.group.GroupMemory;
import io.millrace.coordinator.group.GroupViews;
import io.millrace.coordinator.runtime.PartitionLogs;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.SimScheduler;
import io.millrace.handler.AlterReplicaLogDirsHandler;
import io.millrace.handler.ApiHandler;
import io.millrace.handler.ConnectionScope;
import io.millrace.handler.CreateTopicsHandler;
import io.millrace.handler.DeleteRecordsHandler;
import io.millrace.handler.DescribeLogDirsHandler;
import io.millrace.handler.DescribeProducersHandler;
import io.millrace.handler.FetchCounters;
import io.millrace.handler.FetchHandler;
import io.millrace.handler.FrameRef;
import io.millrace.handler.GroupHandlers;
import io.millrace.handler.Handlers;
import io.millrace.handler.InitProducerIdHandler;
import io.millrace.handler.ListOffsetsHandler;
import io.millrace.handler.OffsetForLeaderEpochHandler;
import io.millrace.handler.ProduceHandler;
import io.millrace.handler.RequestContext;
import io.millrace.metadata.Endpoint;
import io.millrace.metrics.LocalMetrics;
import io.millrace.model.Caller;
import io.millrace.partition.IsrChanges;
import io.millrace.partition.Partitions;
import io.millrace.quota.Quotas;
import io.millrace.security.Authorizer;
import io.millrace.storage.Belonging;
import io.millrace.storage.FolderLocks;
import io.millrace.storage.Storage;
import io.millrace.storage.StorageOptions;
import io.millrace.storage.log.LoadOptions;
import io.millrace.storage.log.LogFiles;
import io.millrace.storage.log.ProducerMemory;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.jspecify.annotations.Nullable;

/**
 * One run of a broker's process, built as {@code app} builds it, on simulated loops and files.
 *
 * <p>Confined to the test's thread.
 */
public final class SimBroker {
  /** The one log folder. */
  public static final Path FOLDER = Path.of("/data");

  private final SimScheduler sim;
  private final SimScheduler.Process process;
  private final EventLoop control;
  private final List<EventLoop> shards;
  private final List<EventLoop> network;
  private final Set<Call> calls = new LinkedHashSet<>();
  private final Map<Long, List<Runnable>> closeHooks = new HashMap<>();
  private Uuid incarnation;
  private Storage storage;
  private Cluster cluster;
  private Partitions partitions;
  private GroupCoordinator groups;
  private Handlers handlers;
  private long framesHeld;
  private boolean broken;

  /** The connection was lost before the answer came. */
  public static final class ConnectionLost extends RuntimeException {
    private static final long serialVersionUID = 1;

    ConnectionLost() {
      super("connection lost", null, false, false);
    }
  }

  private record Call(long connection, Promise<@Nullable ApiMessage> answer) {}

  private SimBroker(SimScheduler sim, String name) {
    this.sim = sim;
    this.process = sim.process(name);
    this.control = process.loop("control");
    this.shards = List.of(process.loop("shard-0"), process.loop("shard-1"));
    this.network = List.of(process.loop("net-0"), process.loop("net-1"));
  }

  /** How a broker is started. */
  public record Start(
      SimScheduler sim, LogFiles files, List<Path> folders, String bootId, BrokerConfig config) {

    /** With one folder. */
    public Start(
        SimScheduler sim, LogFiles files, Path folder, String bootId, BrokerConfig config) {
      this(sim, files, List.of(folder), bootId, config);
    }
  }

  /** A run of the process; {@link #ready} says when it serves. */
  public static SimBroker launch(Start start, String name) {
    SimBroker broker = new SimBroker(start.sim, name);
    broker.ready = broker.open(start);
    return broker;
  }

  private Future<Void> ready = Future.succeededFuture();

  /** Completes when the broker serves requests. */
  public Future<Void> ready() {
    return ready;
  }

  private Future<Void> open(Start start) {
    Promise<Void> opened = Promise.promise();
    Random random = new Random(sim.random().nextLong());
    Supplier<Uuid> ids = () -> new Uuid(random.nextLong() | 1, random.nextLong() | 1);
    StorageOptions options =
        new StorageOptions(
            start.folders,
            1,
            start.config,
            Optional.of(start.bootId),
            ids,
            folder -> new FolderLocks.Lock(folder.toString(), () -> {}),
            false,
            LoadOptions.DEFAULT_COLD_AFTER_BYTES,
            Belonging.Source.NONE,
            ProducerMemory.unlimited(start.config.get(StorageKeys.PRODUCER_ID_EXPIRATION_MS)),
            false);
    control.execute(
        () ->
            Storage.open(options, control, shards, start.files, new LocalMetrics())
                .compose(
                    open -> {
                      storage = open;
                      return startCluster(start, ids);
                    })
                .compose(started -> openPartitions(start, ids))
                .onComplete(opened));
    return opened.future();
  }

  private Future<Void> startCluster(Start start, Supplier<Uuid> ids) {
    incarnation = ids.get();
    ClusterOptions options =
        new ClusterOptions(
            1,
            incarnation,
            storage.clusterId(),
            storage.logs().isEmpty(),
            List.of(new Endpoint("PLAINTEXT", "PLAINTEXT", "localhost", 9092)),
            null,
            !storage.startedUnclean(),
            start.config);
    LocalMetadataLog log =
        new LocalMetadataLog(
            start.files, start.folders.get(0).resolve(LocalMetadataLog.FOLDER), control, 4096);
    return ClusterControl.start(control, control, options, log, ids, this::fault)
        .map(
            started -> {
              cluster = started;
              return null;
            });
  }

  private void fault(Throwable cause) {
    broken = true;
  }

  /** Whether its disk failed before it served: what it holds says nothing. */
  public boolean sawItsDiskFail() {
    broken |= storage.folders().stream().anyMatch(folder -> !folder.isOnline());
    return broken;
  }

  /** Whether it cannot go on: its disk failed, and an operator would start it again. */
  public boolean isBroken() {
    return broken;
  }

  private Future<Void> openPartitions(Start start, Supplier<Uuid> ids) {
    partitions =
        new Partitions(
            new Partitions.Ground(
                1,
                incarnation,
                control,
                storage,
                cluster.effectiveConfigs()::topic,
                30_000,
                IsrChanges.NONE,
                cluster::holdsLease));
    groups =
        GroupCoordinator.of(
            start.config,
            new GroupCoordinator.Ground(
                control,
                cluster::image,
                new PartitionLogs(partitions, GroupCoordinator.TOPIC),
                ids,
                Authorizer.ALLOW_ALL,
                GroupViews.NONE,
                GroupMemory.unlimited()));
    handlers = new Handlers(handlers(start.config));
    return storage
        .registered(cluster.brokerEpoch())
        .compose(noted -> cluster.addListener(control, partitions))
        .compose(applied -> storage.setStraysAside(id -> false))
        .compose(strays -> cluster.addListener(control, groups));
  }

  private List<ApiHandler<?>> handlers(BrokerConfig config) {
    Authorizer all = Authorizer.ALLOW_ALL;
    Quotas quotas = Quotas.UNLIMITED;
    int[] session = new int[1];
    List<ApiHandler<?>> list = new ArrayList<>();
    list.add(new ProduceHandler(partitions, all, quotas));
    list.add(
        new FetchHandler(
            partitions,
            all,
            quotas,
            50 << 20,
            10,
            () -> ++session[0],
            FetchCounters.of(new LocalMetrics())));
    list.add(new ListOffsetsHandler(partitions, all));
    list.add(new OffsetForLeaderEpochHandler(partitions, all));
    list.add(new DeleteRecordsHandler(partitions, all));
    list.add(new DescribeProducersHandler(partitions, all));
    list.add(new DescribeLogDirsHandler(partitions, all));
    list.add(new AlterReplicaLogDirsHandler(partitions, all));
    list.add(new InitProducerIdHandler(cluster, all));
    list.add(new CreateTopicsHandler(cluster, all, quotas));
    list.addAll(GroupHandlers.all(cluster, groups, all));
    return list;
  }

  /** What holds the partitions. */
  public Partitions partitions() {
    return partitions;
  }

  /** The cluster as it sees it. */
  public Cluster cluster() {
    return cluster;
  }

  /** What answers its requests. */
  public Handlers handlers() {
    return handlers;
  }

  /** What holds the logs. */
  public Storage storage() {
    return storage;
  }

  /** Frames that are held for appends under way. */
  public long framesHeld() {
    return framesHeld;
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Sends a request on a connection; connections are spread over the network loops.
   *
   * @return the answer; null for none; fails with {@link ConnectionLost} when the process dies or
   *     the connection is cut
   */
  public Future<@Nullable ApiMessage> call(
      long connection, ApiKeys api, int version, ApiMessage request) {
    Call call = new Call(connection, Promise.promise());
    calls.add(call);
    EventLoop loop = network.get((int) (connection % network.size()));
    loop.execute(
        () ->
            handle(context(connection, loop, api, (short) version), request)
                .onComplete(
                    done -> {
                      if (calls.remove(call)) {
                        call.answer.handle(done);
                      } else if (done.succeeded()) {
                        Answers.release(done.result());
                      }
                    }));
    return call.answer.future();
  }

  @SuppressWarnings("unchecked")
  private Future<ApiMessage> handle(RequestContext context, ApiMessage request) {
    return ((ApiHandler<ApiMessage>) handlers.of(context.api())).handle(context, request);
  }

  private RequestContext context(long connection, EventLoop loop, ApiKeys api, short version) {
    InetAddress host = InetAddress.getLoopbackAddress();
    return new RequestContext(
        api,
        version,
        new Caller(KafkaPrincipal.ANONYMOUS, "sim-" + connection, host, "PLAINTEXT"),
        new InetSocketAddress(host, 9092),
        loop,
        new FrameRef() {
          @Override
          public void retain() {
            framesHeld++;
          }

          @Override
          public void release() {
            framesHeld--;
          }
        },
        scope(connection),
        connection,
        "sim",
        "1");
  }

  private ConnectionScope scope(long connection) {
    return step -> {
      List<Runnable> hooks = closeHooks.computeIfAbsent(connection, c -> new ArrayList<>());
      hooks.add(step);
      return () -> hooks.remove(step);
    };
  }

  /** Deletes a topic. */
  public Future<Void> deleteTopic(String name) {
    Promise<Void> deleted = Promise.promise();
    DeleteTopicsRequestData request = new DeleteTopicsRequestData().setTimeoutMs(10_000);
    request.topics().add(new DeleteTopicsRequestData.DeleteTopicState().setName(name));
    Caller caller =
        new Caller(KafkaPrincipal.ANONYMOUS, "sim", InetAddress.getLoopbackAddress(), "PLAINTEXT");
    control.execute(
        () -> cluster.deleteTopics(control, caller, request).<Void>mapEmpty().onComplete(deleted));
    return deleted.future();
  }

  /** Cuts a connection: its calls fail, and the broker hears of it. */
  public void cut(long connection) {
    fail(call -> call.connection == connection);
    List<Runnable> hooks = closeHooks.remove(connection);
    if (hooks != null) {
      network
          .get((int) (connection % network.size()))
          .execute(() -> List.copyOf(hooks).forEach(Runnable::run));
    }
  }

  private void fail(Predicate<Call> which) {
    List<Call> lost = calls.stream().filter(which).toList();
    lost.forEach(calls::remove);
    lost.forEach(call -> call.answer.tryFail(new ConnectionLost()));
  }

  /** Ends the process at once. */
  public void crash() {
    process.crash();
    fail(call -> true);
  }

  /** Stops cleanly, as {@code app} does; the process is over then. */
  public Future<Void> stop() {
    Promise<Void> stopped = Promise.promise();
    fail(call -> true);
    control.execute(
        () ->
            groups
                .close()
                .compose(closed -> cluster.close(control))
                .compose(closed -> storage.close())
                .onComplete(stopped));
    return stopped.future().onComplete(done -> process.crash());
  }
}
