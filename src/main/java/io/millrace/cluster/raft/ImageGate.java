package io.millrace.cluster.raft;

import io.millrace.cluster.MetadataLog.Applier;
import io.millrace.eventloop.EventLoop;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.MetadataEntry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Between the log and who applies it: keeps images hidden while a member that began with an empty
 * log reads what is old, so that no image ever goes back.
 *
 * <p>Confined to: the control loop.
 */
final class ImageGate {
  private static final Logger LOG = LoggerFactory.getLogger(ImageGate.class);

  private static final long LOOK_MS = 10;

  private final EventLoop control;
  private final Applier applier;
  private final Promise<Void> shown = Promise.promise();

  // Owner: the control loop.
  private boolean hides;
  private boolean closed;
  private @Nullable HiddenImage hidden;

  ImageGate(EventLoop control, Applier applier) {
    this.control = control;
    this.applier = applier;
  }

  /**
   * A member starts.
   *
   * @param empty whether its log is empty, so that it has to catch up first
   */
  void begin(boolean empty) {
    hides = empty;
    hidden = null;
  }

  /** Completes when the first image is shown. */
  Future<Void> shown() {
    return shown.future();
  }

  /** The image that the applier has already is the one that the log begins with. */
  void keep() {
    shown.tryComplete();
  }

  void restored(ClusterImage image) {
    if (hides) {
      hidden = new HiddenImage(image);
    } else {
      applier.restored(image);
      shown.tryComplete();
    }
  }

  void committed(long logTerm, MetadataEntry entry) {
    HiddenImage reading = hidden;
    if (reading == null) {
      applier.committed(logTerm, entry);
    } else {
      reading.committed(logTerm, entry);
    }
  }

  /** The image after all entries, shown or not. */
  ClusterImage image() {
    HiddenImage reading = hidden;
    return reading == null ? applier.image() : reading.image();
  }

  /** Shows what is hidden, if the member has all that the leader says to be committed. */
  void look(RaftMember member) {
    HiddenImage reading = hidden;
    if (reading == null) {
      return;
    }
    try {
      long end = member.leaderCommittedIndex();
      if (end >= 0 && member.appliedIndex() >= end) {
        // Behind the entries that are on their way to this loop.
        control.execute(() -> show(reading));
      }
    } catch (IOException e) {
      LOG.debug("it is not known whether this broker has caught up: {}", e.getMessage());
    }
  }

  /** This member leads: it has everything. */
  void open() {
    if (hidden != null) {
      show(hidden);
    }
  }

  private void show(HiddenImage reading) {
    if (hidden == reading && !closed) {
      hidden = null;
      applier.restored(reading.image());
      shown.tryComplete();
    }
  }

  /** Completes when all that a member knows to be committed now is given to the applier. */
  Future<Void> whenApplied(RaftMember member) {
    Promise<Void> applied = Promise.promise();
    try {
      await(member, member.committedIndex(), applied);
    } catch (IOException e) {
      applied.fail(e);
    }
    return applied.future();
  }

  private void await(RaftMember member, long index, Promise<Void> applied) {
    try {
      if (closed || member.appliedIndex() >= index) {
        control.execute(applied::complete);
      } else {
        control.schedule(LOOK_MS, () -> await(member, index, applied));
      }
    } catch (IOException e) {
      applied.fail(e);
    }
  }

  /** Shows nothing more. */
  void close() {
    closed = true;
  }
}
