package io.millrace.partition.replication;

import io.millrace.cluster.peer.PeerAddress;
import io.millrace.cluster.peer.PeerAnswer;
import io.millrace.cluster.peer.PeerFault;
import io.millrace.cluster.peer.PeerLink;
import io.millrace.eventloop.EventLoop;
import io.millrace.model.TopicIdPartition;
import io.millrace.partition.CopyThrottle;
import io.millrace.partition.FetchExtras;
import io.millrace.partition.Partition;
import io.millrace.partition.replication.FollowedPartition.Stage;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pulls partitions from one leader: fetches in a session that name what moved, so that thousands of
 * partitions without news cost one request that waits at the leader.
 *
 * <p>While a request waits, a second one may bring it to its end: records that were just written
 * here are reported at once, whatever the others do. Several wait at a leader that is far away, and
 * it sends records behind those that it was not told of yet: see {@link FetchWindow}.
 *
 * <p>Confined to: its loop.
 */
final class LeaderFetcher {
  private static final Logger LOG = LoggerFactory.getLogger(LeaderFetcher.class);
  private static final short VERSION = 17;

  /** What an answer may take beyond the time that the leader waits for news, at first. */
  private static final int ANSWER_MS = 3_000;

  private final EventLoop loop;
  private final PeerLink link;
  private final PeerAddress leader;
  private final FetchOptions options;
  private final LongSupplier brokerEpoch;
  private final Backoff backoff;
  private final Patience patience;
  private final FollowerWork work;
  private final CopyThrottle throttle;
  private final FetchWindow window = new FetchWindow();
  private final Gathering gathering;

  // Owner: the loop.
  private final Map<PartKey, FollowedPartition> parts = new HashMap<>();
  private final Set<FollowedPartition> due = new LinkedHashSet<>();
  private final Set<PartKey> forgotten = new LinkedHashSet<>();
  private final FetchSessionState session = new FetchSessionState();
  private final SentFetches sent = new SentFetches();
  private int working;
  private boolean pumpDue;
  private boolean resting;
  private boolean oneMore;
  private boolean closed;

  LeaderFetcher(
      EventLoop loop,
      PeerLink link,
      PeerAddress leader,
      FetchOptions options,
      CopyThrottle throttle,
      LongSupplier brokerEpoch) {
    this.loop = loop;
    this.link = link;
    this.leader = leader;
    this.options = options;
    this.throttle = throttle;
    this.brokerEpoch = brokerEpoch;
    this.backoff = new Backoff(options.backoffMs());
    this.patience = new Patience(options.waitMaxMs() + ANSWER_MS, options.requestTimeoutMs());
    this.work = new FollowerWork(loop);
    this.gathering = new Gathering(loop, this::pumpSoon);
  }

  /** The loop that it is confined to. */
  EventLoop loop() {
    return loop;
  }

  /** Follows a partition in a leader epoch, in the place of an older one. */
  void follow(Partition partition, int leaderEpoch, boolean throttled) {
    loop.assertOwner();
    PartKey key = PartKey.of(partition.id());
    FollowedPartition part = new FollowedPartition(partition, leaderEpoch, options.backoffMs());
    part.setThrottled(throttled);
    FollowedPartition before = parts.put(key, part);
    if (before != null) {
      drop(before);
    }
    forgotten.remove(key);
    working++;
    if (before != null && before.stage() == Stage.WORKING) {
      working--;
    }
    run(part, work.begin(part));
  }

  /** The partition is throttled from now on, or no longer. */
  void throttle(TopicIdPartition id, boolean throttled) {
    loop.assertOwner();
    FollowedPartition part = parts.get(PartKey.of(id));
    if (part != null) {
      part.setThrottled(throttled);
    }
  }

  /** Disks have become full, or have room again: the leader is told where that makes a change. */
  void onRoom() {
    loop.assertOwner();
    for (FollowedPartition part : parts.values()) {
      if (part.asksWrongly() && part.stage() == Stage.WAITING) {
        begin(part); // what waited for room was written meanwhile
      } else if (part.asksWrongly()) {
        passOver(part);
      }
    }
    pumpSoon();
  }

  /** The leader is told again where it stands, when what is under way is done. */
  private void passOver(FollowedPartition part) {
    part.passOver();
    if (part.stage() == Stage.WORKING) {
      due.remove(part);
    }
  }

  private void drop(FollowedPartition part) {
    due.remove(part);
    part.startAnew();
  }

  /** Follows the partition no longer. */
  void forget(TopicIdPartition id) {
    loop.assertOwner();
    PartKey key = PartKey.of(id);
    FollowedPartition part = parts.remove(key);
    if (part == null) {
      return;
    }
    drop(part);
    if (part.stage() == Stage.WORKING) {
      working--;
    }
    if (session.isOpen()) {
      forgotten.add(key);
      pumpSoon();
    }
  }

  /** Ends it; steps that are under way end by themselves. */
  void close() {
    loop.assertOwner();
    closed = true;
    parts.values().forEach(this::drop);
    parts.clear();
    due.clear();
    sent.clear();
  }

  private boolean isCurrent(FollowedPartition part) {
    return !closed && parts.get(PartKey.of(part.partition().id())) == part;
  }

  /** Waits for a step on the partition's log. */
  private void run(FollowedPartition part, Future<FollowerWork.Done> step) {
    step.onComplete(
        done -> {
          if (!isCurrent(part)) {
            return;
          }
          working--;
          if (done.failed()) {
            rest(part, done.cause());
          } else {
            part.stands(done.result().position());
            part.backoff().reset();
            boolean passedOver = part.takePassedOver();
            if (done.result().leaderMustKnow() || passedOver) {
              dueSoon(part, done.result().bytes());
            } else {
              part.setStage(due.contains(part) ? Stage.DUE : Stage.WAITING);
            }
            goOn(part);
          }
          pumpSoon();
        });
  }

  /** What was received meanwhile is done next. */
  private void goOn(FollowedPartition part) {
    FollowedPartition.Received next = part.nextReceived();
    if (next != null) {
      take(part, next.data()).onComplete(done -> next.done().complete());
    }
  }

  private Future<FollowerWork.Done> take(FollowedPartition part, PartitionData data) {
    if (data.errorCode() != Errors.NONE.code() || data.divergingEpoch().epoch() >= 0) {
      drop(part);
    }
    part.setStage(Stage.WORKING);
    working++;
    Future<FollowerWork.Done> step = work.take(part, data);
    run(part, step);
    return step;
  }

  /** A copy that took more than its share is named a little later. */
  private void dueSoon(FollowedPartition part, int bytes) {
    long pauseMs =
        part.isThrottled() && bytes > 0
            ? throttle.pauseAfter(bytes, loop.clock().monotonicMs())
            : 0;
    if (pauseMs == 0) {
      dueNow(part);
      return;
    }
    drop(part);
    part.setStage(Stage.RESTING);
    loop.schedule(
        pauseMs,
        () -> {
          if (isCurrent(part) && part.stage() == Stage.RESTING) {
            dueNow(part);
            pumpSoon();
          }
        });
  }

  private void dueNow(FollowedPartition part) {
    part.setStage(Stage.DUE);
    due.add(part);
  }

  /** Tries again later, from where the log stands then. */
  private void rest(FollowedPartition part, Throwable cause) {
    int pauseMs = part.backoff().next();
    LOG.debug("{} rests for {} ms: {}", part, pauseMs, cause.toString());
    drop(part);
    part.setStage(Stage.RESTING);
    loop.schedule(
        pauseMs,
        () -> {
          if (isCurrent(part) && part.stage() == Stage.RESTING) {
            begin(part);
          }
        });
  }

  private void begin(FollowedPartition part) {
    drop(part);
    part.setStage(Stage.WORKING);
    working++;
    run(part, work.begin(part));
  }

  private void pumpSoon() {
    if (!pumpDue && !closed) {
      pumpDue = true;
      loop.atBatchEnd(this::pump);
    }
  }

  private void pump() {
    pumpDue = false;
    if (closed || resting || (parts.isEmpty() && forgotten.isEmpty())) {
      return;
    }
    long epoch = brokerEpoch.getAsLong();
    if (epoch < 0) {
      restAll("this broker is not registered");
      return;
    }
    if (!session.isOf(epoch)) {
      beginAnew(epoch);
    }
    boolean news = !due.isEmpty() || !forgotten.isEmpty();
    boolean fills = oneMore && session.isOpen() && sent.size() < window.requestsMax() - 1;
    oneMore = false;
    if (!fills && mustWait(news)) {
      return;
    }
    gathering.over();
    if (news || session.isOpen()) {
      send();
    }
  }

  private boolean mustWait(boolean news) {
    int most = news && session.isOpen() ? Math.max(2, window.requestsMax()) : 1;
    return sent.size() >= most || (working > 0 && gathering.mustWait(news));
  }

  private void send() {
    FetchRequestData request =
        new FetchRequestData()
            .setMaxWaitMs(options.waitMaxMs())
            .setMinBytes(options.minBytes())
            .setMaxBytes(window.responseBytes(options.responseMaxBytes()));
    if (window.isFar()) {
      FetchExtras.put(request, window.window());
    }
    session.stamp(request, options.brokerId());
    request.setTopics(named()).setForgottenTopicsData(toForget());
    SentFetches.Sent one = sent.add(loop.clock().monotonicMs());
    long generation = session.generation();
    link.<FetchResponseData>send(
            loop, leader, PeerLink.Lane.FETCH, ApiKeys.FETCH, VERSION, request, patience.ms())
        .onComplete(done -> answered(generation, one, done));
  }

  private List<FetchTopic> named() {
    Map<Uuid, FetchTopic> topics = new LinkedHashMap<>();
    boolean far = window.isFar();
    for (FollowedPartition part : due) {
      if (part.stage() == Stage.WORKING && !(part.isAhead() && part.mayGoAhead(far))) {
        part.passOver(); // it is not known yet where it is to start
        continue;
      }
      if (part.stage() == Stage.DUE) {
        part.setStage(Stage.WAITING);
      }
      topics
          .computeIfAbsent(part.partition().id().topicId(), id -> new FetchTopic().setTopicId(id))
          .partitions()
          .add(part.message(options.partitionMaxBytes(), far, sent.nextNumber()));
    }
    due.clear();
    return List.copyOf(topics.values());
  }

  private List<ForgottenTopic> toForget() {
    Map<Uuid, ForgottenTopic> topics = new LinkedHashMap<>();
    for (PartKey id : forgotten) {
      topics
          .computeIfAbsent(id.topicId(), topic -> new ForgottenTopic().setTopicId(topic))
          .partitions()
          .add(id.number());
    }
    forgotten.clear();
    return List.copyOf(topics.values());
  }

  private void answered(
      long generation, SentFetches.Sent one, AsyncResult<PeerAnswer<FetchResponseData>> done) {
    if (closed || generation != session.generation()) {
      if (done.succeeded()) {
        done.result().release();
      }
      return;
    }
    if (done.failed()) {
      if (done.cause() instanceof PeerFault fault && isSlow(fault)) {
        patience.wasTooShort();
      }
      restAll(done.cause().toString());
      return;
    }
    sent.answered(one, done.result());
    for (SentFetches.Sent next = sent.poll(); next != null; next = sent.poll()) {
      answered(next);
    }
  }

  private void answered(SentFetches.Sent one) {
    PeerAnswer<FetchResponseData> answer = one.answer();
    FetchResponseData message = answer.message();
    Errors error = Errors.forCode(message.errorCode());
    if (error != Errors.NONE) {
      answer.release();
      restAll(error.toString());
      return;
    }
    backoff.reset();
    long tookMs = loop.clock().monotonicMs() - one.atMs();
    patience.answered(tookMs);
    window.answered(tookMs, FetchExtras.heldMs(message));
    session.opened(message.sessionId());
    take(one.number(), answer);
    pumpSoon();
  }

  /** Whether it was asked: one that cannot even be reached is none that needs more time. */
  private static boolean isSlow(PeerFault fault) {
    return fault.kind() == PeerFault.Kind.SILENT && fault.isConnected();
  }

  private void take(long number, PeerAnswer<FetchResponseData> answer) {
    List<Future<?>> readers = new ArrayList<>();
    for (FetchResponseData.FetchableTopicResponse topic : answer.message().responses()) {
      for (FetchResponseData.PartitionData data : topic.partitions()) {
        FollowedPartition part = parts.get(new PartKey(topic.topicId(), data.partitionIndex()));
        if (part == null || number < part.startedBy()) {
          continue; // it was told meanwhile from where on it is sent records
        }
        if (part.isAhead()) {
          readers.add(part.receive(data).done().future());
          if (part.stage() != Stage.WORKING) {
            goOn(part);
          }
        } else if (part.stage() == Stage.WAITING) {
          readers.add(take(part, data));
        } else {
          passOver(part);
        }
      }
    }
    oneMore = !readers.isEmpty() && window.isFar();
    Future.join(readers).onComplete(read -> answer.release());
  }

  /** All partitions are named again, in a new session, after a pause. */
  private void restAll(String cause) {
    int pauseMs = backoff.next();
    LOG.debug("fetching from {} rests for {} ms: {}", leader, pauseMs, cause);
    beginAnew(brokerEpoch.getAsLong());
    resting = true;
    loop.schedule(
        pauseMs,
        () -> {
          resting = false;
          pumpSoon();
        });
  }

  private void beginAnew(long epoch) {
    session.reset(epoch);
    sent.clear();
    forgotten.clear();
    for (FollowedPartition part : parts.values()) {
      part.startAnew();
      if (part.stage() == Stage.WAITING) {
        dueNow(part);
      } else if (part.stage() == Stage.WORKING) {
        passOver(part); // the new session does not know it
      }
    }
  }
}
