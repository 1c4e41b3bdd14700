package io.millrace.cluster;

import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.MetadataEntry;
import io.vertx.core.Future;
import java.util.ArrayDeque;

/**
 * A metadata log whose entries come back when the test says so, in a term that it names. Confined
 * to: the control loop.
 */
final class HeldLog implements MetadataLog {
  private final ArrayDeque<MetadataEntry> held = new ArrayDeque<>();
  private Applier applier;

  @Override
  public Future<Void> open(Applier appliesTo) {
    applier = appliesTo;
    applier.restored(ClusterImage.EMPTY);
    return Future.succeededFuture();
  }

  @Override
  public void submit(MetadataEntry entry) {
    held.add(entry);
  }

  /** What was submitted and is not back; in order. */
  ArrayDeque<MetadataEntry> held() {
    return held;
  }

  /** The first entry that is held comes back. */
  void deliver(long logTerm) {
    applier.committed(logTerm, held.remove());
  }

  /** All that is held comes back. */
  void deliverAll(long logTerm) {
    while (!held.isEmpty()) {
      deliver(logTerm);
    }
  }

  @Override
  public Future<Void> close() {
    return Future.succeededFuture();
  }
}
