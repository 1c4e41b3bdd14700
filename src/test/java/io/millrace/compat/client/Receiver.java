package io.millrace.compat.client;

import io.millrace.model.TopicPartition;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A consumer. Confined to: the thread that uses it, save {@link #wakeup()}. */
public interface Receiver extends AutoCloseable {

  /** Joins the group of the settings. */
  void subscribe(String topic);

  /** Reads partitions without a group, or with one that only keeps offsets. */
  void assign(TopicPartition... partitions);

  /** Goes on from an offset. */
  void seek(TopicPartition partition, long offset);

  /** Goes on from the first offset of the assigned partitions. */
  void seekToBeginning();

  /** The next messages; none when {@code timeout} is over. */
  List<Message> poll(Duration timeout);

  /** Commits what was polled. */
  void commit();

  /** Commits an offset with metadata. */
  void commit(TopicPartition partition, long offset, String metadata);

  /** The committed offset with its metadata as {@code offset:metadata}; null: none. */
  @Nullable String committed(TopicPartition partition);

  /** First offset whose timestamp is at least {@code timestampMs}; -1: none. */
  long offsetAt(TopicPartition partition, long timestampMs);

  /** Offset that the next record gets. */
  long endOffset(TopicPartition partition);

  /** Offset of the first record still kept. */
  long beginningOffset(TopicPartition partition);

  /** The partitions held now. */
  Set<TopicPartition> assignment();

  /** Makes a waiting {@link #poll} return. Any thread. */
  void wakeup();

  /** Leaves the group, when there is one. */
  @Override
  void close();
}
