package io.millrace.storage;

import io.millrace.storage.FolderOpening.LastRun;
import io.millrace.storage.FolderOpening.Opened;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;

/**
 * Folders that the broker had when it was registered last, and has no longer: their disk is not
 * mounted, or they were taken out of {@code log.dirs}. Every folder remembers all of them. Until
 * they are given up nothing is made anew in their place, for what they hold may come back.
 *
 * <p>Immutable.
 *
 * @param paths where they were, by their ids
 * @param broken those of them that are in {@code log.dirs} and could not be opened: they tell of
 *     themselves, and are not given up, since nothing could be made anew beside them
 * @param places folders that were opened where one of them was: empty mount points, as it seems
 */
record AbsentFolders(Map<Uuid, String> paths, Map<Uuid, String> broken, List<Opened> places) {

  AbsentFolders {
    paths = Map.copyOf(paths);
    broken = Map.copyOf(broken);
    places = List.copyOf(places);
  }

  /**
   * Compares what the opened folders remember with what was opened.
   *
   * @param broken paths in {@code log.dirs} that cannot be used
   */
  static AbsentFolders among(List<Opened> opened, List<Path> broken) {
    Map<Uuid, String> paths = new HashMap<>();
    opened.forEach(each -> paths.putAll(each.known()));
    opened.forEach(each -> paths.remove(each.folder().directoryId()));
    Set<String> unusable =
        broken.stream()
            .map(each -> each.toAbsolutePath().normalize().toString())
            .collect(Collectors.toSet());
    Map<Uuid, String> named = new HashMap<>(paths);
    named.values().retainAll(unusable);
    paths.values().removeAll(unusable);
    List<Opened> places =
        opened.stream()
            .filter(each -> each.lastRun() == LastRun.NONE && each.meta() == null)
            .filter(each -> paths.containsValue(path(each)))
            .toList();
    return new AbsentFolders(paths, named, places);
  }

  /** All of them, to be remembered; without {@link #paths} once those are given up. */
  Map<Uuid, String> remembered(boolean gaveUp) {
    Map<Uuid, String> all = new HashMap<>(broken);
    if (!gaveUp) {
      all.putAll(paths);
    }
    return all;
  }

  /** For the operator, a sentence for each that nobody else tells of. */
  List<String> sentences() {
    return paths.values().stream().sorted().map(this::sentence).toList();
  }

  private String sentence(String path) {
    boolean isEmpty = places.stream().anyMatch(each -> path(each).equals(path));
    return ("The folder %s was one of log.dirs and %s: partitions that lay in it stay offline. If"
            + " its content is gone for good, start once with --give-up-folders.")
        .formatted(path, isEmpty ? "is empty now (is its disk mounted?)" : "is not any more");
  }

  private static String path(Opened opened) {
    return opened.folder().path().toString();
  }
}
