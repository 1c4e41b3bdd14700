package io.millrace.cli;

import io.millrace.config.BrokerKeys;
import io.millrace.config.ConfigException;
import io.millrace.config.ConfigReader;
import io.millrace.config.Written;
import io.vertx.config.ConfigRetriever;
import io.vertx.config.ConfigRetrieverOptions;
import io.vertx.config.ConfigStoreOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Gathers the configuration from the file, the environment and the command line, in rising
 * precedence. The file goes through vertx-config, so that other stores can join it.
 *
 * <p>Confined to: the main thread, which waits.
 */
final class ConfigLoader {
  private static final long PATIENCE_SECONDS = 30;

  private final Optional<Path> file;
  private final Map<String, String> environment;
  private final Map<String, String> overrides;
  private final Path home;

  /**
   * A loader of these places.
   *
   * @param file the file; empty for none
   * @param environment variables of the process
   * @param overrides keys of the command line
   * @param home folder from which relative data folders count
   */
  ConfigLoader(
      Optional<Path> file,
      Map<String, String> environment,
      Map<String, String> overrides,
      Path home) {
    this.file = file;
    this.environment = environment;
    this.overrides = overrides;
    this.home = home;
  }

  /**
   * Loads it.
   *
   * @throws ConfigException when a place cannot be read or something written is wrong
   */
  ConfigReader.Result load() {
    List<Written> written = new ArrayList<>();
    file.ifPresent(path -> written.addAll(readFile(path)));
    written.addAll(EnvironmentKeys.read(environment));
    overrides.forEach(
        (name, text) -> written.add(new Written(name, text, "--override " + name, false)));
    written.replaceAll(this::withAbsoluteFolders);
    return ConfigReader.read(written);
  }

  /** So that the data does not depend on the folder in which somebody typed the command. */
  private Written withAbsoluteFolders(Written one) {
    boolean folders =
        one.name().equals(BrokerKeys.LOG_DIRS.name())
            || one.name().equals(BrokerKeys.LOG_DIR.name());
    if (!folders) {
      return one;
    }
    List<String> absolute =
        BrokerKeys.LOG_DIRS.type().reader().apply(one.text()).stream()
            .map(folder -> home.resolve(folder).normalize().toString())
            .toList();
    return new Written(one.name(), String.join(",", absolute), one.where(), one.lenient());
  }

  private List<Written> readFile(Path path) {
    List<String> lines = lines(path);
    JsonObject keys = retrieve(path);
    Map<String, Integer> lineOf = lineNumbers(lines);
    List<Written> written = new ArrayList<>();
    keys.forEach(
        entry -> {
          Integer line = lineOf.get(entry.getKey());
          String where = line == null ? path.toString() : path + ":" + line;
          written.add(new Written(entry.getKey(), entry.getValue().toString(), where, false));
        });
    written.sort((one, other) -> Integer.compare(line(lineOf, one), line(lineOf, other)));
    return written;
  }

  private static int line(Map<String, Integer> lineOf, Written one) {
    return lineOf.getOrDefault(one.name(), Integer.MAX_VALUE);
  }

  private static List<String> lines(Path path) {
    try {
      return Files.readAllLines(path, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      String why = Files.exists(path) ? "cannot be read: " + e.getMessage() : "does not exist";
      throw new ConfigException(path + " " + why);
    }
  }

  /** Line of each key, counted from 1; of a key that is written twice the last. */
  private static Map<String, Integer> lineNumbers(List<String> lines) {
    Map<String, Integer> numbers = new LinkedHashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && line.charAt(0) != '#' && line.charAt(0) != '!') {
        numbers.put(line.split("[=:\\s]", 2)[0], i + 1);
      }
    }
    return numbers;
  }

  private static JsonObject retrieve(Path path) {
    ConfigStoreOptions store =
        new ConfigStoreOptions()
            .setType("file")
            .setFormat("properties")
            .setConfig(
                new JsonObject()
                    .put("path", path.toAbsolutePath().toString())
                    .put("raw-data", true));
    Vertx vertx = Vertx.vertx(smallest());
    try {
      ConfigRetriever retriever =
          ConfigRetriever.create(
              vertx, new ConfigRetrieverOptions().setScanPeriod(-1).addStore(store));
      return retriever
          .getConfig()
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new ConfigException(path + " cannot be read: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConfigException("interrupted while reading " + path);
    } finally {
      vertx.close();
    }
  }

  /** One loop and one worker, for one file; nothing is cached on disk. */
  private static VertxOptions smallest() {
    return new VertxOptions()
        .setEventLoopPoolSize(1)
        .setWorkerPoolSize(1)
        .setInternalBlockingPoolSize(1)
        .setFileSystemOptions(
            new FileSystemOptions()
                .setFileCachingEnabled(false)
                .setClassPathResolvingEnabled(false));
  }
}
