package io.millrace.cluster.raft;

import io.millrace.cluster.MetadataLog;
import io.millrace.cluster.MetadataQuorum;
import io.millrace.cluster.NotDecidedException;
import io.millrace.cluster.QuorumView;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.Work;
import io.millrace.metadata.MetadataEntry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The metadata log of a broker that can be one of several. While it is alone, a local log; when it
 * admits another broker, or has joined others, a Raft log. The applier sees one log: when a local
 * log becomes a Raft log, term and sequence go on, and entries that come meanwhile wait.
 *
 * <p>Confined to: the control loop, save {@link #view}.
 */
public final class RaftMetadataLog implements MetadataLog, MetadataQuorum {
  private static final Logger LOG = LoggerFactory.getLogger(RaftMetadataLog.class);

  private final RaftGround ground;
  private final RaftOptions options;
  private final EventLoop control;
  private final LocalPart local;

  // Owner: the control loop.
  private @Nullable Applier applier;
  private @Nullable RaftPart raft;
  private @Nullable Founding founding;
  private boolean closed;

  // Any thread.
  private volatile Supplier<QuorumView> view = () -> new QuorumView(-1, 0, 0, List.of(), List.of());

  /** Describes a log that is not open yet. */
  public RaftMetadataLog(RaftGround ground, RaftOptions options) {
    this.ground = ground;
    this.options = options;
    this.control = ground.control();
    this.local = new LocalPart(ground);
  }

  /**
   * {@inheritDoc}
   *
   * <p>This broker joins when it was told to. Otherwise a folder that belongs to a cluster of
   * several is opened, whether its voters answer or not; without one it is alone.
   */
  @Override
  public Future<Void> open(Applier appliesTo) {
    control.assertOwner();
    applier = appliesTo;
    return control
        .offload(Work.HOUSEKEEPING, ground.folders()::begin)
        .compose(
            founded -> {
              if (founded && !ground.joins()) {
                return ground.recovers()
                    ? new Recovery(ground, options).run().compose(done -> openLocal(appliesTo))
                    : raftPart(appliesTo).reopen();
              }
              return ground.joins() ? raftPart(appliesTo).join() : openLocal(appliesTo);
            });
  }

  private Future<Void> openLocal(Applier appliesTo) {
    view = local.view(options.brokerId());
    return local.open(appliesTo);
  }

  private RaftPart raftPart(Applier appliesTo) {
    RaftPart part = new RaftPart(ground, options, appliesTo);
    raft = part;
    view = part::view;
    return part;
  }

  @Override
  public void submit(MetadataEntry entry) {
    control.assertOwner();
    Founding under = founding;
    RaftPart part = raft;
    if (under != null) {
      under.held.add(entry);
    } else if (part != null) {
      part.submit(entry);
    } else {
      local.submit(entry);
    }
  }

  @Override
  public boolean hasRoom() {
    return !isAlone() || local.hasRoom();
  }

  @Override
  public Future<Invitation> admit(Peer joiner) {
    control.assertOwner();
    RaftPart part = raft;
    if (part != null && founding == null) {
      return part.admit(joiner);
    }
    if (closed || !local.leads()) {
      // A group that is founded before all is read would begin with less than there is.
      return Future.failedFuture(
          new NotDecidedException(Errors.NOT_CONTROLLER, "the log is not open"));
    }
    if (founding == null) {
      founding = new Founding();
      founding.begin();
    }
    return founding.done.future().compose(founded -> admit(joiner));
  }

  @Override
  public void gone(int brokerId) {
    control.assertOwner();
    if (raft != null && founding == null) {
      raft.gone(brokerId);
    }
  }

  /** Whether the log is of this broker alone, and nobody is about to join. */
  public boolean isAlone() {
    control.assertOwner();
    return raft == null && founding == null;
  }

  @Override
  public QuorumView view() {
    return view.get();
  }

  @Override
  public Future<Void> close() {
    control.assertOwner();
    closed = true;
    Future<Void> ended = founding == null ? Future.succeededFuture() : founding.settled.future();
    return ended.transform(over -> raft != null ? raft.close() : local.close());
  }

  /**
   * The way from the local log to a Raft log. From its begin to its end entries are held. Until the
   * group is founded the local log is the truth, and the way back is open; from then on the Raft
   * log is, and what is left is to put the local one aside.
   */
  private final class Founding {
    private static final long PATIENCE_MS = 20_000;

    private final List<MetadataEntry> held = new ArrayList<>();
    private long beganMs;

    /** The group is founded; fails when it was given up. */
    private final Promise<Void> done = Promise.promise();

    /** Completes either way. */
    private final Promise<Void> settled = Promise.promise();

    void begin() {
      beganMs = control.clock().monotonicMs();
      LOG.info("another broker joins: the metadata log becomes one of several");
      Applier to = Objects.requireNonNull(applier);
      local
          .whenIdle()
          .compose(
              idle -> {
                RaftPart part = new RaftPart(ground, options, to);
                raft = part;
                return part.found(to.image(), local.term(), PATIENCE_MS);
              })
          .onComplete(
              founded -> {
                if (founded.succeeded()) {
                  end();
                } else {
                  giveUp(founded.cause());
                }
              });
    }

    private void end() {
      LOG.info(
          "the metadata log is one of several after {} ms",
          control.clock().monotonicMs() - beganMs);
      view = Objects.requireNonNull(raft)::view;
      local
          .close()
          .compose(shut -> control.offload(Work.HOUSEKEEPING, ground.folders()::setLocalAside))
          .onFailure(fault -> LOG.warn("the local metadata log was not put aside", fault));
      settle();
      done.complete();
    }

    private void giveUp(Throwable why) {
      LOG.warn("the metadata log stays one of this broker alone: {}", why.toString());
      raft = null;
      settle();
      done.fail(new NotDecidedException(Errors.NOT_CONTROLLER, why.toString()));
    }

    private void settle() {
      founding = null;
      held.forEach(RaftMetadataLog.this::submit);
      settled.complete();
    }
  }
}
