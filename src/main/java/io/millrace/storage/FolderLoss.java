package io.millrace.storage;

import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.Work;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.stream.Collectors;

/**
 * That no log folder works any more, so that there is nothing left to serve. Immutable.
 *
 * @param sentence what failed and what is to be done, for the operator
 * @param isGone whether all that made the folders ours is gone: they were deleted, or their disk is
 *     not mounted any more. A start would take an empty folder in their place for a new broker's
 */
public record FolderLoss(String sentence, boolean isGone) {
  /** A disk that hangs cannot be asked. */
  private static final int LOOK_MS = 1_000;

  /** Tells what befell folders that have all failed. Control loop. */
  static Future<FolderLoss> of(List<Folder> folders, EventLoop control) {
    Promise<Boolean> isGone = Promise.promise();
    control.schedule(LOOK_MS, () -> isGone.tryComplete(false));
    control
        .offload(
            Work.HOUSEKEEPING,
            () -> {
              for (Folder each : folders) {
                if (each.isThere()) {
                  return false;
                }
              }
              return true;
            })
        .otherwise(false)
        .onSuccess(isGone::tryComplete);
    return isGone.future().map(gone -> new FolderLoss(sentence(folders, gone), gone));
  }

  private static String sentence(List<Folder> folders, boolean gone) {
    String all =
        folders.stream()
            .map(each -> each.path() + " (" + each.failure() + ")")
            .collect(Collectors.joining(", "));
    return (folders.size() == 1
            ? "its log folder has failed: "
            : "all its log folders have failed: ")
        + all
        + (gone
            ? ". Nothing is left there: it was deleted, or its disk is not mounted any more. Mount"
                + " the disk or put the content back, then start the broker; started without, it"
                + " begins empty"
            : ". Put the disk in order and start the broker");
  }
}
