package io.millrace.cluster.local;

import io.millrace.cluster.MetadataLog;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.Work;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.FactCodec;
import io.millrace.metadata.MetadataEntry;
import io.millrace.storage.log.LogFiles;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The metadata log of a broker that is alone. Each start is a term of its own. Entries that were
 * submitted while a round was under way make up the next one: one write and one force for all.
 *
 * <p>A write or force that failed is not repeated: the log has failed, and says so once. A disk
 * that has no room is waited for: entries come in then as if it had been slow.
 *
 * <p>Confined to: the control loop.
 */
public final class LocalMetadataLog implements MetadataLog {

  /** Name of the folder of these files in the first log folder. */
  public static final String FOLDER = "__cluster_metadata-local";

  /** Size of the entries behind a snapshot at which the next one is taken. */
  public static final long SNAPSHOT_AFTER_BYTES = 4 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(LocalMetadataLog.class);

  private static final long ROOM_LOOK_MS = 1000;

  /**
   * What waits for room beyond that many bytes is refused: clients ask again, and would fill the
   * heap.
   */
  private static final long WAITING_BYTES_MAX = 256 << 10;

  private final EntryFiles files;
  private final EventLoop control;
  private final long snapshotAfterBytes;

  // Owner: the control loop.
  private @Nullable Applier applier;
  private List<MetadataEntry> waiting = new ArrayList<>();
  private boolean busy;
  private boolean opened;
  private boolean failed;
  private boolean isFull;
  private long waitingBytes;
  private long bytesSinceSnapshot;
  private @Nullable Promise<Void> closing;

  /**
   * @param folder folder of the log, {@link #FOLDER} in the first log folder
   * @param snapshotAfterBytes size of the entries at which a snapshot replaces them
   */
  public LocalMetadataLog(LogFiles files, Path folder, EventLoop control, long snapshotAfterBytes) {
    this.files = new EntryFiles(files, folder);
    this.control = control;
    this.snapshotAfterBytes = snapshotAfterBytes;
  }

  /**
   * Makes the files of a log that begins with an image; blocks until they are on the disk.
   *
   * @param folder a folder that does not exist
   */
  public static void begin(LogFiles files, Path folder, ClusterImage image) throws IOException {
    EntryFiles.begin(files, folder, image);
  }

  @Override
  public Future<Void> open(Applier appliesTo) {
    control.assertOwner();
    applier = appliesTo;
    busy = true;
    return control.offload(Work.HOUSEKEEPING, files::load).map(this::replay);
  }

  private @Nullable Void replay(EntryFiles.Content content) {
    Applier to = applier();
    to.restored(content.snapshot());
    long term = content.snapshot().term();
    for (MetadataEntry entry : content.entries()) {
      to.committed(entry.term(), entry);
      term = entry.term();
    }
    bytesSinceSnapshot = content.sizeBytes();
    opened = true;
    busy = false;
    to.leading(term + 1);
    return null;
  }

  @Override
  public void submit(MetadataEntry entry) {
    control.assertOwner();
    waiting.add(entry);
    if (isFull) {
      waitingBytes += FactCodec.encode(entry).length;
    }
    if (!busy && !failed) {
      busy = true;
      control.atBatchEnd(this::round);
    }
  }

  @Override
  public boolean hasRoom() {
    control.assertOwner();
    return !isFull || waitingBytes < WAITING_BYTES_MAX;
  }

  private void round() {
    List<MetadataEntry> entries = waiting;
    waiting = new ArrayList<>();
    control
        .offload(Work.FLUSH, () -> files.append(entries))
        .onComplete(
            written -> {
              if (written.cause() instanceof NoRoomException full && closing == null) {
                waitForRoom(entries, full);
              } else if (written.failed()) {
                fail(written.cause());
              } else {
                isFull = false;
                waitingBytes = 0;
                bytesSinceSnapshot += written.result();
                entries.forEach(entry -> applier().committed(entry.term(), entry));
                next();
              }
            });
  }

  /** The round is tried again with all that came meanwhile. */
  private void waitForRoom(List<MetadataEntry> entries, NoRoomException why) {
    if (!isFull) {
      isFull = true;
      LOG.warn("{}: what is created, changed or deleted waits for room", why.getMessage());
    }
    List<MetadataEntry> all = new ArrayList<>(entries);
    all.addAll(waiting);
    waiting = all;
    control.schedule(ROOM_LOOK_MS, this::round);
  }

  /** What comes after a round: the next one, a snapshot, the end, or nothing. */
  private void next() {
    if (bytesSinceSnapshot >= snapshotAfterBytes) {
      snapshot(applier().image());
    } else if (!waiting.isEmpty()) {
      round();
    } else if (closing != null) {
      end();
    } else {
      busy = false;
    }
  }

  private void snapshot(ClusterImage image) {
    control
        .offload(
            Work.HOUSEKEEPING,
            () -> {
              files.snapshot(image);
              return true;
            })
        .onComplete(
            taken -> {
              if (taken.failed() && !(taken.cause() instanceof NoRoomException)) {
                fail(taken.cause());
              } else {
                bytesSinceSnapshot = 0; // without room it is taken when as much has come again
                next();
              }
            });
  }

  private void fail(Throwable cause) {
    failed = true;
    waiting.clear();
    applier().failed(cause);
    if (closing != null) {
      end();
    }
  }

  @Override
  public Future<Void> close() {
    control.assertOwner();
    if (closing == null) {
      closing = Promise.promise();
      if (!busy || failed) {
        end();
      }
    }
    return closing.future();
  }

  private void end() {
    Promise<Void> ended = closing;
    noteEnd().transform(noted -> closeFiles()).onComplete(ended);
  }

  /** Without it the next start knows less, and is right all the same. */
  private Future<Void> noteEnd() {
    if (!opened || failed) {
      return Future.succeededFuture();
    }
    return control
        .offload(
            Work.HOUSEKEEPING,
            () -> {
              files.noteEnd();
              return true;
            })
        .onFailure(
            fault -> LOG.warn("where the metadata log ends is not noted: {}", fault.toString()))
        .mapEmpty();
  }

  private Future<Void> closeFiles() {
    return control
        .offload(
            Work.HOUSEKEEPING,
            () -> {
              files.close();
              return true;
            })
        .mapEmpty();
  }

  private Applier applier() {
    Applier to = applier;
    if (to == null) {
      throw new IllegalStateException("the log is not open");
    }
    return to;
  }
}
