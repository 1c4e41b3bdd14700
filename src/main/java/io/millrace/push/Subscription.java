package io.millrace.push;

import io.millrace.browser.Gap;
import io.millrace.browser.frame.FrameFormat;
import io.millrace.browser.frame.FrameSink.Cut;
import io.millrace.metadata.TopicImage;
import io.millrace.partition.CommittedLog;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * One subscription of a session: where it stands in each partition, what it may still be sent, and
 * what happens when it falls behind.
 *
 * <p>Confined to: the loop of its session.
 */
final class Subscription {
  private static final long RETRY_MS = 500;

  final Session session;
  final int number;
  final Options options;
  private final Credit credit;
  private final List<Cursor> cursors = new ArrayList<>(1);
  private int first;
  private SubscriptionOwner owner = SubscriptionOwner.NONE;
  private boolean paused;
  private boolean ended;
  private boolean started;
  private final Heartbeat heartbeat = new Heartbeat();

  /** How many records it is still sent before it ends; -1 for no end. */
  private long remaining = -1;

  /**
   * What it was made with.
   *
   * @param mode {@code read} or {@code group}
   * @param group the group of a member, or null
   * @param format how records are written
   * @param onLag what happens when it falls behind
   * @param lagMax how many records behind is too far, for {@code skip} and {@code close}
   * @param growing whether partitions that are added to its topics are read too
   */
  record Options(
      String mode,
      @Nullable String group,
      FrameFormat format,
      OnLag onLag,
      long lagMax,
      boolean growing) {}

  Subscription(Session session, int number, Options options, Credit credit) {
    this.session = session;
    this.number = number;
    this.options = options;
    this.credit = credit;
  }

  /** Lets somebody decide what it may be sent; before it starts. */
  void ownedBy(SubscriptionOwner newOwner) {
    owner = newOwner;
  }

  SubscriptionOwner owner() {
    return owner;
  }

  Credit credit() {
    return credit;
  }

  List<Cursor> cursors() {
    return cursors;
  }

  boolean isPaused() {
    return paused;
  }

  boolean isEnded() {
    return ended;
  }

  /** Adds a partition; it is served from {@link #pump} on. */
  Cursor add(Feed feed, long next, int leaderEpoch) {
    Cursor cursor = new Cursor(this, feed, next, leaderEpoch);
    feed.join();
    cursors.add(cursor);
    session.wake();
    return cursor;
  }

  /** Takes a partition away; nothing of it is sent any more. */
  void remove(Cursor cursor) {
    cursors.remove(cursor);
    cursor.end();
  }

  /** From now on records are sent. */
  void start() {
    started = true;
    session.wake();
    pump();
  }

  /** Whether it can be sent a frame now. */
  boolean wants() {
    return started
        && !ended
        && !paused
        && credit.admits()
        && session.isWritable()
        && owner.maySend();
  }

  /**
   * Goes on wherever it was held up. Each time another partition comes first, so that one which has
   * much to send does not use up all credit before the others.
   */
  void pump() {
    first = first + 1 < cursors.size() ? first + 1 : 0;
    for (int i = 0; i < cursors.size() && !ended; i++) {
      cursors.get((first + i) % cursors.size()).serve();
    }
  }

  void give(long records, long bytes) {
    credit.give(records, bytes);
    pump();
  }

  void pause() {
    paused = true;
  }

  void resume() {
    paused = false;
    pump();
  }

  void end() {
    if (ended) {
      return;
    }
    ended = true;
    for (Cursor cursor : List.copyOf(cursors)) {
      cursor.end();
    }
    cursors.clear();
    owner.ended(session.end());
  }

  /** Ends after so many records. */
  void endAfter(long records) {
    remaining = records;
  }

  /** Whether a whole frame may be sent before it ends. */
  boolean admits(SharedFrame frame) {
    return remaining < 0 || frame.cut.count() <= remaining;
  }

  /** Which records of a frame are sent before it ends. */
  LongPredicate fewMore(long from) {
    long[] left = {remaining};
    return offset -> offset >= from && left[0]-- > 0;
  }

  /** Writes a frame; it leaves at the end of the round. */
  void send(SharedFrame frame, Cursor cursor) {
    credit.take(frame.cut.count(), frame.cost);
    session.send(frame, cursor);
    owner.sent(cursor);
    if (remaining >= 0) {
      remaining -= frame.cut.count();
      if (remaining <= 0) {
        session.close(CloseCode.DONE, "the limit is reached");
      }
    }
  }

  /** The cursor of a partition, or null. */
  @Nullable Cursor cursorOf(CommittedLog partition) {
    for (Cursor cursor : cursors) {
      if (cursor.feed.partition().equals(partition)) {
        return cursor;
      }
    }
    return null;
  }

  /**
   * A second has passed.
   *
   * @param withPing whether the socket is pinged in it
   */
  void second(boolean withPing) {
    if (started && !ended) {
      session.closeIfTooSlow(this);
      heartbeat.second(this, withPing);
    }
  }

  /**
   * Whether a second that passes changes nothing: all was read and the client knows it. A cursor
   * that gets more, or is held up, wakes the session.
   */
  boolean isAtRest() {
    if (!started || ended) {
      return true;
    }
    for (int i = 0; i < cursors.size(); i++) {
      if (cursors.get(i).liveIndex < 0) {
        return false;
      }
    }
    return heartbeat.isTold(this);
  }

  /** Reads partitions that were added to its topics, from their beginning. */
  void grow(PushServices services) {
    if (!options.growing || !started) {
      return;
    }
    Map<String, Integer> counts = new HashMap<>();
    for (Cursor cursor : cursors) {
      var id = cursor.feed.partition().id();
      counts.merge(id.topic(), id.partition() + 1, Math::max);
    }
    counts.forEach(
        (topic, known) -> {
          TopicImage now = services.image().get().topic(topic);
          for (int number = known; now != null && number < now.partitions().size(); number++) {
            CommittedLog added = services.logs().get(topic, number);
            if (added != null) {
              add(session.home().feed(added, options.format()), 0, -1).serve();
            }
          }
        });
  }

  /** Records that lie between a cursor and the end, in all partitions. */
  long lag() {
    long lag = 0;
    for (Cursor cursor : cursors) {
      lag += Math.max(0, cursor.feed.end() - cursor.next);
    }
    return lag;
  }

  /** Whether the cursor was moved to the end because it was too far behind. */
  boolean jumps(Cursor cursor) {
    if (options.onLag != OnLag.SKIP) {
      return false;
    }
    long end = cursor.feed.end();
    if (end - cursor.next <= options.lagMax) {
      return false;
    }
    gap(cursor, new Gap(cursor.next, end, Gap.Why.SKIPPED));
    cursor.next = end;
    return true;
  }

  /** A cursor cannot be served now. */
  void held(Cursor cursor) {
    if (options.onLag == OnLag.CONFLATE && started && !paused) {
      cursor.conflates = true;
      cursor.conflation = null;
    }
    if (options.onLag == OnLag.CLOSE && started && !ended && !paused) {
      session.closeIfTooSlow(this);
    }
  }

  /** Whether it is one that is too far behind to be kept. */
  boolean isTooSlow() {
    return options.onLag == OnLag.CLOSE
        && !paused
        && started
        && !(credit.admits() && session.isWritable())
        && lag() > options.lagMax;
  }

  /** Retention has passed the cursor. True: look again from the new start. */
  boolean outOfRange(Cursor cursor, long logStartOffset) {
    long end = cursor.feed.end();
    if (logStartOffset < 0 || end < 0) {
      failed(cursor, Errors.NOT_LEADER_OR_FOLLOWER);
      return false;
    }
    boolean behind = cursor.next < logStartOffset;
    long to = behind ? logStartOffset : end;
    gap(cursor, new Gap(cursor.next, to, behind ? Gap.Why.RETENTION : Gap.Why.TRUNCATED));
    cursor.next = to;
    return true;
  }

  void unreadable(Cursor cursor, FeedRead.Unreadable hole) {
    gap(cursor, new Gap(hole.from(), hole.to(), Gap.Why.UNREADABLE));
    cursor.next = hole.to();
  }

  /** The first read of a place that was named: what compaction took from there is told. */
  void checkHole(Cursor cursor, Cut cut) {
    boolean compacted = cursor.feed.partition().config().cleanup().compact();
    if (compacted && cut.hole() > cursor.next) {
      gap(cursor, new Gap(cursor.next, cut.hole(), Gap.Why.COMPACTED));
    }
  }

  void gap(Cursor cursor, Gap gap) {
    session.control(
        new JsonObject()
            .put("op", "gap")
            .put("sub", number)
            .put("t", cursor.feed.partition().id().topic())
            .put("p", cursor.feed.partition().id().partition())
            .put("from", gap.from())
            .put("to", gap.to())
            .put("why", gap.why().word()));
  }

  /** The partition refused: for a while, or for good. */
  void failed(Cursor cursor, Errors error) {
    if (ended || cursor.isEnded()) {
      return;
    }
    if (error != Errors.UNKNOWN_TOPIC_OR_PARTITION
        && error.exception() instanceof RetriableException) {
      session.loop().schedule(RETRY_MS, cursor::serve);
      return;
    }
    String topic = cursor.feed.partition().id().topic();
    cursors.stream()
        .filter(other -> other.feed.partition().id().topic().equals(topic))
        .toList()
        .forEach(this::remove);
    session.subscriptionFailed(this, topic, error);
  }
}
