package io.millrace.storage.log;

/**
 * Where appended batches went.
 *
 * @param baseOffset offset of the first record; of the first append when {@code duplicate}
 * @param lastOffset offset of the last record
 * @param logAppendTimeMs the timestamp given to the records, −1 when they kept their own
 * @param logStartOffset log start offset at the time of the append
 * @param duplicate whether the batch was there already and nothing was appended
 */
public record LogAppend(
    long baseOffset,
    long lastOffset,
    long logAppendTimeMs,
    long logStartOffset,
    boolean duplicate) {}
