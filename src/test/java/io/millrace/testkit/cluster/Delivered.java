package io.millrace.testkit.cluster;

import java.util.List;
import java.util.Map;

/** What a reader, or the members of a group together, were given. Thread-safe. */
interface Delivered {
  /** Who, in words. */
  String name();

  /** What was delivered of a partition, by offset. */
  Map<Long, Stamp> of(int partition);

  /** How many different records were delivered. */
  int count();

  /** What contradicts what a reader may rely on. */
  List<String> wrongs();
}
