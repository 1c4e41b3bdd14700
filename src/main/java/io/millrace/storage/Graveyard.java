package io.millrace.storage;

import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.Work;
import io.millrace.storage.log.LogFiles;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Partition folders that are out of use and wait for their deletion.
 *
 * <p>Confined to: the control loop.
 */
final class Graveyard {
  private static final Logger LOG = LoggerFactory.getLogger(Graveyard.class);

  private final EventLoop control;
  private final LogFiles files;

  Graveyard(EventLoop control, LogFiles files) {
    this.control = control;
    this.files = files;
  }

  /**
   * Deletes a partition's folder with its files after a delay; an interrupted one is found again.
   */
  void bury(Folder folder, Path dir, long delayMs) {
    control.assertOwner();
    control.schedule(
        delayMs,
        () -> {
          if (folder.isOnline()) {
            control
                .offload(Work.HOUSEKEEPING, folder.path(), () -> delete(dir))
                .onFailure(e -> LOG.error("{} cannot be deleted: {}", dir, e.toString()));
          }
        });
  }

  /** Files only: a folder in it is nobody's that we know. */
  private Void delete(Path dir) throws IOException {
    if (files.exists(dir)) {
      for (Path file : files.list(dir)) {
        if (!files.isFolder(file)) {
          files.delete(file);
        }
      }
      files.delete(dir);
    }
    return null;
  }
}
