package io.millrace.cli.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options of {@code kafka-consumer-perf-test} that are properties of the consumer. Confined to:
 * the main thread.
 */
final class PerfConsumerTuning {
  private static final int GROUP_NUMBERS = 100_000;

  @Option(
      names = "--group",
      paramLabel = "GROUP",
      description = "Group to read as. Default: perf-consumer- and a random number.")
  private @Nullable String group;

  @Option(
      names = "--fetch-size",
      paramLabel = "BYTES",
      description = "Most bytes of a partition in an answer. Default: 1048576.")
  private int fetchBytes = 1024 * 1024;

  @Option(
      names = "--socket-buffer-size",
      paramLabel = "BYTES",
      description = "Buffer of the socket. Default: 2097152.")
  private int socketBufferBytes = 2 * 1024 * 1024;

  @Option(
      names = "--from-latest",
      description = "Begins at the end, unless the group has been somewhere already.")
  private boolean fromLatest;

  /**
   * All properties of the consumer.
   *
   * @param given what the user set as properties
   */
  Map<String, Object> settings(Map<String, String> given) {
    Map<String, Object> all = new HashMap<>(given);
    all.putIfAbsent("client.id", "perf-consumer-client");
    int number = ThreadLocalRandom.current().nextInt(GROUP_NUMBERS);
    all.put("group.id", group != null ? group : "perf-consumer-" + number);
    all.put("receive.buffer.bytes", socketBufferBytes);
    all.put("max.partition.fetch.bytes", fetchBytes);
    all.put("auto.offset.reset", fromLatest ? "latest" : "earliest");
    all.put("check.crcs", "false");
    return all;
  }
}
