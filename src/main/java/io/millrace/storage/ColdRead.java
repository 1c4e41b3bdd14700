package io.millrace.storage;

import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.Work;
import io.millrace.storage.log.LogSlice;
import io.vertx.core.Future;
import java.io.IOException;

/**
 * Touches bytes that are likely not in the page cache, so that sending them does not wait for the
 * disk.
 *
 * <p>Thread-safe: no state.
 */
final class ColdRead {
  private ColdRead() {}

  /** Touches the slice on a worker; it is held meanwhile. Completes on {@code loop}. */
  static Future<LogSlice> of(EventLoop loop, LogSlice slice) {
    slice.retain();
    return loop.offload(Work.COLD_READ, () -> touch(slice)).onComplete(done -> slice.release());
  }

  private static LogSlice touch(LogSlice slice) throws IOException {
    slice.touch();
    return slice;
  }
}
