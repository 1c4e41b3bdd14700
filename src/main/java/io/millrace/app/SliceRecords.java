package io.millrace.app;

import io.millrace.protocol.FileRecords;
import io.millrace.storage.log.LogSlice;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.jspecify.annotations.Nullable;

/** Shows slices of logs to the protocol, which knows nothing of logs. Immutable. */
record SliceRecords(LogSlice slice) implements FileRecords {

  /** Recognises slices. */
  static @Nullable FileRecords of(BaseRecords records) {
    return records instanceof LogSlice slice ? new SliceRecords(slice) : null;
  }

  @Override
  public @Nullable FileChannel channel() {
    return slice.file().channel();
  }

  @Override
  public long position() {
    return slice.position();
  }

  @Override
  public int sizeInBytes() {
    return slice.sizeInBytes();
  }

  @Override
  public void copyTo(ByteBuffer target) {
    slice.copyTo(target);
  }

  @Override
  public void release() {
    slice.release();
  }
}
