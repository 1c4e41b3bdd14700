package io.millrace.push.member;

import io.millrace.model.TopicPartition;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The partitions that a member has, and how far each has come. Confined to: its member. */
final class Holdings {
  static final Comparator<TopicPartition> ORDER =
      Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

  private final Map<TopicPartition, Holding> all = new TreeMap<>(ORDER);

  /** Generation in which they were assigned, or kept. */
  private int generation = -1;

  /** How far a partition has come; offsets are the next ones, -1 when there is none yet. */
  static final class Holding {
    /** Whether it is being delivered, or could be. */
    boolean begun;

    /** Whether it is being given up: nothing more is delivered. */
    boolean yielding;

    /** Where it began. */
    long start = -1;

    /** Behind the last record that went to the page. */
    long delivered = -1;

    int deliveredEpoch = -1;

    /** What the page acknowledged. */
    long acknowledged = -1;

    /** What is committed. */
    long stored = -1;

    boolean isSettled() {
      return delivered <= Math.max(start, stored);
    }
  }

  int generation() {
    return generation;
  }

  /** Whether what was assigned in that generation cannot have been anybody else's since. */
  boolean survive(int nextGeneration) {
    return nextGeneration == generation || nextGeneration == generation + 1;
  }

  void ofGeneration(int newGeneration) {
    generation = newGeneration;
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  Set<TopicPartition> partitions() {
    return new LinkedHashSet<>(all.keySet());
  }

  @Nullable Holding get(TopicPartition partition) {
    return all.get(partition);
  }

  void add(TopicPartition partition) {
    all.put(partition, new Holding());
  }

  void yield(Collection<TopicPartition> partitions) {
    for (TopicPartition partition : partitions) {
      Holding holding = all.get(partition);
      if (holding != null) {
        holding.yielding = true;
      }
    }
  }

  Set<TopicPartition> yielding() {
    Set<TopicPartition> yielding = new TreeSet<>(ORDER);
    all.forEach(
        (partition, holding) -> {
          if (holding.yielding) {
            yielding.add(partition);
          }
        });
    return yielding;
  }

  /** Partitions whose place of beginning is not known yet. */
  Set<TopicPartition> notBegun() {
    Set<TopicPartition> waiting = new TreeSet<>(ORDER);
    all.forEach(
        (partition, holding) -> {
          if (!holding.begun && !holding.yielding) {
            waiting.add(partition);
          }
        });
    return waiting;
  }

  /** Whether everything that was delivered of what is given up is committed. */
  boolean isYieldingSettled() {
    return all.values().stream().filter(h -> h.yielding).allMatch(Holding::isSettled);
  }

  void drop(Collection<TopicPartition> partitions) {
    partitions.forEach(all::remove);
  }
}
