package io.millrace.sim.cluster;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What all members of a group know together: its generation never goes back, a partition belongs to
 * one member of a generation, a member of an old generation commits nothing, and no acknowledged
 * commit is lost.
 *
 * <p>Confined to: the test's thread.
 */
final class ClusterGroup {
  private final String id;
  private final Map<Integer, Map<Integer, String>> owners = new HashMap<>();
  private final Map<Integer, Commits> commits = new HashMap<>();
  private int newestGeneration = -1;

  /** Offsets of one partition. */
  private static final class Commits {
    private long sent;
    private long acknowledged = -1;
    private final Set<Long> open = new HashSet<>();
  }

  ClusterGroup(String id) {
    this.id = id;
  }

  String id() {
    return id;
  }

  /** The newest generation that any member has a place in. */
  int newestGeneration() {
    return newestGeneration;
  }

  /** A member was told a generation; it asked when {@code newestWhenAsked} was known. */
  void joined(int generation, int newestWhenAsked) {
    check(
        generation >= newestWhenAsked,
        "generation-monotonic",
        "generation %d is given after %d",
        generation,
        newestWhenAsked);
  }

  /** A member was given partitions. */
  void assigned(int generation, String member, List<Integer> partitions) {
    newestGeneration = Math.max(newestGeneration, generation);
    Map<Integer, String> of = owners.computeIfAbsent(generation, g -> new HashMap<>());
    for (int partition : partitions) {
      String other = of.putIfAbsent(partition, member);
      check(
          other == null || other.equals(member),
          "one-owner-per-generation",
          "%d belongs to %s and %s in generation %d",
          partition,
          other,
          member,
          generation);
    }
    ClusterWorld.count("assignments", 1);
  }

  /** The next offset to commit. */
  long nextCommit(int partition) {
    Commits of = commits(partition);
    long offset = ++of.sent;
    of.open.add(offset);
    return offset;
  }

  /** A commit was accepted; it was sent when {@code newestWhenSent} was known. */
  void committed(int partition, long offset, int generation, int newestWhenSent) {
    check(
        generation >= newestWhenSent,
        "fenced-commit",
        "a commit of generation %d is accepted in generation %d",
        generation,
        newestWhenSent);
    Commits of = commits(partition);
    of.open.remove(offset);
    of.acknowledged = Math.max(of.acknowledged, offset);
    ClusterWorld.count("commits", 1);
  }

  /** A commit was refused for sure. */
  void refused(int partition, long offset) {
    commits(partition).open.remove(offset);
  }

  /** What was acknowledged so far. */
  long acknowledged(int partition) {
    return commits(partition).acknowledged;
  }

  /** An offset was read back. */
  void readBack(int partition, long offset, long acknowledgedWhenAsked) {
    Commits of = commits(partition);
    check(offset <= of.sent, "commits-stay", "%d of %d was never committed", offset, partition);
    check(
        offset >= acknowledgedWhenAsked || of.open.contains(offset),
        "commits-stay",
        "%d of %d is read back where %d was acknowledged",
        offset,
        partition,
        acknowledgedWhenAsked);
    ClusterWorld.count("offsets read back", 1);
  }

  private Commits commits(int partition) {
    return commits.computeIfAbsent(partition, p -> new Commits());
  }

  private void check(boolean holds, String checker, String message, Object... args) {
    if (!holds) {
      throw new Violation(checker, "group " + id + ": " + String.format(message, args));
    }
  }
}
