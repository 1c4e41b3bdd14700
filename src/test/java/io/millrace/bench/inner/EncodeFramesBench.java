package io.millrace.bench.inner;

import io.millrace.browser.frame.FrameCutter;
import io.millrace.browser.frame.FrameFormat;
import io.millrace.browser.frame.FrameSink;
import io.millrace.browser.frame.ValueMode;
import java.nio.ByteBuffer;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Turns a batch into frames for browsers, in JSON and binary: done once for all that read it. */
@State(Scope.Thread)
public class EncodeFramesBench {
  private static final int EXPANSION_BYTES_MAX = 1 << 20;

  private final FrameCutter json = new FrameCutter(FrameFormat.json(ValueMode.AUTO));
  private final FrameCutter binary = new FrameCutter(FrameFormat.BINARY);
  private final CountingSink sink = new CountingSink();

  /** Records of the batch, 200 bytes each. */
  @Param({"1", "80"})
  public int records = 80;

  private ByteBuffer batch;

  /** Builds the batch. */
  @Setup
  public void build() {
    batch = SampleBatch.of(records, 200);
  }

  /** Encodes it as text; how many bytes came out. */
  @Benchmark
  public long json() {
    return encode(json);
  }

  /** Encodes it as binary frames; how many bytes came out. */
  @Benchmark
  public long binary() {
    return encode(binary);
  }

  private long encode(FrameCutter cutter) {
    sink.bytes = 0;
    cutter.cut(
        new FrameCutter.Source(
            "bench",
            0,
            batch.duplicate(),
            List.of(),
            0,
            Long.MAX_VALUE,
            EXPANSION_BYTES_MAX,
            FrameCutter.Source.ALL),
        sink);
    return sink.bytes;
  }

  /** Counts what a socket would get. Confined to: the bench's thread. */
  private static final class CountingSink implements FrameSink {
    private long bytes;

    @Override
    public void frame(Cut cut, byte[] frame, int from, int to) {
      bytes += to - from;
    }

    @Override
    public void unreadable(long from, long to, String why) {
      throw new IllegalStateException(why);
    }
  }
}
