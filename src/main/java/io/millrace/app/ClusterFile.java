package io.millrace.app;

import io.millrace.cluster.founding.Place;
import io.millrace.storage.log.LogFiles;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a data folder keeps of the other brokers: the peer port that was found, for others come back
 * to where they knew this broker; which cluster it was about to join; and where its brokers are.
 * Confined to: the thread that starts, then one piece of work at a time.
 */
final class ClusterFile {
  /** Name of the file, beside the folder of the metadata. */
  static final String NAME = "cluster.properties";

  private static final String PORT = "port";
  private static final String JOINED = "joined";
  private static final String BROKERS = "brokers";

  private final LogFiles files;
  private final Path file;
  private final Map<String, String> values = new TreeMap<>();

  /**
   * Reads the file, if there is one.
   *
   * @param metadata folder of the metadata
   * @throws StartException when it cannot be read
   */
  ClusterFile(LogFiles files, Path metadata) {
    this.files = files;
    this.file = metadata.resolveSibling(NAME);
    try {
      if (files.exists(file)) {
        Properties read = new Properties();
        read.load(new StringReader(new String(files.readAll(file), StandardCharsets.UTF_8)));
        read.stringPropertyNames().forEach(key -> values.put(key, read.getProperty(key)));
      }
      port();
      brokers();
    } catch (IOException | IllegalArgumentException e) {
      throw new StartException(
          "The file " + file + " is damaged (" + e.getMessage() + "): delete it.", e);
    }
  }

  /** The port that was found at an earlier start; 0 when there was none. */
  int port() {
    return Integer.parseInt(values.getOrDefault(PORT, "0"));
  }

  void keepPort(int port) {
    put(PORT, Integer.toString(port));
  }

  /** Whether the folder was made a part of a cluster that others had founded. */
  boolean hasJoined() {
    return values.containsKey(JOINED);
  }

  void keepJoined(String clusterId) {
    put(JOINED, clusterId);
  }

  /** Where the other brokers of the cluster were when it last changed. */
  List<Place> brokers() {
    return Arrays.stream(values.getOrDefault(BROKERS, "").split(","))
        .filter(text -> !text.isEmpty())
        .map(ClusterFile::place)
        .toList();
  }

  private static Place place(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("the place of a broker has no port");
    }
    return new Place(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
  }

  void keepBrokers(Collection<Place> places) {
    put(BROKERS, places.stream().map(Place::toString).collect(Collectors.joining(",")));
  }

  private void put(String key, String value) {
    values.put(key, value);
    StringBuilder text = new StringBuilder();
    values.forEach((name, content) -> text.append(name).append('=').append(content).append('\n'));
    try {
      files.writeAtomically(file, text.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new StartException("The file " + file + " cannot be written: " + e.getMessage(), e);
    }
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
