package io.millrace.cli.reassign;

import static io.millrace.cli.tool.AdminSession.await;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.Progress;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import io.millrace.cluster.ReplicaMoves.Move;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.ReplicaInfo;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/**
 * A plan of moves that is carried out and watched: replicas are copied, then their preferred
 * leaders lead. Confined to: the main thread.
 */
public final class ReplicaShift {
  private static final int PAUSE_MS = 500;
  private static final int STILL_MAX = 10;
  private static final int KIB = 1024;

  private final AdminSession session;
  private final Map<TopicPartition, List<Integer>> wanted = new TreeMap<>(Partitions.ORDER);
  private final Map<TopicPartition, List<Integer>> now = new TreeMap<>(Partitions.ORDER);

  public ReplicaShift(AdminSession session, List<Move> moves) {
    this.session = session;
    for (Move move : moves) {
      TopicPartition id =
          new TopicPartition(move.partition().topic(), move.partition().partition());
      wanted.put(id, move.to());
      now.put(id, move.from());
    }
  }

  /**
   * Begins it.
   *
   * @param bytesPerSecond limit of each broker; below 0: none
   */
  public void begin(long bytesPerSecond) {
    Reassignments reassignments = new Reassignments(session);
    if (bytesPerSecond >= 0) {
      new MoveThrottles(session).limit(reassignments.current(), wanted, now, bytesPerSecond);
    }
    reassignments.begin(wanted, false);
  }

  /** Shows how far it is, with the time that is left, until all is copied. */
  public void watch(Shell shell, String task) {
    Map<TopicPartition, Long> sizes = sizes(leadersOf(now), Map.of());
    Map<TopicPartition, List<Integer>> copies = copies();
    long total = 0;
    for (Map.Entry<TopicPartition, List<Integer>> copy : copies.entrySet()) {
      total += sizes.getOrDefault(copy.getKey(), 0L) * copy.getValue().size() / KIB;
    }
    try (Progress progress = Progress.of(shell, task, Math.max(1, total), "KB")) {
      long shown = 0;
      int still = 0;
      Reassignments reassignments = new Reassignments(session);
      while (true) {
        Set<TopicPartition> moving = new HashSet<>(reassignments.current(wanted.keySet()).keySet());
        if (moving.isEmpty() && reassignments.known(wanted.keySet()).equals(wanted)) {
          progress.add(Math.max(1, total) - shown);
          return;
        }
        // A broker that is asked may be behind for a moment; for long only when somebody cancelled.
        still = moving.isEmpty() ? still + 1 : 0;
        if (still > STILL_MAX) {
          throw ToolException.failed("The moves were ended before all was copied.")
              .hint("See who holds what with: millrace topics describe TOPIC");
        }
        long done = done(copies, moving, sizes);
        progress.add(Math.max(0, done - shown));
        shown = Math.max(shown, done);
        pause();
      }
    }
  }

  /** Brokers that copy, by partition. */
  private Map<TopicPartition, List<Integer>> copies() {
    Map<TopicPartition, List<Integer>> copies = new TreeMap<>(Partitions.ORDER);
    wanted.forEach(
        (id, replicas) -> {
          List<Integer> fresh = new ArrayList<>(replicas);
          fresh.removeAll(now.getOrDefault(id, List.of()));
          copies.put(id, fresh);
        });
    return copies;
  }

  private static Map<Integer, Set<TopicPartition>> leadersOf(
      Map<TopicPartition, List<Integer>> replicas) {
    Map<Integer, Set<TopicPartition>> byBroker = new HashMap<>();
    replicas.forEach(
        (id, brokers) ->
            brokers.forEach(
                broker -> byBroker.computeIfAbsent(broker, b -> new HashSet<>()).add(id)));
    return byBroker;
  }

  /** KiB that are copied. */
  private long done(
      Map<TopicPartition, List<Integer>> copies,
      Set<TopicPartition> moving,
      Map<TopicPartition, Long> sizes) {
    Map<TopicPartition, List<Integer>> under = new HashMap<>(copies);
    under.keySet().retainAll(moving);
    long kib = 0;
    for (Map.Entry<TopicPartition, List<Integer>> copy : copies.entrySet()) {
      if (!moving.contains(copy.getKey())) {
        kib += sizes.getOrDefault(copy.getKey(), 0L) * copy.getValue().size() / KIB;
      }
    }
    for (long bytes : sizes(leadersOf(under), sizes).values()) {
      kib += bytes / KIB;
    }
    return kib;
  }

  /**
   * Sizes of partitions on brokers. Without bounds the greatest of each partition's; with bounds
   * the sum, each at most the bound.
   */
  private Map<TopicPartition, Long> sizes(
      Map<Integer, Set<TopicPartition>> byBroker, Map<TopicPartition, Long> bounds) {
    Map<TopicPartition, Long> sizes = new HashMap<>();
    if (byBroker.isEmpty()) {
      return sizes;
    }
    Set<Integer> alive = new TreeSet<>(byBroker.keySet());
    Set<Integer> there = new HashSet<>();
    new Reassignments(session).brokers().forEach(node -> there.add(node.id()));
    alive.retainAll(there);
    await(session.admin().describeLogDirs(alive).allDescriptions())
        .forEach(
            (broker, folders) -> {
              for (LogDirDescription folder : folders.values()) {
                folder
                    .replicaInfos()
                    .forEach(
                        (id, replica) -> {
                          if (byBroker.getOrDefault(broker, Set.of()).contains(id)) {
                            note(sizes, bounds, id, replica);
                          }
                        });
              }
            });
    return sizes;
  }

  private static void note(
      Map<TopicPartition, Long> sizes,
      Map<TopicPartition, Long> bounds,
      TopicPartition id,
      ReplicaInfo replica) {
    if (bounds.isEmpty()) {
      sizes.merge(id, replica.size(), Math::max);
    } else {
      sizes.merge(id, Math.min(replica.size(), bounds.getOrDefault(id, 0L)), Long::sum);
    }
  }

  /** Lets the preferred replicas lead, and takes limits away. */
  public Elections finish(boolean limited) {
    if (limited) {
      Set<Integer> brokers = new TreeSet<>();
      Set<String> topics = new TreeSet<>();
      wanted.forEach(
          (id, replicas) -> {
            topics.add(id.topic());
            brokers.addAll(replicas);
            brokers.addAll(now.getOrDefault(id, List.of()));
          });
      MoveThrottles throttles = new MoveThrottles(session);
      throttles.clearBrokers(brokers);
      throttles.clearTopics(topics);
    }
    return Elections.hold(session, ElectionType.PREFERRED, wanted.keySet());
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MS);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}
