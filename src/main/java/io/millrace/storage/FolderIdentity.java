package io.millrace.storage;

import io.millrace.storage.log.LogFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files in a log folder's root that say whose it is and how its last run ended: Kafka's {@code
 * meta.properties} and clean-stop marker, and {@code millrace.properties} with the kernel's boot
 * id.
 *
 * <p>Thread-safe: no state; one folder must be written by one thread at a time.
 */
final class FolderIdentity {
  static final String META = "meta.properties";
  static final String OURS = "millrace.properties";
  static final String CLEAN_MARKER = ".kafka_cleanshutdown";

  private static final String FOLDER = "folder.";

  private static final Logger LOG = LoggerFactory.getLogger(FolderIdentity.class);

  private FolderIdentity() {}

  /**
   * Content of {@code meta.properties}.
   *
   * @param clusterId null in files that Kafka wrote before the cluster had one
   * @param nodeId −1 when the file has none
   * @param directoryId null in files of version 0
   */
  record Meta(@Nullable String clusterId, int nodeId, @Nullable Uuid directoryId) {}

  /**
   * Content of {@code millrace.properties}.
   *
   * @param bootId boot in which a run of ours was registered last; empty before the first
   * @param brokerEpoch epoch of that registration
   * @param place of the folder's lock at that time
   * @param folders paths of all folders that the broker had then, by their ids; empty when it was
   *     not told
   */
  record Ours(String bootId, long brokerEpoch, String place, Map<Uuid, String> folders) {
    Ours {
      folders = Map.copyOf(folders);
    }

    Ours(String bootId, long brokerEpoch, String place) {
      this(bootId, brokerEpoch, place, Map.of());
    }
  }

  static @Nullable Meta readMeta(LogFiles files, Path folder) throws IOException {
    Properties read = read(files, folder.resolve(META));
    if (read == null) {
      return null;
    }
    String version = read.getProperty("version", "");
    if (version.isEmpty() && read.getProperty("cluster.id") == null) {
      LOG.warn("{} says nothing and counts as missing", folder.resolve(META));
      return null;
    }
    if (!version.equals("0") && !version.equals("1")) {
      throw new StorageException(
          folder.resolve(META) + " has the version '" + version + "', which is not known here.");
    }
    try {
      String directory = read.getProperty("directory.id");
      String node = read.getProperty("node.id", read.getProperty("broker.id", "-1"));
      return new Meta(
          read.getProperty("cluster.id"),
          Integer.parseInt(node),
          directory == null ? null : Uuid.fromString(directory));
    } catch (IllegalArgumentException e) {
      throw new StorageException(folder.resolve(META) + " cannot be read: " + e.getMessage() + ".");
    }
  }

  static void writeMeta(LogFiles files, Path folder, Meta meta) throws IOException {
    Map<String, String> values = new TreeMap<>();
    values.put("version", "1");
    values.put("cluster.id", String.valueOf(meta.clusterId()));
    values.put("node.id", Integer.toString(meta.nodeId()));
    values.put("directory.id", String.valueOf(meta.directoryId()));
    files.writeAtomically(folder.resolve(META), encode(values));
  }

  static @Nullable Ours readOurs(LogFiles files, Path folder) throws IOException {
    Properties read = read(files, folder.resolve(OURS));
    if (read == null) {
      return null;
    }
    try {
      return new Ours(
          read.getProperty("boot.id", ""),
          Long.parseLong(read.getProperty("broker.epoch", "-1")),
          read.getProperty("place", ""),
          folders(read));
    } catch (IllegalArgumentException damaged) {
      return new Ours("", -1, "");
    }
  }

  private static Map<Uuid, String> folders(Properties read) {
    Map<Uuid, String> folders = new HashMap<>();
    for (String key : read.stringPropertyNames()) {
      if (key.startsWith(FOLDER)) {
        folders.put(Uuid.fromString(key.substring(FOLDER.length())), read.getProperty(key));
      }
    }
    return folders;
  }

  static void writeOurs(LogFiles files, Path folder, Ours ours) throws IOException {
    Map<String, String> values = new TreeMap<>();
    values.put("version", "1");
    values.put("boot.id", ours.bootId());
    values.put("broker.epoch", Long.toString(ours.brokerEpoch()));
    values.put("place", ours.place());
    ours.folders().forEach((id, path) -> values.put(FOLDER + id, path));
    files.writeAtomically(folder.resolve(OURS), encode(values));
  }

  /** The broker epoch in the clean-stop marker, −1 when it has none; empty without a marker. */
  static Optional<Long> readMarker(LogFiles files, Path folder) throws IOException {
    Path marker = folder.resolve(CLEAN_MARKER);
    if (!files.exists(marker)) {
      return Optional.empty();
    }
    String text = new String(files.readAll(marker), StandardCharsets.UTF_8);
    String digits = text.replaceAll("(?s).*\"brokerEpoch\"\\s*:\\s*(-?\\d{1,18}).*", "$1");
    return Optional.of(digits.matches("-?\\d{1,18}") ? Long.parseLong(digits) : -1);
  }

  static void writeMarker(LogFiles files, Path folder, long brokerEpoch) throws IOException {
    String text = "{\"version\":0,\"brokerEpoch\":" + brokerEpoch + "}";
    files.writeAtomically(folder.resolve(CLEAN_MARKER), text.getBytes(StandardCharsets.UTF_8));
  }

  /** Removes the marker for good: returns when its absence is durable. */
  static void removeMarker(LogFiles files, Path folder) throws IOException {
    files.delete(folder.resolve(CLEAN_MARKER));
    files.forceDirectory(folder);
  }

  private static @Nullable Properties read(LogFiles files, Path file) throws IOException {
    if (!files.exists(file)) {
      return null;
    }
    Properties properties = new Properties();
    try {
      properties.load(new ByteArrayInputStream(files.readAll(file)));
    } catch (IllegalArgumentException e) {
      throw new StorageException(file + " cannot be read: " + e.getMessage() + ".");
    }
    return properties;
  }

  private static byte[] encode(Map<String, String> values) {
    StringBuilder text = new StringBuilder("#\n");
    values.forEach(
        (key, value) -> text.append(key).append('=').append(escaped(value)).append('\n'));
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String escaped(String value) {
    String plain = value.replace("\\", "\\\\").replace("=", "\\=").replace(":", "\\:");
    StringBuilder text = new StringBuilder();
    for (char c : plain.toCharArray()) {
      text.append(c > ' ' && c < 0x7f ? String.valueOf(c) : "\\u%04x".formatted((int) c));
    }
    return text.toString();
  }
}
