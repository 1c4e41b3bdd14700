package io.millrace.cli.reassign;

import static io.millrace.cli.tool.AdminSession.await;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.DescribeReplicaLogDirsResult.ReplicaLogDirInfo;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.ReplicaNotAvailableException;
import org.jspecify.annotations.Nullable;

/** Moves replicas between the folders of a broker (KIP-113). Confined to: the main thread. */
public final class FolderMoves {
  private static final int PAUSE_MS = 100;

  private final AdminSession session;
  private final Shell shell;

  public FolderMoves(AdminSession session, Shell shell) {
    this.session = session;
    this.shell = shell;
  }

  /**
   * Says how far each is.
   *
   * @param wanted folder by replica
   * @return whether some are under way
   */
  public boolean tell(Map<TopicPartitionReplica, String> wanted) {
    Map<TopicPartitionReplica, ReplicaLogDirInfo> found = found(wanted.keySet());
    boolean moving = false;
    for (Map.Entry<TopicPartitionReplica, String> one : wanted.entrySet()) {
      @Nullable ReplicaLogDirInfo info = found.get(one.getKey());
      shell.out().println(text(one.getKey(), one.getValue(), info));
      boolean lies = info != null && info.getCurrentReplicaLogDir() != null;
      moving |= !lies || info.getFutureReplicaLogDir() != null;
    }
    if (wanted.isEmpty()) {
      shell.out().println();
    }
    return moving;
  }

  /**
   * The folders in which replicas lie.
   *
   * @param replicas brokers by partition
   * @param brokers those that are there; others are not asked
   */
  public Map<TopicPartitionReplica, String> of(
      Map<TopicPartition, List<Integer>> replicas, Set<Integer> brokers) {
    Set<TopicPartitionReplica> asked = new TreeSet<>(Partitions.REPLICA_ORDER);
    replicas.forEach(
        (partition, ids) ->
            ids.stream()
                .filter(brokers::contains)
                .forEach(id -> asked.add(ReplicaFile.replica(partition, id))));
    Map<TopicPartitionReplica, String> folders = new TreeMap<>(Partitions.REPLICA_ORDER);
    found(asked)
        .forEach(
            (replica, info) -> {
              @Nullable String lies = info.getCurrentReplicaLogDir();
              if (lies != null) {
                folders.put(replica, lies);
              }
            });
    return folders;
  }

  private Map<TopicPartitionReplica, ReplicaLogDirInfo> found(Set<TopicPartitionReplica> replicas) {
    return replicas.isEmpty()
        ? Map.of()
        : await(session.admin().describeReplicaLogDirs(replicas).all());
  }

  private static String text(
      TopicPartitionReplica replica, String wanted, @Nullable ReplicaLogDirInfo info) {
    String partition = "Partition " + replica.topic() + "-" + replica.partition();
    String broker = " on broker " + replica.brokerId();
    if (info == null) {
      return partition + " cannot be found in any live log directory" + broker + ".";
    }
    @Nullable String lies = info.getCurrentReplicaLogDir();
    @Nullable String comes = info.getFutureReplicaLogDir();
    if (lies == null) {
      return partition
          + " is not found in any live log dir"
          + broker
          + ". There is likely an offline log directory on the broker.";
    } else if (comes == null) {
      return lies.equals(wanted)
          ? "Reassignment of replica " + replica + " completed successfully."
          : partition + broker + " is not being moved from log dir " + lies + " to " + wanted + ".";
    }
    return comes.equals(wanted)
        ? "Reassignment of replica " + replica + " is still in progress."
        : partition
            + broker
            + " is being moved to log dir "
            + comes
            + " instead of "
            + wanted
            + ".";
  }

  /**
   * The folders in which those lie that are under way.
   *
   * @param wanted folder by replica
   */
  public Map<TopicPartitionReplica, String> origins(Map<TopicPartitionReplica, String> wanted) {
    Map<TopicPartitionReplica, String> origins = new TreeMap<>(Partitions.REPLICA_ORDER);
    found(wanted.keySet())
        .forEach(
            (replica, info) -> {
              @Nullable String lies = info.getCurrentReplicaLogDir();
              if (lies != null && info.getFutureReplicaLogDir() != null) {
                origins.put(replica, lies);
              }
            });
    return origins;
  }

  /**
   * Begins them. A replica that is on its way to its broker is waited for.
   *
   * @param wanted folder by replica
   * @throws ToolException when some were not there in time
   */
  public void begin(Map<TopicPartitionReplica, String> wanted, long timeoutMs) {
    long endNs = System.nanoTime() + timeoutMs * 1_000_000;
    Map<TopicPartitionReplica, String> left = new TreeMap<>(Partitions.REPLICA_ORDER);
    left.putAll(wanted);
    while (true) {
      begun(left).forEach(left::remove);
      if (left.isEmpty()) {
        return;
      }
      if (System.nanoTime() - endNs >= 0) {
        throw ToolException.failed(
            "Timed out before log directory move"
                + Partitions.plural(left.keySet())
                + " could be started for: "
                + Partitions.joined(left.keySet(), ","));
      }
      pause();
    }
  }

  private Set<TopicPartitionReplica> begun(Map<TopicPartitionReplica, String> wanted) {
    Set<TopicPartitionReplica> begun = new TreeSet<>(Partitions.REPLICA_ORDER);
    session
        .admin()
        .alterReplicaLogDirs(wanted)
        .values()
        .forEach(
            (replica, done) -> {
              try {
                await(done);
                begun.add(replica);
              } catch (ReplicaNotAvailableException e) {
                // It is still being copied to its broker, which asks for it again later.
                assert wanted.containsKey(replica);
              } catch (KafkaException e) {
                throw ToolException.failed(
                        "Failed to alter dir for " + replica + ": " + e.getMessage())
                    .because(e);
              }
            });
    for (TopicPartitionReplica replica : begun) {
      shell
          .out()
          .printf(
              "Successfully started moving log directory to %s for replica %s-%s with broker %s %n",
              wanted.get(replica), replica.topic(), replica.partition(), replica.brokerId());
    }
    return begun;
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MS);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}
