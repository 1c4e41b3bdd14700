package io.millrace.cluster.raft;

import io.millrace.cluster.MetadataLog.Applier;
import io.millrace.cluster.MetadataQuorum.Invitation;
import io.millrace.cluster.MetadataQuorum.Peer;
import io.millrace.cluster.NotDecidedException;
import io.millrace.cluster.QuorumView;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.Work;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.MetadataEntry;
import io.millrace.time.Timer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of a broker that is one of several, or becomes one: its member of the Raft group from
 * start to end.
 *
 * <p>Confined to: the control loop, save {@link #view}.
 */
final class RaftPart implements MemberListener {
  private static final Logger LOG = LoggerFactory.getLogger(RaftPart.class);

  private static final long TICK_MS = 200;

  /** How often voters that follow make sure that they are connected. */
  private static final long MEET_MS = 10_000;

  private static final QuorumView NOBODY = new QuorumView(-1, 0, 0, List.of(), List.of());

  private final RaftGround ground;
  private final RaftOptions options;
  private final EventLoop control;
  private final Applier applier;
  private final RaftFolder folder;
  private final AdminThread admin;
  private final Submitter submitter = new Submitter();
  private final VoterKeeper keeper;
  private final MajorityWatch watch;

  // Owner: the control loop.
  private RaftFolder.@Nullable Identity identity;
  private boolean restored;
  private boolean leading;
  private boolean closed;
  private long metMs;
  private @Nullable Beginner beginner;
  private @Nullable EntryMachine machine;
  private Promise<Void> begun = Promise.promise();
  private Timer.@Nullable Handle tick;

  // Written by the control loop.
  private volatile @Nullable RaftMember member;
  private volatile long termBase;

  /** What a group begins with that this broker founds. */
  private record Beginner(ClusterImage image, long localTerm, Promise<Void> founded) {}

  RaftPart(RaftGround ground, RaftOptions options, Applier applier) {
    this.ground = ground;
    this.options = options;
    this.control = ground.control();
    this.applier = applier;
    this.folder = ground.folders().raft();
    this.admin = new AdminThread(control);
    this.keeper = new VoterKeeper(options, control, applier::image, admin);
    this.metMs = control.clock().monotonicMs() - MEET_MS;
    this.watch = new MajorityWatch(control.clock(), admin, ground.watcher());
  }

  /**
   * Makes a group of this broker alone that begins with the image.
   *
   * @param localTerm term that goes on in the new log
   * @return fails when there is no group after {@code patienceMs}; nothing is left of it then
   */
  Future<Void> found(ClusterImage image, long localTerm, long patienceMs) {
    Beginner begins = new Beginner(image, localTerm, Promise.promise());
    beginner = begins;
    RaftFolder.Identity self = newIdentity(ground.ids().get());
    Timer.Handle end = control.schedule(patienceMs, () -> giveUp("it took too long"));
    start(self, true, new RaftMember.Configuration(List.of(peer(self)), List.of()))
        .onFailure(fault -> giveUp(fault.toString()));
    return begins
        .founded()
        .future()
        .onComplete(over -> end.cancel())
        .recover(fault -> undo().transform(undone -> Future.failedFuture(fault)));
  }

  private void giveUp(String why) {
    Beginner begins = beginner;
    if (begins != null && Objects.requireNonNull(machine).giveUpFounding()) {
      beginner = null;
      begins.founded().fail("no group of several could be founded: " + why);
    }
  }

  private Future<Void> undo() {
    return close()
        .compose(
            shut ->
                control.offload(
                    Work.HOUSEKEEPING,
                    () -> {
                      folder.delete();
                      return true;
                    }))
        .mapEmpty();
  }

  /** Joins the group of others; completes when this broker has an image. */
  Future<Void> join() {
    RaftFolder.Identity draft = newIdentity(Uuid.ZERO_UUID);
    return ground
        .door()
        .ask(peer(draft))
        .compose(
            invitation ->
                startIn(invitation, new RaftFolder.Identity(draft.peerId(), invitation.groupId())))
        .compose(started -> begun.future())
        .onSuccess(hasImage -> followUnlessLeading());
  }

  private Future<Void> startIn(Invitation invitation, RaftFolder.Identity self) {
    List<Peer> others =
        invitation.voters().stream().filter(peer -> peer.brokerId() != self.broker()).toList();
    return start(self, true, new RaftMember.Configuration(others, List.of(peer(self))));
  }

  /** Goes on from the folder; completes when all that it holds for sure is applied. */
  Future<Void> reopen() {
    return admin
        .run(folder::identity)
        .compose(self -> start(self, false, new RaftMember.Configuration(List.of(), List.of())))
        .compose(started -> begun.future())
        .compose(hasImage -> whenApplied())
        .onSuccess(applied -> followUnlessLeading());
  }

  private Future<Void> whenApplied() {
    Promise<Void> applied = Promise.promise();
    try {
      awaitApplied(member().committedIndex(), applied);
    } catch (IOException e) {
      applied.fail(e);
    }
    return applied.future();
  }

  private void awaitApplied(long index, Promise<Void> applied) {
    try {
      if (closed || member().appliedIndex() >= index) {
        // Behind the entries that are on their way to this loop.
        control.execute(applied::complete);
      } else {
        control.schedule(10, () -> awaitApplied(index, applied));
      }
    } catch (IOException e) {
      applied.fail(e);
    }
  }

  private void followUnlessLeading() {
    if (!leading) {
      applier.following();
    }
  }

  private Future<Void> start(
      RaftFolder.Identity self, boolean create, RaftMember.Configuration group) {
    identity = self;
    EntryMachine applies = new EntryMachine(control, folder, this);
    machine = applies;
    return admin
        .run(
            () -> {
              if (create) {
                folder.create(self);
              }
              RaftMember made = new RaftMember(options, self, folder, group, applies);
              try {
                made.start();
              } catch (IOException | RuntimeException fault) {
                made.close();
                throw fault;
              }
              member = made;
              return made;
            })
        .map(
            started -> {
              tick = control.schedule(TICK_MS, this::onTick);
              return null;
            });
  }

  private Peer peer(RaftFolder.Identity self) {
    return new Peer(options.brokerId(), self.peerId(), options.host(), options.port());
  }

  private RaftMember member() {
    return Objects.requireNonNull(member, "no member was started");
  }

  private void onTick() {
    if (closed) {
      return;
    }
    tick = control.schedule(TICK_MS, this::onTick);
    RaftMember running = member;
    if (running != null && beginner == null) {
      keeper.look(running);
      watch.look(running, leading);
      meetVoters(running);
      if (watch.isForgotten()) {
        askAgain(running);
      }
    }
  }

  private void meetVoters(RaftMember running) {
    long nowMs = control.clock().monotonicMs();
    if (leading || nowMs - metMs < MEET_MS) {
      return;
    }
    metMs = nowMs;
    admin
        .run(() -> running.election().meet())
        .onFailure(fault -> LOG.debug("the other voters were not met", fault));
  }

  /**
   * Nobody sends this member anything. When the group goes on without it, whoever leads takes it in
   * again; a member that was closed, or whose group is no more, begins anew with an empty log.
   */
  private void askAgain(RaftMember running) {
    watch.asked();
    boolean alive = running.isAlive();
    RaftFolder.Identity known = Objects.requireNonNull(identity);
    RaftFolder.Identity self = alive ? known : newIdentity(known.groupId());
    ground
        .door()
        .ask(peer(self))
        .onSuccess(
            invitation -> {
              boolean same = invitation.groupId().equals(known.groupId());
              if (!closed && member == running && !(same && alive)) {
                beginAnew(running, invitation, same ? self : newIdentity(invitation.groupId()));
              }
            })
        .onFailure(refused -> LOG.debug("nobody takes this broker into the log's group", refused));
  }

  private void beginAnew(RaftMember old, Invitation invitation, RaftFolder.Identity self) {
    String clusterId = applier.image().clusterId();
    if (!clusterId.equals(invitation.clusterId())) {
      LOG.error(
          "the brokers that were asked belong to cluster {}, this one to cluster {}",
          invitation.clusterId(),
          clusterId);
      return;
    }
    LOG.warn("the metadata log went on without this broker: it reads it anew");
    old.machine().mute();
    following();
    member = null;
    if (tick != null) {
      tick.cancel();
    }
    admin
        .run(
            () -> {
              old.close();
              return true;
            })
        .compose(shut -> ground.door().ask(peer(self)))
        .compose(again -> startIn(again, self))
        .onFailure(
            fault -> {
              LOG.error("this broker cannot follow the metadata log; restart it", fault);
              failed(fault);
            });
  }

  private RaftFolder.Identity newIdentity(Uuid groupId) {
    return RaftFolder.Identity.create(options.brokerId(), ground.ids().get(), groupId);
  }

  void submit(MetadataEntry entry) {
    submit(() -> RaftRecord.encode(entry));
  }

  private void submit(Supplier<ByteBuffer> record) {
    submitter.submit(member(), record, fault -> control.execute(() -> lost(fault)));
  }

  /**
   * Something that was submitted is not in the log or may not be. What was decided on top of it is
   * void; another term makes an end of it.
   */
  private void lost(Throwable fault) {
    if (!leading || closed) {
      return;
    }
    LOG.warn("an entry did not get into the metadata log: {}", fault.toString());
    following();
    admin
        .run(() -> member().stepDown().join())
        .onFailure(why -> LOG.debug("the leadership was not given up", why));
  }

  /** Lets a broker follow the log. */
  Future<Invitation> admit(Peer joiner) {
    if (!leading || closed) {
      return Future.failedFuture(
          new NotDecidedException(Errors.NOT_CONTROLLER, "another broker leads the metadata log"));
    }
    try {
      keeper.admit(joiner);
      return Future.succeededFuture(
          new Invitation(
              applier.image().clusterId(),
              Objects.requireNonNull(identity).groupId(),
              member().configuration().voters()));
    } catch (IOException e) {
      return Future.failedFuture(e);
    }
  }

  /** The broker is gone for sure: the voter with the longest log asks for votes at once. */
  void gone(int brokerId) {
    RaftMember running = member;
    if (running == null || leading || closed) {
      return;
    }
    admin
        .run(() -> running.election().begin(brokerId))
        .onSuccess(
            waitMs -> {
              if (waitMs > 0) {
                control.schedule(waitMs, () -> insist(running, brokerId));
              }
            })
        .onFailure(fault -> LOG.debug("no election after broker {}", brokerId, fault));
  }

  /** Another voter was to be elected, and nobody was. */
  private void insist(RaftMember running, int deadLeader) {
    if (!closed && !leading && member == running) {
      admin
          .run(() -> running.election().insist(deadLeader))
          .onFailure(fault -> LOG.debug("no election after broker {}", deadLeader, fault));
    }
  }

  /** Whether somebody who leads was heard of lately. */
  boolean hearsLeader() {
    return leading || watch.hears();
  }

  QuorumView view() {
    RaftMember now = member;
    try {
      return now == null ? NOBODY : now.view(termBase, control.clock().wallMs());
    } catch (IOException e) {
      return NOBODY;
    }
  }

  Future<Void> close() {
    boolean led = leading;
    closed = true;
    leading = false;
    keeper.stop();
    submitter.close();
    if (tick != null) {
      tick.cancel();
    }
    return admin
        .run(
            () -> {
              RaftMember running = member;
              if (running != null) {
                end(running, led);
              }
              return true;
            })
        .onComplete(done -> admin.close())
        .mapEmpty();
  }

  private void end(RaftMember running, boolean led) throws IOException {
    if (led && running.configuration().voters().size() > 1) {
      try {
        running.handOver(control.clock().wallMs());
      } catch (IOException fault) {
        LOG.info("the metadata log's other voters elect a leader: {}", fault.getMessage());
      }
    }
    running.close();
  }

  @Override
  public ClusterImage image() {
    return applier.image();
  }

  @Override
  public void restored(long base, ClusterImage image) {
    termBase = base;
    restored = true;
    Beginner begins = beginner;
    if (begins != null) {
      beginner = null;
      leading = true;
      keeper.start();
      begins.founded().complete();
    } else {
      applier.restored(image);
    }
    begun.tryComplete();
  }

  @Override
  public void committed(long logTerm, MetadataEntry entry) {
    applier.committed(logTerm, entry);
  }

  @Override
  public void leading(long term) {
    if (member == null) {
      // It led before its start was reported.
      control.schedule(10, () -> leading(term));
      return;
    }
    Beginner begins = beginner;
    if (begins != null) {
      RaftRecord.beginning(begins.image(), begins.localTerm() - term, term)
          .forEach(record -> submit(() -> record));
    } else if (restored && !closed) {
      leading = true;
      keeper.start();
      applier.leading(termBase + term);
    }
  }

  @Override
  public void following() {
    if (leading) {
      leading = false;
      keeper.stop();
      applier.following();
    }
  }

  @Override
  public void removed() {
    following();
    watch.forget();
  }

  @Override
  public void failed(Throwable cause) {
    leading = false;
    keeper.stop();
    applier.failed(cause);
  }
}
