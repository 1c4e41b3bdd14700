package io.millrace.coordinator.shard;

import java.util.ArrayList;
import java.util.List;

/**
 * What one step of a shard decided.
 *
 * @param records records to append, all or none, in this order
 * @param answers answers to give when the records, and everything appended before them, are
 *     committed; to the caller of this step or to callers of earlier ones
 * @param producerId producer id of the batch; -1 outside of transactions
 * @param producerEpoch epoch of the producer; -1 outside of transactions
 * @param effects what is to be done to other partitions after the commit
 */
public record ShardResult<R>(
    List<R> records,
    List<Answer<?>> answers,
    long producerId,
    short producerEpoch,
    List<Effect> effects) {

  /** Collects the decisions of one step. Confined to: the step. */
  public static final class Builder<R> {
    private final List<R> records = new ArrayList<>();
    private final List<Answer<?>> answers = new ArrayList<>();

    /** Appends a record. It takes effect by replay, after the step. */
    public Builder<R> append(R record) {
      records.add(record);
      return this;
    }

    /** Appends records, in their order. */
    public Builder<R> appendAll(List<? extends R> more) {
      records.addAll(more);
      return this;
    }

    /** Answers a request, this step's or one that waited. */
    public <T> Builder<R> answer(Reply<T> to, T value) {
      answers.add(new Answer<>(to, value));
      return this;
    }

    /** Whether no record was decided so far. */
    public boolean hasNoRecords() {
      return records.isEmpty();
    }

    /** The result of a step outside of transactions. */
    public ShardResult<R> build() {
      return new ShardResult<>(
          List.copyOf(records), List.copyOf(answers), -1, (short) -1, List.of());
    }
  }
}
