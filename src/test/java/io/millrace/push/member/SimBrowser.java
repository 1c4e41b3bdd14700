package io.millrace.push.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.coordinator.group.GroupCall;
import io.millrace.model.TopicPartition;
import io.millrace.push.member.MemberEffect.Acknowledged;
import io.millrace.push.member.MemberEffect.Assigned;
import io.millrace.push.member.MemberEffect.Begin;
import io.millrace.push.member.MemberEffect.Commit;
import io.millrace.push.member.MemberEffect.Ended;
import io.millrace.push.member.MemberEffect.Fetch;
import io.millrace.push.member.MemberEffect.Heartbeat;
import io.millrace.push.member.MemberEffect.Hold;
import io.millrace.push.member.MemberEffect.Join;
import io.millrace.push.member.MemberEffect.Leave;
import io.millrace.push.member.MemberEffect.NotAcknowledged;
import io.millrace.push.member.MemberEffect.Release;
import io.millrace.push.member.MemberEffect.Revoked;
import io.millrace.push.member.MemberEffect.Sync;
import io.millrace.push.member.MemberWorld.Line;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponsePartition;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponseTopic;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.jspecify.annotations.Nullable;

/**
 * A page in a group: reads, acknowledges now and then, is loaded again, vanishes, and its broker
 * stalls. Confined to: the test's thread.
 */
final class SimBrowser {
  static final MemberOptions.Times TIMES = new MemberOptions.Times(3_000, 8_000, 1_000, 1_500);

  private final MemberWorld world;
  private final Random random;
  private final @Nullable String instance;
  private final String name;
  private int sockets;

  // Of the socket that is open now.
  private @Nullable Socket socket;

  SimBrowser(MemberWorld world, String name, boolean hasInstance) {
    this.world = world;
    this.random = world.random;
    this.name = name;
    this.instance = hasInstance ? name : null;
  }

  void openAfter(long ms) {
    world.sim.at(ms, this::open);
  }

  private void open() {
    Socket old = socket;
    if (old != null) {
      // The broker ends the older socket of an instance before the newer one joins.
      old.handle(old.member.replaced(world.nowMs()));
    }
    socket = new Socket(++sockets);
    socket.begin();
  }

  Set<TopicPartition> delivering() {
    return socket == null ? Set.of() : socket.positions.keySet();
  }

  @Override
  public String toString() {
    return name + ": " + (socket == null ? "closed" : socket.member);
  }

  boolean isOpen() {
    return socket != null;
  }

  private final class Socket {
    private final GroupMember member;
    private final String identity;
    private final TreeMap<TopicPartition, Long> positions = new TreeMap<>(Holdings.ORDER);
    private final Set<Long> awaited = new HashSet<>();
    private final Line line = new Line();
    private boolean held;
    private int generation;
    private long lastAck;
    private long stalledUntilMs;
    private boolean over;
    private long tickAtMs = Long.MAX_VALUE;

    Socket(int number) {
      MemberOptions options =
          new MemberOptions(MemberWorld.GROUP, instance, List.of("a", "b"), TIMES);
      member = new GroupMember(options, world::partitions);
      // Static: the place is the same over a reload, so it counts as the same owner.
      identity = instance == null ? name + "/" + number : name;
    }

    void begin() {
      step(() -> member.start(world.nowMs()));
      page();
    }

    /** Runs a step of the broker, later when it stalls. */
    private void step(Supplier<List<MemberEffect>> input) {
      long waitMs = stalledUntilMs - world.nowMs();
      if (waitMs > 0) {
        world.sim.at(waitMs, () -> step(input));
      } else {
        handle(input.get());
      }
    }

    private void handle(List<MemberEffect> effects) {
      effects.forEach(this::handle);
      long nextMs = member.nextTickMs();
      if (nextMs != Long.MAX_VALUE && nextMs != tickAtMs) {
        tickAtMs = nextMs;
        world.sim.at(Math.max(1, nextMs - world.nowMs()), () -> step(this::tick));
      }
    }

    private List<MemberEffect> tick() {
      tickAtMs = Long.MAX_VALUE;
      handle(member.imageChanged(world.nowMs()));
      return member.tick(world.nowMs());
    }

    private void handle(MemberEffect effect) {
      assertThat(over && !(effect instanceof Leave)).as("after the end: %s", effect).isFalse();
      if (effect instanceof Assigned assigned) {
        generation = assigned.generation();
      } else if (effect instanceof Begin begin) {
        positions.put(
            begin.partition(), begin.committed() == null ? 0 : begin.committed().offset());
        if (begin.committed() == null) {
          step(() -> member.began(begin.partition(), 0, -1, world.nowMs()));
        }
      } else if (effect instanceof Revoked revoked) {
        revoked.dropped().forEach(positions::remove);
      } else if (effect instanceof Hold) {
        held = true;
      } else if (effect instanceof Release) {
        held = false;
      } else if (effect instanceof Acknowledged done) {
        assertThat(awaited.remove(done.ack())).isTrue();
      } else if (effect instanceof NotAcknowledged done) {
        assertThat(awaited.remove(done.ack())).isTrue();
      } else if (effect instanceof Ended) {
        ended();
      } else {
        ask(effect);
      }
    }

    private void ended() {
      over = true;
      positions.clear();
      assertThat(awaited).as("acks without an answer, seed %s", world.sim.seed()).isEmpty();
      if (socket == this) {
        socket = null;
        openAfter(random.nextInt(3_000));
      }
    }

    private void ask(MemberEffect effect) {
      short refused = MemberWorld.unavailable();
      if (effect instanceof Join join) {
        GroupCall call = new GroupCall("browser:" + name, "/h", (short) 9);
        world.ask(
            line,
            (shard, reply) -> shard.join(call, join.request(), reply),
            new JoinGroupResponseData().setErrorCode(refused).setProtocolName(""),
            answer -> step(() -> member.joined(join.call(), answer, world.nowMs())));
      } else if (effect instanceof Sync sync) {
        world.ask(
            line,
            (shard, reply) -> shard.sync(sync.request(), reply),
            new SyncGroupResponseData().setErrorCode(refused),
            answer -> step(() -> member.synced(sync.call(), answer, world.nowMs())));
      } else if (effect instanceof Heartbeat beat) {
        world.ask(
            line,
            (shard, reply) -> shard.heartbeat(beat.request(), reply),
            new HeartbeatResponseData().setErrorCode(refused),
            answer -> step(() -> member.heartbeatAnswered(beat.call(), answer, world.nowMs())));
      } else if (effect instanceof Fetch fetch) {
        world.<OffsetFetchResponseGroup>ask(
            line,
            (shard, reply) -> shard.fetch(fetch.request().groups().get(0), true, reply),
            new OffsetFetchResponseGroup().setErrorCode(refused),
            answer -> step(() -> fetched(fetch.call(), answer)));
      } else if (effect instanceof Commit commit) {
        world.ask(
            line,
            (shard, reply) -> shard.commit((short) 9, commit.request(), reply),
            refusedCommit(commit.request()),
            answer -> step(() -> member.committed(commit.call(), answer, world.nowMs())));
      } else if (effect instanceof Leave leave) {
        world.sim.at(
            leave.afterMs(),
            () ->
                world.<LeaveGroupResponseData>ask(
                    line,
                    (shard, reply) ->
                        shard.leave(MemberWorld.GROUP, leave.request().members(), reply),
                    new LeaveGroupResponseData(),
                    answer -> {}));
      }
    }

    private List<MemberEffect> fetched(int call, OffsetFetchResponseGroup group) {
      OffsetFetchResponseData answer = new OffsetFetchResponseData().setGroups(List.of(group));
      return member.fetched(call, answer, world.nowMs());
    }

    /** The page and its broker, every 20 ms. */
    private void page() {
      if (over) {
        return;
      }
      int dice = random.nextInt(1_000);
      if (world.nowMs() < stalledUntilMs) {
        world.sim.at(20, this::page);
        return;
      }
      if (!world.calm && dice < 2) {
        stalledUntilMs = world.nowMs() + random.nextInt(6_000);
      } else if (!world.calm && dice < 6) {
        leave();
        return;
      } else {
        deliver();
        if (random.nextInt(5) == 0) {
          acknowledge();
        }
      }
      world.sim.at(20, this::page);
    }

    private void deliver() {
      if (held || !member.mayDeliver(world.nowMs()) || positions.isEmpty()) {
        return;
      }
      List<TopicPartition> all = List.copyOf(positions.keySet());
      TopicPartition partition = all.get(random.nextInt(all.size()));
      long offset = positions.get(partition);
      world.delivered(identity, partition, offset, generation, true);
      positions.put(partition, offset + 1);
      member.delivered(partition, offset + 1, 0);
    }

    private void acknowledge() {
      if (positions.isEmpty()) {
        return;
      }
      List<TopicPartition> all = List.copyOf(positions.keySet());
      TopicPartition partition = all.get(random.nextInt(all.size()));
      // Behind what was delivered, now and then behind what was acknowledged before.
      long to = Math.max(0, positions.get(partition) - random.nextInt(3));
      long ack = ++lastAck;
      awaited.add(ack);
      handle(member.acknowledge(ack, Map.of(partition, to), world.nowMs()));
    }

    private void leave() {
      boolean vanishes = random.nextBoolean();
      socket = null;
      over = false;
      handleEnd(member.close("closed its socket", vanishes, world.nowMs()));
      openAfter(random.nextInt(instance == null ? 500 : 3_000));
    }

    private void handleEnd(List<MemberEffect> effects) {
      effects.stream().filter(effect -> !(effect instanceof Ended)).forEach(this::handle);
      over = true;
    }
  }

  private static OffsetCommitResponseData refusedCommit(OffsetCommitRequestData request) {
    OffsetCommitResponseData response = new OffsetCommitResponseData();
    request
        .topics()
        .forEach(
            topic -> {
              OffsetCommitResponseTopic refused =
                  new OffsetCommitResponseTopic().setName(topic.name());
              topic
                  .partitions()
                  .forEach(
                      partition ->
                          refused
                              .partitions()
                              .add(
                                  new OffsetCommitResponsePartition()
                                      .setPartitionIndex(partition.partitionIndex())
                                      .setErrorCode(MemberWorld.unavailable())));
              response.topics().add(refused);
            });
    return response;
  }
}
