package io.millrace.partition.replication;

import static io.millrace.partition.LogUser.offsets;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.LogConfig;
import io.millrace.eventloop.EventLoop;
import io.millrace.partition.AppendOutcome;
import io.millrace.partition.CommittedLog;
import io.millrace.partition.CommittedRead;
import io.millrace.partition.LogUser;
import io.millrace.partition.remote.Appends;
import io.millrace.partition.remote.CommittedLogs;
import io.millrace.partition.remote.RemoteFeeds;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Browsers and REST read from the replica of the broker that they are connected to. */
class ReadsNearbyTest {
  private static final int LEADER = 1;
  private static final int HERE = 3;

  private final ReplicaWorld world = new ReplicaWorld(5, 3, 500, Map.of()).start(1);
  private final EventLoop reader = node(HERE).process.loop("reader");
  private final LogUser user = new LogUser(world.sim, reader);
  private final CommittedLogs logs = logsAt(HERE);
  private final CommittedLog log = logs.get(ReplicaWorld.TOPIC, 0);

  private ReplicaWorld.Node node(int id) {
    return world.nodes.get(id);
  }

  private CommittedLogs logsAt(int id) {
    var link = world.network.link(node(id).host(), node(id).process);
    var feeds = new RemoteFeeds(node(id).process.loop("elsewhere"), world.controller::image, link);
    return new CommittedLogs(
        id, node(id).partitions, feeds, (image, topic) -> LogConfig.of(Map.of()));
  }

  private void append(String value, int acks) {
    var outcome = world.sim.await(node(LEADER).append(0, acks, value), ReplicaWorld.PATIENCE_MS);
    assertThat(outcome.error()).isEqualTo(Errors.NONE);
  }

  private CommittedRead read(long from) {
    return user.read(log, from);
  }

  @Test
  void recordsAreReadHereWithoutTheLeader() {
    append("a", -1);
    append("b", -1);
    world.settle(0);
    node(LEADER).kill();

    Future<CommittedRead> read = log.read(reader, 0, LogUser.READ_BYTES);

    assertThat(read.isComplete()).as("nobody is asked").isTrue();
    assertThat(offsets(read.result())).containsExactly(0L, 1L);
    assertThat(read.result().limit()).isEqualTo(2);
    assertThat(log.end()).isEqualTo(2);
  }

  @Test
  void aReaderIsWokenByTheReplicaHere() {
    append("a", -1);
    world.settle(0);
    boolean[] woken = {false};
    reader.execute(() -> log.awaitData(reader, 1, () -> woken[0] = true));
    world.sim.runFor(2_000);
    assertThat(woken[0]).as("nothing has come").isFalse();

    append("b", -1);
    world.sim.runUntil(() -> woken[0], 1_000);

    Future<CommittedRead> read = log.read(reader, 1, LogUser.READ_BYTES);
    assertThat(read.isComplete()).as("nobody is asked").isTrue();
    assertThat(offsets(read.result())).containsExactly(1L);
  }

  @Test
  void whatIsNotCommittedIsNotShown() {
    append("a", -1);
    world.settle(0);
    node(2).kill();

    append("b", 1);
    world.sim.runUntil(() -> node(HERE).partition(0).logEndOffset() == 2, 1_000);

    assertThat(world.controller.decided(0).isr()).contains(2);
    assertThat(read(1).limit()).isEqualTo(1);
    assertThat(read(1).bytes().remaining()).isZero();
    assertThat(offsets(read(0))).containsExactly(0L);
  }

  @Test
  void whoWasToldOfTheEndFindsAllUpToIt() {
    for (int i = 0; i < 50; i++) {
      append("v" + i, -1);
      long end = i + 1;
      long told = user.answer(() -> log.offsets(reader)).limit();
      assertThat(told).isEqualTo(end);

      assertThat(offsets(read(end - 1))).containsExactly(end - 1);
    }
  }

  @Test
  void whoPublishedHereFindsItsOwnRecord() {
    Appends appends = new Appends(logs, world.network.link(node(HERE).host(), node(HERE).process));
    for (int i = 0; i < 50; i++) {
      ByteBuffer batch = user.batch("v" + i);
      AppendOutcome outcome =
          user.answer(() -> appends.append(reader, log.id(), batch, (short) -1, 5_000));

      assertThat(offsets(read(outcome.baseOffset()))).containsExactly((long) i);
    }
  }

  @Test
  void theLeaderIsAskedWhenTheReplicaHereIsNotInSync() {
    append("a", -1);
    world.settle(0);
    boolean[] woken = {false};
    reader.execute(() -> log.awaitData(reader, 1, () -> woken[0] = true));
    world.sim.runFor(100);
    world.network.cut(node(LEADER).host(), node(HERE).host());

    world.controller.change(0, LEADER, List.of(1, 2));
    world.sim.runUntil(() -> woken[0], 5_000);

    Future<CommittedRead> read = user.ask(() -> log.read(reader, 0, LogUser.READ_BYTES));
    world.sim.runFor(200);
    assertThat(read.isComplete()).as("the leader is asked").isFalse();
    world.network.healAll();
    assertThat(offsets(world.sim.await(read, 20_000))).containsExactly(0L);
  }
}
