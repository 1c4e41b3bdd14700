package io.millrace.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Who is told how a start goes, beside the log: a script that waits, the system's service manager,
 * files with the process id. Called by the main thread, and in the end by the JVM's shutdown
 * thread.
 */
interface StartWatcher {
  /** Names, as a property of the JVM, the file that is told of the start in a line. */
  String READY_FILE = "millrace.ready.file";

  /**
   * What there is to say of a broker that serves.
   *
   * @param broker its id
   * @param ports where it listens, for people
   * @param readyMs how long the start took
   */
  record Ready(int broker, String ports, long readyMs) {}

  /** The broker serves. */
  void ready(Ready ready);

  /** There will be no broker, for the reason that the sentence names. */
  default void failed(String sentence) {}

  /** The broker served and ends by itself, for the reason that the sentence names. */
  default void ended(String sentence) {}

  /** The broker begins to stop. */
  default void stopping() {}

  /** The broker has stopped, and the process ends. */
  default void stopped() {}

  /**
   * Those whom this process was told of.
   *
   * @param logs folder of the log files
   * @param environment of the process
   */
  static StartWatcher ofProcess(Path logs, Map<String, String> environment) {
    List<StartWatcher> watchers = new ArrayList<>();
    watchers.add(new PidFiles(logs));
    String socket = environment.getOrDefault("NOTIFY_SOCKET", "");
    if (!socket.isEmpty()) {
      watchers.add(new ServiceSocket(socket));
    }
    String file = System.getProperty(READY_FILE, "");
    if (!file.isEmpty()) {
      watchers.add(new ReadyFile(Path.of(file)));
    }
    return new All(watchers);
  }

  /** Tells each in turn; the last one is the script, which then finds the files of the others. */
  record All(List<StartWatcher> watchers) implements StartWatcher {
    @Override
    public void ready(Ready ready) {
      watchers.forEach(watcher -> watcher.ready(ready));
    }

    @Override
    public void failed(String sentence) {
      watchers.forEach(watcher -> watcher.failed(sentence));
    }

    @Override
    public void ended(String sentence) {
      watchers.forEach(watcher -> watcher.ended(sentence));
    }

    @Override
    public void stopping() {
      watchers.forEach(StartWatcher::stopping);
    }

    @Override
    public void stopped() {
      watchers.forEach(StartWatcher::stopped);
    }
  }
}
