package io.millrace.partition;

import io.millrace.storage.StoredLog;
import io.millrace.storage.log.LogView;
import java.nio.file.Path;

/**
 * What a partition's log holds at one moment, and what it took since the broker started. Immutable.
 *
 * @param logStartOffset first offset that may be read
 * @param highWatermark first offset that is not yet committed
 * @param lastStableOffset first offset that an open transaction may still take back
 * @param logEndOffset offset behind the last record in the file
 * @param sizeBytes bytes of batches in all segments
 * @param segments number of segments
 * @param acceptedBytes bytes of batches that were appended since the start
 * @param folder the log folder that holds it
 */
public record PartitionFacts(
    long logStartOffset,
    long highWatermark,
    long lastStableOffset,
    long logEndOffset,
    long sizeBytes,
    int segments,
    long acceptedBytes,
    Path folder) {

  static PartitionFacts of(StoredLog stored) {
    LogView view = stored.view();
    return new PartitionFacts(
        view.logStartOffset(),
        view.highWatermark(),
        view.lastStableOffset(),
        view.logEndOffset(),
        view.sizeBytes(),
        view.segmentCount(),
        stored.acceptedBytes(),
        stored.folder().path());
  }
}
