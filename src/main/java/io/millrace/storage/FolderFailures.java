package io.millrace.storage;

import io.millrace.eventloop.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Tells everyone that a folder failed: its logs in every shard first, then those who listen.
 *
 * <p>Confined to: the control loop, save {@link #failed}, which any thread may call.
 */
final class FolderFailures {
  private final EventLoop control;

  // Owner: the control loop.
  private final List<Consumer<LogFolder>> listeners = new ArrayList<>();
  private List<Shard> shards = List.of();

  FolderFailures(EventLoop control) {
    this.control = control;
  }

  void tell(List<Shard> shards) {
    this.shards = shards;
  }

  void listen(Consumer<LogFolder> listener) {
    control.assertOwner();
    listeners.add(listener);
  }

  void failed(Folder folder) {
    control.execute(
        () -> {
          shards.forEach(shard -> shard.loop().execute(() -> shard.folderFailed(folder)));
          listeners.forEach(listener -> listener.accept(folder));
        });
  }
}
