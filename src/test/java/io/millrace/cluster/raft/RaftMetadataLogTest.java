package io.millrace.cluster.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.cluster.MetadataQuorum.Invitation;
import io.millrace.cluster.MetadataQuorum.Peer;
import io.millrace.cluster.NotDecidedException;
import io.millrace.cluster.QuorumView;
import io.millrace.metadata.MetadataEntry;
import io.millrace.storage.DiskFiles;
import io.millrace.storage.log.ForwardingFiles;
import io.millrace.storage.log.LogFiles;
import io.vertx.core.Future;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Uuid;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The metadata log from a broker alone to a cluster of several, on real sockets and disks. */
class RaftMetadataLogTest {
  @TempDir Path home;

  private final List<RaftNode> nodes = new ArrayList<>();
  private final List<Integer> ports = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (RaftNode node : nodes) {
      node.close();
    }
  }

  @Test
  void aBrokerAloneBecomesAClusterOfThreeVoters() throws Exception {
    RaftNode first = start(0, false);
    write(first, "alone", 5);
    long termAlone = first.term();

    RaftNode second = start(1, true);
    write(first, "two", 5);
    RaftNode third = start(2, true);
    awaitVoters(first, 0, 1, 2);
    write(first, "three", 5);

    assertThat(first.term()).isEqualTo(termAlone);
    for (RaftNode node : nodes) {
      await().untilAsserted(() -> assertThat(node.keys()).hasSize(15));
    }
    assertThat(second.image().index()).isEqualTo(first.image().index());
    assertThat(third.image().index()).isEqualTo(first.image().index());
  }

  @Test
  void whoAsksToJoinBeforeTheLogIsReadComesTooEarly() throws Exception {
    RaftNode before = start(0, false);
    write(before, "before", 5);
    close();
    nodes.clear();
    RaftNode again = describe(0, false);
    Peer joiner = new Peer(1, "1-" + Uuid.randomUuid(), "127.0.0.1", FreePorts.next());

    Future<Invitation> invited = again.openAnd(() -> again.log.admit(joiner));

    assertThatThrownBy(() -> invited.await(10, TimeUnit.SECONDS))
        .isInstanceOf(NotDecidedException.class);
    await().until(again::leads);
    write(again, "behind", 5);
    assertThat(again.keys()).hasSize(10);
    assertThat(again.view().leaderId()).isZero();
  }

  @Test
  void allComeBackFromTheirFoldersWithoutBeingInvited() throws Exception {
    RaftNode first = start(0, false);
    start(1, true);
    start(2, true);
    awaitVoters(first, 0, 1, 2);
    write(first, "before", 5);
    long term = first.term();
    close();
    nodes.clear();

    start(0, false);
    start(1, false);
    start(2, false);

    RaftNode leader = awaitLeader();
    assertThat(leader.term()).isGreaterThan(term);
    write(leader, "after", 5);
    for (RaftNode node : nodes) {
      await().untilAsserted(() -> assertThat(node.keys()).hasSize(10));
    }
  }

  @Test
  void whoAsksToJoinAndNeverComesHoldsNobodyBack() throws Exception {
    RaftNode first = start(0, false);
    for (int id = 1_000; id < 1_003; id++) {
      Peer absent = new Peer(id, id + "-" + Uuid.randomUuid(), "127.0.0.1", FreePorts.next());
      first.ask(() -> first.log.admit(absent).otherwise((Invitation) null));
    }

    start(1, true);
    start(2, true);

    awaitVoters(first, 0, 1, 2);
  }

  @Test
  void theLargestEntryReachesEveryMember() throws Exception {
    RaftNode first = start(0, false);
    start(1, true);
    start(2, true);
    awaitVoters(first, 0, 1, 2);
    String largest = "k".repeat(MetadataEntry.BYTES_MAX - 100);

    first.write(largest).await(10, TimeUnit.SECONDS);
    write(first, "behind", 3);

    assertThat(first.leads()).isTrue();
    for (RaftNode node : nodes) {
      await().untilAsserted(() -> assertThat(node.keys()).hasSize(4).contains(largest));
    }
  }

  @Test
  void aMemberThatTheLeaderSendsNothingAnyMoreIsSentToAgain() throws Exception {
    RaftNode first = start(0, false);
    RaftNode second = start(1, true);
    start(2, true);
    awaitVoters(first, 0, 1, 2);
    write(first, "before", 5);
    long term = first.term();

    Ratis.stopSending(first, 1);
    write(first, "behind", 5);

    await().atMost(Duration.ofSeconds(20)).until(() -> awaitLeader().term() > term);
    write(awaitLeader(), "after", 5);
    await().untilAsserted(() -> assertThat(second.keys()).hasSize(15));
  }

  @Test
  void aLeaderWhoseDiskWasFullFollowsWhenThereIsRoom() throws Exception {
    ScarceFiles disk = new ScarceFiles();
    RaftNode first = describe(0, false, disk).open();
    start(1, true);
    start(2, true);
    awaitVoters(first, 0, 1, 2);
    write(first, "before", 5);

    disk.usableBytes = 0;
    Ratis.closeLog(first, new IOException("a write failed"));

    await().until(() -> !first.leads());
    RaftNode next = awaitLeader();
    write(next, "meanwhile", 5);
    assertThat(first.keys()).hasSize(5);

    disk.usableBytes = RoomWait.ROOM_BYTES;
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(first.keys()).hasSize(10));
    write(awaitLeader(), "after", 5);
    await().untilAsserted(() -> assertThat(first.keys()).hasSize(15));
    assertThat(first.failure()).isNull();
    awaitVoters(next, 0, 1, 2);
  }

  @Test
  void aLeaderWhoseDiskIsBrokenLeavesTheLogToTheOthers() throws Exception {
    RaftNode first = start(0, false);
    start(1, true);
    start(2, true);
    awaitVoters(first, 0, 1, 2);
    write(first, "before", 5);
    IOException fault = new IOException("Input/output error");
    // Threads of Ratis that find the log closed end with an exception that nobody catches.
    Awaitility.doNotCatchUncaughtExceptionsByDefault();

    Ratis.closeLog(first, fault);

    await().untilAsserted(() -> assertThat(first.failure()).isSameAs(fault));
    assertThat(first.view().leaderId()).isEqualTo(-1);
    write(awaitLeader(), "behind", 5);
  }

  @AfterEach
  void catchUncaughtExceptions() {
    Awaitility.catchUncaughtExceptionsByDefault();
  }

  /** A disk that has as much room as a test says. Thread-safe. */
  private static final class ScarceFiles extends ForwardingFiles {
    volatile long usableBytes = Long.MAX_VALUE;

    ScarceFiles() {
      super(new DiskFiles());
    }

    @Override
    public long usableBytes(Path dir) {
      return usableBytes;
    }
  }

  /** Awake it may meet the change that makes a voter of the observer, and neither would go on. */
  @Test
  void whatWaitsForElectionsSleepsWhileItsMemberObserves() throws Exception {
    RaftNode first = start(0, false);
    RaftNode observer = start(1, true);
    write(first, "a", 3);
    await().untilAsserted(() -> assertThat(observer.keys()).hasSize(3));

    Thread waiting = waitingForElections(1);

    await()
        .during(Duration.ofSeconds(3))
        .atMost(Duration.ofSeconds(4))
        .until(() -> timesAsleep(waiting) == 1);
    assertThat(waiting.isAlive()).isTrue();
  }

  private static Thread waitingForElections(int broker) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(broker + "-"))
        .filter(thread -> thread.getName().endsWith("-FollowerState"))
        .findFirst()
        .orElseThrow();
  }

  private static long timesAsleep(Thread thread) {
    return ManagementFactory.getThreadMXBean().getThreadInfo(thread.getId()).getWaitedCount();
  }

  private RaftNode start(int id, boolean joins) throws Exception {
    return describe(id, joins).open();
  }

  private RaftNode describe(int id, boolean joins) throws Exception {
    return describe(id, joins, new DiskFiles());
  }

  private RaftNode describe(int id, boolean joins, LogFiles disk) throws Exception {
    while (ports.size() <= id) {
      ports.add(FreePorts.next());
    }
    RaftOptions options = new RaftOptions(id, "127.0.0.1", ports.get(id), 500, 1000, 64, 3_000);
    Path folder = home.resolve("broker-" + id);
    RaftNode node = new RaftNode(options, folder, joins, List.copyOf(nodes), disk);
    nodes.add(node);
    return node;
  }

  private static void write(RaftNode node, String prefix, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      node.write(prefix + i).await(10, TimeUnit.SECONDS);
    }
  }

  private RaftNode awaitLeader() {
    return await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> nodes.stream().filter(RaftNode::leads).findFirst(), Optional::isPresent)
        .orElseThrow();
  }

  private static void awaitVoters(RaftNode node, Integer... ids) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(node.view().voters())
                    .extracting(QuorumView.Member::brokerId)
                    .containsExactlyInAnyOrder(ids));
  }
}
