package io.millrace.bench.inner;

import io.millrace.record.BatchBuilder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The batches that the benches work on: small JSON values without keys. Stateless. */
final class SampleBatch {
  /** A moment in ms since the epoch that all records carry. */
  static final long NOW_MS = 1_700_000_000_000L;

  private SampleBatch() {}

  /** A batch of that many records of that size, not compressed. */
  static ByteBuffer of(int records, int valueBytes) {
    BatchBuilder batch = new BatchBuilder();
    for (int i = 0; i < records; i++) {
      batch.add(NOW_MS, null, ByteBuffer.wrap(value(i, valueBytes)));
    }
    return batch.build();
  }

  private static byte[] value(int number, int bytes) {
    StringBuilder json = new StringBuilder("{\"id\":").append(number).append(",\"text\":\"");
    while (json.length() < bytes - 2) {
      json.append((char) ('a' + json.length() % 26));
    }
    return json.append("\"}").toString().getBytes(StandardCharsets.US_ASCII);
  }
}
