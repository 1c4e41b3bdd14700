package io.millrace.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * The process id in the folder of the log: in {@code millrace.pid}, where people look for it, and
 * in {@code millrace-<id>.pid}, one per broker, since several brokers of one home may share the
 * folder. The first names the one that became ready last. Both are written when the broker serves,
 * not before, so that a start that fails leaves those of a running broker alone; a broker takes
 * away only what names itself.
 *
 * <p>Called by the main thread, and in the end by the JVM's shutdown thread.
 */
final class PidFiles implements StartWatcher {
  private final Path folder;
  private final String pid = Long.toString(ProcessHandle.current().pid());
  private volatile List<Path> written = List.of();

  PidFiles(Path folder) {
    this.folder = folder;
  }

  @Override
  public void ready(Ready ready) {
    List<Path> files = new ArrayList<>();
    for (String name : List.of("millrace.pid", "millrace-" + ready.broker() + ".pid")) {
      Path file = folder.resolve(name);
      try {
        Files.writeString(file, pid + "\n");
        files.add(file);
      } catch (IOException e) {
        LoggerFactory.getLogger(PidFiles.class).warn("no process id in {}: {}", file, e.toString());
      }
    }
    written = List.copyOf(files);
  }

  @Override
  public void stopped() {
    for (Path file : written) {
      try {
        if (Files.readString(file).strip().equals(pid)) {
          Files.delete(file);
        }
      } catch (IOException e) {
        LoggerFactory.getLogger(PidFiles.class).warn("{} stays behind: {}", file, e.toString());
      }
    }
  }
}
