package io.millrace.partition.remote;

import io.millrace.partition.CommittedRead;
import io.millrace.record.BatchView;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * What a fetch of one partition brought. Immutable.
 *
 * @param error NONE, or why nothing was read
 * @param logStartOffset first offset that may be read; -1 with most errors
 * @param limit last stable offset
 * @param bytes whole batches on the heap; empty when there are none
 * @param next offset behind them; -1 when there are none
 * @param aborted aborted transactions among them
 */
record Fetched(
    Errors error,
    long logStartOffset,
    long limit,
    ByteBuffer bytes,
    long next,
    List<AbortedTransaction> aborted) {

  static Fetched refused(Errors error) {
    return new Fetched(error, -1, -1, CommittedRead.NO_BYTES, -1, List.of());
  }

  /** Copies what is in an answer, which is given back afterwards. */
  static Fetched of(FetchResponseData answer) {
    if (answer.errorCode() != Errors.NONE.code()) {
      return refused(Errors.forCode(answer.errorCode()));
    }
    PartitionData part = answer.responses().get(0).partitions().get(0);
    if (part.errorCode() != Errors.NONE.code()) {
      return new Fetched(
          Errors.forCode(part.errorCode()),
          part.logStartOffset(),
          -1,
          CommittedRead.NO_BYTES,
          -1,
          List.of());
    }
    ByteBuffer bytes =
        part.records() instanceof MemoryRecords records
            ? whole(records.buffer())
            : CommittedRead.NO_BYTES;
    long next = -1;
    BatchView batch = new BatchView();
    for (int at = 0; at < bytes.limit(); at = batch.end()) {
      next = nextOffset(batch.wrap(bytes, at));
    }
    List<AbortedTransaction> aborted = part.abortedTransactions();
    return new Fetched(
        Errors.NONE,
        part.logStartOffset(),
        part.lastStableOffset(),
        bytes,
        next,
        aborted == null ? List.of() : List.copyOf(aborted));
  }

  /** In the formats before v2 the base offset of a set is that of its last record. */
  private static long nextOffset(BatchView batch) {
    return batch.magic() == BatchView.MAGIC_V2 ? batch.nextOffset() : batch.baseOffset() + 1;
  }

  /** A copy of the batches that came whole. */
  private static ByteBuffer whole(ByteBuffer records) {
    ByteBuffer source = records.duplicate();
    int begin = source.position();
    int end = begin;
    BatchView batch = new BatchView();
    while (source.limit() - end >= BatchView.MAGIC_END
        && batch.wrap(source, end).sizeBytes() >= BatchView.MAGIC_END
        && batch.sizeBytes() <= source.limit() - end
        && (batch.magic() != BatchView.MAGIC_V2 || batch.sizeBytes() >= BatchView.HEADER_BYTES)) {
      end = batch.end();
    }
    byte[] copy = new byte[end - begin];
    source.get(begin, copy);
    return ByteBuffer.wrap(copy);
  }

  CommittedRead read() {
    return new CommittedRead(error, logStartOffset, limit, bytes.duplicate(), aborted);
  }
}
