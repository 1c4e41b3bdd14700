package io.millrace.metadata;

import java.util.List;

/**
 * What is appended to the metadata log at once: all of its facts happen or none.
 *
 * @param term term of the log in which the controller decided it
 * @param sequence counts the entries that were decided in that term, from 0
 * @param facts the facts, in order
 */
public record MetadataEntry(long term, long sequence, List<Fact> facts) {
  /** Size of the stored form of an entry, in bytes; the log takes no larger one. */
  public static final int BYTES_MAX = (4 << 20) - (64 << 10);

  public MetadataEntry {
    facts = List.copyOf(facts);
  }
}
