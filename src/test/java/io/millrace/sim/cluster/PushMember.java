package io.millrace.sim.cluster;

import io.millrace.coordinator.CoordinatorCall;
import io.millrace.coordinator.Groups;
import io.millrace.eventloop.EventLoop;
import io.millrace.metadata.TopicImage;
import io.millrace.model.Caller;
import io.millrace.model.TopicPartition;
import io.millrace.push.member.GroupMember;
import io.millrace.push.member.MemberEffect;
import io.millrace.push.member.MemberEffect.Begin;
import io.millrace.push.member.MemberEffect.Commit;
import io.millrace.push.member.MemberEffect.Ended;
import io.millrace.push.member.MemberEffect.Fetch;
import io.millrace.push.member.MemberEffect.Heartbeat;
import io.millrace.push.member.MemberEffect.Hold;
import io.millrace.push.member.MemberEffect.Join;
import io.millrace.push.member.MemberEffect.Leave;
import io.millrace.push.member.MemberEffect.Release;
import io.millrace.push.member.MemberEffect.Revoked;
import io.millrace.push.member.MemberEffect.Sync;
import io.millrace.push.member.MemberOptions;
import io.millrace.time.Timer;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.jspecify.annotations.Nullable;

/**
 * A browser's place in a group: its session lives on one broker and asks the coordinator, wherever
 * that is; when its broker goes away it comes back on another.
 *
 * <p>Confined to: the test's thread.
 */
final class PushMember {
  private static final MemberOptions.Times TIMES =
      new MemberOptions.Times(3_000, 6_000, 500, 1_500);

  private final ClusterWorld world;
  private final String group;
  private final String topic;
  private final String name;
  private @Nullable Session session;

  PushMember(ClusterWorld world, String group, String topic, String name) {
    this.world = world;
    this.group = group;
    this.topic = topic;
    this.name = name;
  }

  /** Opens a session when it has none. */
  void step() {
    Session now = session;
    if (now != null && !now.over && now.at.isServing()) {
      return;
    }
    SimMachine machine = world.machines.get(world.random.nextInt(world.brokerCount()));
    if (machine.isServing() && !machine.broker().process().isPaused()) {
      Session next = new Session(machine.broker());
      session = next;
      next.loop.execute(next::start);
    }
  }

  /** Whether it has partitions and may deliver them. */
  boolean isSettled() {
    Session now = session;
    return now != null && !now.over && now.at.isServing() && now.isDelivering();
  }

  /** What its session may deliver at this moment. */
  Set<TopicPartition> delivering() {
    Session now = session;
    boolean runs = now != null && !now.over && now.at.process().isRunning();
    return runs && now.isDelivering() ? now.positions.keySet() : Set.of();
  }

  @Override
  public String toString() {
    Session now = session;
    return name + " of " + group + ": " + (now == null ? "closed" : now.at + " " + now.member);
  }

  private final class Session {
    private final ClusterBroker at;
    private final EventLoop loop;
    private final Groups groups;
    private final GroupMember member;
    private final CoordinatorCall[] calls = new CoordinatorCall[10];
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private Timer.@Nullable Handle timer;
    private long lastAck;
    private boolean held;
    private boolean over;

    Session(ClusterBroker at) {
      this.at = at;
      this.loop = at.clients();
      this.groups = at.groups();
      this.member =
          new GroupMember(new MemberOptions(group, null, List.of(topic), TIMES), this::count);
      Caller caller =
          new Caller(KafkaPrincipal.ANONYMOUS, name, InetAddress.getLoopbackAddress(), "PLAINTEXT");
      for (short version = 0; version < calls.length; version++) {
        calls[version] = new CoordinatorCall(loop, caller, version);
      }
    }

    private int count(String of) {
      TopicImage image = at.cluster().image().topic(of);
      return image == null ? 0 : image.partitions().size();
    }

    private long nowMs() {
      return loop.clock().monotonicMs();
    }

    boolean isDelivering() {
      return !held && !positions.isEmpty() && member.mayDeliver(nowMs());
    }

    void start() {
      run(member.start(nowMs()));
      page();
    }

    private void page() {
      if (over) {
        return;
      }
      if (isDelivering() && world.random.nextInt(3) == 0) {
        TopicPartition any = positions.keySet().iterator().next();
        long next = positions.merge(any, 1L, Long::sum);
        member.delivered(any, next, 0);
        run(member.acknowledge(++lastAck, Map.of(any, next), nowMs()));
      }
      loop.schedule(100 + world.random.nextInt(300), this::page);
    }

    private void run(List<MemberEffect> effects) {
      effects.forEach(this::run);
      if (timer != null) {
        timer.cancel();
      }
      long nextMs = member.nextTickMs();
      if (nextMs != Long.MAX_VALUE && !over) {
        timer = loop.schedule(Math.max(1, nextMs - nowMs()), this::tick);
      }
    }

    private void tick() {
      if (!over) {
        run(member.imageChanged(nowMs()));
        run(member.tick(nowMs()));
      }
    }

    private void run(MemberEffect effect) {
      if (effect instanceof Join join) {
        ask(groups.join(calls[9], join.request()), a -> member.joined(join.call(), a, nowMs()));
      } else if (effect instanceof Sync sync) {
        ask(groups.sync(calls[5], sync.request()), a -> member.synced(sync.call(), a, nowMs()));
      } else if (effect instanceof Heartbeat beat) {
        ask(
            groups.heartbeat(calls[4], beat.request()),
            a -> member.heartbeatAnswered(beat.call(), a, nowMs()));
      } else if (effect instanceof Fetch fetch) {
        ask(groups.fetch(calls[9], fetch.request()), a -> member.fetched(fetch.call(), a, nowMs()));
      } else if (effect instanceof Commit commit) {
        ask(
            groups.commit(calls[9], commit.request()),
            a -> member.committed(commit.call(), a, nowMs()));
      } else if (effect instanceof Leave leave) {
        loop.schedule(leave.afterMs(), () -> groups.leave(calls[5], leave.request()));
      } else if (effect instanceof Begin begin) {
        begin(begin);
      } else if (effect instanceof Revoked revoked) {
        new HashSet<>(revoked.dropped()).forEach(positions::remove);
      } else if (effect instanceof Hold) {
        held = true;
      } else if (effect instanceof Release) {
        held = false;
      } else if (effect instanceof Ended) {
        over = true;
        positions.clear();
      }
    }

    private void begin(Begin begin) {
      MemberEffect.Committed committed = begin.committed();
      positions.put(begin.partition(), committed == null ? 0 : committed.offset());
      ClusterWorld.count("places of browsers", 1);
      if (committed == null) {
        run(member.began(begin.partition(), 0, 0, nowMs()));
      }
    }

    private <T> void ask(
        Future<T> answer, java.util.function.Function<T, List<MemberEffect>> then) {
      Consumer<T> next = done -> run(then.apply(done));
      answer.onSuccess(next::accept);
    }
  }
}
