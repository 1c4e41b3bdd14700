package io.millrace.sim.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cluster.peer.PeerAddress;
import io.millrace.cluster.peer.PeerFault;
import io.millrace.cluster.peer.PeerLink;
import io.millrace.cluster.peer.PeerService;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.SimScheduler;
import io.millrace.handler.ApiHandler;
import io.millrace.handler.Handlers;
import io.millrace.handler.RequestContext;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.message.BrokerHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.junit.jupiter.api.Test;

/** What a process sees of others over the simulated network. */
class SimNetworkTest {
  private static final PeerAddress TWO = new PeerAddress("two", 17092);

  private SimScheduler sim;
  private SimNetwork network;
  private SimScheduler.Process one;
  private SimScheduler.Process two;
  private EventLoop asker;
  private SimPeerLink link;
  private final List<String> served = new ArrayList<>();

  private void begin(long seed) {
    sim = new SimScheduler(seed);
    network = new SimNetwork(sim);
    one = sim.process("one");
    two = sim.process("two");
    asker = one.loop("asker");
    link = network.link("one", one);
    served.clear();
    EventLoop door = two.loop("door");
    network.listen(
        TWO,
        new SimPeerDoor(two, door, "PEER")
            .handle(new Handlers(List.of(new Heartbeats())))
            .serve(echo()));
  }

  private PeerService echo() {
    return new PeerService() {
      @Override
      public int kind() {
        return PeerService.DECIDE;
      }

      @Override
      public Future<byte[]> serve(EventLoop loop, byte[] body) {
        assertThat(loop.isOwner()).isTrue();
        served.add("own " + body[0]);
        return Future.succeededFuture(body);
      }
    };
  }

  private final class Heartbeats implements ApiHandler<BrokerHeartbeatRequestData> {
    @Override
    public ApiKeys api() {
      return ApiKeys.BROKER_HEARTBEAT;
    }

    @Override
    public Future<ApiMessage> handle(RequestContext context, BrokerHeartbeatRequestData request) {
      served.add("heartbeat " + request.brokerEpoch());
      return Future.succeededFuture(
          new BrokerHeartbeatResponseData().setIsFenced(request.brokerEpoch() == 7));
    }
  }

  private Future<byte[]> ask(int number) {
    Promise<byte[]> answer = Promise.promise();
    asker.execute(
        () ->
            link.ask(
                    asker,
                    TWO,
                    PeerLink.Lane.CONTROL,
                    PeerService.DECIDE,
                    new byte[] {(byte) number},
                    1_000)
                .onComplete(
                    done -> {
                      assertThat(asker.isOwner()).isTrue();
                      answer.handle(done);
                    }));
    return answer.future();
  }

  private PeerFault.Kind fault(Future<byte[]> answer) {
    sim.runUntil(answer::isComplete, 10_000);
    assertThat(answer.failed()).as("failed").isTrue();
    return ((PeerFault) answer.cause()).kind();
  }

  @Test
  void answersComeOnTheLoopThatAsked() {
    begin(1);
    assertThat(sim.await(ask(3), 1_000)).containsExactly(3);
  }

  @Test
  void messagesCarryWhatTheirVersionCarries() {
    begin(1);
    Promise<Boolean> fenced = Promise.promise();
    asker.execute(
        () ->
            link.<BrokerHeartbeatResponseData>send(
                    asker,
                    TWO,
                    PeerLink.Lane.CONTROL,
                    ApiKeys.BROKER_HEARTBEAT,
                    (short) 1,
                    new BrokerHeartbeatRequestData().setBrokerId(1).setBrokerEpoch(7),
                    1_000)
                .map(answer -> answer.message().isFenced())
                .onComplete(fenced));
    assertThat(sim.await(fenced.future(), 1_000)).isTrue();
    assertThat(served).containsExactly("heartbeat 7");
  }

  @Test
  void unknownRequestsAreRejected() {
    begin(1);
    Promise<byte[]> answer = Promise.promise();
    asker.execute(
        () ->
            link.ask(asker, TWO, PeerLink.Lane.CONTROL, 99, new byte[] {0}, 1_000)
                .onComplete(answer));
    assertThat(fault(answer.future())).isEqualTo(PeerFault.Kind.REJECTED);
  }

  @Test
  void portOfDeadProcessRefuses() {
    begin(1);
    two.crash();
    assertThat(fault(ask(1))).isEqualTo(PeerFault.Kind.REFUSED);
  }

  @Test
  void endOfProcessIsSeenOnItsConnections() {
    begin(1);
    List<PeerAddress> lost = new ArrayList<>();
    link.onLost(asker, lost::add);
    sim.await(ask(1), 1_000);
    two.pause();
    Future<byte[]> waiting = ask(2);
    sim.runFor(100);
    two.crash();
    assertThat(fault(waiting)).isEqualTo(PeerFault.Kind.LOST);
    assertThat(lost).containsExactly(TWO);
    assertThat(fault(ask(3))).isEqualTo(PeerFault.Kind.REFUSED);
  }

  @Test
  void pausedProcessIsSilentAndServesLater() {
    begin(1);
    two.pause();
    assertThat(fault(ask(1))).isEqualTo(PeerFault.Kind.SILENT);
    assertThat(served).isEmpty();
    two.resume();
    sim.runFor(1_000);
    assertThat(served).containsExactly("own 1");
  }

  @Test
  void machineWithoutPowerIsSilent() {
    begin(1);
    network.powerOff("two");
    two.crash();
    assertThat(fault(ask(1))).isEqualTo(PeerFault.Kind.SILENT);
    network.powerOn("two");
    assertThat(fault(ask(2))).isEqualTo(PeerFault.Kind.REFUSED);
  }

  @Test
  void cutOfOneDirectionKeepsAnswersBack() {
    begin(1);
    sim.await(ask(1), 1_000);
    network.cut("two", "one");
    assertThat(fault(ask(2))).isEqualTo(PeerFault.Kind.SILENT);
    assertThat(served).containsExactly("own 1", "own 2");
    network.healAll();
    assertThat(sim.await(ask(3), 2_000)).containsExactly(3);
  }

  @Test
  void whatIsSentIntoACutArrivesWhenItHeals() {
    begin(1);
    sim.await(ask(1), 1_000);
    network.cut("one", "two");
    assertThat(fault(ask(2))).isEqualTo(PeerFault.Kind.SILENT);
    assertThat(served).containsExactly("own 1");
    network.healAll();
    sim.runFor(500);
    assertThat(served).containsExactly("own 1", "own 2");
  }

  @Test
  void oneLaneKeepsTheOrder() {
    for (long seed = 0; seed < 50; seed++) {
      begin(seed);
      for (int i = 0; i < 10; i++) {
        ask(i);
      }
      sim.runFor(3_000);
      assertThat(served)
          .containsExactly(
              "own 0", "own 1", "own 2", "own 3", "own 4", "own 5", "own 6", "own 7", "own 8",
              "own 9");
    }
  }

  @Test
  void brokenConnectionMayDeliverBehindWhatIsSentAgain() {
    Set<String> orders = new HashSet<>();
    for (long seed = 0; seed < 300; seed++) {
      begin(seed);
      Future<byte[]> first = ask(1);
      sim.runFor(seed % 3);
      network.breakSome();
      sim.runUntil(first::isComplete, 5_000);
      sim.runFor(100);
      sim.await(ask(2), 5_000);
      sim.runFor(5_000);
      orders.add((first.failed() ? "lost " : "answered ") + served);
    }
    assertThat(orders)
        .contains(
            "lost [own 2, own 1]",
            "lost [own 1, own 2]",
            "lost [own 2]",
            "answered [own 1, own 2]");
  }
}
