package io.millrace.coordinator;

import io.millrace.coordinator.group.GroupRecord;
import io.millrace.coordinator.group.GroupRecordCodec;
import io.millrace.coordinator.group.GroupSettings;
import io.millrace.coordinator.group.GroupShard;
import io.millrace.coordinator.group.GroupView;
import io.millrace.coordinator.group.GroupViews;
import io.millrace.coordinator.runtime.ShardHosts;
import io.millrace.coordinator.runtime.ShardOptions;
import io.millrace.coordinator.shard.RecordCodec;
import io.millrace.coordinator.shard.ShardTimer;
import io.millrace.eventloop.EventLoop;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;

/** Makes the group shards of a broker. Thread-safe. */
final class GroupShards implements ShardHosts.Rooms<GroupShard, GroupRecord> {
  private final GroupSettings settings;
  private final int commitTimeoutMs;
  private final int loadChunkBytes;
  private final Supplier<Uuid> ids;
  private final GroupViews views;
  private final GroupRecordCodec codec = new GroupRecordCodec();

  /** Each partition's own; the control loop makes them, the partition's loop uses them. */
  private final ConcurrentHashMap<Integer, ShardViews> shown = new ConcurrentHashMap<>();

  GroupShards(
      GroupSettings settings,
      int commitTimeoutMs,
      int loadChunkBytes,
      Supplier<Uuid> ids,
      GroupViews views) {
    this.settings = settings;
    this.commitTimeoutMs = commitTimeoutMs;
    this.loadChunkBytes = loadChunkBytes;
    this.ids = ids;
    this.views = views;
  }

  @Override
  public ShardOptions options(int partition) {
    return new ShardOptions(commitTimeoutMs, loadChunkBytes, views(partition)::withdrawAll);
  }

  @Override
  public RecordCodec<GroupRecord> codec() {
    return codec;
  }

  @Override
  public GroupShard shard(int partition, EventLoop loop, ShardTimer<GroupRecord> timer) {
    return new GroupShard(loop.clock(), settings, ids, timer, views(partition));
  }

  private ShardViews views(int partition) {
    return shown.computeIfAbsent(partition, p -> new ShardViews(views));
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
      shown.remove(groupId);
      views.withdraw(groupId);
    }

    void withdrawAll() {
      shown.forEach(views::withdraw);
      shown.clear();
    }
  }
}
