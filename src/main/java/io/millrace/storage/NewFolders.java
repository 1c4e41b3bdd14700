package io.millrace.storage;

import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.Work;
import io.millrace.model.TopicPartition;
import io.millrace.time.Timer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the folders of new partitions, while those are in use already: all that one turn of the
 * control loop asks for in one task. Where many partitions are created they wait until that is
 * over, for the disk and the cores are needed by those who create them. A log that is written
 * before its folder is there makes it itself, and one that a crash finds without a folder is made
 * anew, for it has no records.
 *
 * <p>Confined to: the control loop.
 */
final class NewFolders {
  /** How long nothing must have been created. */
  static final long QUIET_MS = 250;

  /** From when on a folder waits no longer for a creation to end. */
  static final long WAIT_MS_MAX = 2000;

  /** So many that are created after a quiet time do not wait. */
  static final int FEW = 64;

  private static final Logger LOG = LoggerFactory.getLogger(NewFolders.class);

  private final EventLoop control;
  private final Map<Path, Future<Void>> underWay = new HashMap<>();
  private List<Wanted> wanted = new ArrayList<>();
  private Promise<Void> made = Promise.promise();
  private int sinceQuiet;
  private long newestMs;
  private long oldestMs;
  private Timer.@Nullable Handle looking;

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
    newestMs = control.clock().monotonicMs();
    if (wanted.isEmpty()) {
      oldestMs = newestMs;
      control.atBatchEnd(this::begin);
    }
    wanted.add(new Wanted(folder, dir));
    underWay.put(dir, made.future());
    return dir;
  }

  /** Completes when that folder is not under way any more. */
  Future<Void> made(Path dir) {
    control.assertOwner();
    return underWay.getOrDefault(dir, Future.succeededFuture());
  }

  /**
   * As {@link #made}, and the folder waits no longer for what else is created: it may be renamed
   * then.
   */
  Future<Void> madeNow(Path dir) {
    Future<Void> mine = made(dir);
    if (mine == made.future()) {
      makeWanted();
    }
    return mine;
  }

  /** The storage closes: what waits is made when it is opened again. */
  void stop() {
    control.assertOwner();
    wanted.clear();
    if (looking != null) {
      looking.cancel();
    }
  }

  private void begin() {
    sinceQuiet += wanted.size();
    if (sinceQuiet <= FEW) {
      makeWanted();
    }
    if (looking == null) {
      look();
    }
  }

  /** Looks again until nothing was created for some time. */
  private void look() {
    long nowMs = control.clock().monotonicMs();
    long quietMs = newestMs + QUIET_MS;
    boolean isQuiet = nowMs >= quietMs;
    if (isQuiet || nowMs >= oldestMs + WAIT_MS_MAX) {
      makeWanted();
    }
    if (isQuiet) {
      sinceQuiet = 0;
      looking = null;
    } else {
      looking = control.schedule(quietMs - nowMs, this::look);
    }
  }

  private void makeWanted() {
    if (wanted.isEmpty()) {
      return;
    }
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
