package io.millrace.rest.view;

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

  /** What the partitions bear. */
  private static final class Partitions {
    int count;
    int least = Integer.MAX_VALUE;
    int single;
    int behind;
    int leaderless;
    int stopsWriting;

    void add(ClusterImage image, PartitionImage partition, int minInsync) {
      int alive = (int) partition.isr().stream().filter(image::isAlive).count();
      count++;
      least = Math.min(least, Math.max(0, alive - 1));
      single += partition.replicas().size() == 1 ? 1 : 0;
      behind += partition.replicas().size() > 1 && alive == 1 ? 1 : 0;
      leaderless += partition.leader() == PartitionImage.NO_LEADER ? 1 : 0;
      stopsWriting += alive > 1 && alive <= minInsync ? 1 : 0;
    }
  }

  /** Gives a topic's {@code min.insync.replicas}. */
  interface MinInsync {
    int of(String topic);
  }

  static Tolerance of(ClusterImage image, QuorumView quorum, MinInsync minInsync) {
    if (image.brokers().size() == 1) {
      return new Tolerance(0, "This is the only broker: while it is down, nothing is served.");
    }
    Partitions found = new Partitions();
    for (TopicImage topic : image.topics().values()) {
      int min = minInsync.of(topic.name());
      topic.partitions().forEach(partition -> found.add(image, partition, min));
    }
    int alive = (int) image.brokers().values().stream().filter(b -> !b.fenced()).count();
    List<Integer> voters = quorum.voters().stream().map(QuorumView.Member::brokerId).toList();
    int votersAlive = (int) voters.stream().filter(image::isAlive).count();
    int ofQuorum = Math.max(0, votersAlive - (voters.size() / 2 + 1));
    int ofPartitions = found.count == 0 ? alive - 1 : Math.min(found.least, alive - 1);
    int both = voters.isEmpty() ? 0 : Math.min(ofPartitions, ofQuorum);
    return new Tolerance(both, both == 0 ? why(found, voters, votersAlive) : well(found, both));
  }

  private static String why(Partitions found, List<Integer> voters, int votersAlive) {
    if (found.leaderless > 0) {
      return counted(found.leaderless, "partition is", "partitions are")
          + " without a leader already: start the brokers that hold them.";
    } else if (found.single > 0) {
      return counted(found.single, "partition has", "partitions have")
          + " one replica only and would not be served while its broker is away.";
    } else if (found.behind > 0) {
      return counted(found.behind, "partition has", "partitions have")
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

  private static String well(Partitions found, int brokers) {
    String which = brokers == 1 ? "Any one broker" : "Any " + brokers + " brokers";
    String text =
        which
            + " may be lost: every partition is in sync on others, and a majority of the voters"
            + " stays.";
    return found.stopsWriting == 0
        ? text
        : text
            + " Meanwhile producers with acks=all are refused in "
            + counted(found.stopsWriting, "partition", "partitions")
            + " (min.insync.replicas).";
  }

  private static String counted(int count, String one, String many) {
    return count + " " + (count == 1 ? one : many);
  }

  JsonObject json() {
    return new JsonObject().put("brokers", brokers).put("text", text);
  }
}
