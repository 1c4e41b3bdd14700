package io.millrace.storage;

import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.Work;
import io.millrace.model.TopicPartition;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the folders of new partitions, while those are in use already: all that one turn of the
 * control loop asks for in one task. A log that is written before its folder is there makes it
 * itself, and one that a crash finds without a folder is made anew, for it has no records.
 *
 * <p>Confined to: the control loop.
 */
final class NewFolders {
  private static final Logger LOG = LoggerFactory.getLogger(NewFolders.class);

  private final EventLoop control;
  private final Map<Path, Future<Void>> underWay = new HashMap<>();
  private List<Wanted> wanted = new ArrayList<>();
  private Promise<Void> made = Promise.promise();

  private record Wanted(Folder folder, Path dir) {}

  NewFolders(EventLoop control) {
    this.control = control;
  }

  /**
   * Makes a partition's folder soon; a failure takes the log folder offline, a full disk not, nor a
   * file of that name: the log fails with its first record then.
   */
  Path make(Folder folder, TopicPartition partition) {
    control.assertOwner();
    Path dir = folder.path().resolve(partition.folderName());
    if (wanted.isEmpty()) {
      control.atBatchEnd(this::makeWanted);
    }
    wanted.add(new Wanted(folder, dir));
    underWay.put(dir, made.future());
    return dir;
  }

  /** Completes when that folder is not under way any more: it may be renamed then. */
  Future<Void> made(Path dir) {
    control.assertOwner();
    return underWay.getOrDefault(dir, Future.succeededFuture());
  }

  private void makeWanted() {
    List<Wanted> all = wanted;
    Promise<Void> done = made;
    wanted = new ArrayList<>();
    made = Promise.promise();
    control
        .offload(
            Work.HOUSEKEEPING,
            () -> {
              all.forEach(this::make);
              return null;
            })
        .onComplete(
            ended -> {
              all.forEach(each -> underWay.remove(each.dir, done.future()));
              done.complete();
            });
  }

  private void make(Wanted each) {
    try {
      if (each.folder.isOnline()) {
        each.folder.make(each.dir);
      }
    } catch (DiskFullException e) {
      LOG.debug("{} is made with its first record: {}", each.dir, e.getMessage());
    } catch (FileAlreadyExistsException e) {
      LOG.error("{} is there and is no folder: nothing can be stored in it", each.dir);
    } catch (IOException e) {
      each.folder.fail("creating " + each.dir, e);
    }
  }
}
