package io.millrace.partition.remote;

import io.millrace.config.LogConfig;
import io.millrace.eventloop.EventLoop;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import io.millrace.model.TopicIdPartition;
import io.millrace.partition.CommittedLog;
import io.millrace.partition.CommittedOffsets;
import io.millrace.partition.CommittedRead;
import io.millrace.partition.FoundOffset;
import io.millrace.partition.LocalCommittedLog;
import io.millrace.partition.Partition;
import io.millrace.partition.Registration;
import io.vertx.core.Future;
import java.util.function.Function;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A partition wherever it is led now: each question goes to the log here when this broker leads it,
 * else to the leader. So readers keep what they have when the leader changes.
 *
 * <p>Records come from a replica here that is in sync, which has all that is committed (KIP-392 has
 * the same for consumers). It learns of that a moment after the leader; so it is passed over for
 * what a reader has been told of by the leader already, and for all that it cannot tell for sure.
 *
 * <p>Thread-safe.
 */
final class RoutedLog implements CommittedLog {
  private final CommittedLogs logs;
  private final TopicIdPartition id;

  RoutedLog(CommittedLogs logs, TopicIdPartition id) {
    this.logs = logs;
    this.id = id;
  }

  @Override
  public TopicIdPartition id() {
    return id;
  }

  @Override
  public LogConfig config() {
    Partition here = logs.partitions().get(id.topicId(), id.partition());
    return here != null ? here.config() : logs.config(id.topic());
  }

  /** The log here, when it is this broker's to answer. */
  private @Nullable CommittedLog local() {
    Partition here = logs.partitions().get(id.topicId(), id.partition());
    return here != null && (here.isLeader() || logs.isOurs(id))
        ? new LocalCommittedLog(here)
        : null;
  }

  /** The replica here, when it follows in sync. */
  private @Nullable LocalCommittedLog nearby() {
    Partition here = logs.partitions().get(id.topicId(), id.partition());
    return here != null
            && here.problem() == Errors.NONE
            && here.leadership().isr().contains(logs.brokerId())
        ? new LocalCommittedLog(here)
        : null;
  }

  /** The replica here, when nobody who asked here was told of more than it knows committed. */
  private @Nullable LocalCommittedLog abreast(long offset) {
    LocalCommittedLog near = nearby();
    return near != null && near.knownEnd() >= Math.max(offset, logs.feeds().toldEnd(id))
        ? near
        : null;
  }

  /** Why nobody can be asked: there is no such partition any more, or nobody leads it. */
  private Errors absence() {
    ClusterImage image = logs.feeds().image();
    TopicImage topic = image.topic(id.topicId());
    PartitionImage partition = topic == null ? null : topic.partition(id.partition());
    return partition == null ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.LEADER_NOT_AVAILABLE;
  }

  private interface Question<T> {
    Future<T> ask(Leader leader);
  }

  private <T> Future<T> ask(
      EventLoop loop,
      Function<CommittedLog, Future<T>> local,
      Question<T> remote,
      Function<Errors, T> refused,
      Function<T, Errors> error) {
    return Patience.ask(
        loop,
        () -> {
          CommittedLog here = local();
          if (here != null) {
            return local.apply(here);
          }
          Leader leader = Leader.of(logs.feeds().image(), id);
          return leader == null || leader.brokerId() == logs.brokerId()
              ? Future.succeededFuture(refused.apply(absence()))
              : remote.ask(leader);
        },
        answer -> Patience.isPassing(error.apply(answer)),
        Patience.LIMIT_MS);
  }

  @Override
  public Future<CommittedOffsets> offsets(EventLoop loop) {
    return ask(
        loop,
        here -> here.offsets(loop),
        leader ->
            logs.feeds().calls().offsets(loop, id, leader).onSuccess(now -> told(leader, now)),
        CommittedOffsets::refused,
        CommittedOffsets::error);
  }

  private void told(Leader by, CommittedOffsets now) {
    if (now.error() == Errors.NONE) {
      logs.feeds().feed(id).told(by, now.limit());
    }
  }

  @Override
  public long end() {
    CommittedLog here = local();
    LocalCommittedLog near = here == null ? abreast(0) : null;
    return here != null ? here.end() : near != null ? near.knownEnd() : logs.feeds().feed(id).end();
  }

  @Override
  public Future<CommittedRead> read(EventLoop loop, long from, int maxBytes) {
    LocalCommittedLog near = local() == null ? nearby() : null;
    boolean hasIt = near != null && (from < near.knownEnd() || abreast(from) != null);
    if (near == null || !hasIt) {
      return readAtLeader(loop, from, maxBytes);
    }
    Future<CommittedRead> read = near.readFromAny(loop, from, maxBytes);
    if (read.succeeded() && read.result().error() == Errors.NONE) {
      return read;
    }
    return read.compose(
        found ->
            found.error() == Errors.NONE
                ? Future.succeededFuture(found)
                : readAtLeader(loop, from, maxBytes),
        failed -> readAtLeader(loop, from, maxBytes));
  }

  private Future<CommittedRead> readAtLeader(EventLoop loop, long from, int maxBytes) {
    Future<CommittedRead> read =
        ask(
            loop,
            here -> here.read(loop, from, maxBytes),
            leader -> logs.feeds().feed(id).read(loop, from, maxBytes),
            error -> CommittedRead.refused(error, -1),
            CommittedRead::error);
    return read.isComplete() ? read : read.compose(found -> withStart(loop, found));
  }

  /** Who reads before the log's start is told where that is; a leader does not say it then. */
  private Future<CommittedRead> withStart(EventLoop loop, CommittedRead read) {
    if (read.error() != Errors.OFFSET_OUT_OF_RANGE || read.logStartOffset() >= 0) {
      return Future.succeededFuture(read);
    }
    return offsets(loop)
        .map(
            now ->
                now.error() == Errors.NONE
                    ? CommittedRead.refused(read.error(), now.logStartOffset())
                    : CommittedRead.refused(now.error(), -1));
  }

  @Override
  public Future<FoundOffset> findOffset(EventLoop loop, long timestampMs) {
    return ask(
        loop,
        here -> here.findOffset(loop, timestampMs),
        leader -> logs.feeds().calls().findOffset(loop, id, leader, timestampMs),
        FoundOffset::refused,
        FoundOffset::error);
  }

  @Override
  public Future<FoundOffset> epochEnd(EventLoop loop, int leaderEpoch) {
    return ask(
        loop,
        here -> here.epochEnd(loop, leaderEpoch),
        leader -> logs.feeds().calls().epochEnd(loop, id, leader, leaderEpoch),
        FoundOffset::refused,
        FoundOffset::error);
  }

  @Override
  public Registration awaitData(EventLoop loop, long seen, Runnable wake) {
    CommittedLog led = local();
    CommittedLog here = led != null ? led : abreast(seen);
    return here != null
        ? here.awaitData(loop, seen, wake)
        : logs.feeds().feed(id).awaitData(loop, seen, wake);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RoutedLog log && log.id.equals(id);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return id.topicPartition().toString();
  }
}
