package io.millrace.storage;

import io.millrace.eventloop.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Tells everyone what befalls a folder: that it failed, its logs in every shard first, that one of
 * its logs did, and that its disk has become full or has room again.
 *
 * <p>Confined to: the control loop, save {@link #failed}, {@link #logFailed} and {@link
 * #roomChanged}, which any thread may call.
 */
final class FolderNews {
  private final EventLoop control;

  // Owner: the control loop.
  private final List<Consumer<LogFolder>> onFailure = new ArrayList<>();
  private final List<Consumer<LogFolder>> onRoom = new ArrayList<>();
  private final List<Consumer<StoredLog>> onLogFailure = new ArrayList<>();
  private List<Shard> shards = List.of();

  FolderNews(EventLoop control) {
    this.control = control;
  }

  /** From now on these shards are told of failures. */
  void tell(List<Shard> shards) {
    this.shards = shards;
  }

  /** Calls {@code listener} on the control loop with each folder that fails. */
  void onFailure(Consumer<LogFolder> listener) {
    control.assertOwner();
    onFailure.add(listener);
  }

  /** Calls {@code listener} on the control loop with each log that fails by itself. */
  void onLogFailure(Consumer<StoredLog> listener) {
    control.assertOwner();
    onLogFailure.add(listener);
  }

  /** Calls {@code listener} on the control loop when a folder's {@link DiskRoom} changed. */
  void onRoom(Consumer<LogFolder> listener) {
    control.assertOwner();
    onRoom.add(listener);
  }

  /** A folder failed. */
  void failed(Folder folder) {
    control.execute(
        () -> {
          shards.forEach(shard -> shard.loop().execute(() -> shard.folderFailed(folder)));
          onFailure.forEach(listener -> listener.accept(folder));
        });
  }

  /** A log failed, and not its folder. */
  void logFailed(StoredLog log) {
    control.execute(() -> onLogFailure.forEach(listener -> listener.accept(log)));
  }

  /** The room on a folder's disk changed. */
  void roomChanged(Folder folder) {
    control.execute(() -> onRoom.forEach(listener -> listener.accept(folder)));
  }
}
