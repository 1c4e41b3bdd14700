package io.millrace.push;

import io.millrace.browser.Place;
import io.millrace.browser.PlaceFinder;
import io.millrace.browser.RefusedException;
import io.millrace.browser.Topics;
import io.millrace.eventloop.EventLoop;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.TopicImage;
import io.millrace.model.Caller;
import io.millrace.partition.CommittedLog;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;

/** Finds the partitions that a client names, and where in them it begins. Stateless. */
final class Placing {
  /** How many partitions one subscription may read. */
  static final int PARTITIONS_MAX = 1000;

  private Placing() {}

  /** A partition and where to begin. */
  record Placed(CommittedLog partition, PlaceFinder.Start start) {}

  /**
   * The partitions of topics, or those of them that are named by number.
   *
   * @param numbers null for all
   * @throws RefusedException when the caller may not read one, or it is not here
   */
  static List<CommittedLog> partitions(
      PushServices services,
      Caller caller,
      Collection<String> topics,
      @Nullable Collection<Integer> numbers) {
    ClusterImage image = services.image().get();
    List<CommittedLog> found = new ArrayList<>();
    for (String name : topics) {
      if (!services.authorizer().allows(caller, AclOperation.READ, ResourceType.TOPIC, name)) {
        throw new RefusedException(
            Errors.TOPIC_AUTHORIZATION_FAILED, "You may not read topic " + name + ".", null);
      }
      TopicImage topic = Topics.require(image, name);
      if (numbers == null) {
        for (int number = 0; number < topic.partitions().size(); number++) {
          found.add(partition(services, topic, number));
        }
      } else {
        for (int number : numbers) {
          found.add(partition(services, topic, number));
        }
      }
    }
    if (found.size() > PARTITIONS_MAX) {
      throw new RefusedException(
          Errors.POLICY_VIOLATION,
          "A subscription reads at most " + PARTITIONS_MAX + " partitions.",
          "Use several subscriptions.");
    }
    return found;
  }

  private static CommittedLog partition(PushServices services, TopicImage topic, int number) {
    CommittedLog partition = services.logs().get(topic.id(), number);
    if (partition == null) {
      throw new RefusedException(
          Errors.UNKNOWN_TOPIC_OR_PARTITION,
          "Topic " + topic.name() + " has no partition " + number + ".",
          "Its partitions are 0 to " + (topic.partitions().size() - 1) + ".");
    }
    return partition;
  }

  /** Looks a place up in all of them; fails with {@link RefusedException}. */
  static Future<List<Placed>> find(EventLoop loop, List<CommittedLog> partitions, Place place) {
    List<Future<Placed>> lookups = new ArrayList<>(partitions.size());
    try {
      for (CommittedLog partition : partitions) {
        lookups.add(
            PlaceFinder.find(loop, partition, place).map(start -> placed(partition, start)));
      }
    } catch (RefusedException e) {
      return Future.failedFuture(e);
    }
    return Future.all(lookups)
        .map(all -> all.<Placed>list())
        .recover(fault -> Future.failedFuture(refusal(fault)));
  }

  private static Placed placed(CommittedLog partition, PlaceFinder.Start start) {
    if (start.error() == Errors.NONE) {
      return new Placed(partition, start);
    }
    if (start.error() == Errors.INCONSISTENT_TOPIC_ID) {
      throw new RefusedException(
          start.error(),
          "Topic " + partition.id().topic() + " was deleted and made again since.",
          "The position belongs to the topic before; begin with earliest or latest.");
    }
    if (start.error() == Errors.LEADER_NOT_AVAILABLE) {
      throw new RefusedException(
          start.error(),
          "Partition "
              + partition.id().partition()
              + " of topic "
              + partition.id().topic()
              + " has no leader.",
          "It is tried again; the others can be read by naming their numbers in partitions.");
    }
    throw RefusedException.of(start.error());
  }

  static RefusedException refusal(Throwable fault) {
    return fault instanceof RefusedException refused
        ? refused
        : RefusedException.of(Errors.KAFKA_STORAGE_ERROR);
  }
}
