package io.millrace.cli;

import io.millrace.quota.OpenFiles;

/**
 * What a process does in advance that may run out of descriptors. A class that is needed for the
 * first time at such a moment cannot be loaded, for no jar can be opened, and then never: whatever
 * needs it fails until the process ends.
 */
final class ScarceDescriptors {
  private ScarceDescriptors() {}

  /** Where descriptors are few, {@link #prepare} before a start, which may take them all. */
  static void prepareWhereFew() {
    if (OpenFiles.lowLimit().isPresent()) {
      prepare();
    }
  }

  /** Opens what classes are loaded from, where descriptors are few; five megabytes of heap. */
  static void prepare() {
    LogLayout.loadFaults();
    if (OpenFiles.lowLimit().isPresent()) {
      // Looking for what is nowhere opens every jar, and they stay open.
      ClassLoader.getSystemResource("META-INF/what-no-jar-has");
    }
  }
}
