package io.millrace.coordinator;

import io.millrace.coordinator.group.GroupMemory;
import io.millrace.coordinator.group.GroupRecord;
import io.millrace.coordinator.group.GroupRecordCodec;
import io.millrace.coordinator.group.GroupSettings;
import io.millrace.coordinator.group.GroupShard;
import io.millrace.coordinator.group.GroupView;
import io.millrace.coordinator.group.GroupViews;
import io.millrace.coordinator.runtime.ShardHosts.Room;
import io.millrace.coordinator.runtime.ShardHosts.Rooms;
import io.millrace.coordinator.runtime.ShardLog;
import io.millrace.coordinator.runtime.ShardOptions;
import io.millrace.coordinator.shard.RecordCodec;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;

/** Makes the group shards of a broker. Thread-safe. */
final class GroupShards implements Rooms<GroupShard, GroupRecord> {
  private final GroupSettings settings;
  private final int commitTimeoutMs;
  private final int loadChunkBytes;
  private final Supplier<Uuid> ids;
  private final GroupViews views;
  private final GroupMemory memory;
  private final GroupRecordCodec codec = new GroupRecordCodec();

  GroupShards(
      GroupSettings settings,
      int commitTimeoutMs,
      int loadChunkBytes,
      Supplier<Uuid> ids,
      GroupViews views,
      GroupMemory memory) {
    this.settings = settings;
    this.commitTimeoutMs = commitTimeoutMs;
    this.loadChunkBytes = loadChunkBytes;
    this.ids = ids;
    this.views = views;
    this.memory = memory;
  }

  @Override
  public RecordCodec<GroupRecord> codec() {
    return codec;
  }

  @Override
  public Room<GroupShard, GroupRecord> room(ShardLog log) {
    ShardViews shown = new ShardViews(views);
    GroupSettings limited = settings.within(log::maxBatchBytes);
    GroupMemory.Share share = memory.share();
    Runnable discarded =
        () -> {
          shown.withdrawAll();
          share.giveBack();
        };
    return new Room<>(
        new ShardOptions(commitTimeoutMs, loadChunkBytes, discarded),
        timer -> new GroupShard(log.loop().clock(), limited, ids, timer, shown, share));
  }

  /** Remembers what a shard shows, to take it back with the shard. Confined to: its loop. */
  private static final class ShardViews implements GroupViews {
    private final GroupViews views;
    private final Set<String> shown = new HashSet<>();

    ShardViews(GroupViews views) {
      this.views = views;
    }

    @Override
    public void publish(GroupView view) {
      shown.add(view.groupId());
      views.publish(view);
    }

    @Override
    public void withdraw(String groupId) {
      if (shown.remove(groupId)) {
        views.withdraw(groupId);
      }
    }

    void withdrawAll() {
      shown.forEach(views::moved);
      shown.clear();
    }
  }
}
