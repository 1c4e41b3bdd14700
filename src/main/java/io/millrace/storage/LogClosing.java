package io.millrace.storage;

import io.millrace.storage.log.FlushWork;
import io.vertx.core.Future;
import java.io.IOException;

/**
 * How a log ends: forced and closed at a stop, or closed as it is before a deletion. What is under
 * way is waited for: truncations and flushes open files by their names, which may be another log's
 * soon.
 *
 * <p>Confined to: the log's shard.
 */
final class LogClosing {
  private final StoredLog stored;

  private boolean begun;

  LogClosing(StoredLog stored) {
    this.stored = stored;
  }

  /** Whether {@link #shutDown} was called: it forces what there is. */
  boolean hasBegun() {
    return begun;
  }

  /** Closes the files without a flush; completes when they are closed. */
  Future<Void> abandon() {
    stored.goOffline();
    return stored
        .compaction()
        .transform(ended -> stored.exclusive().quiet())
        .transform(quiet -> closeFiles());
  }

  private Future<Void> closeFiles() {
    try {
      stored.rawLog().close();
    } catch (IOException e) {
      stored.home().fail("closing " + stored.id().topicPartition(), e);
    }
    return Future.succeededFuture();
  }

  /**
   * Writes and forces what there is, then closes. Appends and truncations are refused from now on:
   * what came behind the last force would be trusted by the next start, without the producers that
   * wrote it. Completes in any case; a failure takes the folder offline.
   */
  Future<Void> shutDown() {
    begun = true;
    return stored.exclusive().quiet().transform(quiet -> forceAndClose());
  }

  private Future<Void> forceAndClose() {
    stored.writeNow();
    if (!stored.isOnline()) {
      return Future.succeededFuture();
    }
    FlushWork work;
    try {
      work = stored.rawLog().beginCheckpoint();
    } catch (IOException e) {
      stored.home().failAtStop("preparing a checkpoint of " + stored.id().topicPartition(), e);
      return abandon();
    }
    if (work.isEmpty()) {
      stored.durability().flushed(work);
      return abandon();
    }
    return stored.durability().force(work, "forcing").transform(done -> abandon());
  }
}
