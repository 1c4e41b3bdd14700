package io.millrace.partition.replication;

import io.millrace.eventloop.EventLoop;

/**
 * A request that waits for steps on logs that are under way, so that it tells of them too.
 *
 * <p>Confined to: the loop of the fetcher.
 */
final class Gathering {
  /** How long a request waits for steps on logs that are still under way. */
  private static final int GATHER_MS = 3;

  /**
   * How long it waits for such steps when it has nothing to tell. A flush on a slow disk takes
   * seconds: what the other partitions have been sent meanwhile cannot wait for it.
   */
  private static final int UNDER_WAY_MS = 20;

  private final EventLoop loop;
  private final Runnable again;

  private boolean gathers;
  private boolean over;
  private long idleSinceMs = -1;
  private boolean looksLater;

  /**
   * @param again called when a request need not wait any longer
   */
  Gathering(EventLoop loop, Runnable again) {
    this.loop = loop;
    this.again = again;
  }

  /**
   * Whether a request waits for what is under way.
   *
   * @param news whether it has something to tell already
   */
  boolean mustWait(boolean news) {
    if (over) {
      return false;
    }
    if (news) {
      gather();
    } else {
      idle();
    }
    return true;
  }

  /** A request leaves. */
  void over() {
    over = false;
    idleSinceMs = -1;
  }

  private void gather() {
    if (!gathers) {
      gathers = true;
      loop.schedule(
          GATHER_MS,
          () -> {
            gathers = false;
            over = true;
            again.run();
          });
    }
  }

  /** Nothing is asked for, and steps are under way: asks without them when they take long. */
  private void idle() {
    if (idleSinceMs < 0) {
      idleSinceMs = loop.clock().monotonicMs();
    }
    if (!looksLater) {
      looksLater = true;
      loop.schedule(UNDER_WAY_MS, this::lookAgain);
    }
  }

  private void lookAgain() {
    looksLater = false;
    if (idleSinceMs < 0) {
      return;
    }
    long leftMs = idleSinceMs + UNDER_WAY_MS - loop.clock().monotonicMs();
    if (leftMs > 0) {
      looksLater = true;
      loop.schedule(leftMs, this::lookAgain);
    } else {
      over = true;
      again.run();
    }
  }
}
