package io.millrace.handler;

import io.millrace.eventloop.EventLoop;
import io.millrace.handler.FollowerPart.News;
import io.millrace.partition.FetchExtras;
import io.millrace.partition.FetchExtras.Window;
import io.millrace.partition.FollowerFetch;
import io.millrace.partition.FollowerStanding;
import io.millrace.partition.FollowerWatch;
import io.millrace.partition.LeaderThrottle;
import io.millrace.partition.Partition;
import io.millrace.partition.Partitions;
import io.millrace.time.Timer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchMetadata;

/**
 * What one follower fetches from this broker (KIP-227). A request names the partitions in which the
 * follower moved; a partition that was answered with records, a truncation or an error is not read
 * again until it is named. Partitions tell of what is new in them, so a request costs what changed.
 *
 * <p>A request that waits is answered when a newer one of the session comes: a follower need not
 * wait for it to say how far it is. One that is far away lets several wait, so that there is always
 * one to be answered, and a part of its way between two answers, so that all of them have their
 * use.
 *
 * <p>Confined to: the loop of the connection, save the getters.
 */
final class FollowerSession {
  /** How long news of offsets waits for records to come along. */
  private static final long OFFSETS_LINGER_MS = 2;

  /** How long records wait at most until the throttle is asked again: it may be gone. */
  private static final long HOLD_MS = 100;

  private final int id;
  private final int replicaId;
  private final long brokerEpoch;
  private final EventLoop loop;
  private final Partitions partitions;
  private final LeaderThrottle throttle;

  // Owner: the loop of the connection.
  private final Map<Key, FollowerPart> parts = new HashMap<>();
  private final Map<EventLoop, ShardNews> inboxes = new LinkedHashMap<>();
  private final ArrayDeque<FollowerPart> news = new ArrayDeque<>();
  private final List<FollowerPart> held = new ArrayList<>();
  private final ColdParts cold;
  private int nextEpoch = FetchMetadata.nextEpoch(FetchMetadata.INITIAL_EPOCH);
  private int asking;
  private boolean urgent;
  private boolean lingers;
  private boolean ended;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>(1);
  private Window window = Window.ONE;
  private long answeredAtMs;
  private ConnectionScope.Hook ending = () -> {};

  private record Key(Uuid topicId, int number) {}

  /** A request that was not answered yet. */
  private record Waiting(
      Promise<ApiMessage> answer, int maxBytes, long sinceMs, Timer.Handle deadline) {}

  private record Question(FollowerPart part, Partition partition, FollowerFetch fetch) {}

  FollowerSession(
      int id,
      int replicaId,
      long brokerEpoch,
      RequestContext context,
      Partitions partitions,
      LeaderThrottle throttle) {
    this.id = id;
    this.replicaId = replicaId;
    this.brokerEpoch = brokerEpoch;
    this.loop = context.loop();
    this.partitions = partitions;
    this.throttle = throttle;
    this.cold = new ColdParts(loop, this::look, this::answerIfDue);
  }

  int id() {
    return id;
  }

  int replicaId() {
    return replicaId;
  }

  long brokerEpoch() {
    return brokerEpoch;
  }

  EventLoop owner() {
    return loop;
  }

  /** Epoch that its next request must have. On its loop. */
  int nextEpoch() {
    return nextEpoch;
  }

  /** Notes what ends it with its connection. */
  void endsBy(ConnectionScope.Hook hook) {
    ending = hook;
  }

  /** Takes the next request. */
  Future<ApiMessage> serve(FetchRequestData request) {
    loop.assertOwner();
    if (request.sessionEpoch() != FetchMetadata.INITIAL_EPOCH) {
      nextEpoch = FetchMetadata.nextEpoch(nextEpoch);
    }
    window = FetchExtras.window(request);
    // The newer request takes the place of older ones; where it says where to start, of all.
    int others = startsAnywhere(request) ? 0 : window.requestsMax() - 1;
    while (waiting.size() > others) {
      answer();
    }
    Promise<ApiMessage> promise = Promise.promise();
    Timer.Handle deadline =
        loop.schedule(Math.max(0, request.maxWaitMs()), () -> timeOver(promise));
    waiting.add(new Waiting(promise, request.maxBytes(), nowMs(), deadline));
    cold.setRoom(request.maxBytes());
    forget(request);
    ask(request);
    answerIfDue();
    return promise.future();
  }

  private static boolean startsAnywhere(FetchRequestData request) {
    for (FetchTopic topic : request.topics()) {
      for (FetchPartition asked : topic.partitions()) {
        if (FetchExtras.place(asked) != FetchExtras.Place.GOES_ON) {
          return true;
        }
      }
    }
    return false;
  }

  private void timeOver(Promise<ApiMessage> promise) {
    if (waiting.stream().anyMatch(asked -> asked.answer == promise)) {
      Waiting first;
      do {
        first = waiting.peek();
        answer(); // in the order in which they were asked
      } while (first != null && first.answer != promise);
    }
  }

  private void forget(FetchRequestData request) {
    for (ForgottenTopic topic : request.forgottenTopicsData()) {
      for (int number : topic.partitions()) {
        FollowerPart part = parts.remove(new Key(topic.topicId(), number));
        if (part != null) {
          cold.forget(part);
          unwatch(part);
        }
      }
    }
  }

  private void ask(FetchRequestData request) {
    Map<EventLoop, List<Question>> byShard = new LinkedHashMap<>();
    for (FetchTopic topic : request.topics()) {
      for (FetchPartition asked : topic.partitions()) {
        FollowerPart part =
            parts.computeIfAbsent(
                new Key(topic.topicId(), asked.partition()),
                key -> new FollowerPart(key.topicId, key.number));
        FollowerFetch fetch = part.ask(asked, replicaId, brokerEpoch);
        cold.forget(part);
        Partition partition = partitions.get(topic.topicId(), asked.partition());
        if (partition == null) {
          part.missing(partitions.absence(topic.topicId(), asked.partition()));
          look(part);
        } else if (partition.problem() != Errors.NONE) {
          part.missing(partition.problem());
          look(part);
        } else {
          part.found(partition);
          byShard
              .computeIfAbsent(partition.shard(), shard -> new ArrayList<>())
              .add(new Question(part, partition, fetch));
        }
      }
    }
    byShard.forEach(this::ask);
  }

  private void ask(EventLoop shard, List<Question> questions) {
    ShardNews inbox = inboxes.computeIfAbsent(shard, key -> new ShardNews(shard));
    for (Question question : questions) {
      if (question.part.watch() == null) {
        question.part.watchedBy(() -> inbox.moved(question.part));
      }
    }
    asking++;
    shard.execute(
        () -> {
          List<FollowerStanding> answers = new ArrayList<>(questions.size());
          for (Question each : questions) {
            FollowerWatch watch = each.part.watch();
            answers.add(watch == null ? null : each.partition.onFollowerFetch(each.fetch, watch));
          }
          loop.execute(() -> answered(questions, answers));
        });
  }

  private void answered(List<Question> questions, List<FollowerStanding> answers) {
    asking--;
    for (int i = 0; i < answers.size(); i++) {
      FollowerPart part = questions.get(i).part;
      part.stands(questions.get(i).fetch, answers.get(i));
      look(part);
    }
    answerIfDue();
  }

  /** What moved on one shard in one batch of its steps, told at once. Confined to: the shard. */
  private final class ShardNews {
    private final EventLoop shard;
    private List<FollowerPart> moved = new ArrayList<>();

    ShardNews(EventLoop shard) {
      this.shard = shard;
    }

    void moved(FollowerPart part) {
      if (part.note()) {
        moved.add(part);
        if (moved.size() == 1) {
          shard.atBatchEnd(this::tell);
        }
      }
    }

    private void tell() {
      List<FollowerPart> told = moved;
      moved = new ArrayList<>();
      told.forEach(FollowerPart::noteTaken);
      loop.execute(
          () -> {
            told.forEach(FollowerSession.this::look);
            answerIfDue();
          });
    }
  }

  private void look(FollowerPart part) {
    hold(part);
    News there = ended || cold.keeps(part) ? News.NONE : part.news();
    if (there != News.NONE) {
      urgent |= there == News.URGENT;
      if (part.enqueue()) {
        news.add(part);
      }
    }
  }

  /** Records of a partition wait while replicas that catch up have had their share. */
  private void hold(FollowerPart part) {
    if (ended || part.isHeld() || !part.wantsRecords()) {
      return;
    }
    long pauseMs = throttle.pauseMs(part.topicId(), part.number(), replicaId, nowMs());
    if (pauseMs > 0) {
      part.hold(true);
      held.add(part);
      cold.forget(part);
      if (held.size() == 1) {
        loop.schedule(Math.min(pauseMs, HOLD_MS), this::goOn);
      }
    }
  }

  private void goOn() {
    List<FollowerPart> due = List.copyOf(held);
    held.clear();
    for (FollowerPart part : due) {
      part.hold(false);
      look(part);
    }
    answerIfDue();
  }

  private long nowMs() {
    return loop.clock().monotonicMs();
  }

  private void answerIfDue() {
    if (waiting.isEmpty() || asking > 0 || news.isEmpty()) {
      return;
    }
    long pauseMs = Math.max(urgent ? 0 : OFFSETS_LINGER_MS, paceMs());
    if (pauseMs == 0) {
      answer();
    } else if (!lingers) {
      lingers = true;
      loop.schedule(
          pauseMs,
          () -> {
            lingers = false;
            if (!waiting.isEmpty() && !news.isEmpty()) {
              answer();
              answerIfDue();
            }
          });
    }
  }

  /** Time until the next answer, while not all requests wait that may. */
  private long paceMs() {
    return waiting.size() >= window.requestsMax()
        ? 0
        : Math.max(0, answeredAtMs + window.paceMs() - nowMs());
  }

  /** Answers the request that waits with all the news that there are and have room. */
  private void answer() {
    Waiting asked = waiting.poll();
    if (asked == null) {
      return;
    }
    asked.deadline.cancel();
    answeredAtMs = nowMs();
    FollowerAnswer answer = new FollowerAnswer(id, asked.maxBytes, answeredAtMs - asked.sinceMs);
    urgent = false;
    List<FollowerPart> later = new ArrayList<>(0);
    for (FollowerPart part = news.poll(); part != null; part = news.poll()) {
      part.dequeued();
      hold(part);
      if (parts.get(new Key(part.topicId(), part.number())) == part
          && part.news() != News.NONE
          && !cold.keeps(part)
          && !add(answer, part)) {
        later.add(part);
      }
    }
    later.forEach(this::look);
    answer.ready(loop).onComplete(done -> asked.answer.handle(done));
  }

  private boolean add(FollowerAnswer answer, FollowerPart part) {
    int room = answer.left();
    boolean added = answer.add(part, cold.touched(part));
    if (added) {
      cold.forget(part);
    }
    throttle.sent(part.topicId(), part.number(), replicaId, room - answer.left(), nowMs());
    return added;
  }

  /** Ends it: its follower is gone, or has begun another. */
  void end() {
    loop.assertOwner();
    if (ended) {
      return;
    }
    ended = true;
    ending.remove();
    for (Waiting asked : waiting) {
      asked.deadline.cancel();
      asked.answer.tryComplete(
          new FetchResponseData().setErrorCode(Errors.FETCH_SESSION_ID_NOT_FOUND.code()));
    }
    waiting.clear();
    parts.values().forEach(this::unwatch);
    parts.clear();
    cold.clear();
    news.clear();
    held.clear();
  }

  private void unwatch(FollowerPart part) {
    Partition partition = part.partition();
    FollowerWatch watch = part.watch();
    if (partition != null && watch != null && partition.problem() == Errors.NONE) {
      partition.shard().execute(() -> partition.unwatch(replicaId, watch));
    }
  }
}
