package io.millrace.coordinator.runtime;

import io.millrace.coordinator.shard.RecordCodec;
import io.millrace.coordinator.shard.Shard;
import io.millrace.record.BatchDecoder;
import io.millrace.record.BatchView;
import io.millrace.record.InvalidRecordsException;
import io.millrace.record.RecordIterator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;

/**
 * Records of a few batches, decoded on a worker, to be replayed on the shard's loop. Immutable.
 *
 * @param entries records and end markers in the order of the log
 * @param nextOffset offset behind the last batch
 */
record LoadedChunk<R>(List<Entry<R>> entries, long nextOffset) {
  private static final int RECORDS_BYTES_MAX = 64 << 20;
  private static final short MARKER_COMMIT = 1;
  private static final int MARKER_KEY_BYTES = 4;

  /** Something to replay. */
  interface Entry<R> {
    void replayTo(Shard<R> shard);
  }

  /**
   * Decodes whole batches.
   *
   * @param from offset below which records were replayed before
   * @throws InvalidRecordsException when a batch cannot be decompressed or its records do not read
   */
  static <R> LoadedChunk<R> decode(ByteBuffer batches, long from, RecordCodec<R> codec)
      throws InvalidRecordsException {
    List<Entry<R>> entries = new ArrayList<>();
    long nextOffset = from;
    BatchView batch = new BatchView();
    int position = batches.position();
    while (position < batches.limit()) {
      batch.wrap(batches, position);
      if (batch.magic() == BatchView.MAGIC_V2) {
        decode(batch, from, codec, entries);
        nextOffset = batch.nextOffset();
      } else {
        nextOffset = decodeOld(batches.slice(position, batch.sizeBytes()), from, codec, entries);
      }
      position += batch.sizeBytes();
    }
    return new LoadedChunk<>(entries, nextOffset);
  }

  /** Message sets from before Kafka 0.11, in an imported log. Gives the offset behind them. */
  private static <R> long decodeOld(
      ByteBuffer batches, long from, RecordCodec<R> codec, List<Entry<R>> entries) {
    long nextOffset = from;
    for (Record old : MemoryRecords.readableRecords(batches).records()) {
      ByteBuffer key = old.key();
      if (old.offset() >= from && key != null) {
        R record = codec.decode(key, old.value());
        entries.add(shard -> shard.replay(-1, (short) -1, record));
      }
      nextOffset = old.offset() + 1;
    }
    return nextOffset;
  }

  private static <R> void decode(
      BatchView batch, long from, RecordCodec<R> codec, List<Entry<R>> entries)
      throws InvalidRecordsException {
    long producerId = batch.isTransactional() ? batch.producerId() : -1;
    short producerEpoch = batch.isTransactional() ? batch.producerEpoch() : -1;
    boolean control = batch.isControl();
    RecordIterator records =
        new RecordIterator(batch, BatchDecoder.records(batch, RECORDS_BYTES_MAX));
    while (records.next()) {
      ByteBuffer key = records.key();
      if (records.offset() < from || key == null) {
        continue;
      }
      if (!control) {
        R record = codec.decode(key, records.value());
        entries.add(shard -> shard.replay(producerId, producerEpoch, record));
      } else if (key.remaining() >= MARKER_KEY_BYTES && producerId >= 0) {
        boolean committed = key.getShort(key.position() + Short.BYTES) == MARKER_COMMIT;
        entries.add(shard -> shard.replayEndMarker(producerId, producerEpoch, committed));
      }
    }
  }
}
