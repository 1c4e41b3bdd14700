package io.millrace.partition.remote;

import io.millrace.partition.CommittedRead;
import io.millrace.record.BatchView;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The newest batches of a partition that were fetched from its leader, without holes between them.
 * Immutable: a new one takes its place, so that any loop reads it without a hop.
 *
 * @param next offset behind the batches, where the next fetch begins; -1 before the first
 * @param limit last stable offset that the leader told last; -1 before the first
 * @param logStartOffset first offset that may be read, as told last; -1 before the first
 * @param pieces what was fetched, oldest first
 */
record Window(long next, long limit, long logStartOffset, List<Piece> pieces) {
  static final Window EMPTY = new Window(-1, -1, -1, List.of());
  private static final int PIECES_MAX = 64;

  /**
   * What one fetch brought.
   *
   * @param from offset that was asked for
   */
  record Piece(long from, Fetched fetched) {
    int sizeBytes() {
      return fetched.bytes().limit();
    }
  }

  /** An empty window in front of an offset. */
  static Window at(long offset, long limit, long logStartOffset) {
    return new Window(offset, limit, logStartOffset, List.of());
  }

  /** With what a fetch at {@link #next} brought; the oldest pieces go when there are too many. */
  Window plus(Fetched fetched, int bytesMax) {
    if (fetched.next() <= next) {
      return new Window(next, fetched.limit(), fetched.logStartOffset(), pieces);
    }
    List<Piece> kept = new ArrayList<>(pieces);
    kept.add(new Piece(next, fetched));
    long bytes = kept.stream().mapToLong(Piece::sizeBytes).sum();
    while (kept.size() > 1 && (kept.size() > PIECES_MAX || bytes > bytesMax)) {
      bytes -= kept.remove(0).sizeBytes();
    }
    return new Window(fetched.next(), fetched.limit(), fetched.logStartOffset(), List.copyOf(kept));
  }

  /** What is here from an offset on, or null when that has to be fetched. */
  @Nullable CommittedRead read(long from, int maxBytes) {
    for (int i = pieces.size() - 1; i >= 0; i--) {
      Piece piece = pieces.get(i);
      if (from >= piece.from && from < piece.fetched.next()) {
        return new CommittedRead(
            Errors.NONE,
            logStartOffset,
            limit,
            cut(piece.fetched, from, maxBytes),
            piece.fetched.aborted());
      }
    }
    return null;
  }

  /**
   * The batches from that of an offset on. With aborted transactions among them they are given from
   * the first one, for only who has seen where a transaction ends knows what comes behind it.
   */
  private static ByteBuffer cut(Fetched fetched, long from, int maxBytes) {
    ByteBuffer bytes = fetched.bytes();
    BatchView batch = new BatchView();
    int begin = 0;
    if (fetched.aborted().isEmpty()) {
      while (batch.wrap(bytes, begin).end() < bytes.limit() && batch.nextOffset() <= from) {
        begin = batch.end();
      }
    }
    int end = begin;
    while (end < bytes.limit()) {
      batch.wrap(bytes, end);
      boolean wanted = end > begin && batch.baseOffset() > from;
      if (wanted && batch.end() - begin > maxBytes) {
        break;
      }
      end = batch.end();
    }
    if (begin == 0) {
      return bytes.duplicate().limit(end);
    }
    byte[] copy = new byte[end - begin];
    bytes.get(begin, copy);
    return ByteBuffer.wrap(copy);
  }
}
