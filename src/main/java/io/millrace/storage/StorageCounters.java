package io.millrace.storage;

import io.millrace.metrics.Metrics;
import io.millrace.metrics.Metrics.Counter;
import io.millrace.metrics.Metrics.Histogram;

/**
 * What storage counts. Thread-safe.
 *
 * @param appended appends that were answered without an error
 * @param writtenBytes bytes of batches that were written
 * @param writes gathering writes
 * @param forces logs that were forced; acknowledgements per force tell how well flushes are shared
 * @param rounds times that flushers started forces, of one log or of several
 * @param forceUs time of one force in us
 * @param scannedBytes bytes read by recovery at the start
 * @param deletedSegments segments that retention took
 * @param cleanedBytes bytes that compaction read
 */
record StorageCounters(
    Counter appended,
    Counter writtenBytes,
    Counter writes,
    Counter forces,
    Counter rounds,
    Histogram forceUs,
    Counter scannedBytes,
    Counter deletedSegments,
    Counter cleanedBytes) {

  static StorageCounters of(Metrics metrics) {
    return new StorageCounters(
        metrics.counter("storage.append.acknowledged"),
        metrics.counter("storage.append.bytes"),
        metrics.counter("storage.append.writes"),
        metrics.counter("storage.flush.forces"),
        metrics.counter("storage.flush.rounds"),
        metrics.histogram("storage.flush.us"),
        metrics.counter("storage.recovery.scanned.bytes"),
        metrics.counter("storage.retention.segments"),
        metrics.counter("storage.compaction.read.bytes"));
  }
}
