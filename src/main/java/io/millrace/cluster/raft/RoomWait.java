package io.millrace.cluster.raft;

import io.millrace.eventloop.EventLoop;
import io.millrace.storage.log.NoRoom;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.BooleanSupplier;

/**
 * Waits until the disk of the log has room again.
 *
 * <p>Confined to: the control loop.
 */
final class RoomWait {
  /** What a log that goes on finds free at least: a whole segment and a snapshot. */
  static final long ROOM_BYTES = 8 << 20;

  private static final long LOOK_MS = 1000;

  private final EventLoop control;
  private final AdminThread admin;
  private final RaftFolder folder;

  RoomWait(EventLoop control, AdminThread admin, RaftFolder folder) {
    this.control = control;
    this.admin = admin;
    this.folder = folder;
  }

  /** Whether a full disk is why something failed; false too when that cannot be asked. */
  Future<Boolean> isWhatFailed(Throwable fault) {
    return NoRoom.isSaidBy(fault)
        ? Future.succeededFuture(true)
        : admin.run(() -> folder.usableBytes() < NoRoom.BELOW_BYTES).otherwise(false);
  }

  /** Completes when there is room; never when it is not {@code wanted} any more. */
  Future<Void> await(BooleanSupplier wanted) {
    Promise<Void> there = Promise.promise();
    look(wanted, there);
    return there.future();
  }

  private void look(BooleanSupplier wanted, Promise<Void> there) {
    control.schedule(
        LOOK_MS,
        () -> {
          if (wanted.getAsBoolean()) {
            admin
                .run(folder::usableBytes)
                .onComplete(
                    usable -> {
                      if (usable.succeeded() && usable.result() >= ROOM_BYTES) {
                        there.complete();
                      } else {
                        look(wanted, there);
                      }
                    });
          }
        });
  }
}
