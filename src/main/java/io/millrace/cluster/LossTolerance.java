package io.millrace.cluster;

/**
 * How many brokers a cluster may lose, whichever they are, while everything is still served and
 * nothing is lost: each partition keeps a replica in sync, and the metadata log its majority.
 *
 * <p>The one rule for all who tell it. Who asks reads the cluster in its own way (from an image, or
 * from what Kafka's admin requests tell) and says the answer in its own words.
 *
 * <p>Immutable once {@code partitions} is filled.
 *
 * @param alive brokers that are there
 * @param voters brokers that vote on the metadata; 0: nothing is known to be voted on
 * @param votersAlive those of them that are there
 * @param partitions what the partitions bear
 */
public record LossTolerance(int alive, int voters, int votersAlive, Partitions partitions) {

  /** How many brokers may be lost: what partitions and voters both bear. */
  public int brokers() {
    return Math.min(byPartitions(), byVoters());
  }

  /** Whether the partitions bear no more than the voters do, so that they are the reason. */
  public boolean isBoundByPartitions() {
    return byPartitions() <= byVoters();
  }

  /** Whether the voters that are there can decide anything. */
  public boolean hasMajority() {
    return voters == 0 || votersAlive > voters / 2;
  }

  /** Brokers that the partitions bear to lose; with none of them, all but the last. */
  public int byPartitions() {
    int others = Math.max(0, alive - 1);
    return partitions.count == 0 ? others : Math.min(partitions.fewest, others);
  }

  private int byVoters() {
    return voters == 0 ? Math.max(0, alive - 1) : Math.max(0, votersAlive - (voters / 2 + 1));
  }

  /**
   * Counts partitions by what they bear.
   *
   * <p>Confined to: whoever fills it.
   */
  public static final class Partitions {
    private int count;
    private int fewest = Integer.MAX_VALUE;
    private int single;
    private int behind;
    private int leaderless;

    /**
     * Counts a partition.
     *
     * @param replicas all its replicas
     * @param inSync those of them that are in sync and there
     * @param hasLeader whether somebody leads it, so that it is served now
     */
    public void add(int replicas, int inSync, boolean hasLeader) {
      count++;
      fewest = Math.min(fewest, Math.max(0, inSync - 1));
      single += replicas == 1 ? 1 : 0;
      behind += replicas > 1 && inSync == 1 ? 1 : 0;
      leaderless += hasLeader ? 0 : 1;
    }

    /** Partitions of one replica only. */
    public int single() {
      return single;
    }

    /** Partitions of several replicas of which one only is in sync. */
    public int behind() {
      return behind;
    }

    /** Partitions that nobody leads. */
    public int leaderless() {
      return leaderless;
    }
  }
}
