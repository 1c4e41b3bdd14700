package io.millrace.cluster;

import io.millrace.metadata.Fact;
import io.millrace.metadata.FactCodec;
import io.millrace.metadata.MetadataEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.protocol.Errors;

/**
 * What fits into one entry of the metadata log, see {@link MetadataEntry#BYTES_MAX}.
 *
 * <p>Stateless.
 */
final class EntrySize {
  /** The answer to a request whose decision no entry holds; asking again changes nothing. */
  static final NotDecidedException TOO_LARGE =
      new NotDecidedException(
          Errors.POLICY_VIOLATION,
          "What was asked changes more than the "
              + MetadataEntry.BYTES_MAX
              + " bytes that can be decided at once: divide it among several requests.");

  private EntrySize() {}

  /** Whether an entry may be appended as it is. */
  static boolean fits(MetadataEntry entry) {
    return FactCodec.encode(entry).length <= MetadataEntry.BYTES_MAX;
  }

  /**
   * The facts in parts of which each fits into an entry, in their order; empty when one of them
   * does not by itself.
   *
   * @param term of the entries
   */
  static Optional<List<List<Fact>>> divide(long term, List<Fact> facts) {
    List<List<Fact>> parts = new ArrayList<>();
    return divide(term, facts, parts) ? Optional.of(parts) : Optional.empty();
  }

  private static boolean divide(long term, List<Fact> facts, List<List<Fact>> parts) {
    if (fits(new MetadataEntry(term, Long.MAX_VALUE, facts))) {
      parts.add(facts);
      return true;
    }
    int half = facts.size() / 2;
    return half > 0
        && divide(term, facts.subList(0, half), parts)
        && divide(term, facts.subList(half, facts.size()), parts);
  }
}
