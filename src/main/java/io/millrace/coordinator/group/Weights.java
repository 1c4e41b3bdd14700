package io.millrace.coordinator.group;

import java.util.List;

/**
 * What groups take in memory, in bytes, rounded up: as seen in the histogram of a heap, with the
 * view that others get. Pure.
 */
final class Weights {
  /** A group without members, its view, and its places in maps. */
  private static final int GROUP = 800;

  /** A member, its view, its timer. */
  private static final int MEMBER = 900;

  private static final int PROTOCOL = 80;
  private static final int PENDING_ID = 300;

  /** A committed offset, its partition, and its place in a map. */
  private static final int OFFSET = 160;

  /** An assignment has four bytes for a partition, and its view an object. */
  private static final int VIEWED = 8;

  /** A rebalance that is remembered, with the words for its cause. */
  private static final int REBALANCE = 120;

  /**
   * The record of a committed offset takes at least 64 bytes: OFFSET is less than three of them.
   */
  private static final int OF_RECORD = 3;

  private Weights() {}

  static long group(String id) {
    return GROUP + id.length();
  }

  static long pendingId(String id) {
    return PENDING_ID + id.length();
  }

  static long member(Member member) {
    String instanceId = member.instanceId();
    // The id begins with the one of the instance, or of the client.
    long texts = member.id().length() + member.clientId().length() + member.clientHost().length();
    return MEMBER
        + texts
        + (instanceId == null ? 0 : instanceId.length())
        + protocols(member.protocols())
        + (long) VIEWED * member.assignment().length;
  }

  /** What a member will take that joins with these protocols under an id that begins so. */
  static long joining(String prefix, List<Protocol> protocols) {
    return MEMBER + 3L * prefix.length() + protocols(protocols);
  }

  private static long protocols(List<Protocol> protocols) {
    long bytes = 0;
    for (Protocol protocol : protocols) {
      bytes += PROTOCOL + protocol.name().length() + protocol.metadata().length;
    }
    return bytes;
  }

  /** More than offsets take, by the bytes of their records. */
  static long offsetsAtMost(long recordBytes) {
    return OF_RECORD * recordBytes;
  }

  static long rebalance(String cause) {
    return REBALANCE + cause.length();
  }

  static long offset(String metadata) {
    return OFFSET + metadata.length();
  }
}
