package io.millrace.push;

import io.millrace.browser.frame.FrameSink.Cut;
import org.jspecify.annotations.Nullable;

/** Where a subscription stands in one partition. Confined to: the loop of its session. */
final class Cursor {
  final Subscription subscription;
  final Feed feed;

  /** Next offset to send. */
  long next;

  /** Leader epoch of the last record that was sent, -1 before the first. */
  int leaderEpoch;

  /** Timestamp of the first record of the last frame that was sent, -1 before the first. */
  long sentTimestampMs = -1;

  /** Place in the feed's list of those that wait at its end; -1 when it is not there. */
  int liveIndex = -1;

  /** Whether the feed is reading for it. */
  boolean loading;

  /** Whether it was held back since it was last served, with records that are to be conflated. */
  boolean conflates;

  /** What is sent of the records that gathered, while they are sent; or null. */
  @Nullable Conflation conflation;

  /** Whether the next read tells of records that compaction took. */
  boolean checksHole;

  private boolean ended;

  Cursor(Subscription subscription, Feed feed, long next, int leaderEpoch) {
    this.subscription = subscription;
    this.feed = feed;
    this.next = next;
    this.leaderEpoch = leaderEpoch;
  }

  /** Whether it can be sent a frame now. */
  boolean wants() {
    return !ended && subscription.wants();
  }

  boolean isEnded() {
    return ended;
  }

  /** Sends a frame that begins where it stands. */
  void take(SharedFrame frame) {
    Cut cut = frame.cut;
    if (checksHole) {
      checksHole = false;
      subscription.checkHole(this, cut);
    }
    next = cut.next();
    subscription.session.wake();
    if (frame.hasRecords()) {
      leaderEpoch = cut.leaderEpoch();
      sentTimestampMs = cut.firstTimestampMs();
      subscription.send(frame, this);
    }
  }

  /** Goes on as far as it may. */
  void serve() {
    if (!ended) {
      feed.serve(this);
    }
  }

  /** Leaves the feed. */
  void end() {
    if (!ended) {
      ended = true;
      feed.leave(this);
    }
  }
}
