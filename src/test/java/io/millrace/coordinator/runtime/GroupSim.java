package io.millrace.coordinator.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.coordinator.group.GroupMemory;
import io.millrace.coordinator.group.GroupRecord;
import io.millrace.coordinator.group.GroupRecord.GroupStored;
import io.millrace.coordinator.group.GroupRecord.OffsetCommitted;
import io.millrace.coordinator.group.GroupRecord.StoredMember;
import io.millrace.coordinator.group.GroupRecordCodec;
import io.millrace.coordinator.group.GroupSettings;
import io.millrace.coordinator.group.GroupShard;
import io.millrace.coordinator.group.GroupViews;
import io.millrace.coordinator.shard.Reply;
import io.millrace.coordinator.shard.Shard;
import io.millrace.coordinator.shard.ShardResult;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.SimScheduler;
import io.millrace.record.InvalidRecordsException;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.jspecify.annotations.Nullable;

/** The world of the simulation: brokers, members, faults, and what is checked. */
final class GroupSim {
  static final GroupSettings SETTINGS =
      new GroupSettings(
          30,
          3_000,
          8,
          1_000,
          60_000,
          20_000,
          4_096,
          7L * 24 * 3_600_000,
          600_000,
          () -> 1_000_000);
  private static final int MEMBERS = 5;

  private final SimScheduler sim;
  private final Random random;
  private final GroupRecordCodec codec = new GroupRecordCodec();
  private final MemoryLog log;
  private final List<Broker> brokers = new ArrayList<>();
  final EventLoop clients;
  private final List<SimMember> members = new ArrayList<>();
  private int leader;
  private boolean calm;
  private long nextId;
  private long nextOffset;

  // What clients were told.
  private final Map<Integer, Map<Integer, String>> ownersByGeneration = new HashMap<>();
  private final Set<Long> acknowledged = new HashSet<>();
  private final Map<Long, String> committers = new HashMap<>();

  private record Broker(EventLoop loop, ShardHost<GroupShard, GroupRecord> host) {}

  GroupSim(SimScheduler sim) {
    this.sim = sim;
    this.random = sim.random();
    this.log = new MemoryLog(random);
    this.clients = sim.process("clients").loop("clients");
    brokers.add(broker("a"));
    brokers.add(broker("b"));
  }

  private Broker broker(String name) {
    EventLoop loop = sim.process(name).loop("shard");
    ShardHost<GroupShard, GroupRecord> host =
        new ShardHost<>(
            log.replica(loop),
            new ShardOptions(2_000, 2_000, () -> {}),
            codec,
            timer ->
                new GroupShard(
                    loop.clock(),
                    SETTINGS,
                    () -> new Uuid(0, ++nextId),
                    timer,
                    GroupViews.NONE,
                    GroupMemory.unlimited().share()));
    return new Broker(loop, host);
  }

  Random random() {
    return random;
  }

  SimScheduler sim() {
    return sim;
  }

  boolean isCalm() {
    return calm;
  }

  void begin() {
    log.refusesOneIn = 200;
    lead(0, log.leaderEpoch());
    for (int i = 0; i < MEMBERS; i++) {
      SimMember member = new SimMember(this, i < 2 ? "static-" + i : null);
      members.add(member);
      member.startAfter(random.nextInt(3_000));
    }
    sim.at(1_000, this::disturb);
  }

  private void lead(int broker, int epoch) {
    leader = broker;
    Broker next = brokers.get(broker);
    next.loop.execute(() -> next.host.lead(epoch));
  }

  /** Now and then leadership moves; the old leader hears of it later, or is elected again. */
  private void disturb() {
    if (calm) {
      return;
    }
    Broker old = brokers.get(leader);
    int epoch = log.moveLeadership();
    int next = random.nextInt(brokers.size());
    if (next != leader) {
      sim.at(random.nextInt(2_000), () -> old.loop.execute(() -> resignUnlessLeader(old)));
    }
    lead(next, epoch);
    sim.at(500 + random.nextInt(15_000), this::disturb);
  }

  private void resignUnlessLeader(Broker old) {
    if (brokers.get(leader) != old) {
      old.host.resign();
    }
  }

  /** No more faults: everything must come to rest. */
  void calmDown() {
    calm = true;
    log.refusesOneIn = 0;
    lead(leader, log.leaderEpoch());
    Broker other = brokers.get(1 - leader);
    other.loop.execute(other.host::resign);
  }

  /** A request on its way to the broker that the client believes in, and the answer back. */
  <T> Future<T> ask(BiFunction<GroupShard, Reply<T>, ShardResult<GroupRecord>> step) {
    Broker broker = believedIn();
    return clients.ask(broker.loop, () -> broker.host.run(step));
  }

  /** As {@link #ask}, for a step that decides by its records alone. */
  <T> Future<T> write(BiFunction<GroupShard, Reply<T>, ShardResult<GroupRecord>> step) {
    Broker broker = believedIn();
    return clients.ask(broker.loop, () -> broker.host.write(step));
  }

  private Broker believedIn() {
    boolean wrong = !calm && random.nextInt(50) == 0;
    return brokers.get(wrong ? 1 - leader : leader);
  }

  long uniqueOffset(String committer) {
    long offset = ++nextOffset;
    committers.put(offset, committer);
    return offset;
  }

  void acknowledged(long offset) {
    acknowledged.add(offset);
  }

  /** A client got its assignment: nobody else may have any of it in that generation. */
  void assigned(int generation, String owner, List<Integer> partitions) {
    Map<Integer, String> owners =
        ownersByGeneration.computeIfAbsent(generation, g -> new HashMap<>());
    for (int partition : partitions) {
      String before = owners.put(partition, owner);
      assertThat(before)
          .as("partition %s of generation %s, seed %s", partition, generation, sim.seed())
          .isIn(null, owner);
    }
  }

  int generations() {
    return ownersByGeneration.size();
  }

  private List<GroupRecord> committedRecords() {
    List<GroupRecord> records = new ArrayList<>();
    Shard<GroupRecord> collector =
        new Shard<>() {
          @Override
          public void replay(long producerId, short producerEpoch, GroupRecord record) {
            records.add(record);
          }

          @Override
          public void replayEndMarker(long producerId, short epoch, boolean committed) {
            throw new AssertionError("no transactions here");
          }

          @Override
          public ShardResult<GroupRecord> loaded() {
            throw new AssertionError("not loaded");
          }
        };
    for (ByteBuffer batch : log.committedBatches()) {
      try {
        LoadedChunk.decode(batch, 0, codec).entries().forEach(e -> e.replayTo(collector));
      } catch (InvalidRecordsException e) {
        throw new AssertionError(e);
      }
    }
    return records;
  }

  /** Walks the committed log: what holds at any time. */
  void check() {
    int generation = 0;
    Set<String> current = Set.of();
    Set<Long> inLog = new HashSet<>();
    for (GroupRecord record : committedRecords()) {
      if (record instanceof GroupStored stored) {
        assertThat(stored.group().generation())
            .as("generation, seed %s", sim.seed())
            .isGreaterThanOrEqualTo(generation);
        generation = stored.group().generation();
        current = new HashSet<>();
        for (StoredMember member : stored.group().members()) {
          current.add(member.memberId() + "@" + generation);
        }
      } else if (record instanceof OffsetCommitted committed) {
        long offset = committed.offset().offset();
        inLog.add(offset);
        assertThat(current)
            .as("who committed offset %s, seed %s", offset, sim.seed())
            .contains(committers.get(offset));
      }
    }
    assertThat(inLog).as("acknowledged commits, seed %s", sim.seed()).containsAll(acknowledged);
  }

  /** All members are back in one generation, and a new coordinator would know all of it. */
  void checkAtRest() {
    DescribedGroup live = sim.await(this.<DescribedGroup>ask((s, r) -> s.describe("g", r)), 1_000);
    assertThat(live.groupState()).as("at rest, seed %s", sim.seed()).isEqualTo("Stable");
    assertThat(live.members()).hasSize(MEMBERS);
    assertThat(members).allMatch(m -> m.isStableIn(m.generation()));
    int epoch = log.moveLeadership();
    Broker next = brokers.get(1 - leader);
    lead(1 - leader, epoch);
    sim.runFor(10_000);
    Future<@Nullable DescribedGroup> asked =
        clients.ask(next.loop, () -> next.host.run((s, r) -> s.describe("g", r)));
    DescribedGroup loaded = sim.await(asked, 1_000);
    assertThat(loaded).as("loaded, seed %s", sim.seed()).isEqualTo(live);
  }
}
