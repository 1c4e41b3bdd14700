package io.millrace.coordinator.runtime;

import io.millrace.coordinator.shard.RecordCodec;
import io.millrace.coordinator.shard.ShardResult;
import io.millrace.record.BatchBuilder;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Makes the batch of a step. */
final class Batches {
  private Batches() {}

  static <R> ByteBuffer encode(ShardResult<R> result, RecordCodec<R> codec, long nowMs) {
    BatchBuilder batch = new BatchBuilder();
    for (R record : result.records()) {
      RecordCodec.Encoded encoded = codec.encode(record);
      batch.add(nowMs, ByteBuffer.wrap(encoded.key()), wrap(encoded.value()));
    }
    return batch.build();
  }

  private static @Nullable ByteBuffer wrap(byte @Nullable [] value) {
    return value == null ? null : ByteBuffer.wrap(value);
  }
}
