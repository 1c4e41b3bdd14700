package io.millrace.cluster.founding;

import java.util.List;
import org.apache.kafka.common.Uuid;

/**
 * What a broker says of itself when it probes and when it is probed. Immutable.
 *
 * @param brokerId its id
 * @param incarnation random id of its process
 * @param name name under which brokers meet; those of another name have nothing to do with it
 * @param clusterId id of its cluster; empty when it has none
 * @param stage how far it is
 * @param founder whether it would found a cluster
 * @param blank whether it has a cluster of its own that holds nothing
 * @param place where its peer port is
 * @param startedMs wall-clock time of its start, in ms
 * @param known peer ports of the other brokers that it knows of
 * @param recoveries how often its cluster's metadata was recovered from one broker
 */
public record Card(
    int brokerId,
    Uuid incarnation,
    String name,
    String clusterId,
    Stage stage,
    Founder founder,
    boolean blank,
    Place place,
    long startedMs,
    List<Place> known,
    int recoveries) {
  public Card {
    known = List.copyOf(known);
  }

  /** Of a broker that knows of no recovery. */
  public Card(
      int brokerId,
      Uuid incarnation,
      String name,
      String clusterId,
      Stage stage,
      Founder founder,
      boolean blank,
      Place place,
      long startedMs,
      List<Place> known) {
    this(brokerId, incarnation, name, clusterId, stage, founder, blank, place, startedMs, known, 0);
  }

  /** The same, of a broker whose cluster holds nothing, or something. */
  public Card withBlank(boolean now) {
    return with(now, recoveries);
  }

  /** The same, of a broker whose cluster's metadata was recovered so often. */
  public Card withRecoveries(int count) {
    return with(blank, count);
  }

  private Card with(boolean isBlank, int count) {
    return new Card(
        brokerId,
        incarnation,
        name,
        clusterId,
        stage,
        founder,
        isBlank,
        place,
        startedMs,
        known,
        count);
  }

  /** How far a broker is. */
  public enum Stage {
    /** It looks for others. */
    LOOKING,
    /** It has decided to found a cluster. */
    FOUNDING,
    /** It has found one and is about to join it. */
    JOINING,
    /** It belongs to a cluster. */
    MEMBER,
    /** It starts from its folder, which belongs to a cluster. */
    STARTING
  }

  /** Whether a broker would found a cluster. */
  public enum Founder {
    /** It does not know yet. */
    UNKNOWN,
    /** It waits for others, but would. */
    YES,
    /** None of the addresses that it was given is its own. */
    NO
  }
}
