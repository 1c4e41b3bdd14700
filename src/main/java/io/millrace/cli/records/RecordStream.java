package io.millrace.cli.records;

import io.millrace.cli.tool.Shell;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * The records that a consumer receives, one after the other, for somebody who prints them: what is
 * printed is written out when nothing more is at hand. Offsets are kept so that nothing counts as
 * consumed that was not taken from here. Confined to: the main thread.
 */
public final class RecordStream implements AutoCloseable {
  /** So many records at most wait to be written out. */
  private static final int UNWRITTEN_MAX = 5000;

  /** How long to look for more records before those that wait are written out. */
  private static final Duration GLANCE = Duration.ofMillis(5);

  private final Consumer<byte[], byte[]> consumer;
  private final Shell shell;
  private final long timeoutMs;

  private Iterator<ConsumerRecord<byte[], byte[]>> at = Collections.emptyIterator();
  private int taken;
  private int unwritten;

  /**
   * A stream of what {@code consumer} receives; closes it.
   *
   * @param timeoutMs how long to wait for a record; for ever when below zero
   */
  public RecordStream(Consumer<byte[], byte[]> consumer, Shell shell, long timeoutMs) {
    this.consumer = consumer;
    this.shell = shell;
    this.timeoutMs = timeoutMs < 0 ? Long.MAX_VALUE : timeoutMs;
  }

  /**
   * The next record; null when none came in time or nobody reads what is printed.
   *
   * @throws WakeupException when the consumer was woken up to end
   */
  public @Nullable ConsumerRecord<byte[], byte[]> next() {
    // Who reads only the beginning is noticed at the second write: the first record goes alone.
    if ((taken == 1 || unwritten >= UNWRITTEN_MAX) && !write()) {
      return null;
    }
    if (!at.hasNext() && !receive()) {
      return null;
    }
    taken++;
    unwritten++;
    return at.next();
  }

  private boolean receive() {
    long beginNs = System.nanoTime();
    while (!at.hasNext()) {
      at = consumer.poll(unwritten > 0 ? GLANCE : Duration.ofMillis(timeoutMs)).iterator();
      if (!at.hasNext() && unwritten > 0 && !write()) {
        return false;
      }
      long waitedMs = (System.nanoTime() - beginNs) / 1_000_000;
      if (!at.hasNext() && waitedMs >= timeoutMs) {
        shell.hint("no record came for " + timeoutMs + " ms");
        return false;
      }
    }
    return true;
  }

  /** Writes out what was printed; false when nobody reads it. */
  private boolean write() {
    unwritten = 0;
    if (shell.out().checkError()) {
      shell.err().println("Unable to write to standard out, closing consumer.");
      return false;
    }
    return true;
  }

  /** Closes the consumer, which commits offsets if it is set to. */
  @Override
  public void close() {
    Map<TopicPartition, Long> first = new HashMap<>();
    at.forEachRemaining(
        record ->
            first.putIfAbsent(
                new TopicPartition(record.topic(), record.partition()), record.offset()));
    // What was revoked meanwhile belongs to another member, which reads it.
    first.keySet().retainAll(consumer.assignment());
    first.forEach(consumer::seek);
    consumer.close();
  }
}
