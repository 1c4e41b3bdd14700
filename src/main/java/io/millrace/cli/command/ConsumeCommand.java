package io.millrace.cli.command;

import io.millrace.cli.tool.Bootstrap;
import io.millrace.cli.tool.Interruption;
import io.millrace.cli.tool.Shell;
import io.millrace.cli.tool.ToolException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace consume}: prints the records of topics. Confined to: the main thread. */
@Command(
    name = "millrace consume",
    sortOptions = false,
    description = "Prints the records of topics.")
final class ConsumeCommand implements Callable<Integer> {
  private static final Duration GLANCE = Duration.ofMillis(5);
  private static final Duration LOOK = Duration.ofMillis(500);

  private final Shell shell;

  @Parameters(arity = "1..*", paramLabel = "TOPIC", description = "Topics to read.")
  private List<String> topics = new ArrayList<>();

  @Option(
      names = "--from",
      paramLabel = "WHERE",
      description =
          "beginning or earliest, end or latest, an offset, -N for the last N of each partition, a"
              + " time in milliseconds since 1970 (13 digits) or as 2026-01-31T12:00:00Z; with"
              + " --group beginning or end, for where it has not read yet. Default: beginning.")
  private String from = "beginning";

  @Option(
      names = "--until",
      paramLabel = "WHERE",
      description = "end: stops at what is there now. Default in a pipe.")
  private @Nullable String until;

  @Option(names = "--follow", description = "Waits for more records. Default on a terminal.")
  private boolean follows;

  @Option(
      names = {"-n", "--max"},
      paramLabel = "N",
      description = "Ends after so many records.")
  private long max = -1;

  @Option(
      names = {"-g", "--group"},
      paramLabel = "GROUP",
      description = "Reads as a member of this group, which goes on where it was.")
  private @Nullable String group;

  @Mixin private final RecordText text = new RecordText();
  @Mixin private final Common common = new Common();

  private long printed;

  ConsumeCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    if (until != null && !until.equals("end")) {
      throw ToolException.wrongUsage("--until takes end, not '" + until + "'");
    }
    StartPlace place = StartPlace.parse(from);
    checkGroupCanBeginAt(place);
    Bootstrap bootstrap = common.bootstrap(shell);
    Map<String, Object> settings = bootstrap.client(settings(place));
    bootstrap.checkReachable();
    ByteArrayDeserializer bytes = new ByteArrayDeserializer();
    Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings, bytes, bytes);
    try (Interruption interruption = Interruption.watch(shell, consumer::wakeup);
        consumer) {
      consume(consumer, place, interruption);
    } catch (WakeupException e) {
      return 0; // interrupted, the usual end when it follows
    }
    return 0;
  }

  /** Only where a group has no offsets yet it asks where to begin, and then only for one end. */
  private void checkGroupCanBeginAt(StartPlace place) {
    if (group != null && place != StartPlace.BEGINNING && place != StartPlace.END) {
      throw ToolException.wrongUsage(
              "A group goes on where it was: with --group, --from takes beginning or end, not '"
                  + from
                  + "'")
          .hint(
              "Leave --group out to read from there; millrace groups reset "
                  + group
                  + " moves the group.");
    }
  }

  private Map<String, Object> settings(StartPlace place) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("client.id", "millrace-consume");
    settings.put("allow.auto.create.topics", "false");
    settings.put("enable.auto.commit", group != null);
    settings.put("auto.offset.reset", place == StartPlace.END ? "latest" : "earliest");
    int number = ThreadLocalRandom.current().nextInt(100_000);
    settings.put("group.id", group != null ? group : "millrace-consume-" + number);
    return settings;
  }

  private void consume(
      Consumer<byte[], byte[]> consumer, StartPlace place, Interruption interruption) {
    List<TopicPartition> partitions = partitions(consumer);
    boolean ends = until != null || !(follows || shell.outIsTerminal());
    Map<TopicPartition, Long> end = ends ? consumer.endOffsets(partitions) : Map.of();
    if (group != null) {
      consumer.subscribe(topics);
    } else {
      consumer.assign(partitions);
      place.seek(consumer, partitions);
    }
    boolean unwritten = false;
    while (!interruption.requested() && printed != max) {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(unwritten ? GLANCE : LOOK);
      if (records.isEmpty()) {
        unwritten = false;
        if (shell.out().checkError()) {
          return;
        }
      } else {
        unwritten = true;
        print(records, end, consumer);
      }
      if (ends && isPast(consumer, end)) {
        return;
      }
    }
  }

  private List<TopicPartition> partitions(Consumer<?, ?> consumer) {
    List<TopicPartition> partitions = new ArrayList<>();
    for (String topic : topics) {
      var found = consumer.partitionsFor(topic);
      if (found.isEmpty()) {
        throw ToolException.failed("There is no topic " + topic + ".")
            .hint("See which topics there are with: millrace topics list");
      }
      found.forEach(one -> partitions.add(new TopicPartition(topic, one.partition())));
    }
    return partitions;
  }

  private void print(
      ConsumerRecords<byte[], byte[]> records,
      Map<TopicPartition, Long> end,
      Consumer<byte[], byte[]> consumer) {
    for (ConsumerRecord<byte[], byte[]> record : records) {
      TopicPartition partition = new TopicPartition(record.topic(), record.partition());
      if (printed == max) {
        // What was not printed counts as not read; the first of each partition is met first.
        records.partitions().forEach(one -> rewind(consumer, records, one, partition, record));
        return;
      }
      if (record.offset() < end.getOrDefault(partition, Long.MAX_VALUE)) {
        text.print(record, shell, common.json());
        printed++;
      }
    }
    if (!end.isEmpty() && shell.out().checkError()) {
      printed = max;
    }
  }

  /** Records come partition by partition: those behind the one at hand were not printed. */
  private static void rewind(
      Consumer<byte[], byte[]> consumer,
      ConsumerRecords<byte[], byte[]> records,
      TopicPartition one,
      TopicPartition at,
      ConsumerRecord<byte[], byte[]> next) {
    List<TopicPartition> order = List.copyOf(records.partitions());
    if (one.equals(at)) {
      consumer.seek(one, next.offset());
    } else if (order.indexOf(one) > order.indexOf(at)) {
      consumer.seek(one, records.records(one).get(0).offset());
    }
  }

  private static boolean isPast(Consumer<?, ?> consumer, Map<TopicPartition, Long> end) {
    return !consumer.assignment().isEmpty()
        && consumer.assignment().stream()
            .allMatch(one -> consumer.position(one) >= end.getOrDefault(one, 0L));
  }
}
