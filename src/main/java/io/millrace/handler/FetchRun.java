package io.millrace.handler;

import io.millrace.handler.FetchHandler.FetchDoor;
import io.millrace.partition.DataWait;
import io.millrace.partition.FoundOffset;
import io.millrace.partition.Partition;
import io.millrace.partition.ReadLimit;
import io.millrace.partition.ReadOutcome;
import io.millrace.partition.Registration;
import io.millrace.partition.Touched;
import io.millrace.quota.Quotas;
import io.millrace.time.Timer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;

/**
 * One fetch under way: it reads everything that is asked for, and when that is too little it gives
 * the bytes back and waits until a partition has more or the time is over; then it reads again.
 *
 * <p>Confined to: the loop of the connection.
 */
final class FetchRun {
  private static final short FIRST_VERSION_WITH_RACK = 11;

  private final FetchDoor door;
  private final RequestContext context;
  private final FetchRequestData request;
  private final FetchContext fetch;
  private final ReadLimit limit;
  private final boolean anyReplica;
  private final int minBytes;
  private final @Nullable ReadOutcome[] outcomes;
  private final FoundOffset[] diverging;
  private final Errors[] refusals;
  private final int[] preferred;
  private final Promise<ApiMessage> answer = Promise.promise();
  private @Nullable Touched @Nullable [] touched;
  private boolean leftBehind;
  private boolean closed;
  private Timer.@Nullable Handle deadline;
  private Registration waiting = () -> {};
  private ConnectionScope.Hook closeHook = () -> {};

  FetchRun(FetchDoor door, RequestContext context, FetchRequestData request, FetchContext fetch) {
    this.door = door;
    this.context = context;
    this.request = request;
    this.fetch = fetch;
    int replica = Math.min(request.replicaId(), request.replicaState().replicaId());
    this.limit =
        FetchRequest.isConsumer(replica)
            ? ReadLimit.of(request.isolationLevel())
            : ReadLimit.LOG_END;
    this.anyReplica = context.version() >= FIRST_VERSION_WITH_RACK;
    this.minBytes = Math.min(request.minBytes(), maxBytes());
    this.outcomes = new ReadOutcome[fetch.parts().size()];
    this.diverging = new FoundOffset[outcomes.length];
    this.refusals = new Errors[outcomes.length];
    this.preferred = new int[outcomes.length];
    Arrays.fill(preferred, -1);
  }

  private int maxBytes() {
    return Math.min(request.maxBytes(), door.maxBytes());
  }

  Future<ApiMessage> start() {
    authorise();
    List<Future<?>> checks = new ArrayList<>(checkDivergence());
    if (anyReplica && door.rackAware() && !request.rackId().isEmpty()) {
      findPreferred(checks);
    }
    findCold(checks);
    if (checks.isEmpty()) {
      round(false);
    } else {
      Future.join(checks).onComplete(done -> round(false));
    }
    return answer.future();
  }

  private void authorise() {
    String allowed = null;
    for (int i = 0; i < refusals.length; i++) {
      FetchPart part = fetch.parts().get(i);
      String topic = nameOf(part);
      if (topic == null) {
        refusals[i] = Errors.UNKNOWN_TOPIC_ID;
      } else if (topic.equals(allowed)
          || door.authorizer()
              .allows(context.caller(), AclOperation.READ, ResourceType.TOPIC, topic)) {
        allowed = topic;
        refusals[i] = Errors.NONE;
      } else {
        refusals[i] = Errors.TOPIC_AUTHORIZATION_FAILED;
      }
    }
  }

  private @Nullable String nameOf(FetchPart part) {
    Partition known = part.partition();
    if (known != null) {
      return known.id().topic();
    }
    return isById() ? door.partitions().topicName(part.topicId()) : part.topic();
  }

  private boolean isById() {
    return context.version() >= 13;
  }

  /** Only readers that follow (a last fetched epoch is given) need a look into the epochs. */
  private List<Future<FoundOffset>> checkDivergence() {
    List<Future<FoundOffset>> checks = new ArrayList<>(0);
    for (int i = 0; i < refusals.length; i++) {
      FetchPart part = fetch.parts().get(i);
      Partition partition = part.lastFetchedEpoch() < 0 ? null : resolve(part);
      if (partition != null && refusals[i] == Errors.NONE) {
        int index = i;
        checks.add(
            partition
                .epochEnd(context.loop(), part.lastFetchedEpoch(), part.currentLeaderEpoch())
                .onSuccess(found -> diverging[index] = found));
      }
    }
    return checks;
  }

  /** Consumers are sent to a replica in their rack (KIP-392). */
  private void findPreferred(List<Future<?>> checks) {
    for (int i = 0; i < refusals.length; i++) {
      FetchPart part = fetch.parts().get(i);
      Partition partition = refusals[i] == Errors.NONE ? resolve(part) : null;
      if (partition != null && partition.isLeader()) {
        int index = i;
        checks.add(
            partition
                .preferredReplica(context.loop(), request.rackId(), part.offset())
                .onSuccess(found -> preferred[index] = found));
      }
    }
  }

  /** What may have to come from the disk is looked for and touched by a worker before. */
  private void findCold(List<Future<?>> checks) {
    int left = maxBytes();
    for (int i = 0; i < refusals.length && left > 0; i++) {
      FetchPart part = fetch.parts().get(i);
      Partition partition = refusals[i] == Errors.NONE ? resolve(part) : null;
      if (partition != null) {
        int bytes = Math.max(0, Math.min(left, part.maxBytes()));
        // As the answer: whoever asks for little of many partitions gets one large batch at most.
        boolean minOneBatch = i == 0;
        Future<Touched> found =
            partition.findCold(context.loop(), part.offset(), bytes, limit, minOneBatch);
        if (!found.isComplete()) {
          int index = i;
          checks.add(found.onSuccess(bytesInMemory -> touched(index, bytesInMemory)));
          left -= bytes;
        }
      }
    }
  }

  private void touched(int index, Touched bytes) {
    if (touched == null) {
      touched = new Touched[outcomes.length];
    }
    touched[index] = bytes;
  }

  private boolean isTouched(int index, ReadOutcome outcome) {
    Touched bytes = touched == null ? null : touched[index];
    return bytes != null && bytes.covers(outcome);
  }

  private @Nullable Partition resolve(FetchPart part) {
    Partition known = part.partition();
    if (known == null || known.problem() != Errors.NONE) {
      known =
          isById()
              ? door.partitions().get(part.topicId(), part.number())
              : door.partitions().get(part.topic(), part.number());
      part.found(known);
    }
    return known;
  }

  /** Reads everything once; then it answers, or waits for more. */
  private void round(boolean isLast) {
    boolean due = isLast || closed || readAll();
    if (isLast && !closed) {
      readAll();
    }
    if (due) {
      stopWaiting();
      warmUp();
    } else {
      waitForMore();
    }
  }

  /** Whether there is enough to answer. */
  private boolean readAll() {
    int left = maxBytes();
    long size = 0;
    boolean due = request.maxWaitMs() <= 0;
    boolean anyReadable = false;
    boolean minOneBatch = true;
    leftBehind = door.isLeftBehind().getAsBoolean();
    for (int i = 0; i < outcomes.length; i++) {
      FetchPart part = fetch.parts().get(i);
      int room = Math.max(0, Math.min(left, part.maxBytes()));
      ReadOutcome outcome = read(i, room, minOneBatch);
      outcomes[i] = outcome;
      // Only whole batches are given: where the next one has no room, waiting brings no more.
      size +=
          outcome.hasMoreFrom(part.offset())
              ? Math.max(room, outcome.sizeInBytes())
              : outcome.sizeInBytes();
      if (outcome.sizeInBytes() > 0) {
        minOneBatch = false;
        left = Math.max(0, left - outcome.sizeInBytes());
      }
      anyReadable |= refusals[i] == Errors.NONE;
      due |=
          (refusals[i] == Errors.NONE && outcome.error() != Errors.NONE)
              || outcome.olderSegment()
              || preferred[i] >= 0
              || isDiverging(i);
    }
    return due || !anyReadable || size >= minBytes;
  }

  private ReadOutcome read(int i, int room, boolean minOneBatch) {
    if (refusals[i] != Errors.NONE) {
      return ReadOutcome.refused(refusals[i]);
    }
    if (isEpochUnknown(i)) {
      return ReadOutcome.refused(Errors.OFFSET_OUT_OF_RANGE);
    }
    FetchPart part = fetch.parts().get(i);
    Partition partition = resolve(part);
    if (partition == null) {
      Errors absence =
          isById()
              ? door.partitions().absence(part.topicId(), part.number())
              : door.partitions().absence(part.topic(), part.number());
      return ReadOutcome.refused(absence);
    }
    if (leftBehind && partition.isLeader()) {
      // Nothing is written here any more: the reader is to find out who leads now.
      return ReadOutcome.refused(Errors.NOT_LEADER_OR_FOLLOWER);
    }
    if (isDiverging(i) || preferred[i] >= 0) {
      return partition.readOffsets(limit, part.currentLeaderEpoch());
    }
    int epoch = part.currentLeaderEpoch();
    return anyReplica
        ? partition.readFromAny(part.offset(), room, limit, epoch, minOneBatch)
        : partition.read(part.offset(), room, limit, epoch, minOneBatch);
  }

  private boolean isEpochUnknown(int i) {
    FoundOffset end = diverging[i];
    return end != null && end.error() == Errors.NONE && (end.offset() < 0 || end.leaderEpoch() < 0);
  }

  private boolean isDiverging(int i) {
    FoundOffset end = diverging[i];
    FetchPart part = fetch.parts().get(i);
    return end != null
        && end.error() == Errors.NONE
        && (end.leaderEpoch() < part.lastFetchedEpoch() || end.offset() < part.offset());
  }

  private void waitForMore() {
    List<DataWait.Place> places = new ArrayList<>(outcomes.length);
    for (int i = 0; i < outcomes.length; i++) {
      ReadOutcome outcome = outcomes[i];
      Partition partition = fetch.parts().get(i).partition();
      if (outcome != null && outcome.error() == Errors.NONE && partition != null) {
        places.add(new DataWait.Place(partition, outcome.limit()));
      }
    }
    releaseAll();
    if (deadline == null) {
      deadline = context.loop().schedule(request.maxWaitMs(), () -> round(true));
      closeHook = context.connection().onClose(this::connectionClosed);
    }
    if (!closed) {
      waiting = DataWait.begin(context.loop(), limit, places, () -> round(false));
    }
  }

  private void connectionClosed() {
    closed = true;
    if (deadline != null) {
      deadline.cancel();
    }
    waiting.cancel();
    answer.tryFail(new ClosedChannelException());
  }

  private void stopWaiting() {
    waiting.cancel();
    if (deadline != null) {
      deadline.cancel();
    }
  }

  private void releaseAll() {
    for (int i = 0; i < outcomes.length; i++) {
      ReadOutcome outcome = outcomes[i];
      if (outcome != null) {
        outcome.release();
        outcomes[i] = null;
      }
    }
  }

  /** Bytes that may have to come from the disk are touched by a worker before they are sent. */
  private void warmUp() {
    List<Future<ReadOutcome>> cold = new ArrayList<>(0);
    for (int i = 0; i < outcomes.length; i++) {
      ReadOutcome outcome = outcomes[i];
      Partition partition = fetch.parts().get(i).partition();
      if (outcome != null && outcome.isCold() && partition != null && !isTouched(i, outcome)) {
        int index = i;
        cold.add(
            partition
                .warm(context.loop(), outcome)
                .onSuccess(warm -> outcomes[index] = warm)
                .onFailure(
                    fault -> {
                      outcome.release();
                      outcomes[index] = ReadOutcome.refused(Errors.KAFKA_STORAGE_ERROR);
                    }));
      }
    }
    if (cold.isEmpty()) {
      finish();
    } else {
      Future.join(cold).onComplete(done -> finish());
    }
  }

  private void count(long bytes) {
    long passed = 0;
    for (FetchPart part : fetch.parts()) {
      passed += part.takePassed();
    }
    door.counters().bytes().add(bytes);
    if (passed > 0) {
      door.counters().records().add(passed);
    }
  }

  private void finish() {
    closeHook.remove();
    if (closed) {
      releaseAll();
      return;
    }
    long bytes = 0;
    for (ReadOutcome outcome : outcomes) {
      bytes += outcome == null ? 0 : outcome.sizeInBytes();
    }
    int throttleMs =
        door.quotas()
            .record(
                context.caller(),
                Quotas.Kind.FETCH_BYTES,
                bytes,
                context.loop().clock().monotonicMs());
    if (throttleMs > 0) {
      releaseAll();
      answer.complete(
          new FetchResponseData()
              .setThrottleTimeMs(throttleMs)
              .setSessionId(fetch.isFull() ? 0 : fetch.sessionId()));
      return;
    }
    count(bytes);
    answer.complete(
        new FetchAnswer(context, door.partitions().image(), fetch)
            .of(outcomes, diverging, preferred));
  }
}
