package io.millrace.cluster.raft;

import io.millrace.storage.log.LogFile;
import io.millrace.storage.log.LogFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Ends before a step that changes the disk. Thread-safe. */
final class CrashingFiles implements LogFiles {
  private final LogFiles files;
  private final AtomicInteger stepsLeft;
  private final Runnable end;

  /**
   * @param crashAt the step before which it ends, counted from 1
   * @param end what ends
   */
  CrashingFiles(LogFiles files, int crashAt, Runnable end) {
    this.files = files;
    this.stepsLeft = new AtomicInteger(crashAt);
    this.end = end;
  }

  private void step() {
    if (stepsLeft.decrementAndGet() == 0) {
      end.run();
    }
  }

  @Override
  public LogFile open(Path file, boolean createNew) throws IOException {
    return files.open(file, createNew);
  }

  @Override
  public boolean exists(Path path) throws IOException {
    return files.exists(path);
  }

  @Override
  public long size(Path file) throws IOException {
    return files.size(file);
  }

  @Override
  public List<Path> list(Path dir) throws IOException {
    return files.list(dir);
  }

  @Override
  public void createDirectories(Path dir) throws IOException {
    step();
    files.createDirectories(dir);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    step();
    files.rename(from, to);
  }

  @Override
  public void delete(Path path) throws IOException {
    step();
    files.delete(path);
  }

  @Override
  public byte[] readAll(Path file) throws IOException {
    return files.readAll(file);
  }

  @Override
  public void writeAtomically(Path file, byte[] content) throws IOException {
    step();
    files.writeAtomically(file, content);
    step();
  }

  @Override
  public void forceDirectory(Path dir) throws IOException {
    files.forceDirectory(dir);
  }

  @Override
  public long usableBytes(Path dir) throws IOException {
    return files.usableBytes(dir);
  }
}
