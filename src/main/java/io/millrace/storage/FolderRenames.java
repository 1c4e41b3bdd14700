package io.millrace.storage;

import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.Work;
import io.millrace.storage.log.LogFiles;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives partitions' folders other names. All that are asked for while others of the same log folder
 * are under way are done in one task and forced by one force: thousands of partitions that are
 * deleted together would else each wait for one of their own, and with them whatever the cluster
 * decides meanwhile.
 *
 * <p>Confined to: the control loop.
 */
final class FolderRenames {
  private final EventLoop control;
  private final LogFiles files;
  private final Map<Folder, Round> rounds = new HashMap<>();

  private record Rename(Path from, Path to) {}

  /** What the next task does, and whether one is due or under way. */
  private static final class Round {
    private List<Rename> wanted = new ArrayList<>();
    private Promise<Void> done = Promise.promise();
    private boolean runs;
  }

  FolderRenames(EventLoop control, LogFiles files) {
    this.control = control;
    this.files = files;
  }

  /**
   * Renames a folder, unless it is gone or the log folder is offline.
   *
   * @return completes on the control loop when that is durable; fails when this or another of the
   *     same task could not be renamed
   */
  Future<Void> rename(Folder folder, Path from, Path to) {
    control.assertOwner();
    Round round = rounds.computeIfAbsent(folder, key -> new Round());
    round.wanted.add(new Rename(from, to));
    Future<Void> done = round.done.future();
    if (!round.runs) {
      round.runs = true;
      control.atBatchEnd(() -> run(folder, round));
    }
    return done;
  }

  private void run(Folder folder, Round round) {
    List<Rename> wanted = round.wanted;
    Promise<Void> done = round.done;
    round.wanted = new ArrayList<>();
    round.done = Promise.promise();
    control
        .<Void>offload(Work.HOUSEKEEPING, folder.path(), () -> renameAll(folder, wanted))
        .onComplete(
            ended -> {
              if (round.wanted.isEmpty()) {
                round.runs = false;
              } else {
                run(folder, round);
              }
              done.handle(ended);
            });
  }

  private Void renameAll(Folder folder, List<Rename> wanted) throws IOException {
    boolean renamed = false;
    for (Rename each : folder.isOnline() ? wanted : List.<Rename>of()) {
      if (files.exists(each.from)) {
        files.rename(each.from, each.to);
        renamed = true;
      }
    }
    if (renamed) {
      files.forceDirectory(folder.path());
    }
    return null;
  }
}
