package io.millrace.cluster.raft;

import io.millrace.cluster.MetadataLog;
import io.millrace.cluster.QuorumView;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.MetadataEntry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The local log of a broker that is alone, and what of it is still under way.
 *
 * <p>Confined to: the control loop, save the view.
 */
final class LocalPart {
  private final RaftGround ground;

  // Owner: the control loop.
  private long underWay;
  private @Nullable Promise<Void> idle;

  // Written by the control loop; the term is negative until all that was written before is read.
  private volatile long term = -1;
  private volatile long index;

  LocalPart(RaftGround ground) {
    this.ground = ground;
  }

  Future<Void> open(MetadataLog.Applier applier) {
    return ground.local().open(new Counting(applier));
  }

  void submit(MetadataEntry entry) {
    underWay++;
    ground.local().submit(entry);
  }

  boolean hasRoom() {
    return ground.local().hasRoom();
  }

  /** Completes when everything that was submitted is applied. */
  Future<Void> whenIdle() {
    if (underWay == 0) {
      return Future.succeededFuture();
    }
    Promise<Void> promise = Promise.promise();
    idle = promise;
    return promise.future();
  }

  /** Whether this broker decides: all that was written before is read. */
  boolean leads() {
    return term >= 0;
  }

  /** The term in which this broker decides. */
  long term() {
    return term;
  }

  Supplier<QuorumView> view(int brokerId) {
    return () -> {
      long nowMs = ground.control().clock().wallMs();
      long end = index;
      return new QuorumView(
          leads() ? brokerId : -1,
          Math.max(term, 0),
          end - 1,
          List.of(new QuorumView.Member(brokerId, end, nowMs)),
          List.of());
    };
  }

  Future<Void> close() {
    return ground.local().close();
  }

  /** Counts what comes back. */
  private final class Counting implements MetadataLog.Applier {
    private final MetadataLog.Applier applier;

    Counting(MetadataLog.Applier applier) {
      this.applier = applier;
    }

    @Override
    public void restored(ClusterImage image) {
      index = image.index();
      applier.restored(image);
    }

    @Override
    public void committed(long logTerm, MetadataEntry entry) {
      index++;
      applier.committed(logTerm, entry);
      if (underWay > 0 && --underWay == 0 && idle != null) {
        idle.complete();
        idle = null;
      }
    }

    @Override
    public void leading(long newTerm) {
      term = newTerm;
      applier.leading(newTerm);
    }

    @Override
    public void following() {
      applier.following();
    }

    @Override
    public void failed(Throwable cause) {
      if (idle != null) {
        idle.fail(cause);
        idle = null;
      }
      applier.failed(cause);
    }

    @Override
    public ClusterImage image() {
      return applier.image();
    }
  }
}
