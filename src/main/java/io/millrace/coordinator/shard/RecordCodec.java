package io.millrace.coordinator.shard;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Turns the records of a shard into keys and values of its partition and back.
 *
 * @param <R> the decoded records
 */
public interface RecordCodec<R> {

  /** Bytes of a record as they stand in the partition; a null value is a tombstone. */
  record Encoded(byte[] key, byte @Nullable [] value) {}

  /** Encodes a record in the version that Kafka 4.x writes. */
  Encoded encode(R record);

  /**
   * Decodes a record. Never fails for what the bytes hold: a type or version that is not known, or
   * bytes that cannot be read, give a record that replay passes over.
   */
  R decode(ByteBuffer key, @Nullable ByteBuffer value);
}
