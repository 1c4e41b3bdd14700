package io.millrace.coordinator.shard;

/**
 * The place where one answer goes; made by the runtime for each request. A shard keeps it as long
 * as the requester has to wait (a member that waits for the others to join) and names it in the
 * {@link ShardResult} of the step that decides the answer. Replies that a discarded shard still
 * held are answered by the runtime.
 *
 * @param <T> class of the answer
 */
public interface Reply<T> {

  /** Gives the answer. Called by the runtime alone, once what it depends on is committed. */
  void answer(T value);
}
