package io.millrace.cli.kafka;

import io.millrace.cli.tool.ToolException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.clients.admin.QuorumInfo.ReplicaState;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** The metadata quorum in the words of {@code kafka-metadata-quorum}. Stateless. */
final class QuorumText {
  private static final List<String> HEADS =
      List.of(
          "NodeId",
          "DirectoryId",
          "LogEndOffset",
          "Lag",
          "LastFetchTimestamp",
          "LastCaughtUpTimestamp",
          "Status");

  private QuorumText() {}

  /** The summary. */
  static String status(String clusterId, QuorumInfo quorum) {
    ReplicaState leader = leader(quorum);
    ReplicaState last =
        quorum.voters().stream()
            .min(Comparator.comparingLong(ReplicaState::logEndOffset))
            .orElse(leader);
    return String.join(
        System.lineSeparator(),
        "ClusterId:              " + clusterId,
        "LeaderId:               " + quorum.leaderId(),
        "LeaderEpoch:            " + quorum.leaderEpoch(),
        "HighWatermark:          " + quorum.highWatermark(),
        "MaxFollowerLag:         " + (leader.logEndOffset() - last.logEndOffset()),
        "MaxFollowerLagTimeMs:   " + lagMs(leader, last),
        "CurrentVoters:          " + members(quorum, quorum.voters()),
        "CurrentObservers:       " + members(quorum, quorum.observers()));
  }

  private static ReplicaState leader(QuorumInfo quorum) {
    return quorum.voters().stream()
        .filter(voter -> voter.replicaId() == quorum.leaderId())
        .findFirst()
        .orElseThrow(
            () ->
                ToolException.failed("The metadata quorum has no leader now.")
                    .hint("See which brokers are there with: millrace cluster status"));
  }

  private static long lagMs(ReplicaState leader, ReplicaState last) {
    if (leader == last) {
      return 0;
    }
    OptionalLong ahead = leader.lastCaughtUpTimestamp();
    OptionalLong behind = last.lastCaughtUpTimestamp();
    return ahead.isPresent() && behind.isPresent() ? ahead.getAsLong() - behind.getAsLong() : -1;
  }

  private static String members(QuorumInfo quorum, Collection<ReplicaState> members) {
    return members.stream()
        .map(member -> member(member, quorum.nodes().get(member.replicaId())))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static String member(ReplicaState member, QuorumInfo.@Nullable Node node) {
    Uuid directory = member.replicaDirectoryId();
    String text =
        "{\"id\": "
            + member.replicaId()
            + ", \"directoryId\": "
            + (directory.equals(Uuid.ZERO_UUID) ? "null" : "\"" + directory + "\"");
    if (node == null || node.endpoints().isEmpty()) {
      return text + "}";
    }
    String endpoints =
        node.endpoints().stream()
            .map(endpoint -> "\"" + endpoint + "\"")
            .collect(Collectors.joining(", "));
    return text + ", \"endpoints\": [" + endpoints + "]}";
  }

  /**
   * How far each member is, as lines of a table.
   *
   * @param readable whether times are told as how long ago
   */
  static List<String> replication(QuorumInfo quorum, boolean readable, long nowMs) {
    ReplicaState leader = leader(quorum);
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADS);
    rows.add(row(leader, leader, "Leader", readable, nowMs));
    quorum.voters().stream()
        .filter(voter -> voter.replicaId() != leader.replicaId())
        .forEach(voter -> rows.add(row(leader, voter, "Follower", readable, nowMs)));
    quorum
        .observers()
        .forEach(observer -> rows.add(row(leader, observer, "Observer", readable, nowMs)));
    int[] widths = new int[HEADS.size()];
    rows.forEach(
        row -> {
          for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], row.get(i).length());
          }
        });
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private static List<String> row(
      ReplicaState leader, ReplicaState member, String status, boolean readable, long nowMs) {
    return List.of(
        String.valueOf(member.replicaId()),
        member.replicaDirectoryId().toString(),
        String.valueOf(member.logEndOffset()),
        String.valueOf(leader.logEndOffset() - member.logEndOffset()),
        time(member.lastFetchTimestamp(), readable, nowMs),
        time(member.lastCaughtUpTimestamp(), readable, nowMs),
        status);
  }

  private static String time(OptionalLong atMs, boolean readable, long nowMs) {
    if (atMs.isEmpty()) {
      return "-1";
    }
    // Clocks of machines differ a little: what would be in the future is now.
    return readable
        ? Math.max(0, nowMs - atMs.getAsLong()) + " ms ago"
        : String.valueOf(atMs.getAsLong());
  }

  private static String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length())).append('\t');
    }
    return line.toString();
  }
}
