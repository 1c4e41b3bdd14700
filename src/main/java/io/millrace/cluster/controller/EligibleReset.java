package io.millrace.cluster.controller;

import io.millrace.config.TopicKeys;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.ConfigChanged;
import io.millrace.metadata.ConfigScope;
import io.millrace.metadata.EffectiveConfigs;
import io.millrace.metadata.Fact;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import java.util.ArrayList;
import java.util.List;

/**
 * Empties the eligible replicas of partitions whose {@code min.insync.replicas} changes, in the
 * entry that changes it: what they have was judged by the old value (KIP-966). A reassignment that
 * only waited for as many replicas in sync as the old value wanted ends in that entry too.
 */
final class EligibleReset {
  private EligibleReset() {}

  /** The decision with what follows from its changes of configs. */
  static <R> Decision<R> added(EffectiveConfigs configs, ClusterImage image, Decision<R> decision) {
    if (decision.facts().stream().noneMatch(EligibleReset::changesMinimum)) {
      return decision;
    }
    ClusterImage after = image;
    for (Fact fact : decision.facts()) {
      after = after.apply(fact);
    }
    IsrRules.ByTopic was = new IsrRules.ByTopic(configs, image);
    IsrRules.ByTopic is = new IsrRules.ByTopic(configs, after);
    List<Fact> facts = new ArrayList<>(decision.facts());
    for (TopicImage topic : after.topics().values()) {
      if (was.of(topic.name()).min() != is.of(topic.name()).min()) {
        reset(after, topic, is.of(topic.name()), facts);
      }
    }
    return new Decision<>(facts, decision.reply());
  }

  private static boolean changesMinimum(Fact fact) {
    String key = TopicKeys.MIN_INSYNC_REPLICAS.name();
    return fact instanceof ConfigChanged changed
        && (changed.scope().kind() == ConfigScope.Kind.TOPIC || changed.scope().name().isEmpty())
        && (changed.set().containsKey(key) || changed.removed().contains(key));
  }

  private static void reset(
      ClusterImage image, TopicImage topic, IsrRules rules, List<Fact> facts) {
    int number = 0;
    for (PartitionImage partition : topic.partitions()) {
      if (!partition.eligible().isEmpty() || partition.isReassigned()) {
        new PartitionEdit(image, topic, number, rules)
            .forgetEligible()
            .build()
            .ifPresent(facts::add);
      }
      number++;
    }
  }
}
