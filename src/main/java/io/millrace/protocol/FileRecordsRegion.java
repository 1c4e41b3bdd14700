package io.millrace.protocol;

import io.netty.channel.DefaultFileRegion;
import java.nio.channels.FileChannel;

/**
 * Records that the kernel sends from their file. When the last byte has left, or the connection has
 * ended, the records are given back; the file stays open, other than in the class it extends (which
 * the native transports insist on).
 */
final class FileRecordsRegion extends DefaultFileRegion {
  private final FileRecords records;

  FileRecordsRegion(FileChannel channel, FileRecords records) {
    super(channel, records.position(), records.sizeInBytes());
    this.records = records;
  }

  @Override
  protected void deallocate() {
    records.release();
  }
}
