package io.millrace.storage;

import io.millrace.storage.log.AbortedTxn;
import io.millrace.storage.log.CleanedSegment;
import io.millrace.storage.log.clean.TargetSegment;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Lets a compaction write into a log's folder. Confined to: the compacting worker. */
record CleanedTarget(CleanedSegment segment) implements TargetSegment {

  @Override
  public void append(ByteBuffer batches) throws IOException {
    segment.append(batches);
  }

  @Override
  public void append(AbortedTxn aborted) throws IOException {
    segment.append(aborted);
  }

  @Override
  public long sizeBytes() {
    return segment.sizeBytes();
  }

  @Override
  public void finish() throws IOException {
    segment.finish();
  }

  @Override
  public void abandon() throws IOException {
    segment.abandon();
  }
}
