package io.millrace.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.junit.jupiter.api.Test;

class RecordIteratorTest {
  /** Around the sizes at which a number in a record takes another byte. */
  private static final int[] SIZES = {0, 1, 63, 64, 65, 8_191, 8_192, 8_193, 1_048_575, 1_048_576};

  private static BatchView batchOf(List<Integer> valueSizes) {
    ByteBuffer buffer = ByteBuffer.allocate(64);
    MemoryRecordsBuilder builder =
        MemoryRecords.builder(buffer, Compression.NONE, TimestampType.CREATE_TIME, 0);
    for (int size : valueSizes) {
      builder.append(size, new byte[size % 200], new byte[size]);
    }
    return new BatchView().wrap(builder.build().buffer(), 0);
  }

  @Test
  void numbersOfAllWidthsAreRead() throws Exception {
    List<Integer> sizes = new ArrayList<>();
    for (int i = 0; i < 9_000; i++) {
      sizes.add(i < SIZES.length ? SIZES[i] : i % 70);
    }
    BatchView batch = batchOf(sizes);
    RecordIterator records = new RecordIterator(batch, batch.records());
    for (int i = 0; i < sizes.size(); i++) {
      assertThat(records.next()).isTrue();
      assertThat(records.offsetDelta()).isEqualTo(i);
      assertThat(records.createTimestamp()).isEqualTo((long) sizes.get(i));
      assertThat(records.key().remaining()).isEqualTo(sizes.get(i) % 200);
      assertThat(records.value().remaining()).isEqualTo((int) sizes.get(i));
    }
    assertThat(records.next()).isFalse();
  }

  @Test
  void recordThatIsCutAnywhereIsRefused() {
    BatchView batch = batchOf(List.of(100, 8_200));
    ByteBuffer whole = batch.records();
    for (int bytes = 0; bytes < whole.limit(); bytes++) {
      RecordIterator records = new RecordIterator(batch, whole.slice(0, bytes));
      assertThatThrownBy(
              () -> {
                while (records.next()) {}
              })
          .as("after %s bytes", bytes)
          .isInstanceOf(InvalidRecordsException.class);
    }
  }
}
