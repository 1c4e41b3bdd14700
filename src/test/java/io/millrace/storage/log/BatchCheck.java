package io.millrace.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.record.BatchView;
import java.nio.ByteBuffer;

/** Checks of bytes that were read. */
final class BatchCheck {
  private BatchCheck() {}

  /** Whole batches with right CRCs and growing offsets. */
  static void checkWhole(ByteBuffer bytes) {
    BatchView batch = new BatchView();
    long next = 0;
    for (int at = bytes.position(); at < bytes.limit(); at = batch.end()) {
      batch.wrap(bytes, at);
      assertThat(batch.end()).isLessThanOrEqualTo(bytes.limit());
      assertThat(batch.crcMatches()).isTrue();
      assertThat(batch.baseOffset()).isGreaterThanOrEqualTo(next);
      next = batch.nextOffset();
    }
  }
}
