package io.millrace.push;

import io.millrace.metrics.Metrics;

/**
 * What proves that the work is shared: read, encoded, and delivered. A loop counts for itself and
 * adds up at the end of a round. Confined to: one loop.
 */
final class PushCounters {
  private final Metrics.Counter batchesReadTotal;
  private final Metrics.Counter framesEncodedTotal;
  private final Metrics.Counter privateFramesTotal;
  private final Metrics.Counter framesDeliveredTotal;
  private final Metrics.Counter recordsDeliveredTotal;
  private final Metrics.Counter bytesDeliveredTotal;
  private final Metrics.Counter flushesTotal;
  private final Metrics.Counter faultsTotal;

  long batchesRead;
  long framesEncoded;
  long privateFrames;
  long framesDelivered;
  long recordsDelivered;
  long bytesDelivered;
  long flushes;
  long faults;

  PushCounters(Metrics metrics) {
    batchesReadTotal = metrics.counter("push.batches.read");
    framesEncodedTotal = metrics.counter("push.frames.encoded");
    privateFramesTotal = metrics.counter("push.frames.private");
    framesDeliveredTotal = metrics.counter("push.frames.delivered");
    recordsDeliveredTotal = metrics.counter("push.records.delivered");
    bytesDeliveredTotal = metrics.counter("push.bytes.delivered");
    flushesTotal = metrics.counter("push.flushes");
    faultsTotal = metrics.counter("push.frames.refused");
  }

  void publish() {
    batchesReadTotal.add(batchesRead);
    framesEncodedTotal.add(framesEncoded);
    privateFramesTotal.add(privateFrames);
    framesDeliveredTotal.add(framesDelivered);
    recordsDeliveredTotal.add(recordsDelivered);
    bytesDeliveredTotal.add(bytesDelivered);
    flushesTotal.add(flushes);
    faultsTotal.add(faults);
    batchesRead = 0;
    framesEncoded = 0;
    privateFrames = 0;
    framesDelivered = 0;
    recordsDelivered = 0;
    bytesDelivered = 0;
    flushes = 0;
    faults = 0;
  }
}
