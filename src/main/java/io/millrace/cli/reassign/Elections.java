package io.millrace.cli.reassign;

import static io.millrace.cli.tool.AdminSession.await;

import io.millrace.cli.tool.AdminSession;
import io.millrace.cli.tool.ToolException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ElectionNotNeededException;
import org.jspecify.annotations.Nullable;

/**
 * Elections of leaders that were asked for (KIP-460).
 *
 * @param elected partitions that have another leader now
 * @param settled partitions whose leader was right already
 * @param failed partitions for which it failed, and why
 *     <p>Immutable.
 */
public record Elections(
    Set<TopicPartition> elected,
    Set<TopicPartition> settled,
    Map<TopicPartition, Throwable> failed) {

  /**
   * The partitions that a file names: {@code {"partitions":[{"topic":"t","partition":0}]}}.
   *
   * @throws ToolException when it has another form or names one twice
   */
  public static Set<TopicPartition> partitions(Path file) {
    JsonObject root = ReplicaFile.versioned(ReplicaFile.text(file));
    if (!(root.getValue("partitions") instanceof JsonArray entries)) {
      throw ToolException.wrongUsage("Replica election data is missing \"partitions\" field")
          .hint("Write {\"partitions\":[{\"topic\":\"t\",\"partition\":0}]}");
    }
    Set<TopicPartition> partitions = new TreeSet<>(Partitions.ORDER);
    for (Object one : entries) {
      if (!(one instanceof JsonObject entry)
          || !(entry.getValue("topic") instanceof String topic)
          || !(entry.getValue("partition") instanceof Integer number)) {
        throw ToolException.wrongUsage("'" + one + "' names no topic and partition")
            .hint("Write {\"partitions\":[{\"topic\":\"t\",\"partition\":0}]}");
      }
      if (!partitions.add(new TopicPartition(topic, number))) {
        throw ToolException.wrongUsage(
                "Replica election data contains duplicate partitions: " + topic + "-" + number)
            .hint("Name each once.");
      }
    }
    return partitions;
  }

  /**
   * Has leaders elected, and waits for the answer.
   *
   * @param partitions all that there are when null
   */
  public static Elections hold(
      AdminSession session, ElectionType type, @Nullable Set<TopicPartition> partitions) {
    Map<TopicPartition, Optional<Throwable>> results =
        await(session.admin().electLeaders(type, partitions).partitions());
    Elections outcome =
        new Elections(
            new TreeSet<>(Partitions.ORDER),
            new TreeSet<>(Partitions.ORDER),
            new TreeMap<>(Partitions.ORDER));
    results.forEach(
        (partition, failure) -> {
          if (failure.isEmpty()) {
            outcome.elected.add(partition);
          } else if (failure.get() instanceof ElectionNotNeededException) {
            outcome.settled.add(partition);
          } else {
            outcome.failed.put(partition, failure.get());
          }
        });
    return outcome;
  }
}
