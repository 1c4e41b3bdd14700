package io.millrace.cluster.raft;

import io.millrace.storage.log.ForwardingFiles;
import io.millrace.storage.log.LogFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** Ends before a step that changes the disk. Thread-safe. */
final class CrashingFiles extends ForwardingFiles {
  private final AtomicInteger stepsLeft;
  private final Runnable end;

  /**
   * @param crashAt the step before which it ends, counted from 1
   * @param end what ends
   */
  CrashingFiles(LogFiles files, int crashAt, Runnable end) {
    super(files);
    this.stepsLeft = new AtomicInteger(crashAt);
    this.end = end;
  }

  private void step() {
    if (stepsLeft.decrementAndGet() == 0) {
      end.run();
    }
  }

  @Override
  public void createDirectories(Path dir) throws IOException {
    step();
    super.createDirectories(dir);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    step();
    super.rename(from, to);
  }

  @Override
  public void delete(Path path) throws IOException {
    step();
    super.delete(path);
  }

  @Override
  public void writeAtomically(Path file, byte[] content) throws IOException {
    step();
    super.writeAtomically(file, content);
    step();
  }
}
