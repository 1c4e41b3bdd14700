package io.millrace.storage;

import io.millrace.config.LogConfig;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.Work;
import io.millrace.storage.log.CleanedSegment;
import io.millrace.storage.log.CorruptLogException;
import io.millrace.storage.log.HeldSegment;
import io.millrace.storage.log.Log;
import io.millrace.storage.log.ProducerEnd;
import io.millrace.storage.log.SwapWork;
import io.millrace.storage.log.clean.CleanPlan;
import io.millrace.storage.log.clean.CleanedGroup;
import io.millrace.storage.log.clean.Compaction;
import io.millrace.storage.log.clean.Compactor;
import io.millrace.storage.log.clean.ProducerEnds;
import io.millrace.storage.log.clean.SourceSegment;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * One compaction of one log: the segments are held and rewritten on a worker, and what comes out
 * takes their place as one step of the shard. The log's retention waits meanwhile, and so does its
 * deletion.
 *
 * <p>Confined to: the log's shard, but for the parts that it offloads.
 */
final class CompactionRun {
  private final StoredLog stored;
  private final Log log;
  private final EventLoop loop;
  private final CleanPlan plan;
  private final List<HeldSegment> held;
  private final long recoveryPoint;
  private final LogConfig config;

  /**
   * A run that has not begun.
   *
   * @param held the sealed segments up to the plan's end; given back by the run
   * @param recoveryPoint the log's recovery point, at or behind the plan's end
   */
  CompactionRun(StoredLog stored, CleanPlan plan, List<HeldSegment> held, long recoveryPoint) {
    this.stored = stored;
    this.log = stored.rawLog();
    this.loop = stored.shard();
    this.plan = plan;
    this.held = held;
    this.recoveryPoint = recoveryPoint;
    this.config = log.config();
  }

  /**
   * Compacts.
   *
   * @param durable completes when the folder's checkpoint has the recovery point
   * @return what was done; the log's files have their names when it completes
   */
  Future<Compaction> run(Compactor compactor, Future<Void> durable) {
    Map<Long, ProducerEnd> ends = log.producerEnds();
    long nowMs = loop.clock().wallMs();
    return durable
        .compose(
            saved ->
                loop.offload(
                    Work.HOUSEKEEPING, stored.home().path(), () -> rewrite(compactor, ends, nowMs)))
        .compose(this::swap)
        .onComplete(done -> held.forEach(HeldSegment::release));
  }

  private Compaction rewrite(Compactor compactor, Map<Long, ProducerEnd> ends, long nowMs)
      throws IOException {
    try {
      return compacted(compactor, ends, nowMs);
    } catch (CorruptLogException e) {
      throw e;
    } catch (IOException e) {
      throw DiskFullException.orElse(stored.home(), e);
    }
  }

  private Compaction compacted(Compactor compactor, Map<Long, ProducerEnd> ends, long nowMs)
      throws IOException {
    List<SourceSegment> sources = new ArrayList<>();
    for (HeldSegment each : held) {
      sources.add(
          new SourceSegment(
              each.baseOffset(),
              each.endOffset(),
              each.sizeBytes(),
              each.largestTimestampMs(),
              each.file(),
              each.log(),
              each.abortedTxns()));
    }
    return compactor.run(
        sources,
        plan,
        config,
        new Ends(ends),
        base ->
            new CleanedTarget(
                new CleanedSegment(
                    stored.home().files(), log.dir(), base, config.indexIntervalBytes())),
        nowMs);
  }

  private record Ends(Map<Long, ProducerEnd> ends) implements ProducerEnds {
    @Override
    public boolean isLastOfProducer(RecordBatch batch) {
      ProducerEnd end = ends.get(batch.producerId());
      if (end == null) {
        return false;
      }
      return end.lastOffset() >= 0
          ? batch.lastOffset() == end.lastOffset()
          : batch.isControlBatch() && batch.producerEpoch() == end.epoch();
    }
  }

  private static Void abandon(List<CleanedGroup> groups) throws IOException {
    for (CleanedGroup group : groups) {
      group.target().abandon();
    }
    return null;
  }

  private Future<Compaction> swap(Compaction done) {
    List<CleanedGroup> groups = done.groups();
    if (groups.isEmpty()) {
      return Future.succeededFuture(done);
    }
    if (!stored.isOnline()) {
      return loop.offload(Work.HOUSEKEEPING, stored.home().path(), () -> abandon(groups))
          .compose(
              gone ->
                  Future.failedFuture(
                      new CancellationException("the log went during its compaction")));
    }
    List<SourceSegment> last = groups.get(groups.size() - 1).sources();
    SwapWork names;
    try {
      names =
          log.replaceSegments(
              groups.get(0).sources().get(0).baseOffset(),
              last.get(last.size() - 1).endOffset(),
              groups.stream().map(group -> ((CleanedTarget) group.target()).segment()).toList(),
              recoveryPoint,
              loop.clock().wallMs());
    } catch (IOException e) {
      return Future.failedFuture(e);
    }
    return loop.offload(
            Work.HOUSEKEEPING,
            stored.home().path(),
            () -> {
              names.run();
              return names;
            })
        .map(
            renamed -> {
              log.swapped(renamed);
              stored.setCleanedOffset(done.endOffset());
              return done;
            });
  }
}
