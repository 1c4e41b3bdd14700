package io.millrace.cluster.raft;

import io.millrace.metadata.MetadataEntry;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.netty.NettyConfigKeys;
import org.apache.ratis.rpc.SupportedRpcType;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/**
 * The settings of Ratis: bound to one address, small files and caches, every entry forced to the
 * disk before it counts. Stateless.
 */
final class MemberProperties {
  /** Greatest size of an entry in bytes, with what is put round it; what Ratis buffers per peer. */
  static final int ENTRY_BYTES_MAX = MetadataEntry.BYTES_MAX + (64 << 10);

  private static final int SEGMENT_BYTES = 4 << 20;

  /** The Netty inside Ratis logs by java.util.logging, which forgets levels of unheld loggers. */
  private static final Logger NETTY_OF_RATIS =
      Logger.getLogger("org.apache.ratis.thirdparty.io.netty");

  /**
   * How long the thread that waits for elections sleeps when a member joins: for good. An observer
   * stands in no election, and when it becomes a voter, Ratis 3.3.0 waits for the end of that
   * thread while it holds the lock of the member: asleep it is interrupted and ends, but awake it
   * wants the lock, and the member stands still for ever. The first leader that is heard of ends
   * what is said of first elections, so a voter waits as voters do.
   */
  private static final long ASLEEP_MS = TimeUnit.DAYS.toMillis(20);

  /** How a member begins. */
  enum Start {
    /** The only one of a new group, which need not wait for another leader. */
    FOUNDS,
    /** An observer with an empty folder. */
    JOINS,
    /** Its folder says what it is. */
    RETURNS
  }

  private MemberProperties() {}

  static RaftProperties of(RaftOptions options, Path storage, Start start) {
    NETTY_OF_RATIS.setLevel(Level.WARNING);
    RaftProperties properties = new RaftProperties();
    RaftConfigKeys.Rpc.setType(properties, SupportedRpcType.NETTY);
    NettyConfigKeys.Server.setHost(properties, options.host());
    NettyConfigKeys.Server.setPort(properties, options.port());
    RaftServerConfigKeys.setStorageDir(properties, List.of(storage.toFile()));
    RaftServerConfigKeys.Rpc.setTimeoutMin(properties, ms(options.electionMinMs()));
    RaftServerConfigKeys.Rpc.setTimeoutMax(properties, ms(options.electionMaxMs()));
    RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(
        properties, ms(options.electionMaxMs()));
    switch (start) {
      case FOUNDS -> firstElection(properties, 10, 20);
      case JOINS -> firstElection(properties, ASLEEP_MS, ASLEEP_MS);
      case RETURNS -> {
        // As every other election.
      }
    }
    log(properties);
    snapshots(properties, options);
    threads(properties);
    return properties;
  }

  private static void firstElection(RaftProperties properties, long minMs, long maxMs) {
    RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(properties, ms(minMs));
    RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(properties, ms(maxMs));
  }

  private static void log(RaftProperties properties) {
    RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SizeInBytes.valueOf(SEGMENT_BYTES));
    RaftServerConfigKeys.Log.setPreallocatedSize(properties, SizeInBytes.valueOf(256 << 10));
    RaftServerConfigKeys.Log.setSegmentCacheNumMax(properties, 2);
    RaftServerConfigKeys.Log.setSegmentCacheSizeMax(properties, SizeInBytes.valueOf(SEGMENT_BYTES));
    RaftServerConfigKeys.Log.Appender.setBufferByteLimit(
        properties, SizeInBytes.valueOf(ENTRY_BYTES_MAX));
    RaftServerConfigKeys.Log.setWriteBufferSize(
        properties, SizeInBytes.valueOf(ENTRY_BYTES_MAX + (64 << 10)));
  }

  private static void snapshots(RaftProperties properties, RaftOptions options) {
    RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, true);
    RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(
        properties, options.snapshotAfterEntries());
    RaftServerConfigKeys.Snapshot.setRetentionFileNum(properties, 2);
    RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
    RaftServerConfigKeys.Log.setPurgeGap(
        properties, Math.max(1, options.snapshotAfterEntries() / 4));
    // A member that is a little behind is sent entries, not the whole image.
    RaftServerConfigKeys.Log.setPurgePreservationLogNum(
        properties, options.snapshotAfterEntries() / 2);
  }

  private static void threads(RaftProperties properties) {
    RaftServerConfigKeys.ThreadPool.setProxyCached(properties, true);
    RaftServerConfigKeys.ThreadPool.setServerCached(properties, true);
    RaftServerConfigKeys.ThreadPool.setClientCached(properties, true);
  }

  static TimeDuration ms(long ms) {
    return TimeDuration.valueOf(ms, TimeUnit.MILLISECONDS);
  }
}
