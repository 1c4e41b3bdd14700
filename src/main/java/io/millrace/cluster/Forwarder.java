package io.millrace.cluster;

import io.millrace.cluster.peer.PeerAddress;
import io.millrace.cluster.peer.PeerLink;
import io.millrace.cluster.peer.PeerService;
import io.millrace.eventloop.EventLoop;
import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.MetadataEntry;
import io.millrace.metadata.RequestId;
import io.millrace.model.Caller;
import io.millrace.time.Timer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.Message;
import org.jspecify.annotations.Nullable;

/**
 * Gets requests answered by the active controller: here when this broker decides, else by asking
 * the broker that does. When the controller changes or an answer is lost, the same request is asked
 * again under the same name until its time is over, so that it is neither done twice nor refused
 * because it was done. An answer comes when this broker's image has what was decided.
 *
 * <p>Confined to: the control loop.
 */
final class Forwarder {
  /** An attempt that is not answered by then is made again; a controller may hang. */
  private static final int ATTEMPT_MS = 5000;

  /** Much more than any request that could be decided; a peer port takes larger frames. */
  private static final int FORWARDED_BYTES_MAX = 4 * MetadataEntry.BYTES_MAX;

  private static final int PAUSE_MIN_MS = 20;
  private static final int PAUSE_MAX_MS = 250;

  /** How long nobody may lead the metadata log until requests are refused for it. */
  private static final int NO_QUORUM_MS = 4000;

  private final EventLoop control;
  private final ClusterOptions options;
  private final DecisionPipeline pipeline;
  private final ActiveController office;

  // From the start on when there are others.
  private @Nullable ClusterPeers peers;
  private @Nullable PeerWatch watch;

  private long nextRequest;

  Forwarder(
      EventLoop control,
      ClusterOptions options,
      DecisionPipeline pipeline,
      ActiveController office) {
    this.control = control;
    this.options = options;
    this.pipeline = pipeline;
    this.office = office;
  }

  /** From now on another broker may decide. */
  void reach(ClusterPeers others, PeerWatch watched) {
    peers = others;
    watch = watched;
  }

  RequestId nextId() {
    return new RequestId(options.brokerId(), options.incarnation(), nextRequest++);
  }

  /** Asks until there is an answer or {@code timeoutMs} is over. */
  <Q extends Message, R extends Message> Future<R> ask(
      RequestKind<Q, R> kind, Caller caller, Q request, int timeoutMs) {
    control.assertOwner();
    Asking<Q, R> asking =
        new Asking<>(kind, caller, request, nextId(), nowMs(), nowMs() + timeoutMs);
    asking.attempt();
    return asking.answered.future();
  }

  private long nowMs() {
    return control.clock().monotonicMs();
  }

  /** One request on its way. */
  private final class Asking<Q extends Message, R extends Message> {
    private final RequestKind<Q, R> kind;
    private final Caller caller;
    private final Q request;
    private final RequestId id;
    private final long deadlineMs;
    private final Promise<R> answered = Promise.promise();
    private long ledAtMs;
    private int pauseMs = PAUSE_MIN_MS;

    Asking(
        RequestKind<Q, R> kind, Caller caller, Q request, RequestId id, long nowMs, long deadline) {
      this.kind = kind;
      this.caller = caller;
      this.request = request;
      this.id = id;
      this.ledAtMs = nowMs;
      this.deadlineMs = deadline;
    }

    void attempt() {
      int leftMs = (int) Math.max(1, Math.min(ATTEMPT_MS, deadlineMs - nowMs()));
      once(kind, id, caller, request, leftMs)
          .onComplete(
              done -> {
                if (done.succeeded()) {
                  answered.tryComplete(done.result());
                } else {
                  again(done.cause());
                }
              });
    }

    private void again(Throwable fault) {
      boolean final_ =
          peers == null
              || (fault instanceof NotDecidedException refused
                  && refused.error() != Errors.NOT_CONTROLLER);
      if (final_) {
        answered.tryFail(fault);
        return;
      }
      long nowMs = nowMs();
      if (isLed()) {
        ledAtMs = nowMs;
      }
      boolean noQuorum = nowMs - ledAtMs >= NO_QUORUM_MS;
      if (noQuorum || nowMs + pauseMs >= deadlineMs) {
        answered.tryFail(noAnswer(noQuorum, fault));
        return;
      }
      control.schedule(pauseMs, this::attempt);
      pauseMs = Math.min(PAUSE_MAX_MS, pauseMs * 2);
    }
  }

  private boolean isLed() {
    ClusterPeers others = peers;
    return others == null || others.quorum().view().leaderId() >= 0;
  }

  private NotDecidedException noAnswer(boolean noQuorum, Throwable fault) {
    ClusterPeers others = peers;
    PeerWatch watched = watch;
    if (!noQuorum || others == null || watched == null) {
      return new NotDecidedException(
          Errors.REQUEST_TIMED_OUT, "the active controller gave no answer: " + fault.getMessage());
    }
    QuorumView view = others.quorum().view();
    long there = view.voters().stream().filter(voter -> watched.answers(voter.brokerId())).count();
    return new NotDecidedException(
        Errors.REQUEST_TIMED_OUT,
        "no quorum: " + there + " of " + view.voters().size() + " voters");
  }

  /**
   * Asks once.
   *
   * @return fails with NOT_CONTROLLER when it may be asked again
   */
  <Q extends Message, R extends Message> Future<R> once(
      RequestKind<Q, R> kind, RequestId id, Caller caller, Q request, int timeoutMs) {
    ClusterPeers others = peers;
    if (pipeline.isDeciding() || others == null) {
      return kind.server().serve(id, request);
    }
    PeerAddress controller = controller(others);
    if (controller == null) {
      return Future.failedFuture(notController("no broker is known to decide"));
    }
    byte[] body =
        ForwardForm.encode(new ForwardForm.Request(id, caller, kind.code(), kind.encode(request)));
    if (body.length > FORWARDED_BYTES_MAX) {
      return Future.failedFuture(EntrySize.TOO_LARGE);
    }
    return others
        .link()
        .ask(control, controller, kind.lane(), PeerService.DECIDE, body, timeoutMs)
        .compose(answer -> taken(kind, ForwardForm.reply(answer), timeoutMs))
        .recover(
            fault ->
                Future.failedFuture(
                    fault instanceof NotDecidedException
                        ? fault
                        : notController(String.valueOf(fault.getMessage()))));
  }

  private static NotDecidedException notController(String message) {
    return new NotDecidedException(Errors.NOT_CONTROLLER, message);
  }

  private <Q extends Message, R extends Message> Future<R> taken(
      RequestKind<Q, R> kind, ForwardForm.Reply reply, int timeoutMs) {
    if (reply.error() != Errors.NONE) {
      return Future.failedFuture(new NotDecidedException(reply.error(), reply.message()));
    }
    R message = kind.reply().decode(reply.body());
    return kind.awaitsImage()
        ? within(timeoutMs, pipeline.published(reply.index())).map(there -> message)
        : Future.succeededFuture(message);
  }

  /** An image that does not follow keeps nobody waiting for ever. */
  private Future<Void> within(int timeoutMs, Future<Void> published) {
    Promise<Void> there = Promise.promise();
    published.onSuccess(there::tryComplete);
    if (published.isComplete()) {
      return there.future();
    }
    Timer.Handle patience =
        control.schedule(
            timeoutMs,
            () ->
                there.tryFail(notController("this broker's image does not have the decision yet")));
    return there.future().onComplete(done -> patience.cancel());
  }

  private @Nullable PeerAddress controller(ClusterPeers others) {
    int leader = others.quorum().view().leaderId();
    int id = leader >= 0 ? leader : pipeline.image().controllerId();
    BrokerImage broker = id == options.brokerId() ? null : pipeline.image().broker(id);
    return broker == null ? null : PeerWatch.address(broker);
  }

  /** Tells the active controller what this broker holds of partitions without a leader. */
  Future<Void> report(ReportForm report) {
    ClusterPeers others = peers;
    if (pipeline.isDeciding() || others == null) {
      office.report(report);
      return Future.succeededFuture();
    }
    PeerAddress controller = controller(others);
    return controller == null
        ? Future.failedFuture(notController("no broker is known to decide"))
        : others
            .link()
            .ask(
                control,
                controller,
                PeerLink.Lane.CONTROL,
                PeerService.LEADERLESS,
                report.encode(),
                ATTEMPT_MS)
            .mapEmpty();
  }

  /** Answers a request of another broker. */
  Future<byte[]> serve(RequestKinds kinds, ForwardForm.Request request) {
    control.assertOwner();
    RequestKind<?, ?> kind = kinds.find(request.code());
    Future<byte[]> reply =
        kind == null
            ? Future.failedFuture(
                new NotDecidedException(
                    Errors.UNSUPPORTED_VERSION,
                    "the active controller knows no request " + request.code()))
            : pipeline.isDeciding()
                ? kind.serve(request.id(), request.body())
                : Future.failedFuture(notController("this broker does not decide now"));
    return reply
        .map(
            body ->
                new ForwardForm.Reply(Errors.NONE, "", pipeline.listeners().image().index(), body))
        .recover(
            fault ->
                fault instanceof NotDecidedException refused
                    ? Future.succeededFuture(
                        new ForwardForm.Reply(
                            refused.error(), String.valueOf(refused.getMessage()), 0, new byte[0]))
                    : Future.failedFuture(fault))
        .map(ForwardForm::encode);
  }
}
