package io.millrace.rest.view;

import io.millrace.cluster.LossTolerance;
import io.millrace.cluster.QuorumView;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How many brokers may be lost, whichever they are, without anything being lost or not served.
 * Immutable.
 *
 * @param brokers so many
 * @param text why, in words
 */
record Tolerance(int brokers, String text) {

  /** Gives a topic's {@code min.insync.replicas}. */
  interface MinInsync {
    int of(String topic);
  }

  static Tolerance of(ClusterImage image, QuorumView quorum, MinInsync minInsync) {
    if (image.brokers().size() == 1) {
      return new Tolerance(0, "This is the only broker: while it is down, nothing is served.");
    }
    LossTolerance.Partitions found = new LossTolerance.Partitions();
    int stopsWriting = 0;
    for (TopicImage topic : image.topics().values()) {
      int min = minInsync.of(topic.name());
      for (PartitionImage partition : topic.partitions()) {
        int inSync = (int) partition.isr().stream().filter(image::isAlive).count();
        boolean hasLeader = partition.leader() != PartitionImage.NO_LEADER;
        found.add(partition.replicas().size(), inSync, hasLeader);
        stopsWriting += inSync > 1 && inSync <= min ? 1 : 0;
      }
    }
    int alive = (int) image.brokers().values().stream().filter(b -> !b.fenced()).count();
    List<Integer> voters = quorum.voters().stream().map(QuorumView.Member::brokerId).toList();
    int votersAlive = (int) voters.stream().filter(image::isAlive).count();
    int most = new LossTolerance(alive, voters.size(), votersAlive, found).brokers();
    int brokers = voters.isEmpty() ? 0 : most;
    return new Tolerance(
        brokers, brokers == 0 ? why(found, voters, votersAlive) : well(stopsWriting, brokers));
  }

  private static String why(LossTolerance.Partitions found, List<Integer> voters, int votersAlive) {
    if (found.leaderless() > 0) {
      return counted(found.leaderless(), "partition is", "partitions are")
          + " without a leader already: start the brokers that hold them.";
    } else if (found.single() > 0) {
      return counted(found.single(), "partition has", "partitions have")
          + " one replica only and would not be served while its broker is away.";
    } else if (found.behind() > 0) {
      return counted(found.behind(), "partition has", "partitions have")
          + " one replica in sync only: wait until the others have caught up.";
    } else if (voters.isEmpty()) {
      return "It is not known here who votes on the cluster's metadata.";
    } else if (voters.size() == 1) {
      return "Broker "
          + voters.get(0)
          + " cannot be lost: it alone votes on the cluster's metadata until three brokers are"
          + " there.";
    }
    String names = voters.stream().map(String::valueOf).collect(Collectors.joining(", "));
    return "Only "
        + votersAlive
        + " of the "
        + voters.size()
        + " brokers that vote on the cluster's metadata ("
        + names
        + ") are there: with one less nothing can be changed, and no new leader be elected.";
  }

  private static String well(int stopsWriting, int brokers) {
    String which = brokers == 1 ? "Any one broker" : "Any " + brokers + " brokers";
    String text =
        which
            + " may be lost: every partition is in sync on others, and a majority of the voters"
            + " stays.";
    return stopsWriting == 0
        ? text
        : text
            + " Meanwhile producers with acks=all are refused in "
            + counted(stopsWriting, "partition", "partitions")
            + " (min.insync.replicas).";
  }

  private static String counted(int count, String one, String many) {
    return count + " " + (count == 1 ? one : many);
  }

  JsonObject json() {
    return new JsonObject().put("brokers", brokers).put("text", text);
  }
}
