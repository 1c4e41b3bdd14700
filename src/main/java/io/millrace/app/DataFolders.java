package io.millrace.app;

import io.millrace.cluster.local.LocalImage;
import io.millrace.cluster.local.LocalMetadataLog;
import io.millrace.cluster.raft.MetadataFolders;
import io.millrace.config.BrokerConfig;
import io.millrace.config.BrokerKeys;
import io.millrace.metadata.ClusterImage;
import io.millrace.storage.Belonging;
import io.millrace.storage.log.LogFiles;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the machine and the folders say before storage is opened. Stateless. */
final class DataFolders {
  private static final Logger LOG = LoggerFactory.getLogger(DataFolders.class);
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private DataFolders() {}

  /**
   * Creates what is missing. A folder that cannot be used is told, and the start goes on with the
   * others.
   *
   * @return all folders, those that can be used first
   * @throws StartException naming a folder that cannot be written to when none can be
   */
  static List<Path> prepare(BrokerConfig config) {
    List<Path> folders = config.get(BrokerKeys.LOG_DIRS).stream().map(Path::of).distinct().toList();
    List<Path> usable = new ArrayList<>();
    List<StartException> problems = new ArrayList<>();
    for (Path folder : folders) {
      try {
        prepare(folder);
        usable.add(folder);
      } catch (StartException e) {
        problems.add(e);
      }
    }
    if (usable.isEmpty()) {
      throw problems.get(0);
    }
    problems.forEach(problem -> LOG.error("{}", problem.getMessage()));
    checkDistinct(usable);
    return Stream.concat(usable.stream(), folders.stream()).distinct().toList();
  }

  /** The same folder by two names would be taken for two, each with the other's logs. */
  private static void checkDistinct(List<Path> folders) {
    Map<Path, Path> byPlace = new HashMap<>();
    for (Path folder : folders) {
      try {
        Path other = byPlace.put(folder.toRealPath(), folder);
        if (other != null) {
          throw new StartException(
              "log.dirs has the same folder twice: %s and %s.".formatted(other, folder));
        }
      } catch (IOException e) {
        LOG.warn("what {} is cannot be told: {}", folder, reason(e));
      }
    }
  }

  private static void prepare(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw notWritable(folder, reason(e), e);
    }
    if (!Files.isWritable(folder)) {
      throw notWritable(folder, "permission denied", null);
    }
  }

  private static String reason(IOException fault) {
    if (fault instanceof FileAlreadyExistsException) {
      return "it is a file";
    }
    if (fault instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (fault instanceof NoSuchFileException) {
      return "it cannot be made there";
    }
    boolean told = fault instanceof FileSystemException known && known.getReason() != null;
    return told ? ((FileSystemException) fault).getReason() : fault.toString();
  }

  private static StartException notWritable(Path folder, String why, @Nullable IOException cause) {
    String user = System.getProperty("user.name");
    return new StartException(
        ("Millrace cannot write to the data folder %1$s as user %2$s (%3$s): give it to that user"
                + " (sudo mkdir -p %1$s && sudo chown %2$s %1$s), or name another one in log.dirs.")
            .formatted(folder, user, why),
        cause);
  }

  /** Whether systems empty the folder by themselves: at their start, or when it has aged. */
  static boolean isTemporary(Path folder) {
    Path absolute = folder.toAbsolutePath().normalize();
    return Stream.of("/tmp", "/var/tmp", "/dev/shm", "/run", System.getProperty("java.io.tmpdir"))
        .map(Path::of)
        .anyMatch(absolute::startsWith);
  }

  /** Warns when a folder will not last, once. */
  static void warnOfTemporary(BrokerConfig config) {
    config.get(BrokerKeys.LOG_DIRS).stream()
        .filter(folder -> isTemporary(Path.of(folder)))
        .findFirst()
        .ifPresent(
            folder ->
                LOG.warn(
                    "{} is a temporary folder, which systems empty by themselves: before you store"
                        + " anything of worth, name a lasting one in log.dirs",
                    folder));
  }

  /**
   * The folder of the cluster's metadata: where it is, whatever the order of {@code log.dirs} is
   * now, else below the first of them.
   *
   * @throws StartException when it is in several
   */
  static Path metadata(List<Path> folders) {
    List<Path> found =
        folders.stream()
            .filter(DataFolders::holdsMetadata)
            .map(folder -> folder.resolve(LocalMetadataLog.FOLDER))
            .toList();
    if (found.size() > 1) {
      throw new StartException(
          "The cluster's metadata is in several of the log.dirs: "
              + found
              + "; keep the one that was used last and move the others away.");
    }
    return found.isEmpty() ? folders.get(0).resolve(LocalMetadataLog.FOLDER) : found.get(0);
  }

  private static boolean holdsMetadata(Path folder) {
    return holdsEntries(folder.resolve(LocalMetadataLog.FOLDER))
        || Files.isDirectory(folder.resolve(MetadataFolders.SHARED));
  }

  /**
   * Whether there is more than the empty file with which a log begins: a start that was refused
   * afterwards, as for a missing folder that had the metadata, leaves no other metadata behind.
   */
  private static boolean holdsEntries(Path metadata) {
    try (Stream<Path> files = Files.list(metadata)) {
      return files.anyMatch(file -> file.toFile().length() > 0);
    } catch (NoSuchFileException | NotDirectoryException none) {
      return false;
    } catch (IOException e) {
      throw new StartException("The folder " + metadata + " cannot be read: " + reason(e), e);
    }
  }

  /**
   * Whose the folders are by the metadata of a broker that is alone; null when there is none. Those
   * of a cluster of several are read by its members only, together.
   *
   * @param metadata what {@link #metadata} found
   * @throws StartException when it cannot be read
   */
  static @Nullable Belonging belonging(LogFiles files, Path metadata) {
    try {
      if (!files.exists(metadata) || new MetadataFolders(files, metadata).belongToSeveral()) {
        return null;
      }
      ClusterImage image = LocalImage.read(files, metadata);
      boolean alone = image.brokers().size() == 1;
      return image.clusterId().isEmpty()
          ? null
          : new Belonging(
              image.clusterId(), alone ? image.brokers().keySet().iterator().next() : -1);
    } catch (IOException e) {
      throw new StartException("The cluster's metadata cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * A broker of a cluster of several must know where the others are.
   *
   * @param looks whether it looks for others
   * @param metadata what {@link #metadata} found
   * @throws StartException when it belongs to such a cluster and does not look for others
   */
  static void checkCompany(boolean looks, LogFiles files, Path metadata) {
    try {
      if (!looks && new MetadataFolders(files, metadata).belongToSeveral()) {
        throw new StartException(
            "The data folder belongs to a cluster of several brokers: name them in cluster.join, or"
                + " keep the zookeeper.connect that the file had.");
      }
    } catch (IOException e) {
      throw new StartException("The folder " + metadata.getParent() + " cannot be read: " + e, e);
    }
  }

  /** The kernel's boot id; empty where there is none. */
  static Optional<String> bootId() {
    try {
      return Optional.of(Files.readString(BOOT_ID).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
