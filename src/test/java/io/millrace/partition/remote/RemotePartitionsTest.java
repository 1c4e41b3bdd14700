package io.millrace.partition.remote;

import static io.millrace.partition.LogUser.offsets;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cluster.peer.PeerAddress;
import io.millrace.config.BrokerConfig;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.SimScheduler;
import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterChange;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.Endpoint;
import io.millrace.metadata.PartitionChanged;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import io.millrace.partition.AppendOutcome;
import io.millrace.partition.CommittedLog;
import io.millrace.partition.CommittedOffsets;
import io.millrace.partition.CommittedRead;
import io.millrace.partition.FoundOffset;
import io.millrace.partition.LogUser;
import io.millrace.sim.Requests;
import io.millrace.sim.SimBroker;
import io.millrace.sim.cluster.SimNetwork;
import io.millrace.sim.cluster.SimPeerDoor;
import io.millrace.storage.DiskFiles;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What readers and writers on one broker see of a partition that another one leads. */
class RemotePartitionsTest {
  private static final PeerAddress LEADER = new PeerAddress("leader", 17092);

  @TempDir Path folder;
  private final SimScheduler sim = new SimScheduler(11);
  private final SimNetwork network = new SimNetwork(sim);
  private SimBroker leader;
  private EventLoop owner;
  private EventLoop reader;
  private LogUser user;
  private ClusterImage image;
  private RemoteFeeds feeds;
  private CommittedLogs logs;
  private Appends appends;

  @BeforeEach
  void start() throws Exception {
    leader = broker("leader");
    SimBroker here = broker("here");
    SimScheduler.Process port = sim.process("port");
    network.listen(
        LEADER,
        new SimPeerDoor(port, port.loop("door"), Endpoint.PEER, leader.handlers(), List.of()));
    var created =
        sim.await(
            leader.call(1, ApiKeys.CREATE_TOPICS, 7, Requests.createTopic("orders", 1)), 1_000);
    assertThat(((CreateTopicsResponseData) created).topics().find("orders").errorCode()).isZero();
    image = withPeerPort(leader.cluster().image());

    SimScheduler.Process process = sim.process("reader");
    owner = process.loop("elsewhere");
    reader = process.loop("reader");
    user = new LogUser(sim, reader);
    var link = network.link("reader", process);
    feeds = new RemoteFeeds(owner, () -> image, link);
    logs =
        new CommittedLogs(9, here.partitions(), feeds, leader.cluster().effectiveConfigs()::topic);
    appends = new Appends(logs, link);
  }

  private SimBroker broker(String name) throws Exception {
    Path data = folder.resolve(name);
    data.toFile().mkdirs();
    SimBroker broker =
        SimBroker.launch(
            new SimBroker.Start(
                sim,
                new DiskFiles(),
                data,
                "boot",
                BrokerConfig.of(Map.of("log.dirs", data.toString()))),
            name);
    sim.await(broker.ready(), 1_000);
    return broker;
  }

  private static ClusterImage withPeerPort(ClusterImage image) {
    BrokerImage broker = image.brokers().values().iterator().next();
    List<Endpoint> endpoints = new ArrayList<>(broker.endpoints());
    endpoints.add(new Endpoint(Endpoint.PEER, "PLAINTEXT", LEADER.host(), LEADER.port()));
    return with(
        image,
        new BrokerImage(
            broker.id(),
            broker.epoch(),
            broker.incarnation(),
            endpoints,
            broker.rack(),
            false,
            broker.start(),
            false));
  }

  private static ClusterImage with(ClusterImage image, BrokerImage broker) {
    return new ClusterImage(
        image.index() + 1,
        image.term(),
        image.nextSequence(),
        image.clusterId(),
        image.controllerId(),
        image.lastBrokerEpoch(),
        image.nextProducerId(),
        image.recoveries(),
        image.brokers().plus(broker.id(), broker),
        image.topics(),
        image.topicNames(),
        image.similarNames(),
        image.configs(),
        image.answers());
  }

  private static ClusterImage withoutLeader(ClusterImage image) {
    TopicImage topic = image.topics().get("orders");
    PartitionImage led = topic.partition(0);
    return image.apply(
        new PartitionChanged(
            topic.id(),
            0,
            led.partitionEpoch(),
            List.of(image.brokers().get(led.leader()).epoch()),
            new PartitionImage(
                led.replicas(),
                led.isr(),
                PartitionImage.NO_LEADER,
                led.leaderEpoch() + 1,
                led.partitionEpoch() + 1)));
  }

  private CommittedLog orders() {
    return logs.get("orders", 0);
  }

  private AppendOutcome publish(String value) {
    ByteBuffer batch = user.batch(value);
    return user.answer(() -> appends.append(reader, orders().id(), batch, (short) -1, 5_000));
  }

  private CommittedRead read(long from) {
    return user.read(orders(), from);
  }

  @Test
  void appendsAtTheLeaderAndReadsItBack() {
    assertThat(publish("a").baseOffset()).isZero();
    assertThat(publish("b").baseOffset()).isEqualTo(1);

    CommittedRead read = read(0);

    assertThat(read.error()).isEqualTo(Errors.NONE);
    assertThat(offsets(read)).containsExactly(0L, 1L);
    assertThat(read.limit()).isEqualTo(2);
    assertThat(offsets(read(1))).containsExactly(1L);
    assertThat(read(2).bytes().remaining()).isZero();
  }

  @Test
  void saysWhereThePartitionBeginsAndEndsAndWhatATimeMeans() {
    publish("a");
    sim.runFor(1_000);
    long later = sim.clock().wallMs();
    publish("b");

    CommittedOffsets now = user.answer(() -> orders().offsets(reader));
    FoundOffset found = user.answer(() -> orders().findOffset(reader, later));
    FoundOffset end = user.answer(() -> orders().epochEnd(reader, 0));

    assertThat(now).isEqualTo(new CommittedOffsets(Errors.NONE, 0, 2, 2));
    assertThat(found.offset()).isEqualTo(1);
    assertThat(end.offset()).isEqualTo(2);
  }

  @Test
  void wakesAReaderAsSoonAsARecordIsCommitted() {
    publish("a");
    long[] wokenAtMs = {-1};
    reader.execute(
        () -> orders().awaitData(reader, 1, () -> wokenAtMs[0] = sim.clock().monotonicMs()));
    sim.runFor(2_000);
    assertThat(wokenAtMs[0]).as("nothing has come").isEqualTo(-1);

    publish("b");
    long committedAtMs = sim.clock().monotonicMs();
    sim.runUntil(() -> wokenAtMs[0] >= 0, 1_000);

    assertThat(wokenAtMs[0] - committedAtMs).isLessThan(50);
    assertThat(offsets(read(1))).containsExactly(1L);
  }

  @Test
  void readersWhoKeepUpShareTheWindow() {
    publish("a");
    reader.execute(() -> orders().awaitData(reader, 1, () -> {}));
    sim.runFor(100);
    publish("b");
    sim.runFor(100);
    network.powerOff("leader");

    Future<CommittedRead> one = orders().read(reader, 1, LogUser.READ_BYTES);
    Future<CommittedRead> other = orders().read(owner, 1, LogUser.READ_BYTES);

    assertThat(one.isComplete()).as("read without asking anybody").isTrue();
    assertThat(offsets(one.result())).containsExactly(1L);
    assertThat(offsets(other.result())).containsExactly(1L);
  }

  @Test
  void waitsOutATimeWithoutALeader() {
    publish("a");
    network.powerOff("leader");
    Future<CommittedRead> read = orders().read(reader, 0, LogUser.READ_BYTES);
    sim.runFor(1_000);
    assertThat(read.isComplete()).isFalse();

    network.powerOn("leader");

    assertThat(offsets(sim.await(read, 10_000))).containsExactly(0L);
  }

  @Test
  void aReaderWhoWaitsOutlivesALostLeader() {
    publish("a");
    boolean[] woken = {false};
    reader.execute(() -> orders().awaitData(reader, 1, () -> woken[0] = true));
    sim.runFor(100);
    network.powerOff("leader");
    sim.runFor(20_000);
    network.powerOn("leader");
    sim.runFor(10_000);

    publish("b");
    sim.runUntil(() -> woken[0], 1_000);

    assertThat(offsets(read(1))).containsExactly(1L);
  }

  @Test
  void tellsReadersToLookAgainWhenTheLeaderChanges() {
    publish("a");
    boolean[] woken = {false};
    reader.execute(() -> orders().awaitData(reader, 1, () -> woken[0] = true));
    sim.runFor(100);

    ClusterImage before = image;
    image = withEpoch(before);
    feeds.onImage(new ClusterChange(before, image, Set.of(), Set.of(), false), () -> {});
    sim.runFor(100);

    assertThat(woken[0]).isTrue();
  }

  private static ClusterImage withEpoch(ClusterImage image) {
    var topic = image.topic("orders");
    var partition = topic.partition(0);
    var next =
        new TopicImage(
            topic.name(),
            topic.id(),
            topic
                .partitions()
                .with(
                    0,
                    new PartitionImage(
                        partition.replicas(), partition.isr(), partition.leader(), 5, 5)));
    return new ClusterImage(
        image.index() + 1,
        image.term(),
        image.nextSequence(),
        image.clusterId(),
        image.controllerId(),
        image.lastBrokerEpoch(),
        image.nextProducerId(),
        image.recoveries(),
        image.brokers(),
        image.topics().plus(topic.name(), next),
        image.topicNames(),
        image.similarNames(),
        image.configs(),
        image.answers());
  }

  @Test
  void refusesAReadBehindTheEndWithTheStartOfTheLog() {
    publish("a");

    CommittedRead read = read(100);

    assertThat(read.error()).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
    assertThat(read.logStartOffset()).isZero();
  }

  @Test
  void doesNotRepeatAnAppendWhoseAnswerWasLost() {
    publish("a");
    network.cut("leader", "reader");
    Future<AppendOutcome> outcome =
        appends.append(reader, orders().id(), user.batch("b"), (short) -1, 5_000);

    assertThat(sim.await(outcome, 20_000).error()).isEqualTo(Errors.NETWORK_EXCEPTION);
    network.healAll();
    sim.runFor(5_000);
    assertThat(user.answer(() -> orders().offsets(reader)).limit())
        .as("appended once")
        .isEqualTo(2);
  }

  @Test
  void doesNotWaitForALeaderThatAnswersNothingAtAll() {
    publish("a");
    network.cut("leader", "reader");
    long askedAtMs = sim.clock().monotonicMs();

    Future<AppendOutcome> outcome =
        appends.append(reader, orders().id(), user.batch("b"), (short) -1, 30_000);

    assertThat(sim.await(outcome, 60_000).error()).isEqualTo(Errors.NETWORK_EXCEPTION);
    assertThat(outcome.result().message()).contains("may be in the log or not");
    assertThat(sim.clock().monotonicMs() - askedAtMs).isLessThan(7_000);
  }

  @Test
  void saysThatNothingIsInTheLogWhereNobodyLeads() {
    image = withoutLeader(image);

    AppendOutcome outcome = publish("a");

    assertThat(outcome.error()).isEqualTo(Errors.LEADER_NOT_AVAILABLE);
    assertThat(outcome.message()).contains("has no leader", "not in the log");
  }

  @Test
  void thereIsNoPartitionThatTheTopicDoesNotHave() {
    assertThat(logs.get("orders", 1)).isNull();
    assertThat(logs.get("nothing", 0)).isNull();
  }
}
