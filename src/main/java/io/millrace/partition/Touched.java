package io.millrace.partition;

import io.millrace.storage.log.LogFile;
import io.millrace.storage.log.LogSlice;
import io.vertx.core.Future;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a log's file that a worker has just brought into memory. Immutable.
 *
 * @param file null for none
 * @param from position of the first byte
 * @param to position behind the last byte
 */
public record Touched(@Nullable LogFile file, long from, long to) {

  /** No bytes. */
  public static final Touched NOTHING = new Touched(null, 0, 0);

  /** Nothing had to be. */
  static final Future<Touched> NOTHING_COLD = Future.succeededFuture(NOTHING);

  /** Touches the bytes of a read and gives them back; may wait for the disk. */
  static Touched of(ReadOutcome found) throws IOException {
    try {
      LogSlice slice = found.slice();
      if (slice == null || slice.sizeInBytes() == 0) {
        return NOTHING;
      }
      slice.touch();
      return new Touched(slice.file(), slice.position(), slice.position() + slice.sizeInBytes());
    } finally {
      found.release();
    }
  }

  /** Whether all bytes of a read are among them. */
  public boolean covers(ReadOutcome outcome) {
    LogSlice slice = outcome.slice();
    return slice != null
        && slice.sizeInBytes() > 0
        && slice.file() == file
        && slice.position() >= from
        && slice.position() + slice.sizeInBytes() <= to;
  }
}
