package io.millrace.cli.kafka;

import java.io.PrintStream;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.TopicPartition;

/** Prints the members of a group as Kafka's tool does it. Stateless. */
final class MemberTable {
  private static final String NONE = "-";

  private MemberTable() {}

  /** Prints them; the heads also when there are none. */
  static void print(ConsumerGroupDescription group, boolean verbose, PrintStream out) {
    Collection<MemberDescription> members = group.members();
    boolean named = members.stream().anyMatch(one -> one.groupInstanceId().isPresent());
    boolean mixed =
        members.stream()
                .map(MemberDescription::upgraded)
                .flatMap(Optional::stream)
                .distinct()
                .count()
            == 2;
    String left = "%" + -Math.max(15, group.groupId().length()) + "s ";
    left += column(members, 15, one -> one.consumerId().length());
    left += named ? column(members, 17, one -> instance(one).length()) : "";
    left += column(members, 15, one -> one.host().length());
    left += column(members, 15, one -> one.clientId().length());
    left += "%-15s ";
    String right =
        "%-15s "
            + column(members, 20, one -> assigned(one).length())
            + "%-15s "
            + column(members, 20, one -> targeted(one).length()).strip()
            + (mixed ? " %s" : "");
    out.print("\n" + left.formatted(heads(named)));
    if (verbose) {
      out.print(
          right.formatted(
              "CURRENT-EPOCH",
              "CURRENT-ASSIGNMENT",
              "TARGET-EPOCH",
              "TARGET-ASSIGNMENT",
              "UPGRADED"));
    }
    out.println();
    for (MemberDescription one : members) {
      out.print(left.formatted(cells(group.groupId(), one, named)));
      out.println(verbose ? right.formatted(more(group, one)) : "");
    }
  }

  private static String column(
      Collection<MemberDescription> members, int least, ToIntFunction<MemberDescription> width) {
    return "%" + -members.stream().mapToInt(width).reduce(least, Math::max) + "s ";
  }

  private static Object[] heads(boolean named) {
    return named
        ? new Object[] {
          "GROUP", "CONSUMER-ID", "GROUP-INSTANCE-ID", "HOST", "CLIENT-ID", "#PARTITIONS"
        }
        : new Object[] {"GROUP", "CONSUMER-ID", "HOST", "CLIENT-ID", "#PARTITIONS"};
  }

  private static Object[] cells(String group, MemberDescription one, boolean named) {
    int partitions = one.assignment().topicPartitions().size();
    return named
        ? new Object[] {
          group, one.consumerId(), instance(one), one.host(), one.clientId(), partitions
        }
        : new Object[] {group, one.consumerId(), one.host(), one.clientId(), partitions};
  }

  private static Object[] more(ConsumerGroupDescription group, MemberDescription one) {
    return new Object[] {
      one.memberEpoch().map(Object::toString).orElse(NONE),
      assigned(one),
      group.targetAssignmentEpoch().map(Object::toString).orElse(NONE),
      targeted(one),
      one.upgraded().map(Object::toString).orElse(NONE)
    };
  }

  private static String instance(MemberDescription one) {
    return one.groupInstanceId().orElse("");
  }

  private static String assigned(MemberDescription one) {
    return text(one.assignment().topicPartitions());
  }

  private static String targeted(MemberDescription one) {
    return text(one.targetAssignment().map(target -> target.topicPartitions()).orElse(Set.of()));
  }

  /** {@code topic:0,1;other:0}. */
  static String text(Set<TopicPartition> partitions) {
    if (partitions.isEmpty()) {
      return NONE;
    }
    Map<String, String> byTopic =
        partitions.stream()
            .sorted(java.util.Comparator.comparingInt(TopicPartition::partition))
            .collect(
                Collectors.groupingBy(
                    TopicPartition::topic,
                    TreeMap::new,
                    Collectors.mapping(
                        one -> String.valueOf(one.partition()), Collectors.joining(","))));
    return byTopic.entrySet().stream()
        .map(one -> one.getKey() + ":" + one.getValue())
        .collect(Collectors.joining(";"));
  }
}
