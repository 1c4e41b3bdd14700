package io.millrace.push.member;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a page asked for when it joined a group, and the times that hold for it. Immutable.
 *
 * @param group name of the group
 * @param instance static id by which a page that is loaded again keeps its place (KIP-345), or null
 * @param topics topics that it reads
 * @param times session, rebalance and grace
 */
public record MemberOptions(
    String group, @Nullable String instance, List<String> topics, Times times) {

  /**
   * Times in ms.
   *
   * @param sessionMs how long the coordinator waits to hear of it
   * @param rebalanceMs how long the group waits for it to join again; more than session and
   *     yielding together, so that it has stopped before anybody else begins
   * @param yieldMs how long the page may go on acknowledging what it must give up
   * @param graceMs how long a place with an instance is kept for a page that is gone
   */
  public record Times(int sessionMs, int rebalanceMs, int yieldMs, int graceMs) {
    /** What browsers get. */
    public static final Times DEFAULTS = new Times(15_000, 30_000, 5_000, 10_000);

    /** Time between two heartbeats. */
    int heartbeatMs() {
      return sessionMs / 3;
    }
  }
}
