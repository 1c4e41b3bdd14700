package io.millrace.cluster.founding;

import io.millrace.cluster.founding.Card.Stage;

/**
 * What a broker that has a cluster of its own does when it meets one of another cluster by the same
 * name: an empty cluster of one broker gives itself up, and no other does. And what it does when it
 * meets one of its own cluster that goes on after a recovery which its own log knows nothing of:
 * that log was given up. Stateless.
 */
public final class Encounter {
  private Encounter() {}

  /** What follows. */
  public enum Verdict {
    /** The other is no concern, or gives itself up. */
    GO_ON,
    /** This broker gives its cluster up and joins the other's. */
    YIELD,
    /** Its log was given up: it follows the other's instead of going on with it. */
    FOLLOW,
    /** Neither can be given up. */
    STOP
  }

  /**
   * Judges a broker that answered one whose cluster is of itself alone.
   *
   * @param self this broker, at its start
   */
  public static Verdict judge(Card self, Card other) {
    if (!isForeign(self, other)) {
      return judgeOwn(self, other);
    }
    boolean otherFirst = other.stage() == Stage.MEMBER || other.brokerId() < self.brokerId();
    if (self.blank()) {
      return otherFirst || !other.blank() ? Verdict.YIELD : Verdict.GO_ON;
    }
    boolean otherYields =
        other.blank() && (other.stage() == Stage.STARTING || !isSameId(self, other));
    return otherYields || !otherFirst ? Verdict.GO_ON : Verdict.STOP;
  }

  /**
   * Judges a broker that answered one of several; another cluster is no concern of theirs.
   *
   * @param self this broker, at its start
   */
  public static Verdict judgeOwn(Card self, Card other) {
    return isGivenUp(self, other) ? Verdict.FOLLOW : Verdict.GO_ON;
  }

  /**
   * Whether this broker's log was given up: another one of its cluster goes on after more
   * recoveries.
   */
  public static boolean isGivenUp(Card self, Card other) {
    return isOther(self, other)
        && other.clusterId().equals(self.clusterId())
        && other.recoveries() > self.recoveries();
  }

  /**
   * Whether a broker that runs gives its cluster up to one that it is probed by, which holds
   * something. One that starts and holds nothing joins by itself. Not to one of its own id: it
   * could not join that one, and would be gone.
   *
   * @param self this broker, a member of a cluster
   */
  public static boolean yields(Card self, Card other) {
    return self.blank() && isForeign(self, other) && !other.blank() && !isSameId(self, other);
  }

  private static boolean isSameId(Card self, Card other) {
    return self.brokerId() == other.brokerId();
  }

  private static boolean isForeign(Card self, Card other) {
    return isOther(self, other) && !other.clusterId().equals(self.clusterId());
  }

  private static boolean isOther(Card self, Card other) {
    return other.name().equals(self.name())
        && !other.incarnation().equals(self.incarnation())
        && !other.clusterId().isEmpty()
        && (other.stage() == Stage.MEMBER || other.stage() == Stage.STARTING);
  }

  /** Why a broker that runs stops, whose log was given up. */
  public static String givenUpSentence(Card other) {
    return "The metadata of cluster "
        + other.clusterId()
        + " was recovered, and broker "
        + other.brokerId()
        + " at "
        + other.place()
        + " goes on with it, while this broker went on with what was before: what was acknowledged"
        + " here since then is not known there. Start this broker again while that one can be"
        + " reached: it joins it, and gives up the records that its leaders do not have (to keep"
        + " them, copy its log.dirs before).";
  }

  /** Why a recovery is refused. */
  public static String recoveredSentence(Card other) {
    return "The metadata of cluster "
        + other.clusterId()
        + " was recovered already, by broker "
        + other.brokerId()
        + " at "
        + other.place()
        + " or one that it follows: start this broker without --recover-metadata, and it joins"
        + " that one.";
  }

  /** Why a start stops. */
  public static String sentence(Card self, Card other) {
    if (isSameId(self, other)) {
      return FoundingTexts.idIsUsed(self.brokerId(), other);
    }
    return "Two clusters are called "
        + self.name()
        + ": this broker's "
        + self.clusterId()
        + " and "
        + other.clusterId()
        + " of broker "
        + other.brokerId()
        + " at "
        + other.place()
        + ", and both hold something. To keep both, give one another cluster.name; to have one, stop"
        + " the broker whose data you can do without, name an empty folder in its log.dirs, and"
        + " start it again.";
  }
}
