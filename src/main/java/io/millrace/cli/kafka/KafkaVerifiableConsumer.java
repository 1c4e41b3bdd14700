package io.millrace.cli.kafka;

import io.millrace.cli.records.EventLines;
import io.millrace.cli.tool.Bootstrap;
import io.millrace.cli.tool.Interruption;
import io.millrace.cli.tool.OldNames;
import io.millrace.cli.tool.Shell;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code kafka-verifiable-consumer}: reads as a member of a group and tells what happens as JSON.
 * Confined to: the main thread.
 */
@Command(
    name = "kafka-verifiable-consumer",
    versionProvider = ToolVersion.class,
    sortOptions = false,
    description = "Reads as a member of a group and tells what happens as JSON.")
final class KafkaVerifiableConsumer implements Callable<Integer>, OldNames.Owner {
  private final Shell shell;
  private final EventLines events;

  @Mixin private final ConnectionOptions connection = new ConnectionOptions();

  @Option(names = "--topic", required = true, paramLabel = "TOPIC", description = "Topic to read.")
  private String topic = "";

  @Mixin private final VerifiableMemberOptions member = new VerifiableMemberOptions();

  @Option(
      names = "--max-messages",
      paramLabel = "N",
      description = "Ends after so many records. Default: -1, never.")
  private long maxMessages = -1;

  @Option(names = "--verbose", description = "Tells each record.")
  private boolean verbose;

  @Option(
      names = "--close-timeout",
      paramLabel = "MS",
      description = "How long leaving the group may take. Default: 30000.")
  private long closeTimeoutMs = 30_000;

  private long consumedCount;

  KafkaVerifiableConsumer(Shell shell) {
    this.shell = shell;
    this.events = new EventLines(shell.out());
  }

  @Override
  public OldNames oldNames() {
    return OldNames.renamed(Map.of("--consumer.config", "--command-config"));
  }

  @Override
  public Integer call() {
    Bootstrap bootstrap = connection.bootstrap(shell);
    Map<String, Object> settings =
        bootstrap.client(member.settings(connection.properties(bootstrap)));
    bootstrap.checkReachable();
    StringDeserializer text = new StringDeserializer();
    Consumer<String, String> consumer = new KafkaConsumer<>(settings, text, text);
    Runnable wake =
        () -> {
          events.print("shutdown_requested");
          consumer.wakeup();
        };
    try (Interruption interruption = Interruption.watch(shell, wake)) {
      try {
        consume(consumer);
      } catch (WakeupException e) {
        // Woken up by the interruption, the only one who does.
        assert interruption.requested();
      } finally {
        consumer.close(CloseOptions.timeout(Duration.ofMillis(closeTimeoutMs)));
        events.print("shutdown_complete");
        if (!interruption.requested()) {
          // Kafka's tool says this at every end, here behind the other.
          events.print("shutdown_requested");
        }
      }
    }
    return 0;
  }

  private void consume(Consumer<String, String> consumer) {
    events.print("startup_complete");
    consumer.subscribe(List.of(topic), new Told());
    while (!isFinished()) {
      Map<TopicPartition, OffsetAndMetadata> offsets =
          tell(consumer.poll(Duration.ofMillis(Long.MAX_VALUE)));
      if (!member.commitsItself()) {
        commit(consumer, offsets);
      }
    }
  }

  private boolean isFinished() {
    return maxMessages >= 0 && consumedCount >= maxMessages;
  }

  private Map<TopicPartition, OffsetAndMetadata> tell(ConsumerRecords<String, String> records) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    List<Object> summaries = new ArrayList<>();
    for (TopicPartition partition : records.partitions()) {
      List<ConsumerRecord<String, String>> wanted = records.records(partition);
      if (maxMessages >= 0) {
        long left = maxMessages - consumedCount;
        wanted = wanted.subList(0, (int) Math.min(left, wanted.size()));
      }
      if (!wanted.isEmpty()) {
        long last = wanted.get(wanted.size() - 1).offset();
        offsets.put(partition, new OffsetAndMetadata(last + 1));
        summaries.add(summary(partition, wanted.size(), wanted.get(0).offset(), last));
        tellEach(wanted);
        consumedCount += wanted.size();
      }
    }
    events.print("records_consumed", "count", (long) records.count(), "partitions", summaries);
    return offsets;
  }

  private static Map<String, Object> summary(
      TopicPartition partition, long count, long first, long last) {
    return EventLines.fields(
        "topic",
        partition.topic(),
        "partition",
        partition.partition(),
        "count",
        count,
        "minOffset",
        first,
        "maxOffset",
        last);
  }

  private void tellEach(List<ConsumerRecord<String, String>> records) {
    if (verbose) {
      for (ConsumerRecord<String, String> record : records) {
        events.print(
            "record_data",
            "key",
            record.key(),
            "value",
            record.value(),
            "topic",
            record.topic(),
            "partition",
            record.partition(),
            "offset",
            record.offset());
      }
    }
  }

  private void commit(
      Consumer<String, String> consumer, Map<TopicPartition, OffsetAndMetadata> offsets) {
    try {
      consumer.commitSync(offsets);
      tellCommit(offsets, null);
    } catch (WakeupException e) {
      // Once only: what was told as consumed is committed before the end.
      commit(consumer, offsets);
      throw e;
    } catch (FencedInstanceIdException e) {
      throw e;
    } catch (KafkaException e) {
      tellCommit(offsets, e);
    }
  }

  private void tellCommit(
      Map<TopicPartition, OffsetAndMetadata> offsets, @Nullable Exception failure) {
    List<Object> committed = new ArrayList<>();
    offsets.forEach(
        (partition, offset) ->
            committed.add(
                EventLines.fields(
                    "topic",
                    partition.topic(),
                    "partition",
                    partition.partition(),
                    "offset",
                    offset.offset())));
    if (failure == null) {
      events.print("offsets_committed", "offsets", committed, "success", true);
    } else {
      events.print(
          "offsets_committed",
          "offsets",
          committed,
          "error",
          failure.getMessage(),
          "success",
          false);
    }
  }

  /** Tells which partitions the member gets and loses. */
  private final class Told implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      events.print("partitions_assigned", "partitions", names(partitions));
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      events.print("partitions_revoked", "partitions", names(partitions));
    }

    private static List<Map<String, Object>> names(Collection<TopicPartition> partitions) {
      return partitions.stream()
          .map(one -> EventLines.fields("topic", one.topic(), "partition", one.partition()))
          .toList();
    }
  }
}
