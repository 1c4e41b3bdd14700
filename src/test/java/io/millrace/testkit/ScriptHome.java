package io.millrace.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/**
 * A folder as a distribution unpacks it, {@code bin conf libs}, with this build's classes: its
 * scripts can be run as people run them. Confined to: the test's thread.
 */
public final class ScriptHome {
  private static final int PATIENCE_SECONDS = 120;

  /** That of this process's tests, one after the other: its quick start is prepared once. */
  private static @Nullable Path made;

  private final Path folder;

  private ScriptHome(Path folder) {
    this.folder = folder;
  }

  /** How a command ended. */
  public record Ended(int code, List<String> out, List<String> err) {
    /** Both streams in one text, for what may be said on either. */
    public String said() {
      return String.join("\n", out) + "\n" + String.join("\n", err);
    }
  }

  /** Lays out the folder, or anew the one there is: what tests left beside the libraries goes. */
  public static synchronized ScriptHome create() {
    try {
      Path folder = made;
      if (folder == null) {
        folder = Folders.empty("script-home");
        fillLibs(Files.createDirectory(folder.resolve("libs")));
        made = folder;
      } else {
        Folders.emptyBut(folder, Set.of(folder.resolve("libs")));
      }
      copy(Path.of("bin"), folder.resolve("bin"));
      copy(Path.of("conf"), folder.resolve("conf"));
      return new ScriptHome(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folder itself. */
  public Path folder() {
    return folder;
  }

  /** A script in {@code bin}. */
  public String script(String name) {
    return folder.resolve("bin").resolve(name).toString();
  }

  /** Runs a command in the folder, with variables beside those of the test less Kafka's. */
  public Ended run(Map<String, String> variables, String... command) {
    return run(folder, variables, command);
  }

  /** Like {@link #run(Map, String...)}, in another folder. */
  public static Ended run(Path where, Map<String, String> variables, String... command) {
    try {
      Path out = Files.createTempFile("out", ".txt");
      Path err = Files.createTempFile("err", ".txt");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(where.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      Map<String, String> environment = builder.environment();
      environment
          .keySet()
          .removeIf(
              key -> key.matches("(KAFKA|MILLRACE)_.*|LOG_DIR|CLASSPATH|EXTRA_ARGS|JMX_PORT"));
      environment.putIfAbsent("JAVA_HOME", System.getProperty("java.home"));
      environment.putAll(variables);
      Process process = builder.start();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("still running: " + List.of(command));
      }
      Ended ended =
          new Ended(process.exitValue(), Files.readAllLines(out), Files.readAllLines(err));
      Files.delete(out);
      Files.delete(err);
      return ended;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)), LinkOption.NOFOLLOW_LINKS);
      }
    }
  }

  /** The libraries of the class path, and the classes of this build in a jar beside them. */
  private static void fillLibs(Path libs) throws IOException {
    List<String> names = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (entry.endsWith(".jar")) {
        Path jar = Path.of(entry);
        names.add(jar.getFileName().toString());
        Files.createSymbolicLink(libs.resolve(jar.getFileName()), jar);
      }
    }
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.CLASS_PATH, String.join(" ", names));
    pack(Path.of("target", "classes"), libs.resolve("millrace.jar"), manifest);
  }

  /** Packs a folder of classes into a jar. */
  static void pack(Path classes, Path file, Manifest manifest) throws IOException {
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file), manifest);
        Stream<Path> files = Files.walk(classes)) {
      jar.setLevel(Deflater.BEST_SPEED);
      for (Path each : files.filter(Files::isRegularFile).toList()) {
        jar.putNextEntry(new ZipEntry(classes.relativize(each).toString()));
        Files.copy(each, jar);
      }
    }
  }
}
