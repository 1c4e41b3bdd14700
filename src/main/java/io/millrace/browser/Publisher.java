package io.millrace.browser;

import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.Work;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.TopicImage;
import io.millrace.model.Caller;
import io.millrace.partition.AppendOutcome;
import io.millrace.partition.CommittedLog;
import io.millrace.partition.remote.Appends;
import io.millrace.partition.remote.CommittedLogs;
import io.millrace.quota.Quotas;
import io.millrace.record.BatchBuilder;
import io.millrace.record.BatchView;
import io.millrace.record.InvalidRecordsException;
import io.millrace.record.ProduceValidator;
import io.millrace.security.Authorizer;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends records that people and browsers give. A key chooses the partition as Kafka's clients do
 * (murmur2); records without one go round. Thread-safe.
 */
public final class Publisher {
  private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);
  private static final int PRODUCE_VERSION = 12;
  private static final int TIMEOUT_MS = 30_000;

  private final CommittedLogs logs;
  private final Appends appends;
  private final Supplier<ClusterImage> image;
  private final Authorizer authorizer;
  private final Quotas quotas;
  private final AtomicInteger round = new AtomicInteger();

  /** Appends to the partitions of the cluster. */
  public Publisher(
      CommittedLogs logs,
      Appends appends,
      Supplier<ClusterImage> image,
      Authorizer authorizer,
      Quotas quotas) {
    this.logs = logs;
    this.appends = appends;
    this.image = image;
    this.authorizer = authorizer;
    this.quotas = quotas;
  }

  /** What became of one record. */
  public sealed interface Result {
    /**
     * It is in the log.
     *
     * @param offset -1 with {@code acks=0}
     * @param timestampMs timestamp that it has there
     */
    record Published(int partition, long offset, long timestampMs) implements Result {}

    /** It is not. */
    record Failed(RefusedException why) implements Result {}
  }

  /**
   * Publishes records to one topic; those of one partition are one batch, in their order.
   *
   * @param acks -1, 0 or 1, as in a produce request
   * @return one result for each record, in their order; fails with {@link RefusedException} when
   *     nothing was tried
   */
  public Future<List<Result>> publish(
      EventLoop loop, Caller caller, String topic, List<Outgoing> records, short acks) {
    TopicImage known;
    try {
      known = topic(caller, topic);
    } catch (RefusedException e) {
      return Future.failedFuture(e);
    }
    Result[] results = new Result[records.size()];
    Map<Integer, List<Integer>> byPartition = new TreeMap<>();
    int sticky = -1;
    for (int i = 0; i < results.length; i++) {
      Outgoing record = records.get(i);
      int count = known.partitions().size();
      if (record.partition() != null) {
        if (known.partition(record.partition()) == null) {
          results[i] = new Result.Failed(noPartition(topic, record.partition(), count));
          continue;
        }
        byPartition.computeIfAbsent(record.partition(), p -> new ArrayList<>()).add(i);
        continue;
      }
      if (record.key() == null && sticky < 0) {
        sticky = Math.floorMod(round.getAndIncrement(), count);
      }
      int chosen = record.key() == null ? sticky : partitionOf(record.key(), count);
      byPartition.computeIfAbsent(chosen, p -> new ArrayList<>()).add(i);
    }
    List<Future<Void>> begun = new ArrayList<>();
    byPartition.forEach(
        (number, indexes) ->
            new Portion(loop, caller, topic, number, records, indexes, acks, results).split(begun));
    return Future.join(begun).transform(done -> Future.succeededFuture(List.of(results)));
  }

  private static RefusedException noPartition(String topic, int number, int count) {
    return new RefusedException(
        Errors.UNKNOWN_TOPIC_OR_PARTITION,
        "Topic " + topic + " has no partition " + number + ".",
        "Its partitions are 0 to " + (count - 1) + ".");
  }

  /** The partition that Kafka's clients choose for a key. */
  static int partitionOf(byte[] key, int count) {
    return Utils.toPositive(Utils.murmur2(key)) % count;
  }

  private TopicImage topic(Caller caller, String topic) {
    if (!authorizer.allows(caller, AclOperation.WRITE, ResourceType.TOPIC, topic)) {
      throw new RefusedException(
          Errors.TOPIC_AUTHORIZATION_FAILED, "You may not write to topic " + topic + ".", null);
    }
    TopicImage known = Topics.require(image.get(), topic);
    if (Topic.isInternal(topic)) {
      throw new RefusedException(
          Errors.INVALID_TOPIC_EXCEPTION, "Topic " + topic + " belongs to the broker.", null);
    }
    return known;
  }

  /** The records of one call that go to one partition. */
  private final class Portion {
    private final EventLoop loop;
    private final Caller caller;
    private final String topic;
    private final int number;
    private final List<Outgoing> records;
    private final List<Integer> indexes;
    private final short acks;
    private final Result[] results;

    Portion(
        EventLoop loop,
        Caller caller,
        String topic,
        int number,
        List<Outgoing> records,
        List<Integer> indexes,
        short acks,
        Result[] results) {
      this.loop = loop;
      this.caller = caller;
      this.topic = topic;
      this.number = number;
      this.records = records;
      this.indexes = indexes;
      this.acks = acks;
      this.results = results;
    }

    /** Appends as many batches as the largest allowed size makes necessary. */
    void split(List<Future<Void>> begun) {
      CommittedLog partition = logs.get(topic, number);
      if (partition == null) {
        fail(indexes, RefusedException.of(Errors.UNKNOWN_TOPIC_OR_PARTITION));
        return;
      }
      int sizeMax = partition.config().maxMessageBytes();
      long nowMs = loop.clock().wallMs();
      BatchBuilder batch = new BatchBuilder();
      List<Integer> inBatch = new ArrayList<>();
      for (int index : indexes) {
        Outgoing record = records.get(index);
        if (batch.count() > 0 && batch.sizeBytes() + sizeOf(record) > sizeMax) {
          begun.add(append(partition, batch, inBatch, nowMs));
          batch = new BatchBuilder();
          inBatch = new ArrayList<>();
        }
        batch.add(nowMs, wrapped(record.key()), wrapped(record.value()), record.headers());
        inBatch.add(index);
      }
      begun.add(append(partition, batch, inBatch, nowMs));
    }

    private Future<Void> append(
        CommittedLog partition, BatchBuilder builder, List<Integer> inBatch, long nowMs) {
      ByteBuffer built = builder.build();
      quotas.record(
          caller, Quotas.Kind.PRODUCE_BYTES, built.remaining(), loop.clock().monotonicMs());
      return check(partition, built, nowMs)
          .compose(
              checked ->
                  appends
                      .append(loop, partition.id(), checked.batch(), acks, TIMEOUT_MS)
                      .onSuccess(
                          outcome ->
                              fill(
                                  outcome,
                                  inBatch,
                                  checked.logAppendTimeMs() < 0
                                      ? nowMs
                                      : checked.logAppendTimeMs())))
          .recover(
              fault -> {
                fail(inBatch, refusal(fault));
                return Future.succeededFuture();
              })
          .mapEmpty();
    }

    private Future<ProduceValidator.Checked> check(
        CommittedLog partition, ByteBuffer batch, long nowMs) {
      if (batch.remaining() > ProduceValidator.OFFLOAD_BYTES
          && ProduceValidator.needsDecompression(batch, partition.config())) {
        return loop.offload(Work.DECOMPRESS, () -> checked(partition, batch, nowMs));
      }
      try {
        return Future.succeededFuture(checked(partition, batch, nowMs));
      } catch (InvalidRecordsException e) {
        return Future.failedFuture(e);
      }
    }

    private ProduceValidator.Checked checked(CommittedLog partition, ByteBuffer batch, long nowMs)
        throws InvalidRecordsException {
      return ProduceValidator.check(
          batch, PRODUCE_VERSION, partition.id().topicPartition(), partition.config(), nowMs);
    }

    private void fill(AppendOutcome outcome, List<Integer> inBatch, long timestampMs) {
      if (outcome.error() != Errors.NONE) {
        fail(
            inBatch,
            outcome.message() == null
                ? RefusedException.of(outcome.error())
                : new RefusedException(outcome.error(), outcome.message(), null));
        return;
      }
      for (int i = 0; i < inBatch.size(); i++) {
        long offset = outcome.baseOffset() < 0 ? -1 : outcome.baseOffset() + i;
        results[inBatch.get(i)] = new Result.Published(number, offset, timestampMs);
      }
    }

    private void fail(List<Integer> which, RefusedException why) {
      which.forEach(index -> results[index] = new Result.Failed(why));
    }
  }

  private static RefusedException refusal(Throwable fault) {
    if (fault instanceof InvalidRecordsException invalid) {
      return new RefusedException(invalid.error(), invalid.getMessage(), null);
    }
    Errors error = Errors.forException(fault);
    if (error == Errors.UNKNOWN_SERVER_ERROR) {
      LOG.error("records could not be published by a fault of the program", fault);
    }
    return RefusedException.of(error);
  }

  private static int sizeOf(Outgoing record) {
    int size = 32 + length(record.key()) + length(record.value());
    for (var header : record.headers()) {
      size += 10 + 3 * header.key().length() + length(header.value());
    }
    return size + BatchView.LOG_OVERHEAD;
  }

  private static int length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  private static @Nullable ByteBuffer wrapped(byte @Nullable [] bytes) {
    return bytes == null ? null : ByteBuffer.wrap(bytes);
  }
}
