package io.millrace.sim.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cluster.BrokerLiveness;
import io.millrace.cluster.Cluster;
import io.millrace.cluster.ClusterControl;
import io.millrace.cluster.ClusterOptions;
import io.millrace.cluster.ClusterPeers;
import io.millrace.cluster.NotDecidedException;
import io.millrace.cluster.ProducerIdBlock;
import io.millrace.cluster.peer.PeerAddress;
import io.millrace.config.BrokerConfig;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.SimScheduler;
import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.Endpoint;
import io.millrace.metadata.PartitionImage;
import io.millrace.model.Caller;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.junit.jupiter.api.Test;

/** The door to the cluster's decisions on three brokers, one of which decides. */
class ClusterDoorTest {
  private static final Caller CALLER =
      new Caller(KafkaPrincipal.ANONYMOUS, "test", InetAddress.getLoopbackAddress(), "PLAINTEXT");

  private final SimScheduler sim = new SimScheduler(3);
  private final SimNetwork network = new SimNetwork(sim);
  private final SimRaft raft = new SimRaft(sim, network);
  private final List<Node> nodes = new ArrayList<>();

  /** One process of a broker. */
  private final class Node {
    private final int id;
    private final SimScheduler.Process process;
    private final EventLoop control;
    private final Uuid incarnation;
    private final Future<Cluster> start;

    Node(int id, Uuid folder, long previousEpoch) {
      this.id = id;
      this.process = sim.process("b" + id);
      this.control = process.loop("control");
      Random random = new Random(sim.random().nextLong());
      this.incarnation = new Uuid(random.nextLong(), 1);
      ClusterOptions options =
          new ClusterOptions(
              id,
              incarnation,
              null,
              true,
              List.of(new Endpoint(Endpoint.PEER, "PLAINTEXT", "b" + id, 17092)),
              null,
              true,
              previousEpoch,
              folder,
              "1",
              BrokerConfig.DEFAULTS);
      SimPeerDoor door = new SimPeerDoor(process, process.loop("peers"), Endpoint.PEER);
      network.listen(new PeerAddress("b" + id, 17092), door);
      SimMetadataLog log = raft.open(id, "b" + id, process, control);
      ClusterPeers peers =
          new ClusterPeers(network.link("b" + id, process), log, BrokerLiveness.NONE, door::serve);
      Promise<Cluster> started = Promise.promise();
      control.execute(
          () ->
              ClusterControl.start(
                      control,
                      control,
                      options,
                      log,
                      () -> new Uuid(random.nextLong(), 2),
                      fault -> {
                        throw new AssertionError(fault);
                      },
                      peers)
                  .onComplete(started));
      this.start = started.future();
    }

    Cluster cluster() {
      return start.result();
    }

    <T> Future<T> ask(Function<Cluster, Future<T>> request) {
      Promise<T> answer = Promise.promise();
      control.execute(() -> request.apply(cluster()).onComplete(answer));
      return answer.future();
    }

    String host() {
      return "b" + id;
    }

    void kill() {
      network.close(process);
      process.crash();
    }
  }

  private static Uuid folder(int id) {
    return new Uuid(77, id);
  }

  private Node begin(int id) {
    Node node = new Node(id, folder(id), -1);
    sim.runUntil(node.start::isComplete, 60_000);
    assertThat(node.start.succeeded()).isTrue();
    node.cluster().serve();
    nodes.add(node);
    return node;
  }

  private void three() {
    for (int id = 0; id < 3; id++) {
      begin(id);
    }
    sim.runUntil(() -> nodes.stream().allMatch(this::seesAllAlive), 60_000);
  }

  private boolean seesAllAlive(Node node) {
    return node.cluster().image().brokers().size() == 3
        && node.cluster().image().brokers().values().stream().noneMatch(BrokerImage::fenced);
  }

  @Test
  void theLeaseOfABrokerThatReachesNobodyIsOver() {
    three();
    Node cut = nodes.stream().filter(node -> node != decider()).findFirst().orElseThrow();
    sim.runFor(1_000);
    assertThat(nodes).allMatch(node -> node.cluster().holdsLease());

    nodes.forEach(other -> network.cut("b" + cut.id, "b" + other.id));
    sim.runUntil(() -> cutFromAll(cut), 10_000);

    assertThat(cut.cluster().holdsLease()).isFalse();
    network.healAll();
    sim.runUntil(() -> cut.cluster().holdsLease(), 30_000);
  }

  private boolean cutFromAll(Node cut) {
    BrokerImage seen = decider().cluster().image().broker(cut.id);
    return seen != null && seen.fenced();
  }

  private Node decider() {
    return nodes.stream().filter(node -> node.id == raft.leaderId()).findFirst().orElseThrow();
  }

  private Node other() {
    return nodes.stream().filter(node -> node.id != raft.leaderId()).findFirst().orElseThrow();
  }

  private static CreateTopicsRequestData creation(String name, int replicationFactor) {
    CreateTopicsRequestData request = new CreateTopicsRequestData();
    request
        .topics()
        .add(
            new CreatableTopic()
                .setName(name)
                .setNumPartitions(3)
                .setReplicationFactor((short) replicationFactor));
    return request;
  }

  private Future<CreateTopicsResponseData> create(Node node, String name) {
    return create(node, name, 3);
  }

  private Future<CreateTopicsResponseData> create(Node node, String name, int replicationFactor) {
    return node.ask(c -> c.createTopics(node.control, CALLER, creation(name, replicationFactor)));
  }

  @Test
  void aBrokerIsUnfencedAsSoonAsItListens() {
    begin(0);
    for (int id = 1; id < 5; id++) {
      Node late = new Node(id, folder(id), -1);
      sim.runUntil(late.start::isComplete, 60_000);
      nodes.add(late);
      sim.runFor(1_000 + 130 * id); // it opens its logs

      late.cluster().serve();
      sim.runFor(100);

      assertThat(decider().cluster().image().broker(id).fenced()).isFalse();
    }
  }

  @Test
  void aBrokerThatStopsIsLetGoAsSoonAsTheOthersKnow() {
    three();
    Node node = other();
    sim.runFor(1_130); // amid heartbeats

    Future<Void> left = node.ask(cluster -> cluster.leave(node.control));
    sim.runFor(200);

    assertThat(left.isComplete()).isTrue();
  }

  @Test
  void brokersThatStopTogetherWaitForNobody() {
    three();
    sim.runFor(1_130);

    List<Future<Void>> left = nodes.stream().map(this::leaveAndEnd).toList();
    sim.runFor(500);

    assertThat(left).allMatch(Future::isComplete);
  }

  private Future<Void> leaveAndEnd(Node node) {
    return node.ask(cluster -> cluster.leave(node.control)).onComplete(done -> node.kill());
  }

  @Test
  void everyBrokerAnswersAndHasWhatItAnswered() {
    three();

    CreateTopicsResponseData answer = sim.await(create(other(), "t"), 10_000);

    assertThat(answer.topics().find("t").errorCode()).isZero();
    assertThat(other().cluster().image().topic("t").partitions()).hasSize(3);
  }

  @Test
  void aLostAnswerIsAskedForAgainAndNothingIsDoneTwice() {
    three();
    Set<Long> firsts = new HashSet<>();
    for (int i = 0; i < 30; i++) {
      Node node = nodes.get(i % 3);
      Future<CreateTopicsResponseData> created = create(node, "t" + i);
      Future<ProducerIdBlock> block = node.ask(c -> c.allocateProducerIds(node.control));
      sim.runFor(sim.random().nextInt(5));
      network.breakSome();
      assertThat(sim.await(created, 30_000).topics().find("t" + i).errorCode()).isZero();
      assertThat(firsts.add(sim.await(block, 30_000).first())).isTrue();
    }
  }

  @Test
  void theDeathOfTheControllerMovesItsLeadershipsWithinASecond() {
    three();
    sim.await(create(other(), "t"), 10_000);
    Node dead = decider();
    Node alive = other();
    Future<CreateTopicsResponseData> waiting = create(alive, "later", 2);

    dead.kill();
    long killedMs = sim.clock().monotonicMs();
    sim.runUntil(
        () ->
            !alive.cluster().image().isAlive(dead.id)
                && alive.cluster().image().topic("t").partitions().stream()
                    .allMatch(p -> p.hasLeader() && p.leader() != dead.id),
        20_000);

    assertThat(sim.clock().monotonicMs() - killedMs).isLessThan(1500);
    assertThat(sim.await(waiting, 30_000).topics().find("later").errorCode()).isZero();
  }

  @Test
  void aDeathIsSeenAtOnceAlsoOfABrokerThatNobodyHasAskedAnything() {
    three();
    Node dead = other();

    dead.kill();
    long killedMs = sim.clock().monotonicMs();
    sim.runUntil(() -> !decider().cluster().image().isAlive(dead.id), 20_000);

    assertThat(sim.clock().monotonicMs() - killedMs).isLessThan(500);
  }

  @Test
  void aSilentBrokerIsFencedWhenItsLeaseEndsAndRegistersAgain() {
    three();
    Node silent = other();
    long epoch = silent.cluster().brokerEpoch();

    silent.process.pause();
    long pausedMs = sim.clock().monotonicMs();
    sim.runUntil(() -> !decider().cluster().image().isAlive(silent.id), 20_000);
    assertThat(sim.clock().monotonicMs() - pausedMs).isBetween(2000L, 5000L);
    silent.process.resume();
    sim.runUntil(() -> seesAllAlive(silent) && seesAllAlive(decider()), 20_000);

    assertThat(silent.cluster().brokerEpoch()).isGreaterThan(epoch);
  }

  @Test
  void aBrokerThatIsCutFromTheControllerAloneSendsClientsAway() {
    three();
    Node cut = other();
    Node decider = decider();

    network.cut(decider.host(), cut.host());
    sim.runUntil(() -> cut.cluster().refusing().contains(cut.id), 10_000);
    assertThat(decider.cluster().refusing()).isEmpty();
    network.healAll();

    sim.runUntil(() -> cut.cluster().refusing().isEmpty() && seesAllAlive(cut), 20_000);
  }

  @Test
  void aBrokerThatIsCutFromAllOthersKeepsItsClients() {
    three();
    Node cut = other();

    network.isolate(cut.host(), nodes.stream().map(Node::host).toList());
    sim.runUntil(() -> !cut.cluster().holdsLease(), 10_000);
    sim.runFor(10_000);

    assertThat(cut.cluster().refusing()).isEmpty();
  }

  @Test
  void saysHowManyVotersThereAreWithoutAQuorum() {
    three();
    Node last = other();
    nodes.stream().filter(node -> node != last).forEach(Node::kill);

    Future<CreateTopicsResponseData> created = create(last, "t");
    sim.runUntil(created::isComplete, 40_000);

    assertThat(created.cause())
        .isInstanceOfSatisfying(
            NotDecidedException.class,
            e -> assertThat(e.error()).isEqualTo(Errors.REQUEST_TIMED_OUT))
        .hasMessage("no quorum: 1 of 3 voters");
    assertThat(last.cluster().refusing()).hasSize(2);
  }

  @Test
  void whoLeavesHandsItsLeadershipsOverFirst() {
    three();
    sim.await(create(other(), "t"), 10_000);
    Node leaving = other();
    Node staying =
        nodes.stream()
            .filter(node -> node != leaving && node.id != raft.leaderId())
            .findFirst()
            .orElseThrow();

    sim.await(leaving.ask(c -> c.leave(leaving.control)), 20_000);

    assertThat(staying.cluster().image().topic("t").partitions())
        .extracting(PartitionImage::leader)
        .doesNotContain(leaving.id, -1);
  }

  @Test
  void refusesMoreThanCanBeDecidedAtOnceAndGoesOn() {
    three();
    int leader = raft.leaderId();

    for (Node node : nodes) {
      CreateTopicsResponseData refused =
          sim.await(
              node.ask(c -> c.createTopics(node.control, CALLER, tooMuch()))
                  .recover(ClusterDoorTest::told),
              2_000);
      assertThat(refused.throttleTimeMs()).isEqualTo(Errors.POLICY_VIOLATION.code());
    }

    sim.await(create(other(), "t"), 10_000);
    assertThat(raft.leaderId()).isEqualTo(leader);
  }

  /** The error of a failure, in a field that has no other use here. */
  private static Future<CreateTopicsResponseData> told(Throwable fault) {
    short code = ((NotDecidedException) fault).error().code();
    return Future.succeededFuture(new CreateTopicsResponseData().setThrottleTimeMs(code));
  }

  private static CreateTopicsRequestData tooMuch() {
    CreateTopicsRequestData request = new CreateTopicsRequestData();
    for (int i = 0; i < 160; i++) {
      CreatableTopic topic = creation("large" + i, 3).topics().iterator().next().duplicate();
      topic
          .configs()
          .add(
              new CreatableTopicConfig()
                  .setName("leader.replication.throttled.replicas")
                  .setValue("0:1,".repeat(8_000) + "0:1"));
      request.topics().add(topic);
    }
    return request;
  }
}
