package io.millrace.browser.frame;

/** Takes what a cutter cuts, in the order of the offsets. */
public interface FrameSink {

  /**
   * A frame of records, or with none the news that there are none to be seen between two offsets.
   *
   * @param cut what the frame is
   * @param bytes holds the shared part of the frame, valid during the call
   * @param from where it begins
   * @param to where it ends
   */
  void frame(Cut cut, byte[] bytes, int from, int to);

  /** Records from {@code from} up to {@code to} cannot be decoded. */
  void unreadable(long from, long to, String why);

  /**
   * What a frame is.
   *
   * @param first offset that the reader stood at
   * @param next offset that the reader stands at behind it
   * @param hole offset at which the log goes on: what lies between {@code first} and it was taken
   *     out of the log
   * @param count number of records
   * @param leaderEpoch leader epoch of its records, -1 without any
   * @param firstTimestampMs timestamp of its first record, -1 without any
   * @param isPrivate whether it begins inside a frame that others get whole
   */
  record Cut(
      long first,
      long next,
      long hole,
      int count,
      int leaderEpoch,
      long firstTimestampMs,
      boolean isPrivate) {}
}
