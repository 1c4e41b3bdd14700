package io.millrace.coordinator.group;

import io.millrace.coordinator.shard.Answer;
import io.millrace.coordinator.shard.RecordCodec;
import io.millrace.coordinator.shard.Reply;
import io.millrace.coordinator.shard.ShardResult;
import io.millrace.coordinator.shard.ShardTimer;
import io.millrace.time.Clock;
import io.millrace.time.Timer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.jspecify.annotations.Nullable;

/**
 * One shard with virtual time: each step's records are encoded, decoded, and replayed at once, and
 * its answers given. Confined to: the test's thread.
 */
final class ShardBench implements ShardTimer<GroupRecord> {
  static final short NEWEST = 9;
  static final int SESSION_MS = 10_000;
  static final int REBALANCE_MS = 60_000;

  /** Where an answer shows up. */
  static final class Inbox<T> implements Reply<T> {
    private final List<T> answers = new ArrayList<>();

    @Override
    public void answer(T value) {
      answers.add(value);
    }

    boolean isAnswered() {
      return !answers.isEmpty();
    }

    T get() {
      if (answers.size() != 1) {
        throw new AssertionError("answered " + answers.size() + " times");
      }
      return answers.get(0);
    }
  }

  private record Event(
      long atMs, long order, Supplier<ShardResult<GroupRecord>> step, boolean[] off)
      implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      return atMs != other.atMs ? Long.compare(atMs, other.atMs) : Long.compare(order, other.order);
    }
  }

  final List<GroupRecord> log = new ArrayList<>();
  final List<GroupView> views = new ArrayList<>();
  private final GroupSettings settings;
  private final GroupRecordCodec codec = new GroupRecordCodec();
  private PriorityQueue<Event> events = new PriorityQueue<>();
  private GroupShard shard;
  private final GroupMemory memory;
  private final GroupMemory.Share share;
  private long nowMs = 1_000;
  private long order;
  private long nextId = 1;

  private final Clock clock =
      new Clock() {
        @Override
        public long wallMs() {
          return 1_750_000_000_000L + nowMs;
        }

        @Override
        public long monotonicNs() {
          return nowMs * 1_000_000;
        }
      };

  ShardBench(GroupSettings settings, GroupMemory memory) {
    this.settings = settings;
    this.memory = memory;
    share = memory.share();
    shard = newShard();
    run(shard.loaded());
  }

  ShardBench(GroupSettings settings) {
    this(settings, GroupMemory.unlimited());
  }

  ShardBench() {
    this(GroupSettings.DEFAULTS);
  }

  private GroupShard newShard() {
    return new GroupShard(
        clock,
        settings,
        () -> new Uuid(0, nextId++),
        this,
        new GroupViews() {
          @Override
          public void publish(GroupView view) {
            views.add(view);
          }

          @Override
          public void withdraw(String groupId) {
            views.removeIf(view -> view.groupId().equals(groupId));
          }
        },
        share);
  }

  /** Loses the memory and replays the log, as another broker would. */
  void failOver() {
    events = new PriorityQueue<>();
    share.giveBack();
    shard = newShard();
    log.forEach(record -> shard.replay(-1, (short) -1, record));
    run(shard.loaded());
  }

  GroupMemory memory() {
    return memory;
  }

  GroupShard shard() {
    return shard;
  }

  long wallMs() {
    return clock.wallMs();
  }

  @Override
  public Timer.Handle schedule(long delayMs, Supplier<ShardResult<GroupRecord>> step) {
    boolean[] off = new boolean[1];
    events.add(new Event(nowMs + delayMs, order++, step, off));
    return () -> off[0] = true;
  }

  /** Lets time pass; timers fire on the way. */
  void pass(long ms) {
    long untilMs = nowMs + ms;
    while (!events.isEmpty() && events.peek().atMs <= untilMs) {
      Event event = events.poll();
      nowMs = Math.max(nowMs, event.atMs);
      if (!event.off[0]) {
        run(event.step.get());
      }
    }
    nowMs = untilMs;
  }

  void run(ShardResult<GroupRecord> result) {
    for (GroupRecord record : result.records()) {
      RecordCodec.Encoded bytes = codec.encode(record);
      byte @Nullable [] value = bytes.value();
      GroupRecord read =
          codec.decode(ByteBuffer.wrap(bytes.key()), value == null ? null : ByteBuffer.wrap(value));
      log.add(read);
      shard.replay(result.producerId(), result.producerEpoch(), read);
    }
    result.answers().forEach(Answer::deliver);
  }

  <T> Inbox<T> ask(Function<Reply<T>, ShardResult<GroupRecord>> step) {
    Inbox<T> inbox = new Inbox<>();
    run(step.apply(inbox));
    return inbox;
  }

  // Requests with their usual values.

  static JoinGroupRequestData joinRequest(String memberId, @Nullable String instanceId) {
    JoinGroupRequestData request =
        new JoinGroupRequestData()
            .setGroupId("g")
            .setMemberId(memberId)
            .setGroupInstanceId(instanceId)
            .setSessionTimeoutMs(SESSION_MS)
            .setRebalanceTimeoutMs(REBALANCE_MS)
            .setProtocolType("consumer");
    request
        .protocols()
        .add(new JoinGroupRequestProtocol().setName("range").setMetadata(new byte[] {1}));
    return request;
  }

  Inbox<JoinGroupResponseData> join(JoinGroupRequestData request, int version) {
    GroupCall call = new GroupCall("client", "/127.0.0.1", (short) version);
    return ask(reply -> shard.join(call, request, reply));
  }

  Inbox<JoinGroupResponseData> join(String memberId) {
    return join(joinRequest(memberId, null), NEWEST);
  }

  Inbox<JoinGroupResponseData> joinStatic(String instanceId) {
    return join(joinRequest("", instanceId), NEWEST);
  }

  /** Asks for an id and joins with it. */
  Inbox<JoinGroupResponseData> joinNew() {
    return join(join("").get().memberId());
  }

  Inbox<SyncGroupResponseData> sync(String memberId, int generation, String... assignedTo) {
    SyncGroupRequestData request =
        new SyncGroupRequestData()
            .setGroupId("g")
            .setMemberId(memberId)
            .setGenerationId(generation)
            .setProtocolType("consumer")
            .setProtocolName("range");
    for (String member : assignedTo) {
      request
          .assignments()
          .add(
              new SyncGroupRequestAssignment()
                  .setMemberId(member)
                  .setAssignment(member.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }
    return ask(reply -> shard.sync(request, reply));
  }

  Inbox<HeartbeatResponseData> heartbeat(String memberId, int generation) {
    HeartbeatRequestData request =
        new HeartbeatRequestData()
            .setGroupId("g")
            .setMemberId(memberId)
            .setGenerationId(generation);
    return ask(reply -> shard.heartbeat(request, reply));
  }

  Inbox<LeaveGroupResponseData> leave(String memberId, @Nullable String instanceId) {
    MemberIdentity identity =
        new MemberIdentity().setMemberId(memberId).setGroupInstanceId(instanceId);
    return ask(reply -> shard.leave("g", List.of(identity), reply));
  }

  /** A group of one member with its assignment. */
  JoinGroupResponseData stableLoner() {
    Inbox<JoinGroupResponseData> join = joinNew();
    pass(100);
    String id = join.get().memberId();
    sync(id, join.get().generationId(), id).get();
    return join.get();
  }

  String state() {
    return described().groupState();
  }

  DescribedGroup described() {
    return this.<@Nullable DescribedGroup>ask(reply -> shard.describe("g", reply)).get();
  }
}
