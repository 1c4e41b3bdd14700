package io.millrace.bench.inner;

import io.millrace.config.LogConfig;
import io.millrace.model.TopicPartition;
import io.millrace.record.InvalidRecordsException;
import io.millrace.record.ProduceValidator;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.zip.CRC32C;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Checks the batch of a produce request; beside it the CRC alone, which is the least of it. */
@State(Scope.Thread)
public class ValidateBatchBench {
  private static final int PRODUCE_VERSION = 12;
  private static final int CRC_COVERS_FROM = 21;
  private static final TopicPartition PARTITION = new TopicPartition("bench", 0);

  private final LogConfig config = LogConfig.of(Map.of());

  /** Bytes of a record's value; the batch has about 16 KB of them. */
  @Param({"100", "1024"})
  public int valueBytes = 1024;

  private ByteBuffer batch;

  /** Builds the batch, in memory outside the heap as the network gives it. */
  @Setup
  public void build() {
    ByteBuffer built = SampleBatch.of((15 << 10) / valueBytes, valueBytes);
    batch = ByteBuffer.allocateDirect(built.remaining()).put(built).flip();
  }

  /** All that is checked before a batch is appended. */
  @Benchmark
  public ProduceValidator.Checked check() throws InvalidRecordsException {
    return ProduceValidator.check(batch, PRODUCE_VERSION, PARTITION, config, SampleBatch.NOW_MS);
  }

  /** Only the checksum. */
  @Benchmark
  public long crc() {
    CRC32C crc = new CRC32C();
    crc.update(batch.duplicate().position(CRC_COVERS_FROM));
    return crc.getValue();
  }
}
