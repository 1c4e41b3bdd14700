package io.millrace.sim;

import io.millrace.storage.log.LogSlice;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

/** Reads what a broker answers. Stateless. */
public final class Answers {

  private Answers() {}

  /** Gives back the file regions of an answer that nobody reads. */
  public static void release(@Nullable ApiMessage answer) {
    if (answer instanceof FetchResponseData fetch) {
      for (FetchableTopicResponse topic : fetch.responses()) {
        for (PartitionData data : topic.partitions()) {
          if (data.records() instanceof LogSlice slice) {
            slice.release();
          }
        }
      }
    }
  }

  /** The bytes of records, which are given back. */
  public static MemoryRecords read(@Nullable BaseRecords records) {
    if (records instanceof LogSlice slice) {
      ByteBuffer bytes = slice.read();
      slice.release();
      return MemoryRecords.readableRecords(bytes);
    }
    return records == null ? MemoryRecords.EMPTY : (MemoryRecords) records;
  }

  /** Batches of records, each checked by its CRC. */
  public static List<RecordBatch> batches(MemoryRecords records) {
    List<RecordBatch> batches = new ArrayList<>();
    for (RecordBatch batch : records.batches()) {
      batch.ensureValid();
      batches.add(batch);
    }
    return batches;
  }

  /** Text of a record's value; null for a tombstone. */
  public static @Nullable String value(Record record) {
    return record.hasValue() ? text(record.value()) : null;
  }

  /** Text of a record's key; null without one. */
  public static @Nullable String key(Record record) {
    return record.hasKey() ? text(record.key()) : null;
  }

  private static String text(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return new String(copy, StandardCharsets.UTF_8);
  }
}
