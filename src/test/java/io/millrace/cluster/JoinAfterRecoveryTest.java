package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cluster.JoinCodec.Answer;
import io.millrace.cluster.MetadataQuorum.Invitation;
import io.millrace.cluster.MetadataQuorum.Peer;
import io.millrace.cluster.peer.PeerAddress;
import io.millrace.cluster.peer.PeerLink;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.SimScheduler;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.ImageCodec;
import io.millrace.testkit.AskedLink;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** Two brokers lead a log of one cluster each, and only one of them after a recovery. */
class JoinAfterRecoveryTest {
  private static final Uuid ID = new Uuid(5, 6);
  private static final Peer JOINER = new Peer(1, "1-" + ID, "host", 17094);
  private static final PeerAddress OLD = new PeerAddress("old", 17092);
  private static final PeerAddress RECOVERED = new PeerAddress("recovered", 17092);

  private final SimScheduler scheduler = new SimScheduler(1);
  private final EventLoop control = scheduler.process("broker").loop("control");
  private final Map<PeerAddress, ClusterImage> leaders = new LinkedHashMap<>();
  private final List<PeerAddress> admittedBy = new ArrayList<>();
  private boolean wanted = true;

  /** Leads a log that has this image. */
  private JoinService leader(PeerAddress at, ClusterImage image) {
    MetadataQuorum quorum =
        new MetadataQuorum() {
          @Override
          public Future<Invitation> admit(Peer joiner) {
            admittedBy.add(at);
            return Future.succeededFuture(new Invitation("c", ID, List.of(), image.recoveries()));
          }

          @Override
          public void gone(int brokerId) {
            throw new UnsupportedOperationException();
          }

          @Override
          public QuorumView view() {
            return new QuorumView(0, 1, 1, List.of(), List.of());
          }
        };
    return new JoinService(
        control, 0, quorum, () -> image, address -> Future.succeededFuture(Optional.empty()));
  }

  private Future<Invitation> ask(int recoveries) {
    PeerLink link = new Link();
    JoinRequests requests =
        new JoinRequests(control, link, ID, () -> List.copyOf(leaders.keySet()), () -> recoveries);
    return control.ask(control, () -> requests.ask(JOINER, 5_000, () -> wanted));
  }

  private Answer answer(ClusterImage image, JoinCodec.Request request) {
    Future<Answer> answer =
        leader(OLD, image).serve(control, JoinCodec.encode(request)).map(JoinCodec::decodeAnswer);
    scheduler.runFor(10);
    return answer.result();
  }

  @Test
  void whoKnowsOfTheRecoveryFindsTheLogThatGoesOn() {
    leaders.put(OLD, ClusterImage.EMPTY);
    leaders.put(RECOVERED, ClusterImage.EMPTY.recovered());

    Future<Invitation> invitation = ask(1);
    scheduler.runFor(1_000);

    assertThat(invitation.result().recoveries()).isEqualTo(1);
    assertThat(admittedBy).as("the old group takes nobody in").containsExactly(RECOVERED);
  }

  @Test
  void whoKnowsOfTheRecoveryNeverFollowsTheOldLog() {
    leaders.put(OLD, ClusterImage.EMPTY);

    Future<Invitation> invitation = ask(1);
    scheduler.runFor(6_000);

    assertThat(invitation.failed()).isTrue();
  }

  @Test
  void nobodyIsAskedAnyMoreWhenItIsNotWanted() {
    leaders.put(OLD, ClusterImage.EMPTY);
    Future<Invitation> invitation = ask(1);
    scheduler.runFor(1_000);

    wanted = false;
    scheduler.runFor(300);

    assertThat(invitation.failed()).isTrue();
  }

  @Test
  void anInvitationOfAnEarlierReleaseToTheOldLogIsPassedOver() {
    leaders.put(OLD, ClusterImage.EMPTY);
    Link link = new Link();
    link.ignoresCounts = true;
    JoinRequests requests = new JoinRequests(control, link, ID, () -> List.of(OLD), () -> 1);

    Future<Invitation> invitation =
        control.ask(control, () -> requests.ask(JOINER, 1_000, () -> wanted));
    scheduler.runFor(2_000);

    assertThat(invitation.cause()).hasMessageContaining("before a recovery");
  }

  @Test
  void aReleaseThatCannotReadARecoveredImageIsToldSo() {
    JoinCodec.Request earlier = new JoinCodec.Request(JOINER, ID, 0, ImageCodec.FORMAT_2);

    assertThat(answer(ClusterImage.EMPTY.recovered(), earlier))
        .isInstanceOfSatisfying(
            Answer.Refused.class, no -> assertThat(no.sentence()).contains("upgrade"));
    assertThat(answer(ClusterImage.EMPTY, earlier)).isInstanceOf(Answer.Invited.class);
  }

  /** Leads to the leaders. */
  private final class Link extends AskedLink {
    /** As a leader of an earlier release does. */
    private boolean ignoresCounts;

    @Override
    public Future<byte[]> ask(
        EventLoop asker, PeerAddress to, Lane lane, int kind, byte[] body, int timeoutMs) {
      JoinCodec.Request asked = JoinCodec.decodeRequest(body);
      byte[] sent =
          ignoresCounts
              ? JoinCodec.encode(
                  new JoinCodec.Request(asked.peer(), asked.incarnation(), 0, asked.format()))
              : body;
      return leader(to, leaders.get(to)).serve(asker, sent);
    }
  }
}
