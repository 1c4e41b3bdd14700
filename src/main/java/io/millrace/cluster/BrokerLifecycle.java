package io.millrace.cluster;

import io.millrace.cluster.controller.BrokerAdmission;
import io.millrace.cluster.controller.Controller;
import io.millrace.cluster.controller.ReplicaReports;
import io.millrace.cluster.peer.PeerAddress;
import io.millrace.eventloop.EventLoop;
import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterChange;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.MetadataFormat;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import io.millrace.model.Caller;
import io.millrace.model.TopicIdPartition;
import io.millrace.model.TopicPartition;
import io.millrace.time.Timer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.message.BrokerHeartbeatResponseData;
import org.apache.kafka.common.message.BrokerRegistrationResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This broker's life in its cluster: it registers, tells the active controller regularly that it
 * lives and how far its image is, registers anew when it finds itself fenced, and asks to be let go
 * before it ends.
 *
 * <p>Confined to: the control loop, save {@link #holdsLease}.
 */
final class BrokerLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(BrokerLifecycle.class);

  private static final int HEARTBEAT_MS = 500;

  /** To itself alone: its lease must last, and a broker at rest rests. */
  private static final int HEARTBEAT_ALONE_MS = ActiveController.LEASE_MS / 2;

  private static final int EAGER_MS = 50;
  private static final int REPORT_MS = 1000;

  /** How long a broker that wants to go waits for the controller to let it. */
  private static final int LEAVE_MS = 15_000;

  /** How long it waits for a controller. */
  private static final int LEAVE_ALONE_MS = 3000;

  /** Asks for what this broker itself needs. */
  static final Caller SELF =
      new Caller(KafkaPrincipal.ANONYMOUS, "broker", InetAddress.getLoopbackAddress(), "PEER");

  private final EventLoop control;
  private final ClusterOptions options;
  private final DecisionPipeline pipeline;
  private final Forwarder forwarder;
  private final RequestKinds kinds;
  private final PeerWatch watch;

  // Any thread reads it.
  private volatile long leaseEndsAtMs = Long.MIN_VALUE;

  // Owner: the control loop.
  private final Promise<Void> registered = Promise.promise();
  private ReplicaTails tails = ReplicaTails.NONE;
  private long epoch = -1;
  private boolean mustRegister;
  private boolean wantsToServe;
  private boolean wasUnfenced;
  private boolean ended;
  private long heardAtMs;
  private long lookAtMs;
  private long reportAtMs;
  private @Nullable Promise<Void> leaving;

  /** The next word to the controller, while none is under way. */
  private Timer.@Nullable Handle waiting;

  BrokerLifecycle(
      EventLoop control,
      ClusterOptions options,
      DecisionPipeline pipeline,
      Forwarder forwarder,
      RequestKinds kinds,
      PeerWatch watch) {
    this.control = control;
    this.options = options;
    this.pipeline = pipeline;
    this.forwarder = forwarder;
    this.kinds = kinds;
    this.watch = watch;
  }

  /**
   * Begins.
   *
   * @return completes when this process is registered for the first time and its image says so;
   *     fails when another broker has its id or the cluster is another one
   */
  Future<Void> begin() {
    heardAtMs = nowMs();
    pipeline.listeners().add(this::onImage);
    next(0);
    return registered.future();
  }

  /**
   * Who leaves waits until all others have the image that says so. When the last of them has left,
   * there is nobody to wait for: without them it may not even be decided any more.
   */
  private void onImage(ClusterChange change, Runnable done) {
    boolean anotherLeaves =
        change.now().brokers().values().stream()
            .anyMatch(broker -> broker.shuttingDown() && !wasLeaving(change.before(), broker));
    if (anotherLeaves) {
      pipeline.published(change.now().index()).onSuccess(published -> hurry());
    }
    if (leaving != null && !othersServe(change.now())) {
      left(leaving);
    }
    done.run();
  }

  private static boolean wasLeaving(ClusterImage image, BrokerImage broker) {
    BrokerImage before = image.broker(broker.id());
    return before != null && before.epoch() == broker.epoch() && before.shuttingDown();
  }

  /** Ends without a word. */
  void end() {
    ended = true;
  }

  /** Where the ends of this broker's logs are found. */
  void reportFrom(ReplicaTails source) {
    tails = source;
  }

  /** Clients can be served: this broker wants to be unfenced. */
  void serve() {
    wantsToServe = true;
    hurry();
  }

  private void next(long delayMs) {
    if (!ended) {
      waiting = control.schedule(delayMs, this::live);
    }
  }

  /** The controller is told now what it would hear with the next heartbeat. */
  private void hurry() {
    Timer.Handle next = waiting;
    if (next != null) {
      next.cancel();
      next(0);
    }
  }

  private void live() {
    waiting = null;
    if (ended) {
      return;
    }
    BrokerImage self = pipeline.image().broker(options.brokerId());
    boolean current = self != null && self.incarnation().equals(options.incarnation());
    if (epoch < 0 && current && !mustRegister) {
      // With its taking office a controller is registered; and the answer may have been lost.
      registered(self.epoch());
    }
    if (epoch >= 0 && current) {
      registered.tryComplete();
    }
    Future<Long> done = epoch < 0 ? register() : beat();
    done.onComplete(
        after -> next(after.succeeded() ? after.result() : withoutController(after.cause())));
  }

  private void registered(long newEpoch) {
    epoch = newEpoch;
    mustRegister = false;
    wasUnfenced = false;
  }

  private Future<Long> register() {
    BrokerAdmission.Applicant applicant = options.applicant();
    String clusterId = pipeline.image().clusterId();
    if (clusterId.isEmpty()) {
      return Future.succeededFuture((long) EAGER_MS);
    }
    return forwarder
        .once(
            kinds.register,
            forwarder.nextId(),
            SELF,
            Controller.registration(clusterId, applicant),
            ActiveController.LEASE_MS)
        .map(this::answered);
  }

  private long answered(BrokerRegistrationResponseData reply) {
    Errors error = Errors.forCode(reply.errorCode());
    if (error == Errors.NONE) {
      LOG.info("broker {} is registered with epoch {}", options.brokerId(), reply.brokerEpoch());
      registered(reply.brokerEpoch());
      return 0;
    }
    String refusal = refusal(error);
    LOG.warn("the registration of broker {} was refused: {}", options.brokerId(), refusal);
    registered.tryFail(new ClusterStartException(refusal));
    return HEARTBEAT_MS;
  }

  private String refusal(Errors error) {
    if (error == Errors.DUPLICATE_BROKER_REGISTRATION) {
      BrokerImage holder = pipeline.image().broker(options.brokerId());
      PeerAddress address = holder == null ? null : PeerWatch.address(holder);
      return "Broker id "
          + options.brokerId()
          + " is in use by another broker"
          + (address == null ? "" : " at " + address)
          + ": give this one another broker.id, or stop that one.";
    }
    if (error == Errors.UNSUPPORTED_VERSION) {
      return "This release (metadata formats "
          + MetadataFormat.OLDEST
          + " to "
          + MetadataFormat.NEWEST
          + ") does not understand the format of the cluster's metadata: start the release that the"
          + " other brokers run.";
    }
    return error.message();
  }

  /** Whether the controller has granted this broker a lease that is not over. Any thread. */
  boolean holdsLease() {
    return nowMs() < leaseEndsAtMs;
  }

  /** Whether the controller took a heartbeat a moment ago. */
  boolean hearsController() {
    return holdsLease() && nowMs() - heardAtMs < ActiveController.LEASE_MS / 2;
  }

  private Future<Long> beat() {
    long sentAtMs = nowMs();
    BrokerHeartbeatRequestData request =
        new BrokerHeartbeatRequestData()
            .setBrokerId(options.brokerId())
            .setBrokerEpoch(epoch)
            .setCurrentMetadataOffset(pipeline.listeners().image().index())
            .setWantFence(!wantsToServe && !isServing())
            .setWantShutDown(leaving != null);
    return forwarder
        .once(kinds.heartbeat, forwarder.nextId(), SELF, request, ActiveController.LEASE_MS / 2)
        .map(reply -> heard(reply, sentAtMs));
  }

  /** A broker that founded its cluster serves from the beginning. */
  private boolean isServing() {
    BrokerImage self = pipeline.image().broker(options.brokerId());
    return self != null && self.epoch() == epoch && !self.fenced();
  }

  private boolean hasServed() {
    BrokerImage self = pipeline.image().broker(options.brokerId());
    return wasUnfenced || (self != null && self.epoch() == epoch && self.served());
  }

  private long heard(BrokerHeartbeatResponseData reply, long sentAtMs) {
    Errors error = Errors.forCode(reply.errorCode());
    watch.decided();
    heardAtMs = nowMs();
    if (error == Errors.STALE_BROKER_EPOCH
        || error == Errors.BROKER_ID_NOT_REGISTERED
        || (reply.isFenced() && hasServed() && leaving == null)) {
      LOG.warn("broker {} was fenced and registers again", options.brokerId());
      epoch = -1;
      mustRegister = true;
      return 0;
    }
    if (leaving != null && reply.shouldShutDown()) {
      left(leaving);
      return 0;
    }
    wasUnfenced |= !reply.isFenced();
    leaseEndsAtMs = sentAtMs + ActiveController.LEASE_MS;
    report();
    boolean hurries =
        leaving != null || !registered.future().isComplete() || (wantsToServe && reply.isFenced());
    return hurries ? EAGER_MS : isAlone() ? HEARTBEAT_ALONE_MS : HEARTBEAT_MS;
  }

  private boolean isAlone() {
    return pipeline.isDeciding() && pipeline.speculative().brokers().size() == 1;
  }

  private long withoutController(Throwable fault) {
    LOG.debug("no controller takes this broker's heartbeat: {}", fault.getMessage());
    long nowMs = nowMs();
    if (nowMs >= lookAtMs) {
      lookAtMs = nowMs + HEARTBEAT_MS;
      watch.suspectAll();
    }
    if (leaving != null && (nowMs - heardAtMs > LEAVE_ALONE_MS || !anotherStays())) {
      left(leaving);
    }
    return EAGER_MS;
  }

  private long nowMs() {
    return control.clock().monotonicMs();
  }

  /** Whether there is a broker that could take over what this one leads. */
  private boolean anotherStays() {
    return pipeline.image().brokers().values().stream()
        .anyMatch(
            broker ->
                broker.id() != options.brokerId() && !broker.fenced() && !broker.shuttingDown());
  }

  /** Asks to be let go; completes when this broker is, or when nobody can let it. */
  Future<Void> leave() {
    if (epoch < 0 || ended || !othersServe(pipeline.image())) {
      end();
      return Future.succeededFuture();
    }
    Promise<Void> asked = Promise.promise();
    leaving = asked;
    control.schedule(LEAVE_MS, () -> left(asked));
    hurry();
    return asked.future();
  }

  private boolean othersServe(ClusterImage image) {
    return image.brokers().values().stream()
        .anyMatch(broker -> broker.id() != options.brokerId() && !broker.fenced());
  }

  private void left(Promise<Void> asked) {
    end();
    asked.tryComplete();
  }

  /** Tells the controller what is here of partitions that nobody leads. */
  private void report() {
    if (nowMs() < reportAtMs) {
      return;
    }
    reportAtMs = nowMs() + REPORT_MS;
    List<TopicIdPartition> wanted = wanted(pipeline.listeners().image());
    if (wanted.isEmpty()) {
      return;
    }
    long asEpoch = epoch;
    tails
        .tails(control, wanted)
        .compose(found -> forwarder.report(form(asEpoch, found)))
        .onFailure(fault -> LOG.debug("a report is made again: {}", fault.getMessage()));
  }

  private List<TopicIdPartition> wanted(ClusterImage image) {
    List<TopicIdPartition> wanted = new ArrayList<>();
    for (TopicImage topic : image.topics().values()) {
      int number = 0;
      for (PartitionImage partition : topic.partitions()) {
        if (ReplicaReports.isWanted(partition, options.brokerId())) {
          wanted.add(new TopicIdPartition(topic.id(), new TopicPartition(topic.name(), number)));
        }
        number++;
      }
    }
    return wanted;
  }

  private ReportForm form(long asEpoch, Map<TopicIdPartition, ReplicaTails.Tail> found) {
    return new ReportForm(
        options.brokerId(),
        asEpoch,
        found.entrySet().stream()
            .map(
                entry ->
                    new ReportForm.Held(
                        entry.getKey().topicId(),
                        entry.getKey().partition(),
                        entry.getValue().lastEpoch(),
                        entry.getValue().logEnd()))
            .toList());
  }
}
