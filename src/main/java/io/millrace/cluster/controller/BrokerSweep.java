package io.millrace.cluster.controller;

import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.EffectiveConfigs;
import io.millrace.metadata.Fact;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * What a change of a broker means for all partitions. The image that is given has the change of the
 * broker in it already; the facts are those of the partitions.
 */
final class BrokerSweep {
  private final ClusterImage image;
  private final IsrRules.ByTopic rules;

  BrokerSweep(EffectiveConfigs configs, ClusterImage image) {
    this.image = image;
    this.rules = new IsrRules.ByTopic(configs, image);
  }

  /** It is fenced or shuts down: it leads nothing, and leaves each ISR that has another member. */
  List<Fact> gone(int broker) {
    return edit(
        partition -> partition.isr().contains(broker) || partition.leader() == broker,
        edit -> edit.leaves(broker));
  }

  /** It never comes back, as somebody says who knows: as if it were gone, and not waited for. */
  List<Fact> forgotten(int broker) {
    return edit(
        partition ->
            partition.isr().contains(broker)
                || partition.leader() == broker
                || partition.lastIsr().contains(broker),
        edit -> edit.leaves(broker).isNotAsked(broker));
  }

  /** It is a new process: as if it were gone, but its log folders may be whole again. */
  List<Fact> restarted(int broker) {
    return edit(
        partition -> isConcerned(partition, broker),
        edit -> edit.returns(broker).offline(broker, false));
  }

  /** It is a new process that may have lost what it had acknowledged. */
  List<Fact> distrusted(int broker) {
    return edit(
        partition -> isConcerned(partition, broker),
        edit -> edit.distrust(broker).offline(broker, false));
  }

  /** It is a new process, and all others are away: its log folders may be whole again. */
  List<Fact> whole(int broker) {
    return edit(
        partition -> partition.offline().contains(broker), edit -> edit.offline(broker, false));
  }

  private static boolean isConcerned(PartitionImage partition, int broker) {
    return partition.isr().contains(broker)
        || partition.leader() == broker
        || partition.eligible().contains(broker)
        || partition.offline().contains(broker);
  }

  /** It may lead again: partitions without a leader may have found one. */
  List<Fact> back(int broker) {
    return edit(
        partition -> !partition.hasLeader() && partition.replicas().contains(broker), edit -> edit);
  }

  /** Partitions that nobody leads, though somebody could by now. */
  List<Fact> leaderless() {
    return edit(partition -> !partition.hasLeader(), edit -> edit);
  }

  private List<Fact> edit(
      Predicate<PartitionImage> concerned, UnaryOperator<PartitionEdit> change) {
    List<Fact> facts = new ArrayList<>();
    for (TopicImage topic : image.topics().values()) {
      int number = 0;
      for (PartitionImage partition : topic.partitions()) {
        if (concerned.test(partition)) {
          PartitionEdit edit = new PartitionEdit(image, topic, number, rules.of(topic.name()));
          change.apply(edit).build().ifPresent(facts::add);
        }
        number++;
      }
    }
    return facts;
  }
}
