package io.millrace.partition;

import io.millrace.config.LogConfig;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.Work;
import io.millrace.model.TopicIdPartition;
import io.millrace.record.BatchView;
import io.millrace.storage.Storage;
import io.millrace.storage.StoredLog;
import io.millrace.storage.log.LogAppend;
import io.millrace.storage.log.LogSlice;
import io.millrace.storage.log.LogView;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.LongConsumer;
import org.apache.kafka.common.message.DescribeProducersResponseData.ProducerState;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A partition that this broker holds. Reads run on the caller's loop, on one immutable view; what
 * changes the partition hops to the shard that owns it, and its result comes back to the caller's
 * loop.
 *
 * <p>Thread-safe, save the methods that name the shard.
 */
public final class Partition {
  private final TopicIdPartition id;

  /** What any thread may know; replaced as a whole. */
  private volatile PartitionState state;

  Partition(TopicIdPartition id, Leadership leadership, LogConfig config) {
    this.id = id;
    // Until the log is open nobody leads here (retriable for every client).
    this.state = new PartitionState(leadership, config, null, Errors.NOT_LEADER_OR_FOLLOWER);
  }

  /** Name, number and topic id. */
  public TopicIdPartition id() {
    return id;
  }

  /** Whether this broker leads it and its log is open. */
  public boolean isLeader() {
    return state.isLeader();
  }

  /** Who leads, and since when. */
  public Leadership leadership() {
    return state.leadership();
  }

  /** Epoch of the leader. */
  public int leaderEpoch() {
    return state.leadership().leaderEpoch();
  }

  /** Settings of the topic. */
  public LogConfig config() {
    return state.config();
  }

  /** Why requests are refused: KAFKA_STORAGE_ERROR when the log is offline; NONE when open. */
  public Errors problem() {
    return state.problem();
  }

  /**
   * The shard that owns it.
   *
   * @throws IllegalStateException when the log is not open
   */
  public EventLoop shard() {
    return opened(state).stored().shard();
  }

  /**
   * The log of this partition.
   *
   * @throws IllegalStateException when the log is not open
   */
  public StoredLog log() {
    return opened(state).stored();
  }

  /**
   * What readers see now.
   *
   * @throws IllegalStateException when the log is not open
   */
  public LogView view() {
    return log().view();
  }

  /** First offset that may be read; -1 while the log is not open. */
  public long logStartOffset() {
    LocalReplica replica = state.replica();
    return replica == null ? -1 : replica.stored().view().logStartOffset();
  }

  /** First offset that is not yet committed; -1 while the log is not open. */
  public long highWatermark() {
    LocalReplica replica = state.replica();
    return replica == null ? -1 : replica.stored().view().highWatermark();
  }

  /** First offset that readers of committed transactions must not see; -1 while it is not open. */
  public long lastStableOffset() {
    LocalReplica replica = state.replica();
    return replica == null ? -1 : replica.stored().view().lastStableOffset();
  }

  /** Offset behind the last record that is in the file; -1 while the log is not open. */
  public long logEndOffset() {
    LocalReplica replica = state.replica();
    return replica == null ? -1 : replica.stored().view().logEndOffset();
  }

  /** What its log holds and took, for people; null while the log is not open. */
  public @Nullable PartitionFacts facts() {
    LocalReplica replica = state.replica();
    return replica == null ? null : PartitionFacts.of(replica.stored());
  }

  private LocalReplica opened(PartitionState now) {
    if (now.replica() == null) {
      throw new IllegalStateException(id + " is not open: " + now.problem());
    }
    return now.replica();
  }

  /**
   * Checks the leader epoch that a client knows (KIP-320), then whether this broker leads.
   *
   * @param currentLeaderEpoch the client's, -1 when it knows none
   * @return NONE, FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH, NOT_LEADER_OR_FOLLOWER or what {@link
   *     #problem} says
   */
  public Errors checkLeader(int currentLeaderEpoch) {
    return state.checkLeader(currentLeaderEpoch);
  }

  /**
   * Appends batches that passed the checks of {@code record.ProduceValidator}.
   *
   * @param caller the loop that asks, and gets the answer
   * @param checked whole batches from position to limit; must stay as it is until {@code onWritten}
   * @param acks -1, 0 or 1, as in a produce request
   * @param timeoutMs how long to wait for the replicas with {@code acks} -1
   * @param onWritten called once, on the shard or on this stack, when the bytes are no longer
   *     needed
   */
  public Future<AppendOutcome> append(
      EventLoop caller, ByteBuffer checked, short acks, int timeoutMs, Runnable onWritten) {
    PartitionState now = state;
    LocalReplica replica = now.replica();
    if (now.problem() != Errors.NONE || replica == null) {
      onWritten.run();
      return Future.succeededFuture(AppendOutcome.refused(now.problem()));
    }
    return caller.ask(
        replica.stored().shard(), () -> replica.append(checked, acks, timeoutMs, onWritten));
  }

  /**
   * Reads on the caller's loop, without a hop. When the outcome holds records, they must be
   * released.
   *
   * @param offset first offset wanted
   * @param maxBytes bound of the records in bytes
   * @param limit how far the reader may see
   * @param currentLeaderEpoch leader epoch that the reader knows, -1 when none
   * @param minOneBatch whether the first batch is given even when it is larger than {@code
   *     maxBytes} (KIP-74)
   */
  public ReadOutcome read(
      long offset, int maxBytes, ReadLimit limit, int currentLeaderEpoch, boolean minOneBatch) {
    PartitionState now = state;
    Errors error = now.checkLeader(currentLeaderEpoch);
    return error == Errors.NONE
        ? read(now, offset, maxBytes, limit, minOneBatch)
        : ReadOutcome.refused(error);
  }

  /**
   * As {@link #read}, from whatever replica this broker has. One that follows cannot say that an
   * offset behind its log does not exist: only the leader knows (KIP-392).
   */
  public ReadOutcome readFromAny(
      long offset, int maxBytes, ReadLimit limit, int currentLeaderEpoch, boolean minOneBatch) {
    PartitionState now = state;
    Errors error = now.checkReplica(currentLeaderEpoch);
    return error == Errors.NONE
        ? read(now, offset, maxBytes, limit, minOneBatch)
        : ReadOutcome.refused(error);
  }

  private ReadOutcome read(
      PartitionState now, long offset, int maxBytes, ReadLimit limit, boolean minOneBatch) {
    LocalReplica replica = opened(now);
    LogView view = replica.stored().view();
    if (offset > view.logEndOffset()) {
      if (!now.leadership().isLeader()) {
        return ReadOutcome.refused(Errors.OFFSET_NOT_AVAILABLE);
      } else if (!replica.holdsLease()) {
        // The next leader may have it; a reader that is told there is no such offset starts anew.
        return ReadOutcome.refused(Errors.NOT_LEADER_OR_FOLLOWER);
      }
    }
    return LogReader.read(replica.stored(), view, offset, maxBytes, limit, minOneBatch);
  }

  /**
   * Whether the controller has heard from this broker so lately that nobody else can lead what it
   * leads. Any thread.
   */
  public boolean holdsLease() {
    LocalReplica replica = state.replica();
    return replica != null && replica.holdsLease();
  }

  /**
   * The replica that a consumer of that rack had better read from (KIP-392); -1 when that is this
   * broker.
   */
  public Future<Integer> preferredReplica(EventLoop caller, String rack, long offset) {
    LocalReplica replica = state.replica();
    if (replica == null || state.leadership().isr().size() < 2) {
      return Future.succeededFuture(-1);
    }
    return caller.ask(
        replica.stored().shard(),
        () -> {
          LeaderRole leader = replica.leader();
          return Future.succeededFuture(
              leader == null ? -1 : leader.preferredReplica(rack, offset));
        });
  }

  /** Whether to look for records from an offset on may wait for the disk: {@link #findCold}. */
  public boolean isCold(long offset) {
    LocalReplica replica = state.replica();
    return replica != null && replica.stored().view().isCold(offset);
  }

  /**
   * Looks on a worker for records that lie far behind the end and touches them, so that the same
   * read finds indexes, headers of batches and records in memory and its loop does not wait for the
   * disk.
   *
   * @return what was touched; completes on {@code caller}, at once where nothing lies far behind;
   *     what cannot be read is for the read to tell
   */
  public Future<Touched> findCold(
      EventLoop caller, long offset, int maxBytes, ReadLimit limit, boolean minOneBatch) {
    if (!isCold(offset)) {
      return Touched.NOTHING_COLD;
    }
    return caller.offload(
        Work.COLD_READ, () -> Touched.of(readFromAny(offset, maxBytes, limit, -1, minOneBatch)));
  }

  /** As {@link #read}, but the offsets only. */
  public ReadOutcome readOffsets(ReadLimit limit, int currentLeaderEpoch) {
    PartitionState now = state;
    Errors error = now.checkLeader(currentLeaderEpoch);
    return error == Errors.NONE
        ? LogReader.offsets(opened(now).stored().view(), limit)
        : ReadOutcome.refused(error);
  }

  /**
   * The timestamp of the record at an offset, as near as its batch tells: its base timestamp, or
   * between that and its largest one. Blocks on the disk when the batch is cold: on a worker only.
   *
   * @return in ms; -1 when there is no committed record at or behind it, or when it cannot be read
   */
  public long timestampAt(long offset) {
    PartitionState now = state;
    return now.checkLeader(-1) == Errors.NONE
        ? BatchTime.at(opened(now).stored().view(), offset)
        : BatchView.NO_TIMESTAMP;
  }

  /** Touches cold records on a worker; then they may be sent by {@code caller}'s loop. */
  public Future<ReadOutcome> warm(EventLoop caller, ReadOutcome outcome) {
    LogSlice slice = outcome.slice();
    return slice == null || !slice.isCold()
        ? Future.succeededFuture(outcome)
        : log().warm(caller, slice).map(outcome::with);
  }

  /**
   * Wakes a reader once, on its loop, when its limit is no longer the one that it saw, or when
   * anything else changed that a new read would tell.
   *
   * @param seen {@link ReadOutcome#limit} of its last read
   */
  public Registration awaitData(EventLoop caller, ReadLimit limit, long seen, Runnable wake) {
    return DataWait.begin(caller, limit, List.of(new DataWait.Place(this, seen)), wake);
  }

  /** Null while the log is not open. */
  @Nullable LocalReplica replica() {
    return state.replica();
  }

  /**
   * Finds an offset by timestamp or by one of the special timestamps of ListOffsets. A leader that
   * does not know yet how far its predecessor committed answers OFFSET_NOT_AVAILABLE rather than an
   * offset that lies before one that was told already (KIP-207).
   *
   * @param timestampMs a time, or one of {@code ListOffsetsRequest}'s constants
   * @param limit how far the asker may see
   * @param currentLeaderEpoch leader epoch that the asker knows, -1 when none
   */
  public Future<FoundOffset> findOffset(
      EventLoop caller, long timestampMs, ReadLimit limit, int currentLeaderEpoch) {
    PartitionState now = state;
    Errors error = now.checkLeader(currentLeaderEpoch);
    if (error != Errors.NONE) {
      return Future.succeededFuture(FoundOffset.refused(error));
    }
    int epoch = now.leadership().leaderEpoch();
    return LogLookups.offset(caller, opened(now), timestampMs, limit, epoch);
  }

  /**
   * Where a leader epoch ends in this log (OffsetForLeaderEpoch, KIP-101): its end, or that of the
   * largest epoch before it.
   *
   * @param currentLeaderEpoch leader epoch that the asker knows, -1 when none
   */
  public Future<FoundOffset> epochEnd(EventLoop caller, int leaderEpoch, int currentLeaderEpoch) {
    Errors error = checkLeader(currentLeaderEpoch);
    return error == Errors.NONE
        ? LogLookups.epochEnd(caller, log(), leaderEpoch)
        : Future.succeededFuture(FoundOffset.refused(error));
  }

  /** Producers that the log remembers (DescribeProducers, KIP-664). */
  public Future<List<ProducerState>> producers(EventLoop caller) {
    return LogLookups.producers(caller, log());
  }

  /**
   * Deletes the records below an offset, on all replicas that are alive.
   *
   * @param offset -1 for the high watermark
   * @param timeoutMs how long to wait for the other replicas
   */
  public Future<DeleteOutcome> deleteRecords(EventLoop caller, long offset, int timeoutMs) {
    PartitionState now = state;
    Errors error = now.checkLeader(-1);
    if (error != Errors.NONE) {
      return Future.succeededFuture(new DeleteOutcome(error, -1));
    }
    LocalReplica replica = opened(now);
    return caller.ask(replica.stored().shard(), () -> replica.deleteRecords(offset, timeoutMs));
  }

  // For replication.

  /** Whether the disk of its log has room for more of its records. */
  public boolean hasRoom() {
    LocalReplica replica = state.replica();
    return replica == null || replica.stored().hasRoom();
  }

  /**
   * The steps of a replica that follows.
   *
   * @throws IllegalStateException when the log is not open
   */
  public FollowerSteps following() {
    return new FollowerSteps(opened(state));
  }

  /**
   * A follower fetched. On the shard only.
   *
   * @param watch told of news for that follower from now on, in the place of its last one
   */
  public FollowerStanding onFollowerFetch(FollowerFetch fetch, FollowerWatch watch) {
    PartitionState now = state;
    LocalReplica replica = now.replica();
    return now.problem() != Errors.NONE || replica == null
        ? FollowerStanding.refused(now.problem())
        : replica.onFollowerFetch(fetch, watch);
  }

  /** That watch is no longer told of news. On the shard only. */
  public void unwatch(int replicaId, FollowerWatch watch) {
    LocalReplica replica = state.replica();
    LeaderRole leader = replica == null ? null : replica.leader();
    if (leader != null) {
      leader.unwatch(replicaId, watch);
    }
  }

  // For coordinators, on the shard.

  /**
   * Appends what a coordinator of this broker wrote, and answers when it is committed. On the shard
   * only.
   *
   * @param leaderEpoch epoch that the coordinator was loaded in; refused with
   *     NOT_LEADER_OR_FOLLOWER when it is over
   * @param onWritten called once, when the bytes are no longer needed
   * @return on the shard; fails with {@link io.millrace.storage.log.AppendException}
   */
  public Future<LogAppend> appendAsCoordinator(
      ByteBuffer batches, int leaderEpoch, int timeoutMs, Runnable onWritten) {
    return opened(state).appendAsCoordinator(batches, leaderEpoch, timeoutMs, onWritten);
  }

  /** Whether everything that was appended can be read by now. On the shard only. */
  public boolean isSettled() {
    StoredLog stored = log();
    return stored.view().logEndOffset() == stored.log().logEndOffset();
  }

  /** Calls {@code watcher} on the shard with each new high watermark. On the shard only. */
  public Registration onHighWatermark(LongConsumer watcher) {
    return opened(state).watchHighWatermark(watcher);
  }

  // For the registry, on the control loop.

  /**
   * Opens the log, or makes one; from then on requests are served.
   *
   * @return fails when there is no log or its folder is offline
   */
  Future<Void> open(ReplicaGround ground, Storage storage) {
    Leadership leadership = state.leadership();
    return storage
        .create(id, state.config(), stored -> new LocalReplica(ground, stored, leadership))
        .compose(
            replica -> {
              state = new PartitionState(leadership, state.config(), replica, Errors.NONE);
              // It may have failed meanwhile: then nobody has told this partition.
              return replica.stored().folder().isOnline()
                  ? Future.succeededFuture()
                  : Future.failedFuture("its folder went offline");
            });
  }

  /**
   * The cluster decided anew. Everybody sees it when the shard has taken it in: before those are
   * answered that waited for this broker as the leader, so that they are told of the next one.
   */
  Future<Void> become(EventLoop control, Leadership next) {
    PartitionState now = state;
    LocalReplica replica = now.replica();
    if (replica == null) {
      state = new PartitionState(next, now.config(), null, now.problem());
      return Future.succeededFuture();
    }
    return control.ask(replica.stored().shard(), () -> replica.become(next));
  }

  /** The topic's settings changed. */
  Future<Void> reconfigure(EventLoop control, LogConfig config) {
    PartitionState now = state;
    state = new PartitionState(now.leadership(), config, now.replica(), now.problem());
    LocalReplica replica = now.replica();
    return replica == null
        ? Future.succeededFuture()
        : control.ask(
            replica.stored().shard(),
            () -> {
              replica.reconfigure(config);
              return Future.succeededFuture();
            });
  }

  /** Ends it: requests and whoever waits are answered with {@code problem} from now on. */
  Future<Void> close(EventLoop control, Errors problem) {
    PartitionState now = state;
    state = new PartitionState(now.leadership(), now.config(), now.replica(), problem);
    LocalReplica replica = now.replica();
    return replica == null
        ? Future.succeededFuture()
        : control.ask(
            replica.stored().shard(),
            () -> {
              replica.close(problem);
              return Future.succeededFuture();
            });
  }

  @Override
  public String toString() {
    return id.topicPartition().toString();
  }
}
