package io.millrace.cluster;

import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.Work;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.FactCodec;
import io.millrace.metadata.MetadataEntry;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A metadata log in memory, which outlives the process that writes it. Every entry passes through
 * its stored form. Confined to: the test's thread.
 */
public final class MemoryMetadataLog implements MetadataLog {
  private final EventLoop control;
  private final List<byte[]> stored;
  private Applier applier;
  private Throwable fault;
  private Future<byte[]> written = Future.succeededFuture(new byte[0]);

  /**
   * @param stored where entries are kept; a second log on the same list continues it
   */
  public MemoryMetadataLog(EventLoop control, List<byte[]> stored) {
    this.control = control;
    this.stored = stored;
  }

  /** From now on every entry fails. */
  public void failWith(Throwable cause) {
    fault = cause;
  }

  @Override
  public Future<Void> open(Applier appliesTo) {
    applier = appliesTo;
    applier.restored(ClusterImage.EMPTY);
    long term = 0;
    for (byte[] bytes : List.copyOf(stored)) {
      MetadataEntry entry = FactCodec.decode(ByteBuffer.wrap(bytes));
      term = entry.term();
      applier.committed(entry.term(), entry);
    }
    applier.leading(term + 1);
    return Future.succeededFuture();
  }

  @Override
  public void submit(MetadataEntry entry) {
    byte[] bytes = FactCodec.encode(entry);
    // One after the other: workers may finish in any order.
    written =
        written
            .compose(before -> control.offload(Work.FLUSH, () -> bytes))
            .onSuccess(
                stable -> {
                  if (fault != null) {
                    applier.failed(fault);
                  } else {
                    stored.add(stable);
                    applier.committed(entry.term(), FactCodec.decode(ByteBuffer.wrap(stable)));
                  }
                });
  }

  @Override
  public Future<Void> close() {
    return Future.succeededFuture();
  }

  /** All entries that were stored. */
  public static List<MetadataEntry> entries(List<byte[]> stored) {
    List<MetadataEntry> entries = new ArrayList<>();
    stored.forEach(bytes -> entries.add(FactCodec.decode(ByteBuffer.wrap(bytes))));
    return entries;
  }
}
