package io.millrace.storage;

import io.millrace.model.TopicIdPartition;

/**
 * A log in a folder of Apache Kafka.
 *
 * @param id name, number and topic id; the zero id when the folder has none
 * @param leaderEpoch the greatest leader epoch in it, -1 for none
 * @param compacted whether the folder's cleaner checkpoint knows it, so that its topic was
 *     compacted
 */
public record ImportedLog(TopicIdPartition id, int leaderEpoch, boolean compacted) {}
