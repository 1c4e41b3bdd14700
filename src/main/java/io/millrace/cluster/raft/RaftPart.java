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
  private final VoterElections elections;
  private final SilentPeers silent;
  private final UnservedPeers unserved;
  private final HeldUpLog heldUp;
  private final ImageGate gate;
  private final RoomWait room;

  // Owner: the control loop.
  private RaftFolder.@Nullable Identity identity;
  private boolean restored;
  private boolean leading;
  private boolean closed;
  private @Nullable Beginner beginner;
  private @Nullable EntryMachine machine;
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
    this.watch = new MajorityWatch(control.clock(), admin, ground.watcher());
    this.elections =
        new VoterElections(control, admin, asked -> asked == member && !leading && !closed);
    this.silent = new SilentPeers(control, Submitter::daemonThread);
    this.unserved = new UnservedPeers(control.clock(), this::stepDown);
    this.heldUp = new HeldUpLog(this::handOver);
    this.gate = new ImageGate(control, applier);
    this.room = new RoomWait(control, admin, folder);
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
    RaftFolder.Identity self =
        options.identity(ground.ids(), ground.ids().get(), image.recoveries());
    Timer.Handle end = control.schedule(patienceMs, () -> giveUp("it took too long"));
    gate.begin(true);
    start(self, true, new RaftMember.Configuration(List.of(options.peer(self)), List.of()))
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
    return close().compose(shut -> control.offload(Work.HOUSEKEEPING, folder::delete)).mapEmpty();
  }

  /** Joins the group of others; completes when this broker has an image. */
  Future<Void> join() {
    RaftFolder.Identity draft = options.identity(ground.ids(), Uuid.ZERO_UUID, 0);
    return ground
        .door()
        .ask(options.peer(draft), () -> !closed)
        .compose(invitation -> startIn(invitation, draft.in(invitation)))
        .compose(started -> gate.shown())
        .onSuccess(hasImage -> followUnlessLeading());
  }

  private Future<Void> startIn(Invitation invitation, RaftFolder.Identity self) {
    List<Peer> others =
        invitation.voters().stream().filter(peer -> peer.brokerId() != self.broker()).toList();
    gate.begin(true);
    return start(self, true, new RaftMember.Configuration(others, List.of(options.peer(self))));
  }

  /** Goes on from the folder; completes when all that it holds for sure is applied. */
  Future<Void> reopen() {
    gate.begin(false);
    return admin
        .run(folder::identity)
        .compose(this::startAgain)
        .compose(started -> gate.shown())
        .compose(hasImage -> gate.whenApplied(member()))
        .onSuccess(applied -> followUnlessLeading());
  }

  private Future<Void> startAgain(RaftFolder.Identity self) {
    return start(self, false, new RaftMember.Configuration(List.of(), List.of()));
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
              member = RaftMember.start(options, self, folder, group, applies);
              return true;
            })
        .map(
            started -> {
              tick = control.schedule(TICK_MS, this::onTick);
              return null;
            });
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
      gate.look(running);
      keeper.look(running);
      silent.look(running);
      unserved.look(running::unserved);
      heldUp.look(running);
      watch.look(running, leading);
      elections.meet(running);
      if (watch.isForgotten()) {
        askAgain(running);
      }
    }
  }

  /**
   * Nobody sends this member anything. When the group goes on without it, whoever leads takes it in
   * again; a member that was closed, or whose group is no more, begins anew with an empty log.
   */
  private void askAgain(RaftMember running) {
    watch.asked();
    boolean alive = running.isAlive();
    RaftFolder.Identity known = Objects.requireNonNull(identity);
    RaftFolder.Identity self = alive ? known : known.another(ground.ids().get());
    ground
        .door()
        // Who led may have been paused or cut off: then it is heard again, or this one leads.
        .ask(options.peer(self), () -> !closed && member == running && !hearsLeader())
        .onSuccess(
            invitation -> {
              boolean same = invitation.groupId().equals(known.groupId());
              // Who leads may have been found while the answer was on its way.
              boolean goesOn = alive && (same || (running.isAlive() && hearsLeader()));
              if (!closed && member == running && !goesOn) {
                beginAnew(
                    running,
                    invitation,
                    same ? self : known.another(ground.ids().get()).in(invitation));
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
    leave(old);
    admin
        .run(
            () -> {
              old.close();
              return true;
            })
        .compose(shut -> ground.door().ask(options.peer(self), () -> !closed))
        .compose(again -> startIn(again, self))
        .onFailure(
            fault -> {
              LOG.error("this broker cannot follow the metadata log; restart it", fault);
              failed(fault);
            });
  }

  /** Hears no more of a member that is about to be closed. */
  private void leave(RaftMember old) {
    old.machine().mute();
    following();
    member = null;
    if (tick != null) {
      tick.cancel();
    }
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
    stepDown();
  }

  private void stepDown() {
    admin
        .run(() -> member().stepDown().join())
        .onFailure(why -> LOG.debug("the leadership was not given up", why));
  }

  private void handOver() {
    RaftMember led = member();
    admin
        .run(() -> led.handOver(control.clock().wallMs()))
        .onFailure(why -> LOG.debug("the leadership was not handed over", why));
  }

  /** Lets a broker follow the log. */
  Future<Invitation> admit(Peer joiner) {
    if (!leading || closed) {
      return Future.failedFuture(
          new NotDecidedException(Errors.NOT_CONTROLLER, "another broker leads the metadata log"));
    }
    if (joiner.brokerId() == options.brokerId()) {
      return Future.failedFuture(
          new NotDecidedException(
              Errors.DUPLICATE_BROKER_REGISTRATION, "that is the broker that leads"));
    }
    try {
      keeper.admit(joiner);
      if (!keeper.isFree(member(), joiner)) {
        return Future.failedFuture(
            new NotDecidedException(
                Errors.NOT_CONTROLLER, "what the broker was before leaves the group first"));
      }
      RaftFolder.Identity group = Objects.requireNonNull(identity);
      return Future.succeededFuture(
          new Invitation(
              applier.image().clusterId(),
              group.groupId(),
              member().configuration().voters(),
              group.recoveries()));
    } catch (IOException e) {
      return Future.failedFuture(e);
    }
  }

  /** The broker is gone for sure. */
  void gone(int brokerId) {
    RaftMember running = member;
    if (running != null) {
      elections.gone(running, brokerId);
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
    } catch (IOException | IllegalStateException ended) { // the one of a log that Ratis has closed
      return NOBODY;
    }
  }

  Future<Void> close() {
    boolean led = leading;
    closed = true;
    gate.close();
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
                running.close(led, control.clock().wallMs());
              }
              return true;
            })
        .onComplete(done -> admin.close())
        .mapEmpty();
  }

  @Override
  public ClusterImage image() {
    return gate.image();
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
      gate.keep();
      begins.founded().complete();
    } else {
      gate.restored(image);
    }
  }

  @Override
  public void committed(long logTerm, MetadataEntry entry) {
    gate.committed(logTerm, entry);
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
      gate.open();
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

  /**
   * Ratis has closed the log, and may still hold this member for the one that leads: it goes. Where
   * the disk was full the log goes on when there is room: what a write did not get in was never
   * said to be there. After any other fault nobody knows what the disk has.
   */
  @Override
  public void failed(Throwable cause) {
    RaftMember broken = member;
    if (beginner != null) {
      giveUp(cause.toString());
    } else if (!closed && broken != null) {
      leave(broken);
      admin
          .run(
              () -> {
                broken.close();
                return true;
              })
          .transform(shut -> room.isWhatFailed(cause))
          .onSuccess(
              full -> {
                if (full) {
                  goOnWithRoom(cause);
                } else {
                  applier.failed(cause);
                }
              });
    }
  }

  private void goOnWithRoom(Throwable cause) {
    LOG.warn(
        "The metadata log in {} waits for room on its disk ({}): until then this broker takes no"
            + " part in the cluster",
        folder.log(),
        cause.toString());
    room.await(() -> !closed)
        .onSuccess(
            there -> {
              gate.begin(true); // what it has shown is not taken back
              startAgain(Objects.requireNonNull(identity))
                  .onSuccess(started -> LOG.info("The metadata log goes on: its disk has room"))
                  .onFailure(this::failedToOpen);
            });
  }

  private void failedToOpen(Throwable cause) {
    room.isWhatFailed(cause)
        .onSuccess(
            full -> {
              if (full && !closed) {
                goOnWithRoom(cause);
              } else {
                applier.failed(cause);
              }
            });
  }
}
