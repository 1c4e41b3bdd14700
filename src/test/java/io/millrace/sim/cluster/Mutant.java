package io.millrace.sim.cluster;

import static java.io.File.pathSeparator;
import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * The broker with one rule broken: a copy of one source file is changed and compiled, and a class
 * loader of its own puts it in the place of the right one. What is built and shipped knows nothing
 * of it.
 *
 * <p>Confined to: one thread.
 */
final class Mutant implements AutoCloseable {
  /**
   * A rule and how it is broken.
   *
   * @param rule the rule, in words
   * @param file source file below {@code src/main/java/io/millrace}
   * @param right text that stands there exactly once
   * @param wrong text in its place
   */
  record Mutation(String rule, String file, String right, String wrong) {}

  /**
   * What became of a mutant.
   *
   * @param schedules how many were run
   * @param checker who found it; null when nobody did
   * @param seed of the schedule in which it was found
   * @param said what the checker said
   */
  record Outcome(
      Mutation mutation, long schedules, @Nullable String checker, String seed, String said) {}

  private static final Path SOURCES = Path.of("src/main/java/io/millrace");

  private final Mutation mutation;
  private final Path classes;

  private Mutant(Mutation mutation, Path classes) {
    this.mutation = mutation;
    this.classes = classes;
  }

  /**
   * The source with the rule broken.
   *
   * @throws IllegalArgumentException when the text to change is not there once
   */
  static String changed(Mutation mutation) throws IOException {
    String source = Files.readString(SOURCES.resolve(mutation.file));
    int at = source.indexOf(mutation.right);
    if (at < 0 || source.indexOf(mutation.right, at + 1) >= 0) {
      throw new IllegalArgumentException(
          mutation.file + " has this not exactly once: " + mutation.right);
    }
    return source.replace(mutation.right, mutation.wrong);
  }

  /**
   * Makes it.
   *
   * @throws IllegalArgumentException when the text to change is not there once, or what comes out
   *     does not compile
   */
  static Mutant of(Mutation mutation) throws IOException {
    String source = changed(mutation);
    Path folder = Files.createTempDirectory("mutant");
    Path changed = folder.resolve("source").resolve(mutation.file);
    Files.createDirectories(changed.getParent());
    Files.writeString(changed, source);
    Path classes = Files.createDirectories(folder.resolve("classes"));
    compile(changed, classes);
    return new Mutant(mutation, classes);
  }

  private static String classPath() {
    String own =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    if (Mutant.class.getClassLoader() instanceof URLClassLoader loader) {
      return Stream.of(loader.getURLs()).map(URL::getPath).collect(joining(pathSeparator));
    }
    return own;
  }

  private static void compile(Path source, Path classes) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, Locale.ROOT, null)) {
      List<String> options =
          List.of(
              "--release",
              "17",
              "-proc:none",
              "-nowarn",
              "-d",
              classes.toString(),
              "-cp",
              classPath());
      boolean compiled =
          compiler
              .getTask(messages, files, null, options, null, files.getJavaFileObjects(source))
              .call();
      if (!compiled) {
        throw new IllegalArgumentException(source + " does not compile: " + messages);
      }
    }
  }

  /** Runs schedules until a checker finds the broken rule, at most {@code count}. */
  Outcome hunt(int brokers, int steps, int count, long first) throws Exception {
    List<URL> urls = new ArrayList<>();
    urls.add(classes.toUri().toURL());
    for (String entry : classPath().split(pathSeparator)) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    try (OwnFirst loader = new OwnFirst(urls.toArray(new URL[0]), Mutant.class.getClassLoader())) {
      loader.setDefaultAssertionStatus(true);
      Class<?> hunt = loader.loadClass("io.millrace.sim.cluster.Hunt");
      Object found =
          hunt.getMethod("run", int.class, int.class, int.class, long.class)
              .invoke(null, brokers, steps, count, first);
      String[] answer = ((String) found).split(" ", 4);
      long schedules = Long.parseLong(answer[0]);
      return answer.length < 4
          ? new Outcome(mutation, schedules, null, "", "")
          : new Outcome(mutation, schedules, answer[1], answer[2], answer[3]);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(mutation.rule + ": the hunt itself failed", e.getCause());
    }
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> all = Files.walk(classes.getParent())) {
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** Loads our own classes anew, everything else as usual. */
  private static final class OwnFirst extends URLClassLoader {
    OwnFirst(URL[] urls, ClassLoader parent) {
      super(urls, parent);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("io.millrace.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded != null ? loaded : findClass(name);
      }
    }
  }
}
