package io.millrace.sim.cluster;

import io.millrace.cluster.MetadataLog;
import io.millrace.cluster.MetadataQuorum;
import io.millrace.cluster.QuorumView;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.SimScheduler;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.FactCodec;
import io.millrace.metadata.ImageCodec;
import io.millrace.metadata.MetadataEntry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The simulated metadata log as one process of a broker sees it. What is committed comes late, in
 * order, and every entry and image passes through its stored form.
 *
 * <p>Confined to: the control loop of its process.
 */
public final class SimMetadataLog implements MetadataLog, MetadataQuorum {
  private static final int SNAPSHOT_AFTER = 40;

  private final SimRaft raft;
  private final SimRaftNode node;
  private final SimScheduler.Process process;
  private final EventLoop control;

  private @Nullable Applier applier;
  private final Promise<Void> opened = Promise.promise();
  private int known;
  private int applied;
  private boolean applying;
  private boolean closed;

  SimMetadataLog(SimRaft raft, SimRaftNode node, SimScheduler.Process process, EventLoop control) {
    this.raft = raft;
    this.node = node;
    this.process = process;
    this.control = control;
  }

  @Override
  public Future<Void> open(Applier appliesTo) {
    control.assertOwner();
    applier = appliesTo;
    byte[] snapshot = node.snapshot();
    appliesTo.restored(
        snapshot == null ? ClusterImage.EMPTY : ImageCodec.decode(ByteBuffer.wrap(snapshot)));
    applied = node.snapshotEnd();
    // How far it had got is written down late.
    int behind = node.commitIndex() - applied;
    known = node.commitIndex() - (behind == 0 ? 0 : raft.random().nextInt(behind + 1));
    while (applied < known) {
      applyNext();
    }
    // A broker that is alone decides when its log is open.
    raft.sim()
        .at(
            1 + raft.random().nextInt(20),
            () -> {
              if (process.isAlive() && !closed) {
                node.begin();
                if (!raft.isAlone(node.id())) {
                  control.execute(this::follow);
                }
              }
            });
    return opened.future();
  }

  /** A broker with a folder goes on from it; one that joins waits for the cluster's image. */
  private void follow() {
    if (opened.future().isComplete()) {
      return;
    }
    if (applied == 0) {
      control.schedule(10, this::follow);
    } else {
      applier().following();
      opened.complete();
    }
  }

  /** The leader gave an image instead of entries. */
  void installed() {
    control.execute(
        () -> {
          byte[] snapshot = node.snapshot();
          if (!closed && snapshot != null && applied < node.snapshotEnd()) {
            applied = node.snapshotEnd();
            known = Math.max(known, applied);
            applier().restored(ImageCodec.decode(ByteBuffer.wrap(snapshot)));
            node.appliedUpTo(applied);
          }
        });
  }

  private void applyNext() {
    SimRaft.Stored stored = node.stored(applied);
    applied++;
    byte[] entry = stored.entry();
    if (entry != null) {
      applier().committed(stored.term(), FactCodec.decode(ByteBuffer.wrap(entry)));
    }
    if (applied - node.snapshotEnd() >= SNAPSHOT_AFTER) {
      node.keep(ImageCodec.encode(applier().image()), applied);
    }
  }

  void committedUpTo(int index) {
    known = Math.max(known, index);
    if (!applying && applied < known) {
      applying = true;
      int slow = raft.random().nextInt(20) == 0 ? 100_000_000 : 3_000_000;
      slow = raft.appliesLate(node.id()) ? 2_000_000_000 : slow;
      raft.sim().after(raft.random().nextInt(slow), () -> control.execute(this::applySome));
    }
  }

  private void applySome() {
    if (closed) {
      return;
    }
    applying = false;
    if (applied >= known) {
      return;
    }
    int count = 1 + raft.random().nextInt(known - applied);
    for (int i = 0; i < count; i++) {
      applyNext();
    }
    node.appliedUpTo(applied);
    committedUpTo(known);
  }

  @Override
  public void submit(MetadataEntry entry) {
    control.assertOwner();
    waiting.add(entry);
    if (waiting.size() == 1) {
      passOn();
    }
  }

  /** On their way to the log, in order. */
  private final List<MetadataEntry> waiting = new ArrayList<>();

  private void passOn() {
    int slow = raft.random().nextInt(30) == 0 ? 50_000_000 : 1_000_000;
    raft.sim()
        .after(
            raft.random().nextInt(raft.isSlow() ? 800_000_000 : slow),
            () -> {
              if (process.isPaused()) {
                passOn();
              } else if (process.isAlive()) {
                node.append(waiting.remove(0));
                if (!waiting.isEmpty()) {
                  passOn();
                }
              }
            });
  }

  void leading(long term) {
    control.execute(
        () -> {
          applier().leading(term);
          opened.tryComplete();
        });
  }

  void following() {
    control.execute(() -> applier().following());
  }

  private Applier applier() {
    Applier to = applier;
    if (to == null) {
      throw new IllegalStateException("the log is not open");
    }
    return to;
  }

  @Override
  public Future<Invitation> admit(Peer joiner) {
    List<Peer> voters = new ArrayList<>();
    for (int voter : raft.voters()) {
      SimRaftNode member = raft.node(voter);
      voters.add(new Peer(voter, voter + "-sim", member == null ? "" : member.host(), 0));
    }
    return Future.succeededFuture(
        new Invitation(
            applier().image().clusterId(), raft.groupId, voters, applier().image().recoveries()));
  }

  @Override
  public void gone(int brokerId) {
    node.gone(brokerId);
  }

  @Override
  public QuorumView view() {
    return raft.view(node);
  }

  @Override
  public Future<Void> close() {
    closed = true;
    node.end();
    return Future.succeededFuture();
  }
}
