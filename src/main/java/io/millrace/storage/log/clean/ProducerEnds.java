package io.millrace.storage.log.clean;

import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * Tells the last batch of each active producer: its header must stay when its records go, or the
 * producer's next sequence would be refused after the state was rebuilt from the log.
 */
@FunctionalInterface
public interface ProducerEnds {

  /** Whether nothing of the batch's producer comes behind it. */
  boolean isLastOfProducer(RecordBatch batch);
}
