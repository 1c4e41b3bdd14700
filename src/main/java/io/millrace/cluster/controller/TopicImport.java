package io.millrace.cluster.controller;

import io.millrace.config.TopicKeys;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.Fact;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicCreated;
import io.millrace.metadata.TopicImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.Errors;

/**
 * Decides how topics become known whose logs were found in a folder of Apache Kafka: with their own
 * ids, led by the broker that has them in the epoch behind the last one that the logs hold, and
 * with nothing deleted by time or size until someone sets their configs.
 */
public final class TopicImport {
  private TopicImport() {}

  /**
   * A topic that was found.
   *
   * @param id its id, or {@link Uuid#ZERO_UUID} when the folder has none
   * @param leaderEpochs greatest leader epoch in the log of each partition, -1 for none
   */
  public record Found(
      String name, Uuid id, List<Integer> leaderEpochs, Map<String, String> configs) {}

  /** All of them, or with an error in the reply none. */
  public static Decision<CreateTopicsResponseData> decide(
      ClusterImage image, int brokerId, List<Found> topics, Supplier<Uuid> ids) {
    CreateTopicsResponseData reply = new CreateTopicsResponseData();
    List<Fact> facts = new ArrayList<>();
    boolean refused = false;
    for (Found found : topics) {
      CreatableTopicResult result = new CreatableTopicResult().setName(found.name());
      reply.topics().add(result);
      TopicImage known = image.topic(found.name());
      if (known == null) {
        Uuid id = found.id().equals(Uuid.ZERO_UUID) ? ids.get() : found.id();
        facts.add(new TopicCreated(id, found.name(), partitions(brokerId, found), configs(found)));
        result.setTopicId(id).setNumPartitions(found.leaderEpochs().size());
      } else if (!found.id().equals(known.id()) && !found.id().equals(Uuid.ZERO_UUID)) {
        refused = true;
        result
            .setErrorCode(Errors.INCONSISTENT_TOPIC_ID.code())
            .setErrorMessage("topic " + found.name() + " exists with another id");
      }
    }
    return refused ? Decision.only(reply) : new Decision<>(facts, reply);
  }

  private static List<PartitionImage> partitions(int brokerId, Found found) {
    List<Integer> self = List.of(brokerId);
    return found.leaderEpochs().stream()
        .map(epoch -> new PartitionImage(self, self, brokerId, epoch + 1, 0))
        .toList();
  }

  private static Map<String, String> configs(Found found) {
    Map<String, String> configs = new HashMap<>(found.configs());
    configs.put(TopicKeys.RETENTION_MS.name(), "-1");
    configs.put(TopicKeys.RETENTION_BYTES.name(), "-1");
    return configs;
  }
}
