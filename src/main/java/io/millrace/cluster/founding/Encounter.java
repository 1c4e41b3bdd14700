package io.millrace.cluster.founding;

import io.millrace.cluster.founding.Card.Stage;

/**
 * What a broker that has a cluster of its own does when it meets one of another cluster by the same
 * name: an empty cluster of one broker gives itself up, and no other does. Stateless.
 */
public final class Encounter {
  private Encounter() {}

  /** What follows. */
  public enum Verdict {
    /** The other is no concern, or gives itself up. */
    GO_ON,
    /** This broker gives its cluster up and joins the other's. */
    YIELD,
    /** Neither can be given up. */
    STOP
  }

  /**
   * Judges a broker that answered.
   *
   * @param self this broker, at its start
   */
  public static Verdict judge(Card self, Card other) {
    if (!isForeign(self, other)) {
      return Verdict.GO_ON;
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
    return other.name().equals(self.name())
        && !other.incarnation().equals(self.incarnation())
        && !other.clusterId().isEmpty()
        && !other.clusterId().equals(self.clusterId())
        && (other.stage() == Stage.MEMBER || other.stage() == Stage.STARTING);
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
