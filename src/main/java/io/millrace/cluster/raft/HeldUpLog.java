package io.millrace.cluster.raft;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has this broker give up the lead of the metadata log when its own disk holds up the others.
 *
 * <p>Ratis 3.3.0 commits no entry that its leader has not forced itself, whatever the other voters
 * have. A leader whose disk hangs beats all the same, so that nobody elects another one: nothing is
 * decided meanwhile, and a broker that dies keeps its leaderships.
 *
 * <p>Confined to: the control loop.
 */
final class HeldUpLog {
  private static final Logger LOG = LoggerFactory.getLogger(HeldUpLog.class);

  /**
   * In how many looks, a fifth of a second apart, one force stays under way. Counted, not timed: a
   * process that was paused has not waited for its disk.
   */
  static final int LOOKS = 25;

  /** After how many looks it is tried again when nobody took over. */
  static final int LOOKS_BETWEEN = 150;

  /** Where the ends of the log can be seen. */
  interface Sight {
    /** Index of the last entry that this member has forced. */
    long forced() throws IOException;

    /**
     * Index of the last entry that the other voters have which could commit without this one; -1
     * when it is not known.
     */
    long forcedElsewhere() throws IOException;
  }

  private final Runnable handOver;

  // Owner: the control loop.
  private long forcedBefore = -1;
  private int looks;
  private int rests;

  HeldUpLog(Runnable handOver) {
    this.handOver = handOver;
  }

  /** Looks at the log; where this broker only follows, nothing is known of others. */
  void look(Sight sight) {
    try {
      long forced = sight.forced();
      boolean stands = forced == forcedBefore && sight.forcedElsewhere() > forced;
      forcedBefore = forced;
      looks = stands ? looks + 1 : 0;
    } catch (IOException e) {
      LOG.debug("it is not known how far the log is forced: {}", e.getMessage());
      return;
    }
    if (rests > 0) {
      rests--;
    } else if (looks >= LOOKS) {
      rests = LOOKS_BETWEEN;
      LOG.warn(
          "the disk of the metadata log is slow: it has held up the other voters for 5 s, and one"
              + " of them is asked to lead");
      handOver.run();
    }
  }
}
