package io.millrace.compat;

import io.millrace.compat.client.KafkaClients;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * The tested versions of the Java client. Each lives in a class loader of its own over the jars
 * that {@code src/test/clients/resolve} put into {@code .clients/kafka-clients-<version>}; the
 * driver's classes are compiled once, against the oldest. Thread-safe.
 */
public enum ClientVersion {
  V2_5_0("2.5.0"),
  V2_8_2("2.8.2"),
  V3_2_0("3.2.0"),
  V3_9_2("3.9.2"),
  V4_4_0("4.4.0");

  private static final ConcurrentHashMap<ClientVersion, KafkaClients> LOADED =
      new ConcurrentHashMap<>();
  private static final Path CLIENTS = Path.of(".clients");
  private static final Path DRIVER = Path.of("target", "client-driver");

  private final String version;

  ClientVersion(String version) {
    this.version = version;
  }

  /** The version's clients; the first call loads them. */
  KafkaClients clients() {
    return LOADED.computeIfAbsent(this, ClientVersion::load);
  }

  /** The jars of the version. */
  private List<Path> jars() {
    return jarsOf("kafka-clients-" + version);
  }

  /** The jars that were resolved into a folder of {@code .clients}. */
  static List<Path> jarsOf(String folder) {
    try (Stream<Path> files = Files.list(CLIENTS.resolve(folder))) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("run src/test/clients/resolve first", e);
    }
  }

  private KafkaClients load() {
    compileDriver();
    URL[] urls =
        Stream.concat(Stream.of(DRIVER), jars().stream())
            .map(ClientVersion::url)
            .toArray(URL[]::new);
    ClassLoader loader = new URLClassLoader(version, urls, new FaceOnly());
    return ServiceLoader.load(KafkaClients.class, loader).findFirst().orElseThrow();
  }

  private static URL url(Path path) {
    try {
      return path.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static synchronized void compileDriver() {
    Path service = DRIVER.resolve("META-INF/services/" + KafkaClients.class.getName());
    if (Files.exists(service)) {
      return;
    }
    try {
      Files.createDirectories(service.getParent());
      int errors = ToolProvider.getSystemJavaCompiler().run(null, null, null, compilerArguments());
      if (errors != 0) {
        throw new IllegalStateException("the driver does not compile against " + V2_5_0.version);
      }
      Files.writeString(service, "io.millrace.compat.driver.JavaClients");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String[] compilerArguments() throws IOException {
    List<String> classPath =
        Stream.concat(
                V2_5_0.jars().stream().map(Path::toString),
                Stream.of(System.getProperty("java.class.path")))
            .toList();
    Path sources = Path.of("src/test/java/io/millrace/compat/driver");
    try (Stream<Path> files = Files.list(sources)) {
      return Stream.concat(
              Stream.of(
                  "-proc:none",
                  "-Xlint:none",
                  "-d",
                  DRIVER.toString(),
                  "-cp",
                  String.join(java.io.File.pathSeparator, classPath)),
              files.map(Path::toString))
          .toArray(String[]::new);
    }
  }

  /** The kafka-clients version itself. */
  @Override
  public String toString() {
    return version;
  }

  /** Shows the JDK and the face that tests and driver share, and nothing else of the tests. */
  private static final class FaceOnly extends ClassLoader {
    FaceOnly() {
      super("face", ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (name.startsWith("io.millrace.compat.client.") || name.startsWith("io.millrace.model.")) {
        return ClientVersion.class.getClassLoader().loadClass(name);
      }
      throw new ClassNotFoundException(name);
    }
  }
}
