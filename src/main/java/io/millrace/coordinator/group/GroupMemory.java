package io.millrace.coordinator.group;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory the groups of a broker take, and how much they may: whoever invents names of
 * groups would else end the broker, and again each time that it loads them.
 *
 * <p>All figures are estimates from above, in bytes. What is stored is counted and never refused on
 * loading. Thread-safe.
 */
public final class GroupMemory {
  /** New groups leave so much of the room to those that are there, in parts of one. */
  private static final double KEPT_FOR_KNOWN = 0.25;

  private final AtomicLong used = new AtomicLong();
  private final long maxBytes;
  private final long newGroupsMaxBytes;
  private final Runnable refused;

  /**
   * @param maxBytes room for all groups
   * @param refused is told, on the loop of the group, each time that there was no room
   */
  public GroupMemory(long maxBytes, Runnable refused) {
    this.maxBytes = maxBytes;
    this.newGroupsMaxBytes = maxBytes - (long) (maxBytes * KEPT_FOR_KNOWN);
    this.refused = refused;
  }

  /** Without a limit. */
  public static GroupMemory unlimited() {
    return new GroupMemory(Long.MAX_VALUE, () -> {});
  }

  /** What all groups take now. */
  public long usedBytes() {
    return used.get();
  }

  /** What they may take. */
  public long maxBytes() {
    return maxBytes;
  }

  /** The share of one more shard, which takes nothing yet. */
  public Share share() {
    return new Share();
  }

  /** What the groups of one shard take. Confined to: the loop of the shard. */
  public final class Share {
    private long taken;

    private Share() {}

    /** The groups take more, or less. */
    void add(long bytes) {
      taken += bytes;
      used.addAndGet(bytes);
    }

    /** Whether so much more is far from the limit: who asks for it need not be exact. */
    boolean isPlenty(long bytes) {
      return used.get() <= newGroupsMaxBytes - bytes;
    }

    /**
     * Whether so much more may be taken; a refusal is told.
     *
     * @param isNew whether a group comes into being with it
     */
    boolean hasRoom(long bytes, boolean isNew) {
      boolean has = used.get() <= (isNew ? newGroupsMaxBytes : maxBytes) - bytes;
      if (!has) {
        refused.run();
      }
      return has;
    }

    /** The shard is gone with all its groups. */
    public void giveBack() {
      add(-taken);
    }
  }
}
