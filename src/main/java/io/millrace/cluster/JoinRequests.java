package io.millrace.cluster;

import io.millrace.cluster.JoinCodec.Answer;
import io.millrace.cluster.MetadataQuorum.Invitation;
import io.millrace.cluster.MetadataQuorum.Peer;
import io.millrace.cluster.peer.PeerAddress;
import io.millrace.cluster.peer.PeerLink;
import io.millrace.cluster.peer.PeerLink.Lane;
import io.millrace.cluster.peer.PeerService;
import io.millrace.eventloop.EventLoop;
import io.millrace.metadata.ImageCodec;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks to follow the metadata log of others, of one member after the other until the one that leads
 * it is found. Confined to: the control loop.
 */
public final class JoinRequests {
  private static final Logger LOG = LoggerFactory.getLogger(JoinRequests.class);

  /** The first admission turns a local log into one of several, which takes seconds. */
  private static final int ANSWER_MS_MAX = 30_000;

  private static final long PAUSE_MS = 200;

  private final EventLoop control;
  private final PeerLink link;
  private final Uuid incarnation;
  private final Supplier<List<PeerAddress>> members;
  private final IntSupplier recoveries;

  /**
   * @param incarnation random id of this process
   * @param members where brokers of the cluster are, as far as known
   * @param recoveries how often the metadata was recovered that is to be followed, at least; who
   *     leads a log of fewer leads the one that was given up, and is passed over
   */
  public JoinRequests(
      EventLoop control,
      PeerLink link,
      Uuid incarnation,
      Supplier<List<PeerAddress>> members,
      IntSupplier recoveries) {
    this.control = control;
    this.link = link;
    this.incarnation = incarnation;
    this.members = members;
    this.recoveries = recoveries;
  }

  /**
   * Asks until there is an answer, the time is over or it is not wanted any more.
   *
   * @param wanted looked at before each question, on the control loop
   * @return fails with {@link ClusterStartException} when it is refused, when nobody who leads was
   *     found within {@code patienceMs}, or when it is not wanted any more
   */
  public Future<Invitation> ask(Peer self, long patienceMs, BooleanSupplier wanted) {
    control.assertOwner();
    Attempt attempt = new Attempt(self, control.clock().monotonicMs() + patienceMs, wanted);
    attempt.next();
    return attempt.invited.future();
  }

  private final class Attempt {
    private final byte[] request;
    private final int atLeast;
    private final long untilMs;
    private final BooleanSupplier wanted;
    private final List<PeerAddress> left = new ArrayList<>();
    private final Promise<Invitation> invited = Promise.promise();
    private String trouble = "no broker of the cluster is known";

    Attempt(Peer self, long untilMs, BooleanSupplier wanted) {
      this.atLeast = recoveries.getAsInt();
      this.request =
          JoinCodec.encode(
              new JoinCodec.Request(self, incarnation, atLeast, ImageCodec.NEWEST_FORMAT));
      this.untilMs = untilMs;
      this.wanted = wanted;
    }

    void next() {
      if (!wanted.getAsBoolean()) {
        invited.fail(new ClusterStartException("The cluster was found without being asked."));
        return;
      }
      if (left.isEmpty()) {
        left.addAll(members.get());
      }
      if (left.isEmpty()) {
        pause();
      } else {
        ask(left.remove(0), true);
      }
    }

    private void pause() {
      if (control.clock().monotonicMs() >= untilMs) {
        invited.fail(new ClusterStartException("The cluster cannot be joined: " + trouble + "."));
      } else {
        control.schedule(PAUSE_MS, this::next);
      }
    }

    private void ask(PeerAddress to, boolean follows) {
      link.ask(control, to, Lane.CONTROL, PeerService.JOIN, request, ANSWER_MS_MAX)
          .onSuccess(bytes -> answered(to, JoinCodec.decodeAnswer(bytes), follows))
          .onFailure(
              fault -> {
                trouble = fault.getMessage();
                LOG.debug("{}", trouble);
                again();
              });
    }

    private void again() {
      if (left.isEmpty()) {
        pause();
      } else {
        next();
      }
    }

    private void answered(PeerAddress by, Answer answer, boolean follows) {
      if (answer instanceof Answer.Invited yes && yes.invitation().recoveries() >= atLeast) {
        invited.complete(yes.invitation());
      } else if (answer instanceof Answer.Invited) {
        trouble = by + " goes on with the metadata as it was before a recovery";
        again();
      } else if (answer instanceof Answer.Refused no) {
        invited.fail(new ClusterStartException(no.sentence()));
      } else if (answer instanceof Answer.AskAnother other && follows) {
        ask(other.leader(), false);
      } else {
        trouble = by + " knows of nobody who decides";
        again();
      }
    }
  }
}
