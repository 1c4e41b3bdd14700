package io.millrace.push;

import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/**
 * What a feed read and cut. It holds one reference to each frame until {@link #release}.
 *
 * @param error NONE, or why the partition refused
 * @param logStartOffset first offset that may be read
 * @param limit first offset that cannot be read yet
 * @param next offset behind what was read
 * @param frames what was cut, in the order of the offsets
 * @param unreadable what could not be decoded, in the order of the offsets
 * @param isAtEnd whether there was nothing to read
 */
record FeedRead(
    Errors error,
    long logStartOffset,
    long limit,
    long next,
    List<SharedFrame> frames,
    List<Unreadable> unreadable,
    boolean isAtEnd) {

  /** Records that could not be decoded. */
  record Unreadable(long from, long to) {}

  static FeedRead refused(Errors error, long logStartOffset) {
    return new FeedRead(error, logStartOffset, -1, -1, List.of(), List.of(), false);
  }

  /** Tells a cursor that stands in front of what cannot be decoded, and takes it past. */
  void tellUnreadable(Cursor cursor) {
    boolean moved = true;
    while (moved) {
      moved = false;
      for (Unreadable hole : unreadable) {
        if (cursor.next == hole.from) {
          cursor.subscription.unreadable(cursor, hole);
          moved = true;
        }
      }
      for (SharedFrame frame : frames) {
        if (moved && frame.cut.first() == cursor.next && cursor.wants()) {
          cursor.take(frame);
        }
      }
    }
  }

  void release() {
    frames.forEach(SharedFrame::release);
  }
}
