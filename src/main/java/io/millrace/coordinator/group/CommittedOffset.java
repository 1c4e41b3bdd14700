package io.millrace.coordinator.group;

import org.apache.kafka.common.Uuid;

/**
 * A position that a group committed for one partition. Immutable.
 *
 * @param offset the committed offset, the next one to read
 * @param leaderEpoch leader epoch of the record before it; -1 when the client did not say
 * @param metadata the client's own text; empty when it gave none
 * @param commitTimeMs wall-clock time of the commit in ms
 * @param expireTimeMs wall-clock time in ms at which it ends, asked for by OffsetCommit v2 to v4;
 *     -1: by the broker's retention
 * @param topicId id of the topic; {@link Uuid#ZERO_UUID} when the client spoke of its name
 */
public record CommittedOffset(
    long offset,
    int leaderEpoch,
    String metadata,
    long commitTimeMs,
    long expireTimeMs,
    Uuid topicId) {}
