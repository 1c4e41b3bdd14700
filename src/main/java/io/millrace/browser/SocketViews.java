package io.millrace.browser;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** The sessions of browsers on this broker, to be shown and closed. Thread-safe. */
public interface SocketViews {

  /**
   * One session as it was at its last second.
   *
   * @param id number of the session, never used twice by a process
   * @param user name of the principal
   * @param address address that it came from
   * @param origin its {@code Origin}, or null
   * @param agent its {@code User-Agent}, or null
   * @param protocol {@code json}, {@code bin} or {@code sse}
   * @param openedMs when it was opened, wall clock
   * @param bytesOut bytes sent
   * @param records records delivered
   * @param bufferedBytes bytes that wait for the socket to take them
   * @param subscriptions what it reads
   */
  record SocketView(
      long id,
      String user,
      String address,
      @Nullable String origin,
      @Nullable String agent,
      String protocol,
      long openedMs,
      long bytesOut,
      long records,
      long bufferedBytes,
      List<SubscriptionView> subscriptions) {}

  /**
   * One subscription of a session.
   *
   * @param sub its number
   * @param mode {@code read} or {@code group}
   * @param group group of a member, or null
   * @param topics partitions that it reads, by topic
   * @param creditRecords credit in records, may be below 0
   * @param creditBytes credit in bytes, may be below 0
   * @param lagRecords records that it has not been sent yet
   * @param lagMs age of the last record it was sent while more wait, or null
   * @param onLag what happens when it falls behind
   * @param paused whether it asked for a pause
   */
  record SubscriptionView(
      int sub,
      String mode,
      @Nullable String group,
      SortedMap<String, List<Integer>> topics,
      long creditRecords,
      long creditBytes,
      long lagRecords,
      @Nullable Long lagMs,
      String onLag,
      boolean paused) {}

  /** All open sessions; at most a second old. */
  List<SocketView> list();

  /** Number of open sessions. */
  int count();

  /** How many sessions of each user are open. */
  Map<String, Integer> countByUser();

  /** Closes a session with 4000: it may come back. @return false when there is none of that id */
  boolean close(long id);
}
