package io.millrace.push.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.coordinator.group.GroupMemory;
import io.millrace.coordinator.group.GroupRecord;
import io.millrace.coordinator.group.GroupRecord.OffsetCommitted;
import io.millrace.coordinator.group.GroupSettings;
import io.millrace.coordinator.group.GroupShard;
import io.millrace.coordinator.group.GroupViews;
import io.millrace.coordinator.shard.Reply;
import io.millrace.coordinator.shard.ShardResult;
import io.millrace.coordinator.shard.ShardTimer;
import io.millrace.eventloop.SimScheduler;
import io.millrace.model.TopicPartition;
import io.millrace.time.Timer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.protocol.Errors;

/**
 * A group with the real coordinator, a network that delays and loses, and the checks: who delivers
 * what in which generation, and what is committed. Confined to: the test's thread.
 */
final class MemberWorld {
  static final String GROUP = "g";
  private static final GroupSettings SETTINGS =
      new GroupSettings(
          30,
          3_000,
          100,
          1_000,
          60_000,
          20_000,
          4_096,
          7L * 24 * 3_600_000,
          600_000,
          () -> 1_000_000);

  final SimScheduler sim;
  final Random random;

  /** Whether nothing goes wrong any more. */
  boolean calm;

  private final Map<String, Integer> topics = new LinkedHashMap<>(Map.of("a", 3, "b", 2));
  private final List<GroupRecord> log = new ArrayList<>();
  private final Map<Object, Runnable> unanswered = new LinkedHashMap<>();
  private GroupShard shard;
  private int incarnation;
  private long nextId;

  // What was seen.
  private final Map<TopicPartition, Long> committed = new HashMap<>();
  private final Map<TopicPartition, Long> deliveredUpTo = new HashMap<>();
  private final Map<TopicPartition, Integer> newestGeneration = new HashMap<>();
  private final Map<String, String> owners = new HashMap<>();
  private int deliveries;
  private int commits;

  MemberWorld(SimScheduler sim) {
    this.sim = sim;
    this.random = sim.random();
    load();
  }

  int partitions(String topic) {
    return topics.getOrDefault(topic, 0);
  }

  void growTopic() {
    topics.merge("a", 1, Integer::sum);
  }

  int partitions() {
    return topics.values().stream().mapToInt(n -> n).sum();
  }

  long nowMs() {
    return sim.clock().monotonicMs();
  }

  // The coordinator.

  private void load() {
    int mine = ++incarnation;
    ShardTimer<GroupRecord> timer = (delayMs, step) -> timer(mine, delayMs, step);
    shard =
        new GroupShard(
            sim.clock(),
            SETTINGS,
            () -> new Uuid(0, ++nextId),
            timer,
            GroupViews.NONE,
            GroupMemory.unlimited().share());
    log.forEach(record -> shard.replay(-1, (short) -1, record));
    apply(shard.loaded());
  }

  private Timer.Handle timer(int mine, long delayMs, Supplier<ShardResult<GroupRecord>> step) {
    boolean[] off = new boolean[1];
    sim.at(
        delayMs,
        () -> {
          if (!off[0] && mine == incarnation) {
            apply(step.get());
          }
        });
    return () -> off[0] = true;
  }

  private void apply(ShardResult<GroupRecord> result) {
    for (GroupRecord record : result.records()) {
      log.add(record);
      shard.replay(-1, (short) -1, record);
      if (record instanceof OffsetCommitted stored) {
        committed(stored.partition(), stored.offset().offset());
      }
    }
    result.answers().forEach(answer -> answer.deliver());
  }

  private void committed(TopicPartition partition, long offset) {
    commits++;
    Long before = committed.put(partition, offset);
    if (before != null) {
      assertThat(offset)
          .as("commit of %s, seed %s", partition, sim.seed())
          .isGreaterThanOrEqualTo(before);
    }
  }

  /** Another broker coordinates: what was not stored is lost, and who waited is told. */
  void failOver() {
    List<Runnable> refusals = List.copyOf(unanswered.values());
    unanswered.clear();
    load();
    refusals.forEach(Runnable::run);
  }

  /** The way of one member to the coordinator: what was sent first arrives first. */
  static final class Line {
    private long arrivesMs;
  }

  /**
   * Asks the coordinator over the network.
   *
   * @param refused the answer when the coordinator goes away
   */
  <T> void ask(
      Line line,
      BiFunction<GroupShard, Reply<T>, ShardResult<GroupRecord>> step,
      T refused,
      Consumer<T> answered) {
    if (isLost()) {
      return;
    }
    line.arrivesMs = Math.max(line.arrivesMs, nowMs() + delayMs());
    sim.at(
        line.arrivesMs - nowMs(),
        () -> {
          Object key = new Object();
          Consumer<T> back =
              answer -> {
                if (!isLost()) {
                  sim.at(delayMs(), () -> answered.accept(answer));
                }
              };
          unanswered.put(key, () -> back.accept(refused));
          apply(
              step.apply(
                  shard,
                  answer -> {
                    if (unanswered.remove(key) != null) {
                      back.accept(answer);
                    }
                  }));
        });
  }

  private boolean isLost() {
    return !calm && random.nextInt(300) == 0;
  }

  private long delayMs() {
    return !calm && random.nextInt(200) == 0 ? random.nextInt(4_000) : random.nextInt(20);
  }

  // What members do.

  /**
   * A record reaches a page or a consumer.
   *
   * @param member instance or member, the same over a reload
   * @param sure whether the member vouches that nobody has had it since
   */
  void delivered(
      String member, TopicPartition partition, long offset, int generation, boolean sure) {
    deliveries++;
    String owner = owners.putIfAbsent(generation + "/" + partition, member);
    assertThat(owner)
        .as("who delivers %s in generation %s, seed %s", partition, generation, sim.seed())
        .isIn(null, member);
    int newest = newestGeneration.getOrDefault(partition, 0);
    if (sure) {
      assertThat(generation)
          .as("generation in which %s delivers %s, seed %s", member, partition, sim.seed())
          .isGreaterThanOrEqualTo(newest);
    }
    newestGeneration.put(partition, Math.max(newest, generation));
    long before = deliveredUpTo.getOrDefault(partition, 0L);
    assertThat(offset)
        .as("offset of %s that is delivered next, seed %s", partition, sim.seed())
        .isLessThanOrEqualTo(before);
    deliveredUpTo.put(partition, Math.max(before, offset + 1));
  }

  /** What is committed was delivered to somebody. */
  void check() {
    committed.forEach(
        (partition, offset) ->
            assertThat(offset)
                .as("what is committed of %s, seed %s", partition, sim.seed())
                .isLessThanOrEqualTo(deliveredUpTo.getOrDefault(partition, 0L)));
  }

  DescribedGroup described() {
    List<DescribedGroup> found = new ArrayList<>();
    apply(shard.<DescribedGroup>describe(GROUP, found::add));
    return found.get(0);
  }

  static short unavailable() {
    return Errors.COORDINATOR_NOT_AVAILABLE.code();
  }

  int deliveries() {
    return deliveries;
  }

  int commits() {
    return commits;
  }
}
