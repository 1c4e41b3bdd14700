package io.millrace.cluster;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;

/**
 * A topic that was found in a folder of Apache Kafka.
 *
 * @param name name of the topic
 * @param id its id from {@code partition.metadata}; {@link Uuid#ZERO_UUID} when the folder has none
 *     and one is to be given
 * @param leaderEpochs the greatest leader epoch that each partition's log holds, by number, -1 for
 *     none; its size is the number of partitions
 * @param configs dynamic configs it shall have besides {@code retention.ms=-1} and {@code
 *     retention.bytes=-1}, such as the {@code cleanup.policy} that it had
 */
public record ImportedTopic(
    String name, Uuid id, List<Integer> leaderEpochs, Map<String, String> configs) {}
