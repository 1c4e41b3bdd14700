package io.millrace.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.LoggerFactory;

/**
 * Says in one line of a file, usually the pipe of a script that waits, how the start went: {@code
 * ready …} or {@code failed …}. Stateless.
 */
final class ReadyFile implements StartWatcher {
  private final Path file;

  ReadyFile(Path file) {
    this.file = file;
  }

  @Override
  public void ready(Ready ready) {
    write("ready broker " + ready.broker() + ", " + ready.ports());
  }

  @Override
  public void failed(String sentence) {
    write("failed " + sentence.replaceAll("\\s*\\R\\s*", " "));
  }

  private void write(String line) {
    try {
      Files.writeString(file, line + "\n", StandardOpenOption.WRITE);
    } catch (IOException e) {
      LoggerFactory.getLogger(ReadyFile.class)
          .debug("who waited for the start has gone: {}", e.toString());
    }
  }
}
