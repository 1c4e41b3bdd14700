package io.millrace.push;

import io.millrace.browser.Place;
import io.millrace.browser.PlaceFinder;
import io.millrace.browser.RefusedException;
import io.millrace.eventloop.EventLoop;
import io.millrace.metadata.TopicImage;
import io.millrace.model.TopicPartition;
import io.millrace.partition.CommittedLog;
import io.millrace.push.member.GroupMember;
import io.millrace.push.member.MemberEffect;
import io.millrace.push.member.MemberEffect.Acknowledged;
import io.millrace.push.member.MemberEffect.Assigned;
import io.millrace.push.member.MemberEffect.Begin;
import io.millrace.push.member.MemberEffect.Commit;
import io.millrace.push.member.MemberEffect.Ended;
import io.millrace.push.member.MemberEffect.Fetch;
import io.millrace.push.member.MemberEffect.Heartbeat;
import io.millrace.push.member.MemberEffect.Hold;
import io.millrace.push.member.MemberEffect.Join;
import io.millrace.push.member.MemberEffect.Leave;
import io.millrace.push.member.MemberEffect.NotAcknowledged;
import io.millrace.push.member.MemberEffect.Release;
import io.millrace.push.member.MemberEffect.Revoked;
import io.millrace.push.member.MemberEffect.Sync;
import io.millrace.push.member.MemberOptions;
import io.millrace.time.Timer;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A subscription whose session is a member of a group: carries the member's questions to the
 * coordinator, its events to the page, and its partitions to the feeds.
 *
 * <p>Confined to: the loop of its session.
 */
final class GroupReading implements SubscriptionOwner {
  private static final long RETRY_MS = 500;

  private final PushServices services;
  private final Subscription subscription;
  private final MemberOptions options;
  private final Keep keep;
  private final Place from;
  private final GroupCalls calls;
  private final GroupMember member;
  private final GroupNotices notices;

  private final Map<TopicPartition, Assignment> assignments = new HashMap<>();
  private final Deque<MemberEffect> effects = new ArrayDeque<>();
  private boolean draining;
  private Timer.@Nullable Handle timer;
  private boolean over;

  /** One partition from its assignment to its end; another assignment of it is another object. */
  private static final class Assignment {}

  /**
   * @param keep what the place of its instance outlives
   * @param from where partitions begin for which nothing is committed
   * @param notices what the page is told
   */
  GroupReading(
      PushServices services,
      Subscription subscription,
      MemberOptions options,
      Keep keep,
      Place from,
      GroupCalls calls,
      GroupNotices notices) {
    this.services = services;
    this.subscription = subscription;
    this.options = options;
    this.keep = keep;
    this.from = from instanceof Place.Committed ? new Place.Latest() : from;
    this.calls = calls;
    this.notices = notices;
    this.member = new GroupMember(options, this::partitionCount);
  }

  private int partitionCount(String topic) {
    TopicImage image = services.image().get().topic(topic);
    return image == null ? 0 : image.partitions().size();
  }

  EventLoop loop() {
    return subscription.session.loop();
  }

  private long nowMs() {
    return loop().clock().monotonicMs();
  }

  /** Joins, when an older socket of the same instance has stopped. */
  void begin() {
    if (over) {
      return;
    }
    services
        .members()
        .enter(this, options.group(), options.instance())
        .onComplete(
            entered -> {
              if (!over && entered.failed()) {
                loop().schedule(RETRY_MS, this::begin);
              } else if (!over) {
                run(member.start(nowMs()));
              }
            });
  }

  /** The page has consumed all records before these offsets. */
  void acknowledge(@Nullable String id, Map<TopicPartition, Long> to) {
    run(member.acknowledge(notices.expect(id), to, nowMs()));
  }

  /** A newer socket of the same instance is here. */
  void replaced() {
    run(member.replaced(nowMs()));
  }

  /** The group has changed. */
  void wake() {
    run(member.wake(nowMs()));
  }

  @Override
  public boolean maySend() {
    return member.mayDeliver(nowMs());
  }

  @Override
  public void sent(Cursor cursor) {
    member.delivered(of(cursor), cursor.next, cursor.leaderEpoch);
  }

  private static TopicPartition of(Cursor cursor) {
    return cursor.feed.partition().id().topicPartition();
  }

  @Override
  public void ended(SubscriptionEnd end) {
    run(member.close(end.words(), keep.outlives(end), nowMs()));
  }

  @Override
  public boolean outlivesItsTopics() {
    return true;
  }

  /** Does what came out of a step; what comes out meanwhile is done after it. */
  private void run(List<MemberEffect> next) {
    effects.addAll(next);
    if (draining) {
      return;
    }
    draining = true;
    try {
      for (MemberEffect effect = effects.poll(); effect != null; effect = effects.poll()) {
        run(effect);
      }
    } finally {
      draining = false;
    }
    tickAt(member.nextTickMs());
  }

  private void tickAt(long untilMs) {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
    if (untilMs != Long.MAX_VALUE && !over) {
      timer = loop().schedule(Math.max(1, untilMs - nowMs()), this::tick);
    }
  }

  private void tick() {
    timer = null;
    if (!over) {
      effects.addAll(member.imageChanged(nowMs()));
      run(member.tick(nowMs()));
    }
  }

  private void run(MemberEffect effect) {
    if (effect instanceof Join join) {
      ask(calls.join(join.request()), a -> run(member.joined(join.call(), a, nowMs())));
    } else if (effect instanceof Sync sync) {
      ask(calls.sync(sync.request()), a -> run(member.synced(sync.call(), a, nowMs())));
    } else if (effect instanceof Heartbeat beat) {
      ask(
          calls.heartbeat(beat.request()),
          a -> run(member.heartbeatAnswered(beat.call(), a, nowMs())));
    } else if (effect instanceof Fetch fetch) {
      ask(calls.fetch(fetch.request()), a -> run(member.fetched(fetch.call(), a, nowMs())));
    } else if (effect instanceof Commit commit) {
      ask(calls.commit(commit.request()), a -> run(member.committed(commit.call(), a, nowMs())));
    } else if (effect instanceof Leave leave) {
      leave(leave);
    } else if (effect instanceof Begin begin) {
      begin(begin);
    } else if (effect instanceof Assigned assigned) {
      assigned.added().forEach(partition -> assignments.put(partition, new Assignment()));
      notices.assigned(assigned);
    } else if (effect instanceof Revoked revoked) {
      revoked.dropped().forEach(this::stop);
      notices.revoked(revoked);
    } else if (effect instanceof Release) {
      subscription.pump();
    } else if (effect instanceof Acknowledged done) {
      notices.acknowledged(done);
    } else if (effect instanceof NotAcknowledged done) {
      notices.notAcknowledged(done);
    } else if (effect instanceof Ended ended) {
      end(ended);
    } else {
      // Nothing is sent while maySend says no.
      assert effect instanceof Hold : effect;
    }
  }

  /** The coordinator's futures always succeed, but for a fault: then the call's time runs out. */
  private <T> void ask(Future<T> answer, Consumer<T> then) {
    answer.onSuccess(then::accept);
  }

  private void leave(Leave leave) {
    if (leave.afterMs() == 0) {
      calls.leave(leave.request());
    } else {
      loop().schedule(leave.afterMs(), () -> calls.leave(leave.request()));
    }
  }

  private void begin(Begin begin) {
    Assignment assignment = assignments.get(begin.partition());
    if (assignment != null) {
      find(begin, assignment);
    }
  }

  /** Looks for the place until it is found: a partition may be without a leader for a while. */
  private void find(Begin begin, Assignment assignment) {
    TopicPartition name = begin.partition();
    if (over || assignments.get(name) != assignment) {
      return;
    }
    TopicImage topic = services.image().get().topic(name.topic());
    CommittedLog partition =
        topic == null ? null : services.logs().get(topic.id(), name.partition());
    if (partition == null) {
      loop().schedule(RETRY_MS, () -> find(begin, assignment));
      return;
    }
    MemberEffect.Committed committed = begin.committed();
    Place place = committed == null ? from : new Place.At(committed.offset());
    PlaceFinder.find(loop(), partition, place)
        .onComplete(
            found -> {
              if (found.failed() || found.result().error() != Errors.NONE) {
                loop().schedule(RETRY_MS, () -> find(begin, assignment));
              } else {
                deliver(begin, assignment, new Placing.Placed(partition, found.result()));
              }
            });
  }

  private void deliver(Begin begin, Assignment assignment, Placing.Placed placed) {
    if (over || assignments.get(begin.partition()) != assignment || subscription.isEnded()) {
      return;
    }
    if (begin.committed() == null) {
      PlaceFinder.Start start = placed.start();
      run(member.began(begin.partition(), start.offset(), start.leaderEpoch(), nowMs()));
    }
    Placement.add(subscription, placed);
    subscription.pump();
  }

  private void stop(TopicPartition partition) {
    assignments.remove(partition);
    // A seek may have put another cursor in the place of the first.
    List.copyOf(subscription.cursors()).stream()
        .filter(cursor -> of(cursor).equals(partition))
        .forEach(subscription::remove);
  }

  private void end(Ended ended) {
    over = true;
    assignments.clear();
    services.members().exit(this, options.group(), options.instance());
    Session session = subscription.session;
    switch (ended.ending()) {
      case LEFT -> {}
      case FENCED -> session.close(CloseCode.FENCED, ended.why());
      case REPLACED -> session.close(CloseCode.REPLACED, ended.why());
      case REFUSED -> {
        session.remove(subscription);
        notices.refused(new RefusedException(ended.error(), ended.why(), ended.hint()));
      }
    }
  }
}
