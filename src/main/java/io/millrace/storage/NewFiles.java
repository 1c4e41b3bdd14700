package io.millrace.storage;

import io.millrace.eventloop.EventLoop;
import io.vertx.core.Future;
import java.util.ArrayDeque;

/**
 * Makes the files of new logs behind the answer that they exist: people, and tools that read a
 * folder, look for them before the first record. One log at a time, on its shard, so that what
 * comes for others meanwhile waits for no more than two files. A log whose first record comes
 * sooner makes them itself.
 *
 * <p>Confined to: the control loop.
 */
final class NewFiles {
  private final EventLoop control;
  private final NewFolders folders;
  private final ArrayDeque<StoredLog> waiting = new ArrayDeque<>();
  private boolean making;

  NewFiles(EventLoop control, NewFolders folders) {
    this.control = control;
    this.folders = folders;
  }

  /** The log gets its files soon; no effect when it has them. */
  void add(StoredLog log) {
    control.assertOwner();
    waiting.add(log);
    makeNext();
  }

  private void makeNext() {
    StoredLog next = making ? null : waiting.poll();
    if (next != null) {
      making = true;
      folders
          .made(next.rawLog().dir())
          .compose(made -> control.ask(next.shard(), () -> makeFiles(next)))
          .onComplete(
              done -> {
                making = false;
                makeNext();
              });
    }
  }

  private static Future<Void> makeFiles(StoredLog log) {
    log.makeFiles();
    return Future.succeededFuture();
  }
}
