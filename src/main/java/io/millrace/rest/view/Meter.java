package io.millrace.rest.view;

/**
 * The rate of a counter over the last few seconds, from two samples that are kept. Confined to: the
 * loop of views.
 */
final class Meter {
  private static final long SHORTEST_NS = 2_000_000_000L;

  private long olderNs;
  private long olderValue;
  private long newerNs;
  private long newerValue;

  /** A meter whose counter stands at that value now. */
  Meter(long value, long nowNs) {
    olderNs = nowNs;
    newerNs = nowNs;
    olderValue = value;
    newerValue = value;
  }

  /**
   * Takes a sample; once in a step of history.
   *
   * @return rate per second since the sample before
   */
  double sample(long value, long nowNs) {
    double rate = between(newerValue, newerNs, value, nowNs);
    olderNs = newerNs;
    olderValue = newerValue;
    newerNs = nowNs;
    newerValue = value;
    return rate;
  }

  /** Rate per second at that value of the counter. */
  double rate(long value, long nowNs) {
    return nowNs - newerNs >= SHORTEST_NS
        ? between(newerValue, newerNs, value, nowNs)
        : between(olderValue, olderNs, value, nowNs);
  }

  private static double between(long from, long fromNs, long to, long toNs) {
    return toNs <= fromNs ? 0 : Math.max(0, to - from) * 1e9 / (toNs - fromNs);
  }
}
