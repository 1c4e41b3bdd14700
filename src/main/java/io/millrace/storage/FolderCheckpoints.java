package io.millrace.storage;

import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.Work;
import io.millrace.model.TopicPartition;
import io.millrace.storage.log.LogFiles;
import io.millrace.storage.log.OffsetCheckpoint;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;

/**
 * Writes the checkpoint files in the folders' roots: recovery points, log starts, high watermarks,
 * and how far compaction came. One write at a time per folder; requests that arrive meanwhile share
 * the next one.
 *
 * <p>Confined to: the control loop, save {@link #write} and {@link #writeSoon}, which any thread
 * may call.
 */
final class FolderCheckpoints {
  private static final long SOON_MS = 1000;

  private final EventLoop control;
  private final LogFiles files;
  private final Supplier<Collection<StoredLog>> logs;

  // Owner: the control loop.
  private final Map<Folder, State> states = new HashMap<>();

  private static final class State {
    /** Entries of logs that were found and could not be opened; they are kept. */
    final Map<String, Map<TopicPartition, Long>> carried = new HashMap<>();

    boolean running;
    boolean soon;
    List<Promise<Void>> next = new ArrayList<>();
    Map<String, Map<TopicPartition, Long>> written = Map.of();
  }

  FolderCheckpoints(EventLoop control, LogFiles files, Supplier<Collection<StoredLog>> logs) {
    this.control = control;
    this.files = files;
    this.logs = logs;
  }

  /** Keeps an entry of a log that is not open. Control loop. */
  void carry(Folder folder, String file, TopicPartition partition, long offset) {
    control.assertOwner();
    state(folder).carried.computeIfAbsent(file, f -> new HashMap<>()).put(partition, offset);
  }

  /**
   * Writes what is to be known of a log that is about to come into a folder; kept until {@link
   * #arrived}. Any thread.
   *
   * @param recoveryPoint up to where it is durable there
   * @return completes on {@code caller} when it is written; forgotten again when that fails
   */
  Future<Void> announce(Folder folder, StoredLog log, long recoveryPoint, EventLoop caller) {
    TopicPartition partition = log.id().topicPartition();
    return caller.ask(
        control,
        () -> {
          tell(log, recoveryPoint, (file, offset) -> carry(folder, file, partition, offset));
          return request(folder).onFailure(cause -> forget(folder, partition));
        });
  }

  /** What a start must know of a log, by checkpoint file. */
  private static void tell(StoredLog log, long recoveryPoint, ObjLongConsumer<String> into) {
    into.accept(OffsetCheckpoint.RECOVERY_POINTS, recoveryPoint);
    into.accept(OffsetCheckpoint.HIGH_WATERMARKS, log.view().highWatermark());
    if (log.view().logStartOffset() > 0) {
      into.accept(OffsetCheckpoint.LOG_STARTS, log.view().logStartOffset());
    }
    if (log.cleanedOffset() > 0) {
      into.accept(OffsetCheckpoint.CLEANED, log.cleanedOffset());
    }
  }

  private void forget(Folder folder, TopicPartition partition) {
    state(folder).carried.values().forEach(offsets -> offsets.remove(partition));
  }

  /** A log that was announced is there, or does not come. Any thread. */
  void arrived(Folder folder, TopicPartition partition) {
    control.execute(
        () -> {
          forget(folder, partition);
          request(folder);
        });
  }

  /**
   * Writes a folder's checkpoints. Any thread.
   *
   * @return completes on {@code caller} when files are durable that are no older than this call;
   *     when the folder failed it fails
   */
  Future<Void> write(Folder folder, EventLoop caller) {
    return caller.ask(control, () -> request(folder));
  }

  /** Has a folder's checkpoints written within a second or so. Any thread. */
  void writeSoon(Folder folder) {
    control.execute(
        () -> {
          State state = state(folder);
          if (!state.soon) {
            state.soon = true;
            control.schedule(
                SOON_MS,
                () -> {
                  state.soon = false;
                  request(folder);
                });
          }
        });
  }

  private State state(Folder folder) {
    return states.computeIfAbsent(folder, f -> new State());
  }

  private Future<Void> request(Folder folder) {
    State state = state(folder);
    Promise<Void> answer = Promise.promise();
    state.next.add(answer);
    if (!state.running) {
      start(folder, state);
    }
    return answer.future();
  }

  private void start(Folder folder, State state) {
    List<Promise<Void>> served = state.next;
    state.next = new ArrayList<>();
    state.running = true;
    Map<String, Map<TopicPartition, Long>> written = state.written;
    Map<String, Map<TopicPartition, Long>> carried = new HashMap<>();
    state.carried.forEach((file, offsets) -> carried.put(file, Map.copyOf(offsets)));
    control
        .offload(Work.HOUSEKEEPING, folder.path(), () -> writeAll(folder, carried, written))
        .onComplete(
            done -> {
              state.running = false;
              if (done.succeeded()) {
                state.written = done.result();
                served.forEach(Promise::complete);
              } else if (done.cause() instanceof DiskFullException) {
                served.forEach(each -> each.fail(done.cause()));
                writeSoon(folder);
              } else {
                folder.fail("writing its checkpoints", done.cause());
                served.forEach(each -> each.fail(done.cause()));
              }
              if (!state.next.isEmpty()) {
                start(folder, state);
              }
            });
  }

  private Map<String, Map<TopicPartition, Long>> writeAll(
      Folder folder,
      Map<String, Map<TopicPartition, Long>> carried,
      Map<String, Map<TopicPartition, Long>> before)
      throws IOException {
    if (!folder.isOnline()) {
      throw new IOException("the folder is offline");
    }
    Map<String, Map<TopicPartition, Long>> all = collect(folder);
    carried.forEach((file, offsets) -> offsets.forEach(all.get(file)::putIfAbsent));
    for (Map.Entry<String, Map<TopicPartition, Long>> each : all.entrySet()) {
      if (!each.getValue().equals(before.get(each.getKey()))) {
        write(folder, each.getKey(), OffsetCheckpoint.encode(each.getValue()));
      }
    }
    return all;
  }

  private void write(Folder folder, String name, byte[] content) throws IOException {
    try {
      files.writeAtomically(folder.path().resolve(name), content);
    } catch (IOException e) {
      throw DiskFullException.orElse(folder, e);
    }
  }

  private Map<String, Map<TopicPartition, Long>> collect(Folder folder) {
    Map<String, Map<TopicPartition, Long>> all = new HashMap<>();
    for (String file :
        List.of(
            OffsetCheckpoint.RECOVERY_POINTS,
            OffsetCheckpoint.LOG_STARTS,
            OffsetCheckpoint.HIGH_WATERMARKS,
            OffsetCheckpoint.CLEANED)) {
      all.put(
          file,
          new TreeMap<>(
              Comparator.comparing(TopicPartition::topic)
                  .thenComparingInt(TopicPartition::partition)));
    }
    for (StoredLog log : logs.get()) {
      if (log.home() == folder) {
        TopicPartition partition = log.id().topicPartition();
        tell(
            log,
            log.durability().recoveryPoint(),
            (file, offset) -> all.get(file).put(partition, offset));
      }
    }
    return all;
  }
}
