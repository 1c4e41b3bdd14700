package io.millrace.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The class path of this build's brokers, without the tests, and an archive of what one run loads
 * from it: each later start takes less than half of the processor's time. An archive is only of
 * jars, so this build's classes are packed into one. It is made once per build and kept below
 * {@code target/it}; without it, should it not come to be, everything runs as well.
 *
 * <p>Thread-safe.
 */
final class QuickClasses {
  private static final Path CLASSES = Path.of("target", "classes");
  private static final int PATIENCE_SECONDS = 240;
  private static final List<String> LIGHT = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private final Path jar;
  private final Path archive;

  private QuickClasses(Path folder) {
    this.jar = folder.resolve("millrace.jar");
    this.archive = folder.resolve("broker.jsa");
  }

  private static final class Made {
    static final QuickClasses ONCE = make();
  }

  /** Options of a JVM that is to run this build's classes: class path, archive, light work. */
  static List<String> options() {
    return Made.ONCE.all();
  }

  private List<String> all() {
    List<String> options = new ArrayList<>(LIGHT);
    if (Files.exists(archive)) {
      options.addAll(List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:cds*=off"));
    }
    options.addAll(List.of("-cp", classPath()));
    return options;
  }

  private static QuickClasses make() {
    Path folder = Path.of("target", "it", "quick-classes").toAbsolutePath();
    try {
      Files.createDirectories(folder);
      // Tests may run in several processes.
      try (FileChannel lock =
          FileChannel.open(
              folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        lock.lock();
        QuickClasses classes = new QuickClasses(folder);
        if (classes.isStale()) {
          classes.build(folder);
        }
        return classes;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isStale() throws IOException {
    if (!Files.exists(jar)) {
      return true;
    }
    FileTime packed = Files.getLastModifiedTime(jar);
    try (Stream<Path> files = Files.walk(CLASSES)) {
      for (Path file : files.toList()) {
        if (Files.getLastModifiedTime(file).compareTo(packed) > 0) {
          return true;
        }
      }
    }
    return false;
  }

  private void build(Path folder) throws IOException {
    Files.deleteIfExists(archive);
    ScriptHome.pack(CLASSES, jar, new Manifest());
    Path work = Files.createTempDirectory(folder, "rehearsal");
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(LIGHT);
    line.addAll(List.of("-XX:ArchiveClassesAtExit=" + archive, "-Xlog:cds*=off", "-Xmx256m"));
    line.addAll(List.of("-Dmillrace.home=" + work, "-cp", classPath()));
    line.addAll(List.of("io.millrace.cli.Rehearsal", work.toString()));
    Process process =
        new ProcessBuilder(line)
            .redirectInput(Redirect.from(new File("/dev/null")))
            .redirectErrorStream(true)
            .redirectOutput(Redirect.to(folder.resolve("rehearsal.log").toFile()))
            .start();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        Files.deleteIfExists(archive);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw new IllegalStateException(e);
    }
    try (Stream<Path> files = Files.walk(work)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.contains("test-classes"))
        .map(entry -> entry.endsWith(CLASSES.toString()) ? jar.toString() : entry)
        .collect(Collectors.joining(File.pathSeparator));
  }
}
