package io.millrace.cli.records;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a stream as bytes, so that text of any encoding passes unchanged. A line ends at
 * {@code \n}, {@code \r} or {@code \r\n}, as for Kafka's tools; what stands after the last end is a
 * line, too. Confined to: the thread that reads.
 */
public final class LineBytes {
  private static final int BUFFER_BYTES = 1 << 16;

  private final InputStream in;
  private byte[] buffer = new byte[BUFFER_BYTES];
  private int begin;
  private int end;
  private boolean afterReturn;

  /** Lines of {@code in}, which stays open. */
  public LineBytes(InputStream in) {
    this.in = in;
  }

  /** The next line without its end; null when there is none. */
  public byte @Nullable [] next() throws IOException {
    int at = begin;
    while (true) {
      if (at == end) {
        int scanned = at - begin;
        if (!fill()) {
          return scanned == 0 ? null : take(end, end);
        }
        at = begin + scanned;
      }
      if (afterReturn) {
        afterReturn = false;
        if (buffer[at] == '\n') {
          begin = ++at;
          continue;
        }
      }
      byte one = buffer[at];
      if (one == '\n' || one == '\r') {
        afterReturn = one == '\r';
        return take(at, at + 1);
      }
      at++;
    }
  }

  /** Whether a line may be had without waiting for whoever writes. */
  public boolean isReady() throws IOException {
    return begin < end || in.available() > 0;
  }

  private byte[] take(int lineEnd, int nextBegin) {
    byte[] line = Arrays.copyOfRange(buffer, begin, lineEnd);
    begin = nextBegin;
    return line;
  }

  /** Reads more behind what is there. */
  private boolean fill() throws IOException {
    if (begin > 0) {
      System.arraycopy(buffer, begin, buffer, 0, end - begin);
      end -= begin;
      begin = 0;
    }
    if (end == buffer.length) {
      buffer = Arrays.copyOf(buffer, buffer.length * 2);
    }
    int count = in.read(buffer, end, buffer.length - end);
    if (count < 0) {
      return false;
    }
    end += count;
    return count > 0 || fill();
  }
}
