package io.millrace.storage.log;

import io.millrace.config.LogConfig;
import io.millrace.model.TopicIdPartition;

/**
 * What a loaded log is made of.
 *
 * @param snapshotOffset offset of the newest producer snapshot, or the log start
 */
record LogParts(
    LogFiles files,
    TopicIdPartition id,
    LogConfig config,
    LogSegments segments,
    ProducerTable producers,
    LeaderEpochs epochs,
    FlushLedger flushes,
    long logStartOffset,
    long snapshotOffset,
    long coldAfterBytes) {}
