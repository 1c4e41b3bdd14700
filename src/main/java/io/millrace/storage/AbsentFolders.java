package io.millrace.storage;

import io.millrace.storage.FolderOpening.LastRun;
import io.millrace.storage.FolderOpening.Opened;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;

/**
 * Folders that the broker had when it was registered last, and has no longer: their disk is not
 * mounted, or they were taken out of {@code log.dirs}. Every folder remembers all of them. Until
 * they are given up nothing is made anew in their place, for what they hold may come back.
 *
 * <p>Immutable.
 *
 * @param paths where they were, by their ids
 * @param places folders that were opened where one of them was: empty mount points, as it seems
 */
record AbsentFolders(Map<Uuid, String> paths, List<Opened> places) {

  AbsentFolders {
    paths = Map.copyOf(paths);
    places = List.copyOf(places);
  }

  /** Compares what the opened folders remember with what was opened. */
  static AbsentFolders among(List<Opened> opened) {
    Map<Uuid, String> paths = new TreeMap<>();
    opened.forEach(each -> paths.putAll(each.known()));
    opened.forEach(each -> paths.remove(each.folder().directoryId()));
    List<Opened> places = new ArrayList<>();
    for (Opened each : opened) {
      boolean isNew = each.lastRun() == LastRun.NONE && each.meta() == null;
      if (isNew && paths.containsValue(each.folder().path().toString())) {
        places.add(each);
      }
    }
    return new AbsentFolders(paths, places);
  }

  /**
   * For the operator, a sentence for each.
   *
   * @param broken folders that could not be opened, of which somebody else tells
   */
  List<String> sentences(List<Path> broken) {
    List<String> told = new ArrayList<>();
    for (String path : new TreeMap<>(paths).values()) {
      boolean isEmpty =
          places.stream().anyMatch(each -> each.folder().path().toString().equals(path));
      if (broken.stream()
          .noneMatch(each -> each.toAbsolutePath().normalize().toString().equals(path))) {
        told.add(
            ("The folder %s was one of log.dirs and %s: partitions that lay in it stay offline. If"
                    + " its content is gone for good, start once with --give-up-folders.")
                .formatted(
                    path, isEmpty ? "is empty now (is its disk mounted?)" : "is not any more"));
      }
    }
    return told;
  }
}
