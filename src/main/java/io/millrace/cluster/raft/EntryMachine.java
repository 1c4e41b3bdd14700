package io.millrace.cluster.raft;

import io.millrace.eventloop.EventLoop;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.FactFormatException;
import io.millrace.metadata.MetadataEntry;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.util.LifeCycle;

/**
 * Leads what Ratis applies to the control loop. Entries are decoded on the thread that applies; at
 * most {@link #AHEAD_MAX} of them wait for the loop.
 *
 * <p>The record that ends the first image is applied with a snapshot of it, and then the folder is
 * marked: so a folder with a mark always has an image, whatever its members hold back.
 *
 * <p>Confined to: the thread of Ratis that applies, save {@link #giveUpFounding} and {@link #mute}.
 */
final class EntryMachine extends BaseStateMachine {
  private static final int AHEAD_MAX = 1024;
  private static final long IMAGE_WAIT_S = 30;

  /** Whether the group may still be given up for the local log. */
  private enum Founding {
    OPEN,
    DONE,
    GIVEN_UP
  }

  private final EventLoop control;
  private final RaftFolder folder;
  private final MemberListener listener;
  private final Snapshots snapshots = new Snapshots();
  private final Semaphore ahead = new Semaphore(AHEAD_MAX);
  private final AtomicReference<Founding> founding = new AtomicReference<>(Founding.OPEN);
  private final AtomicBoolean muted = new AtomicBoolean();

  // Owner: the thread that applies.
  private final Beginning beginning = new Beginning();
  private boolean founded;
  private long termBase;
  private long configurationTerm;
  private boolean broken;

  EntryMachine(EventLoop control, RaftFolder folder, MemberListener listener) {
    this.control = control;
    this.folder = folder;
    this.listener = listener;
  }

  /** Keeps a group from being founded. Returns false when it is founded already. Any thread. */
  boolean giveUpFounding() {
    return founding.compareAndSet(Founding.OPEN, Founding.GIVEN_UP)
        || founding.get() == Founding.GIVEN_UP;
  }

  /** The listener hears nothing more. Any thread. */
  void mute() {
    muted.set(true);
  }

  @Override
  public void initialize(RaftServer server, RaftGroupId group, RaftStorage storage)
      throws IOException {
    super.initialize(server, group, storage);
    snapshots.init(storage);
    getLifeCycle().startAndTransition(this::load, IOException.class);
  }

  @Override
  public void pause() {
    getLifeCycle().transition(LifeCycle.State.PAUSING);
    getLifeCycle().transition(LifeCycle.State.PAUSED);
  }

  @Override
  public void reinitialize() throws IOException {
    load();
    getLifeCycle().transition(LifeCycle.State.STARTING);
    getLifeCycle().transition(LifeCycle.State.RUNNING);
  }

  private void load() throws IOException {
    Optional<Snapshots.Content> latest = snapshots.load();
    if (latest.isEmpty()) {
      return;
    }
    Snapshots.Content content = latest.get();
    setLastAppliedTermIndex(content.position());
    begin(content);
  }

  private void begin(Snapshots.Content content) throws IOException {
    founded = true;
    termBase = content.termBase();
    founding.set(Founding.DONE);
    folder.markFounded();
    tell(() -> listener.restored(content.termBase(), content.image()));
  }

  @Override
  public Snapshots getStateMachineStorage() {
    return snapshots;
  }

  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
    LogEntryProto entry = transaction.getLogEntry();
    TermIndex position = TermIndex.valueOf(entry);
    if (!broken) {
      try {
        apply(entry, position);
      } catch (FactFormatException | IOException | InterruptedException fault) {
        broken = true;
        tell(() -> listener.failed(fault));
      }
    }
    // Behind what it gave to the control loop: who sees this index finds all of that there.
    updateLastAppliedTermIndex(position);
    return CompletableFuture.completedFuture(Message.EMPTY);
  }

  private void apply(LogEntryProto logged, TermIndex position)
      throws IOException, InterruptedException {
    RaftRecord record =
        RaftRecord.decode(logged.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer());
    if (record instanceof RaftRecord.Seed seed) {
      beginning.add(seed);
    } else if (record instanceof RaftRecord.Founded end) {
      Optional<ClusterImage> image = beginning.end(end, logged.getTerm());
      if (image.isPresent()) {
        found(new Snapshots.Content(position, end.termBase(), image.get()));
      }
    } else if (record instanceof RaftRecord.Entry entry && founded) {
      commit(termBase + logged.getTerm(), entry.entry());
    }
  }

  private void found(Snapshots.Content content) throws IOException {
    if (founding.compareAndSet(Founding.OPEN, Founding.DONE)) {
      snapshots.save(content);
      begin(content);
    }
  }

  private void commit(long logTerm, MetadataEntry entry) throws InterruptedException {
    ahead.acquire();
    control.execute(
        () -> {
          ahead.release();
          if (!muted.get()) {
            listener.committed(logTerm, entry);
          }
        });
  }

  private void tell(Runnable step) {
    control.execute(
        () -> {
          if (!muted.get()) {
            step.run();
          }
        });
  }

  /** All entries so far were given to the control loop before the question for its image. */
  @Override
  public long takeSnapshot() throws IOException {
    if (!founded || broken || muted.get()) {
      return RaftLog.INVALID_LOG_INDEX;
    }
    TermIndex position = getLastAppliedTermIndex();
    CompletableFuture<ClusterImage> image = new CompletableFuture<>();
    control.execute(() -> image.complete(listener.image()));
    try {
      ClusterImage upToHere = image.get(IMAGE_WAIT_S, TimeUnit.SECONDS);
      snapshots.save(new Snapshots.Content(position, termBase, upToHere));
      return position.getIndex();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a snapshot was taken", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the control loop gave no image for a snapshot", e);
    }
  }

  @Override
  public void notifyConfigurationChanged(
      long term, long index, RaftConfigurationProto configuration) {
    configurationTerm = term;
  }

  /** Comes behind the configuration that begins the leader's term. */
  @Override
  public void notifyLeaderReady() {
    long term = configurationTerm;
    tell(() -> listener.leading(term));
  }

  @Override
  public void notifyNotLeader(Collection<TransactionContext> pending) {
    tell(listener::following);
  }

  @Override
  public void notifyLogFailed(Throwable cause, LogEntryProto entry) {
    tell(() -> listener.failed(cause));
  }

  @Override
  public void notifyServerShutdown(RoleInfoProto role, boolean allServer) {
    if (!allServer) {
      tell(listener::removed);
    }
  }
}
