package io.millrace.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Kafka's own command line tools of one release, run in this process behind a class loader of their
 * own, so that comparing dozens of command lines takes seconds. Their output is caught by replacing
 * {@code System.out} for the while. Confined to: the test's thread.
 */
public final class OriginalTools {
  private static final String EXIT = "org.apache.kafka.common.utils.internals.Exit";

  private final ClassLoader loader;

  private OriginalTools(ClassLoader loader) {
    this.loader = loader;
  }

  /** Ends a tool where it would end its process. */
  private static final class Ended extends Error {
    private static final long serialVersionUID = 1;

    Ended(int code) {
      super("exit " + code, null, false, false);
    }
  }

  /** Those in a folder of jars below {@code .clients}, which src/test/clients/resolve fills. */
  public static OriginalTools in(String folder) {
    Path jars = Path.of(".clients", folder);
    try (Stream<Path> files = Files.list(jars)) {
      URL[] urls =
          files
              .filter(f -> f.toString().endsWith(".jar"))
              .map(OriginalTools::url)
              .collect(Collectors.toList())
              .toArray(URL[]::new);
      return new OriginalTools(new URLClassLoader(urls, ClassLoader.getPlatformClassLoader()));
    } catch (IOException e) {
      throw new UncheckedIOException("run src/test/clients/resolve first", e);
    }
  }

  private static URL url(Path file) {
    try {
      return file.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /**
   * Runs a tool.
   *
   * @param name its class in {@code org.apache.kafka.tools}
   * @return what it printed until it ended for the first time, without what its logging says
   */
  public Typed.Printed run(String name, String... arguments) {
    Caught caught = new Caught();
    PrintStream out = System.out;
    PrintStream err = System.err;
    System.setOut(new PrintStream(caught.out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(caught.err, true, StandardCharsets.UTF_8));
    Thread thread = Thread.currentThread();
    ClassLoader usual = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      onExit(
          status -> {
            caught.end(status);
            throw new Ended(status);
          });
      main(name, arguments);
    } finally {
      thread.setContextClassLoader(usual);
      System.setOut(out);
      System.setErr(err);
    }
    return caught.end(0);
  }

  /** What was printed until the first end: some tools end again while they end. */
  private static final class Caught {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Optional<Typed.Printed> printed = Optional.empty();

    Typed.Printed end(int status) {
      if (printed.isEmpty()) {
        printed = Optional.of(new Typed.Printed(status, text(out), text(err)));
      }
      return printed.get();
    }
  }

  private interface OnExit {
    void exit(int status);
  }

  private void onExit(OnExit action) {
    try {
      Class<?> procedure = loader.loadClass(EXIT + "$Procedure");
      Object proxy =
          Proxy.newProxyInstance(
              loader,
              new Class<?>[] {procedure},
              (self, method, values) -> {
                action.exit((Integer) values[0]);
                return null;
              });
      loader.loadClass(EXIT).getMethod("setExitProcedure", procedure).invoke(null, proxy);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private void main(String name, String[] arguments) {
    try {
      loader
          .loadClass("org.apache.kafka.tools." + name)
          .getMethod("main", String[].class)
          .invoke(null, (Object) arguments);
    } catch (InvocationTargetException e) {
      if (!(e.getCause() instanceof Ended)) {
        throw new IllegalStateException(e.getCause());
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes
        .toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> !line.startsWith("SLF4J") && !line.startsWith("log4j"))
        .map(line -> line + System.lineSeparator())
        .collect(Collectors.joining());
  }
}
