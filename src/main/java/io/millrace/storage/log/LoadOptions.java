package io.millrace.storage.log;

/**
 * What a load of a log may trust, and what it needs to know.
 *
 * @param clean whether the log was closed properly: nothing is scanned, unless it does not end at
 *     the recovery point
 * @param recoveryPoint offset below which everything is durable, from the folder's checkpoint; 0
 *     when there is none
 * @param logStartOffset from the folder's checkpoint; 0 when there is none
 * @param nowMs wall-clock time
 * @param producers how long producers are remembered, and how many
 * @param coldAfterBytes distance from the log's end at which bytes count as cold
 */
public record LoadOptions(
    boolean clean,
    long recoveryPoint,
    long logStartOffset,
    long nowMs,
    ProducerMemory producers,
    long coldAfterBytes) {

  /** Kafka's {@code producer.id.expiration.ms} when nobody set it. */
  public static final int DEFAULT_PRODUCER_ID_EXPIRATION_MS = 86_400_000;

  /** Bytes behind the log's end that are taken to be in the page cache. */
  public static final long DEFAULT_COLD_AFTER_BYTES = 64L << 20;

  /** A log that is new, or was closed properly and lost nothing. */
  public static LoadOptions clean(long nowMs) {
    return new LoadOptions(
        true,
        0,
        0,
        nowMs,
        ProducerMemory.unlimited(DEFAULT_PRODUCER_ID_EXPIRATION_MS),
        DEFAULT_COLD_AFTER_BYTES);
  }

  /** A log whose process died; everything behind {@code recoveryPoint} is scanned. */
  public static LoadOptions crashed(long recoveryPoint, long logStartOffset, long nowMs) {
    return new LoadOptions(
        false,
        recoveryPoint,
        logStartOffset,
        nowMs,
        ProducerMemory.unlimited(DEFAULT_PRODUCER_ID_EXPIRATION_MS),
        DEFAULT_COLD_AFTER_BYTES);
  }
}
