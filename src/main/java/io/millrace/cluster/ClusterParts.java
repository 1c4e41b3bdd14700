package io.millrace.cluster;

import io.millrace.cluster.controller.Controller;
import io.millrace.cluster.controller.Decision;
import io.millrace.cluster.controller.ReplicaReports;
import io.millrace.cluster.controller.TopicImport;
import io.millrace.eventloop.EventLoop;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.EffectiveConfigs;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.jspecify.annotations.Nullable;

/**
 * The parts behind the door, how they are put together, and how they begin and end.
 *
 * <p>Confined to: the control loop, save {@link #refusing}, {@link #holdsLease} and {@link
 * #quorum}.
 */
final class ClusterParts {
  /** How long the start waits for the registration while there is no quorum. */
  private static final int START_MS = 10_000;

  private final ClusterOptions options;
  private final EventLoop control;
  private final EffectiveConfigs configs;
  private final Controller controller;
  private final DecisionPipeline pipeline;
  private final ActiveController office;
  private final RequestKinds kinds;
  private final Forwarder forwarder;

  // With others only; set when the start begins, before the door is opened.
  private volatile @Nullable PeerWatch watch;
  private volatile QuorumReport quorum;
  private volatile @Nullable BrokerLifecycle lifecycle;

  ClusterParts(
      ClusterOptions options,
      EventLoop control,
      MetadataLog log,
      Supplier<Uuid> ids,
      Consumer<Throwable> onFault) {
    this.options = options;
    this.control = control;
    this.configs = new EffectiveConfigs(options.config(), options.brokerId());
    this.controller = new Controller(configs, options.brokerId(), ids);
    this.pipeline = new DecisionPipeline(control, log, onFault);
    this.office =
        new ActiveController(
            control, pipeline, controller, new ReplicaReports(configs), options, ids);
    this.kinds = new RequestKinds(controller, pipeline, office);
    this.forwarder = new Forwarder(control, options, pipeline, office);
    this.quorum = new QuorumReport(options.brokerId(), pipeline::image, null);
  }

  ClusterOptions options() {
    return options;
  }

  EffectiveConfigs configs() {
    return configs;
  }

  DecisionPipeline pipeline() {
    return pipeline;
  }

  ActiveController office() {
    return office;
  }

  RequestKinds kinds() {
    return kinds;
  }

  Forwarder forwarder() {
    return forwarder;
  }

  /** Alone, this broker decides when its log is open. */
  Future<Void> begin() {
    return open()
        .compose(opened -> checkFounded())
        .compose(
            founded -> {
              pipeline.tell(office);
              return pipeline.afterAllSubmitted();
            });
  }

  Future<Void> beginWith(ClusterPeers peers) {
    PeerWatch watching =
        new PeerWatch(
            control,
            options.brokerId(),
            peers,
            pipeline::image,
            this::holdsLease,
            broker -> {
              office.gone(broker);
              peers.quorum().gone(broker.id());
            });
    watch = watching;
    quorum = new QuorumReport(options.brokerId(), pipeline::image, peers);
    office.watch(watching);
    forwarder.reach(peers, watching);
    ClusterServices.all(control, options, pipeline, forwarder, kinds, office, this::hearsController)
        .forEach(peers.serve());
    BrokerLifecycle life =
        new BrokerLifecycle(control, options, pipeline, forwarder, kinds, watching);
    lifecycle = life;
    return open()
        .compose(
            opened -> {
              pipeline.tell(office);
              return bounded(life.begin());
            });
  }

  /** Without a quorum the broker starts nevertheless, on what it knows. */
  private Future<Void> bounded(Future<Void> registered) {
    Promise<Void> started = Promise.promise();
    registered
        .compose(done -> pipeline.afterAllSubmitted())
        .onSuccess(done -> started.tryComplete())
        .onFailure(started::tryFail);
    control.schedule(START_MS, started::tryComplete);
    return started.future();
  }

  private Future<Void> open() {
    return pipeline
        .open()
        .recover(
            unread ->
                Future.failedFuture(
                    unread instanceof ClusterStartException
                        ? unread
                        : new ClusterStartException(
                            "The cluster's metadata cannot be read: "
                                + reason(unread)
                                + ". What to do then stands in docs/cluster.md, under 'When the"
                                + " metadata is lost'.",
                            unread)))
        .compose(opened -> checkIdentity(pipeline.image()));
  }

  private static String reason(Throwable unread) {
    String message = String.valueOf(unread.getMessage());
    return unread instanceof AccessDeniedException
        ? "there is no permission to use " + message
        : message;
  }

  private Future<Void> checkFounded() {
    if (pipeline.image().clusterId().isEmpty() && !options.mayFound()) {
      return Future.failedFuture(
          new ClusterStartException(
              "The log.dirs hold partitions of cluster "
                  + options.clusterId()
                  + ", but its metadata is in none of them: put the missing log folder back. If it"
                  + " is lost, go on as docs/cluster.md says under 'When the metadata is lost'."));
    }
    return Future.succeededFuture();
  }

  private Future<Void> checkIdentity(ClusterImage image) {
    String wanted = options.clusterId();
    if (wanted != null && !image.clusterId().isEmpty() && !image.clusterId().equals(wanted)) {
      return Future.failedFuture(
          new ClusterStartException(
              "The data folder belongs to cluster "
                  + wanted
                  + ", its metadata to cluster "
                  + image.clusterId()
                  + "."));
    }
    return Future.succeededFuture();
  }

  Decision<CreateTopicsResponseData> importTopics(
      ClusterImage image, List<TopicImport.Found> topics) {
    return controller.importTopics(image, topics);
  }

  void serve() {
    BrokerLifecycle life = lifecycle;
    if (life != null) {
      life.serve();
    }
  }

  void reportFrom(ReplicaTails tails) {
    BrokerLifecycle life = lifecycle;
    if (life != null) {
      life.reportFrom(tails);
    }
  }

  Future<Void> leave() {
    BrokerLifecycle life = lifecycle;
    return life == null ? Future.succeededFuture() : life.leave();
  }

  QuorumReport quorum() {
    return quorum;
  }

  Set<Integer> refusing() {
    PeerWatch watching = watch;
    return watching == null ? Set.of() : watching.refusing();
  }

  boolean holdsLease() {
    BrokerLifecycle life = lifecycle;
    return life == null || life.holdsLease();
  }

  private boolean hearsController() {
    BrokerLifecycle life = lifecycle;
    return life != null && life.hearsController();
  }

  Future<Void> close() {
    BrokerLifecycle life = lifecycle;
    if (life != null) {
      life.end();
    }
    office.end();
    return pipeline.close();
  }
}
