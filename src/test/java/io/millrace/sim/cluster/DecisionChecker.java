package io.millrace.sim.cluster;

import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every image that the metadata log leads to: epochs only grow, a leader is in sync and
 * alive, and so is every replica in sync that is not the last one.
 *
 * <p>Confined to: the test's thread.
 */
final class DecisionChecker {
  private ClusterImage before = ClusterImage.EMPTY;

  /** The next image of the log. */
  void check(ClusterImage image) {
    for (TopicImage topic : image.topics().values()) {
      TopicImage known = before.topic(topic.id());
      if (known != topic || image.brokers() != before.brokers()) {
        check(image, known, topic);
      }
    }
    before = image;
  }

  private static void check(ClusterImage image, @Nullable TopicImage known, TopicImage topic) {
    List<PartitionImage> partitions = topic.partitions();
    for (int i = 0; i < partitions.size(); i++) {
      PartitionImage now = partitions.get(i);
      PartitionImage was = known == null ? null : known.partition(i);
      String name = topic.name() + "-" + i;
      if (was != null && was != now) {
        grows(name, was, now);
      }
      inSyncLives(image, name, now);
    }
  }

  private static void grows(String name, PartitionImage was, PartitionImage now) {
    boolean grown =
        now.partitionEpoch() > was.partitionEpoch() && now.leaderEpoch() >= was.leaderEpoch();
    boolean sameLeader = now.leader() == was.leader() || now.leaderEpoch() > was.leaderEpoch();
    if (!grown || !sameLeader) {
      throw new Violation("epochs-grow", name + " was " + was + " and is " + now);
    }
  }

  private static void inSyncLives(ClusterImage image, String name, PartitionImage now) {
    boolean leads =
        !now.hasLeader() || (now.isr().contains(now.leader()) && image.mayLead(now.leader()));
    boolean live = now.isr().size() <= 1 || now.isr().stream().allMatch(image::mayLead);
    if (!leads || !live) {
      throw new Violation(
          "in-sync-lives", name + " has a replica in sync that is not there: " + now);
    }
  }
}
