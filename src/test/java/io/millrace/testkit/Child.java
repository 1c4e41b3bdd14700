package io.millrace.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A child process whose lines are collected as they come. Thread-safe. */
public final class Child implements AutoCloseable {
  private final Process process;
  private final List<String> out = new CopyOnWriteArrayList<>();
  private final List<String> err = new CopyOnWriteArrayList<>();
  private final List<Thread> readers;

  private Child(Process process, Consumer<String> onLine) {
    this.process = process;
    this.readers =
        List.of(
            collect(
                process.getInputStream(),
                line -> {
                  out.add(line);
                  onLine.accept(line);
                }),
            collect(process.getErrorStream(), err::add));
    process.onExit().thenRun(this::wake);
  }

  /** Starts a command. */
  public static Child start(List<String> command) {
    return start(command, line -> {});
  }

  /**
   * Starts a command.
   *
   * @param onLine takes each line of its standard output, on the thread that reads them; it must
   *     not wait
   */
  public static Child start(List<String> command, Consumer<String> onLine) {
    try {
      Process process = new ProcessBuilder(command).start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      return new Child(process, onLine);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Runs a command with {@code input} on its standard input and returns its lines.
   *
   * @throws IllegalStateException with what it said, when it fails or lasts longer than a minute
   */
  public static List<String> run(List<String> command, String input) {
    try (Child child = start(command)) {
      child.type(input);
      child.endInput();
      return child.awaitSuccess(60);
    }
  }

  /** Like {@link #run(List, String)} without input. */
  public static List<String> run(List<String> command) {
    return run(command, "");
  }

  /** True when a program of this name can be started. */
  public static boolean exists(String program) {
    return Arrays.stream(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /** Gives text to the process. */
  public void type(String text) {
    try {
      process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new IllegalStateException("it read no more: " + err, e);
    }
  }

  /** Closes the process's input. */
  public void endInput() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for its end; fails unless it ended well. */
  public List<String> awaitSuccess(int seconds) {
    try {
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        throw new IllegalStateException("still running after " + seconds + " s: " + said());
      }
      for (Thread reader : readers) {
        reader.join();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    if (process.exitValue() != 0) {
      throw new IllegalStateException("ended with " + process.exitValue() + ": " + said());
    }
    return out;
  }

  /**
   * Waits until something is so that its lines or its end bring about.
   *
   * @return false when it is not so in time
   */
  public synchronized boolean await(BooleanSupplier condition, long patienceMs) {
    long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMs);
    try {
      while (!condition.getAsBoolean()) {
        long leftNs = endNs - System.nanoTime();
        if (leftNs <= 0) {
          return false;
        }
        TimeUnit.NANOSECONDS.timedWait(this, leftNs);
      }
      return true;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private synchronized void wake() {
    notifyAll();
  }

  /** Whether it has not ended. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Lines of its standard output so far. */
  public List<String> lines() {
    return out;
  }

  /** Lines of its standard error so far. */
  public List<String> errorLines() {
    return err;
  }

  /** Process id. */
  public long pid() {
    return process.pid();
  }

  /** Asks it to end, and waits. */
  public void terminate() {
    process.destroy();
    try {
      process.waitFor(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ends it at once, when it still runs. */
  @Override
  public void close() {
    process.destroyForcibly();
  }

  private String said() {
    return String.join("\n", out) + "\n" + String.join("\n", err);
  }

  private Thread collect(InputStream from, Consumer<String> into) {
    Thread thread =
        new Thread(
            () -> {
              try (BufferedReader reader =
                  new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8))) {
                reader
                    .lines()
                    .forEach(
                        line -> {
                          into.accept(line);
                          wake();
                        });
              } catch (IOException | UncheckedIOException e) {
                // the process was ended while it spoke
              }
            },
            "child-lines");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
