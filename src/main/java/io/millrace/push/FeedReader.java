package io.millrace.push;

import io.millrace.browser.frame.FrameCutter;
import io.millrace.browser.frame.FrameFormat;
import io.millrace.browser.frame.FrameSink;
import io.millrace.eventloop.Work;
import io.millrace.partition.CommittedLog;
import io.millrace.partition.CommittedRead;
import io.millrace.record.BatchDecoder;
import io.millrace.record.BatchView;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import org.apache.kafka.common.protocol.Errors;

/**
 * Reads a partition and cuts what it read into frames: small reads at once, cold or large ones on a
 * worker. Readers that ask for the same place meanwhile share one read.
 *
 * <p>Confined to: its loop.
 */
final class FeedReader {
  /** How much is read at a time, in bytes, save that one batch always comes. */
  private static final int READ_BYTES = 256 << 10;

  private static final int COMPRESSED_AT_ONCE_BYTES = 32 << 10;
  private static final int AT_ONCE_BYTES = 512 << 10;

  private final PushLoop home;
  private final CommittedLog partition;
  private final FrameFormat format;

  FeedReader(PushLoop home, CommittedLog partition, FrameFormat format) {
    this.home = home;
    this.partition = partition;
    this.format = format;
  }

  /**
   * Reads from an offset.
   *
   * @param upTo batches from this offset on are left out
   */
  Future<FeedRead> read(long from, long upTo) {
    return read(from, upTo, FrameCutter.Source.ALL);
  }

  /** As {@link #read(long, long)}, but only records at the offsets that are kept. */
  Future<FeedRead> read(long from, long upTo, LongPredicate keep) {
    Future<CommittedRead> read = partition.read(home.loop(), from, READ_BYTES);
    return read.isComplete() && read.succeeded()
        ? cut(read.result(), from, upTo, keep)
        : read.compose(found -> cut(found, from, upTo, keep));
  }

  private Future<FeedRead> cut(CommittedRead read, long from, long upTo, LongPredicate keep) {
    if (read.error() != Errors.NONE) {
      return Future.succeededFuture(FeedRead.refused(read.error(), read.logStartOffset()));
    }
    if (read.bytes().remaining() == 0) {
      return Future.succeededFuture(
          new FeedRead(
              Errors.NONE, read.logStartOffset(), read.limit(), from, List.of(), List.of(), true));
    }
    FrameCutter.Source source =
        new FrameCutter.Source(
            partition.id().topic(),
            partition.id().partition(),
            read.bytes(),
            read.aborted(),
            from,
            upTo,
            BatchDecoder.expansionLimit(partition.config().maxMessageBytes()),
            keep);
    if (isLarge(read.bytes())) {
      return home.loop()
          .offload(Work.DECOMPRESS, () -> new Cutting(format, new FrameCutter(format)).run(source))
          .map(done -> counted(done, read));
    }
    return Future.succeededFuture(
        counted(new Cutting(format, home.cutter(format)).run(source), read));
  }

  private FeedRead counted(Cutting cutting, CommittedRead read) {
    PushCounters counters = home.counters();
    counters.batchesRead += cutting.batches;
    for (SharedFrame frame : cutting.frames) {
      counters.framesEncoded += frame.hasRecords() ? 1 : 0;
      counters.privateFrames += frame.cut.isPrivate() ? 1 : 0;
    }
    return new FeedRead(
        Errors.NONE,
        read.logStartOffset(),
        read.limit(),
        cutting.next,
        cutting.frames,
        cutting.unreadable,
        false);
  }

  private static boolean isLarge(ByteBuffer bytes) {
    int size = bytes.remaining();
    if (size > AT_ONCE_BYTES) {
      return true;
    }
    return size > COMPRESSED_AT_ONCE_BYTES
        && size >= BatchView.HEADER_BYTES
        && new BatchView().wrap(bytes, 0).isCompressed();
  }

  /** Collects what is cut. Confined to: the thread that runs it. */
  private static final class Cutting implements FrameSink {
    private final FrameCutter cutter;
    private final SharedFrame.Wrapping wrapping;
    private final List<SharedFrame> frames = new ArrayList<>(2);
    private final List<FeedRead.Unreadable> unreadable = new ArrayList<>(0);
    private long next;
    private int batches;

    Cutting(FrameFormat format, FrameCutter cutter) {
      this.cutter = cutter;
      this.wrapping =
          switch (format.kind()) {
            case JSON -> SharedFrame.Wrapping.TEXT_RECORDS;
            case BINARY -> SharedFrame.Wrapping.BINARY_RECORDS;
            case BATCHES -> SharedFrame.Wrapping.BINARY_BATCHES;
          };
    }

    Cutting run(FrameCutter.Source source) {
      next = cutter.cut(source, this);
      batches = cutter.batches();
      return this;
    }

    @Override
    public void frame(Cut cut, byte[] bytes, int from, int to) {
      frames.add(SharedFrame.of(cut, wrapping, bytes, from, to));
    }

    @Override
    public void unreadable(long from, long to, String why) {
      unreadable.add(new FeedRead.Unreadable(from, to));
    }
  }
}
