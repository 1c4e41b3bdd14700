package io.millrace.cluster;

import io.millrace.cluster.controller.Controller;
import io.millrace.cluster.controller.Decision;
import io.millrace.cluster.controller.Leases;
import io.millrace.cluster.controller.ReplicaReports;
import io.millrace.eventloop.EventLoop;
import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.BrokerUnfenced;
import io.millrace.metadata.ClusterFounded;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.ControllerActivated;
import io.millrace.metadata.Fact;
import io.millrace.time.Timer;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.message.BrokerHeartbeatResponseData;
import org.apache.kafka.common.message.BrokerRegistrationRequestData;
import org.apache.kafka.common.message.BrokerRegistrationResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the active controller does besides answering: it takes office with a fact of its own, takes
 * registrations and heartbeats, fences who is gone or silent for too long, and looks from time to
 * time at what should be moved without anybody asking.
 *
 * <p>Confined to: the control loop.
 */
final class ActiveController implements DecisionPipeline.Office {
  private static final Logger LOG = LoggerFactory.getLogger(ActiveController.class);

  /** How long a broker may be silent. */
  static final int LEASE_MS = 3000;

  private static final int STALL_MS = 500;

  /** Two heartbeats: a broker that is silent for longer is not counted on when another leaves. */
  private static final int SILENCE_MS = 1000;

  private static final int TICK_MS = 250;
  private static final int LEADERLESS_MS = 5000;

  private final EventLoop control;
  private final DecisionPipeline pipeline;
  private final Controller controller;
  private final ReplicaReports reports;
  private final ClusterOptions options;
  private final Supplier<Uuid> ids;
  private final Leases leases = new Leases(LEASE_MS, STALL_MS);
  private @Nullable PeerWatch watch;

  // What brokers said since this one took office.
  private final Map<Integer, Applied> applied = new HashMap<>();

  private Timer.@Nullable Handle ticking;
  private long restoreAtMs;
  private long leaderlessAtMs;
  private @Nullable ClusterImage lookedAt;

  /** How far a broker must have applied the log, and how far it has. */
  private static final class Applied {
    private long wanted;
    private long wantedOfOthers = Long.MAX_VALUE;
    private long is = -1;

    Applied(long wanted) {
      this.wanted = wanted;
    }
  }

  ActiveController(
      EventLoop control,
      DecisionPipeline pipeline,
      Controller controller,
      ReplicaReports reports,
      ClusterOptions options,
      Supplier<Uuid> ids) {
    this.control = control;
    this.pipeline = pipeline;
    this.controller = controller;
    this.reports = reports;
    this.options = options;
    this.ids = ids;
  }

  /** From now on there are others, and they can be looked at. */
  void watch(PeerWatch others) {
    watch = others;
  }

  @Override
  public void begin() {
    end();
    long nowMs = nowMs();
    leases.begin(nowMs);
    restoreAtMs = nowMs + controller.restoreIntervalMs(pipeline.speculative());
    leaderlessAtMs = nowMs + EventLoop.untilTurnMs(nowMs, LEADERLESS_MS);
    pipeline
        .submitInParts(takingOffice(pipeline.speculative()))
        .onFailure(fault -> LOG.debug("the controller lost its office at once", fault));
    if (watch != null) {
      watch.suspectAll();
    }
    tickLater();
  }

  @Override
  public void end() {
    if (ticking != null) {
      ticking.cancel();
      ticking = null;
    }
    reports.clear();
    applied.clear();
    lookedAt = null;
  }

  private long nowMs() {
    return control.clock().monotonicMs();
  }

  private List<Fact> takingOffice(ClusterImage image) {
    boolean alone = image.brokers().keySet().stream().allMatch(id -> id == options.brokerId());
    BrokerImage self = image.broker(options.brokerId());
    boolean current = self != null && self.incarnation().equals(options.incarnation());
    String clusterId = options.clusterId() != null ? options.clusterId() : ids.get().toString();
    if (!current && alone) {
      return controller.beginAlone(image, options.applicant(), clusterId);
    }
    List<Fact> facts = new ArrayList<>();
    ClusterImage next = image;
    if (image.clusterId().isEmpty()) {
      facts.add(new ClusterFounded(clusterId));
      next = next.apply(facts.get(0));
    }
    if (!current) {
      List<Fact> registration =
          controller
              .registerBroker(
                  next, Controller.registration(next.clusterId(), options.applicant()), false)
              .facts();
      facts.addAll(registration);
      for (Fact fact : registration) {
        next = next.apply(fact);
      }
    } else if (alone && self.fenced()) {
      facts.add(new BrokerUnfenced(self.id(), self.epoch()));
    }
    BrokerImage registered = next.broker(options.brokerId());
    if (registered == null) {
      throw new IllegalStateException("the controller's own registration was refused");
    }
    facts.add(new ControllerActivated(registered.id(), registered.epoch()));
    return facts;
  }

  private void tickLater() {
    ticking = control.schedule(isAlone() ? aloneMs() : TICK_MS, this::tick);
  }

  /** There is no lease to judge. */
  private boolean isAlone() {
    return pipeline.speculative().brokers().keySet().stream()
        .allMatch(id -> id == options.brokerId());
  }

  private long aloneMs() {
    return Math.max(TICK_MS, Math.min(leaderlessAtMs, restoreAtMs) - nowMs());
  }

  /** Whoever was alone looks at leases from now on; time before that is no stall. */
  private void joined(int broker) {
    Timer.Handle pending = ticking;
    if (broker != options.brokerId() && pending != null) {
      pending.cancel();
      tick();
    }
  }

  private void tick() {
    tickLater();
    if (!pipeline.isDeciding()) {
      return;
    }
    ClusterImage image = pipeline.speculative();
    List<Integer> alive =
        image.brokers().values().stream()
            .filter(broker -> !broker.fenced())
            .map(BrokerImage::id)
            .toList();
    for (int silent : leases.tick(alive, nowMs())) {
      BrokerImage broker = image.broker(silent);
      // Its own heartbeats come from memory: when they are late, this broker itself stood still.
      if (broker != null && silent != options.brokerId()) {
        fence(broker);
      }
    }
    lookAround();
  }

  private void fence(BrokerImage broker) {
    leases.end(broker.id());
    BrokerImage now = pipeline.speculative().broker(broker.id());
    if (now != null && now.epoch() == broker.epoch() && !now.fenced()) {
      LOG.warn("broker {} is gone or silent, and is fenced", broker.id());
      submit(controller.fence(pipeline.speculative(), now));
    }
  }

  private void submit(List<Fact> facts) {
    if (!facts.isEmpty() && pipeline.isDeciding()) {
      pipeline
          .submitInParts(facts)
          .onFailure(
              fault -> LOG.debug("a decision of the controller's own came to nothing", fault));
    }
  }

  /** Moves what should be moved without anybody asking. */
  private void lookAround() {
    long nowMs = nowMs();
    ClusterImage image = pipeline.speculative();
    ClusterImage last = lookedAt;
    if (last == null || last.brokers() != image.brokers() || last.topics() != image.topics()) {
      lookedAt = image;
      submit(controller.raiseInternalReplication(image));
      submit(reports.elect(pipeline.speculative(), nowMs));
    }
    if (nowMs >= leaderlessAtMs) {
      leaderlessAtMs = nowMs + EventLoop.untilTurnMs(nowMs, LEADERLESS_MS);
      submit(controller.electLeaderless(pipeline.speculative()));
    }
    if (nowMs >= restoreAtMs) {
      restoreAtMs = nowMs + controller.restoreIntervalMs(image);
      submit(controller.restorePreferred(pipeline.speculative()));
    }
  }

  /** A registration's process is gone for sure. */
  void gone(BrokerImage broker) {
    if (pipeline.isDeciding() && broker.id() != options.brokerId()) {
      fence(broker);
    }
  }

  /** Takes a registration. */
  Future<BrokerRegistrationResponseData> register(BrokerRegistrationRequestData request) {
    if (!pipeline.isDeciding()) {
      return pipeline.decide(image -> register(image, request, true));
    }
    BrokerImage holder = pipeline.speculative().broker(request.brokerId());
    if (holder == null || !Controller.isContested(pipeline.speculative(), request)) {
      return registered(request, false);
    }
    if (watch == null) {
      return registered(request, holder.id() == options.brokerId() || !holder.fenced());
    }
    return watch
        .look(holder)
        .compose(
            seen ->
                registered(
                    request,
                    seen == PeerWatch.Seen.THERE
                        || (seen == PeerWatch.Seen.SILENT && !holder.fenced())));
  }

  private Decision<BrokerRegistrationResponseData> register(
      ClusterImage image, BrokerRegistrationRequestData request, boolean holderLives) {
    return controller.registerBroker(image, request, holderLives);
  }

  private Future<BrokerRegistrationResponseData> registered(
      BrokerRegistrationRequestData request, boolean holderLives) {
    return pipeline
        .decide(image -> register(image, request, holderLives))
        .onSuccess(
            reply -> {
              if (reply.errorCode() == Errors.NONE.code()) {
                joined(request.brokerId());
                applied.put(request.brokerId(), new Applied(pipeline.listeners().image().index()));
                leases.heard(request.brokerId(), nowMs());
                if (watch != null) {
                  // Its death ends a connection from here, which nothing else may have opened yet.
                  watch.suspect(request.brokerId());
                }
              }
            });
  }

  /** Takes a heartbeat. */
  Future<BrokerHeartbeatResponseData> heartbeat(BrokerHeartbeatRequestData request) {
    ClusterImage image = pipeline.speculative();
    BrokerImage broker = image.broker(request.brokerId());
    if (pipeline.isDeciding() && broker != null && broker.epoch() == request.brokerEpoch()) {
      leases.heard(request.brokerId(), nowMs());
      Applied has =
          applied.computeIfAbsent(
              request.brokerId(), id -> new Applied(pipeline.listeners().image().index()));
      has.is = Math.max(has.is, request.currentMetadataOffset());
      return beat(request, broker, has);
    }
    return pipeline.decideAtOnce(now -> controller.heartbeat(now, request, false, false));
  }

  private Future<BrokerHeartbeatResponseData> beat(
      BrokerHeartbeatRequestData request, BrokerImage broker, Applied has) {
    boolean caughtUp = has.is >= has.wanted;
    boolean first = request.wantShutDown() && !broker.shuttingDown() && !broker.fenced();
    if (first && !areOthersHeard(broker.id())) {
      // Whoever is left behind in an ISR alone must be there: it may have died a moment ago.
      return Future.succeededFuture(new BrokerHeartbeatResponseData().setIsCaughtUp(caughtUp));
    }
    noteLeaving(broker, has);
    boolean othersCaughtUp = haveOthers(broker.id(), has.wantedOfOthers);
    Future<BrokerHeartbeatResponseData> reply =
        pipeline.decideAtOnce(now -> controller.heartbeat(now, request, caughtUp, othersCaughtUp));
    return first ? reply.onSuccess(done -> noteLeaving(broker, has)) : reply;
  }

  /** Others must have the image in which a broker leads nothing any more: a committed one. */
  private void noteLeaving(BrokerImage broker, Applied has) {
    ClusterImage published = pipeline.listeners().image();
    BrokerImage leaving = published.broker(broker.id());
    if (has.wantedOfOthers == Long.MAX_VALUE
        && leaving != null
        && leaving.epoch() == broker.epoch()
        && leaving.shuttingDown()) {
      has.wantedOfOthers = published.index();
    }
  }

  private boolean areOthersHeard(int leaving) {
    boolean all = true;
    for (BrokerImage other : pipeline.speculative().brokers().values()) {
      boolean heard =
          other.id() == leaving
              || other.fenced()
              || (applied.containsKey(other.id())
                  && leases.silentMs(other.id(), nowMs()) < SILENCE_MS);
      if (!heard && watch != null) {
        watch.suspect(other.id());
      }
      all &= heard;
    }
    return all;
  }

  private boolean haveOthers(int broker, long index) {
    return pipeline.speculative().brokers().values().stream()
        .filter(other -> other.id() != broker && !other.fenced())
        .allMatch(
            other -> {
              Applied has = applied.get(other.id());
              return has != null && has.is >= index;
            });
  }

  /** Takes what a broker holds of partitions without a leader. */
  void report(ReportForm report) {
    if (pipeline.isDeciding()) {
      ClusterImage image = pipeline.speculative();
      report
          .held()
          .forEach(
              held ->
                  reports.add(
                      image,
                      held.topicId(),
                      held.partition(),
                      report.brokerId(),
                      new ReplicaReports.Report(
                          report.brokerEpoch(), held.lastEpoch(), held.logEnd())));
      submit(reports.elect(image, nowMs()));
    }
  }
}
