package io.millrace.storage;

import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.Work;
import io.millrace.storage.log.LogSlice;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Touches bytes that are likely not in the page cache, so that sending them does not wait for the
 * disk.
 *
 * <p>Thread-safe: no state.
 */
final class ColdRead {
  private static final int CHUNK_BYTES = 128 << 10;

  private ColdRead() {}

  /** Reads the slice on a worker; it is held meanwhile. Completes on {@code loop}. */
  static Future<LogSlice> of(EventLoop loop, LogSlice slice) {
    slice.retain();
    return loop.offload(Work.COLD_READ, () -> touch(slice)).onComplete(done -> slice.release());
  }

  private static LogSlice touch(LogSlice slice) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(Math.max(1, Math.min(CHUNK_BYTES, slice.sizeInBytes())));
    long end = slice.position() + slice.sizeInBytes();
    for (long at = slice.position(); at < end; ) {
      chunk.clear().limit((int) Math.min(chunk.capacity(), end - at));
      int n = slice.file().read(chunk, at);
      if (n <= 0) {
        throw new IOException("the file ends at " + at + ", before the slice does");
      }
      at += n;
    }
    return slice;
  }
}
