package io.millrace.rest;

import io.millrace.browser.frame.ByteSink;
import io.millrace.browser.frame.CommittedBatches;
import io.millrace.browser.frame.FrameFormat;
import io.millrace.browser.frame.RecordEncoder;
import io.millrace.browser.frame.ValueMode;
import io.millrace.partition.CommittedRead;
import io.millrace.record.BatchDecoder;
import io.millrace.record.BatchView;
import io.millrace.record.InvalidRecordsException;
import io.millrace.record.RecordIterator;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes JSON of the records in what was read. Immutable.
 *
 * @param partition number of the partition
 * @param from first offset wanted
 * @param leaderEpoch epoch of the record before it
 * @param limit most records
 * @param value how values are shown
 * @param expansionLimit bytes that a batch may have when it is decompressed
 */
record RecordCut(
    int partition, long from, int leaderEpoch, int limit, ValueMode value, int expansionLimit) {

  /**
   * What was made.
   *
   * @param items records with commas between them
   * @param count number of records
   * @param nextOffset where the reader stands behind them
   * @param leaderEpoch epoch of the last batch that was passed
   * @param unreadable offsets whose batches cannot be decoded
   */
  record Result(
      byte[] items, int count, long nextOffset, int leaderEpoch, List<Unreadable> unreadable) {}

  /** Offsets from one to before another. */
  record Unreadable(long from, long to) {}

  /** Decodes; may decompress, so on a worker. */
  Result of(CommittedRead read) {
    ByteSink out = new ByteSink(read.bytes().remaining());
    RecordEncoder encoder = new RecordEncoder(FrameFormat.json(value));
    CommittedBatches batches = new CommittedBatches(read.bytes(), read.aborted());
    List<Unreadable> unreadable = new ArrayList<>();
    long next = from;
    int epoch = leaderEpoch;
    int count = 0;
    while (count < limit && batches.next()) {
      BatchView batch = batches.batch();
      if (batch.lastOffset() < from) {
        continue;
      }
      if (!batches.isReadable()) {
        unreadable.add(new Unreadable(next, batch.nextOffset()));
        next = batch.nextOffset();
        continue;
      }
      epoch = batch.leaderEpoch();
      boolean whole = true;
      if (batches.isVisible()) {
        try {
          RecordIterator records =
              new RecordIterator(batch, BatchDecoder.records(batch, expansionLimit));
          while (whole && records.next()) {
            if (records.offset() >= from) {
              if (count == limit) {
                whole = false;
              } else {
                if (count++ > 0) {
                  out.put(',');
                }
                encoder.encodeItem(records, partition, epoch, out);
                next = records.offset() + 1;
              }
            }
          }
        } catch (InvalidRecordsException e) {
          unreadable.add(new Unreadable(next, batch.nextOffset()));
        }
      }
      next = whole ? batch.nextOffset() : next;
    }
    return new Result(out.copy(), count, next, epoch, unreadable);
  }
}
