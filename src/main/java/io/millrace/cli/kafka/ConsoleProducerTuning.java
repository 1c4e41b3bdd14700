package io.millrace.cli.kafka;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options of {@code kafka-console-producer} that set one property of the producer each. What
 * the user sets as a property goes before a default, and an option goes before both. Confined to:
 * the main thread.
 */
final class ConsoleProducerTuning {
  @Option(
      names = "--request-required-acks",
      paramLabel = "ACKS",
      description =
          "0: no answer; 1: the leader's; all or -1: of all in-sync replicas. Default: -1.")
  private @Nullable String acks;

  @Option(
      names = "--message-send-max-retries",
      paramLabel = "N",
      description = "How often a record is tried again (retries). Default: 3.")
  private @Nullable Integer retries;

  @Option(
      names = "--retry-backoff-ms",
      paramLabel = "MS",
      description = "Pause before that (retry.backoff.ms). Default: 100.")
  private @Nullable Long retryBackoffMs;

  @Option(
      names = "--request-timeout-ms",
      paramLabel = "MS",
      description = "How long an answer may take (request.timeout.ms). Default: 1500.")
  private @Nullable Integer requestTimeoutMs;

  @Option(
      names = "--timeout",
      paramLabel = "MS",
      description =
          "How long a record waits for others (linger.ms). Default: 1000; 0 when they are typed.")
  private @Nullable Long lingerMs;

  @Option(
      names = "--batch-size",
      paramLabel = "BYTES",
      description = "Bytes of a partition's records that go together (batch.size). Default: 16384.")
  private @Nullable Integer batchSizeBytes;

  @Option(names = "--max-partition-memory-bytes", hidden = true)
  private @Nullable Integer partitionMemoryBytes;

  @Option(
      names = "--compression-codec",
      arity = "0..1",
      fallbackValue = "gzip",
      paramLabel = "CODEC",
      description = "none, gzip, snappy, lz4 or zstd; without a name: gzip.")
  private @Nullable String compression;

  @Option(
      names = "--max-block-ms",
      paramLabel = "MS",
      description =
          "How long sending may wait for room and metadata (max.block.ms). Default: 60000.")
  private @Nullable Long maxBlockMs;

  @Option(
      names = "--max-memory-bytes",
      paramLabel = "BYTES",
      description = "Memory for records that wait (buffer.memory). Default: 33554432.")
  private @Nullable Long memoryBytes;

  @Option(
      names = "--metadata-expiry-ms",
      paramLabel = "MS",
      description = "When leaders are asked for again (metadata.max.age.ms). Default: 300000.")
  private @Nullable Long metadataAgeMs;

  @Option(
      names = "--socket-buffer-size",
      paramLabel = "BYTES",
      description = "Buffer of the socket (send.buffer.bytes). Default: 102400.")
  private @Nullable Integer socketBufferBytes;

  /**
   * All properties of the producer.
   *
   * @param given what the user set as properties
   * @param typed whether a person types the records, who need not wait for more of them
   */
  Map<String, Object> settings(Map<String, String> given, boolean typed) {
    Map<String, Object> all = new HashMap<>();
    all.put("client.id", "console-producer");
    all.put("compression.type", "none");
    all.putAll(given);
    merge(all, "compression.type", compression, "none");
    merge(all, "linger.ms", lingerMs, typed ? 0L : 1000L);
    merge(all, "acks", acks, "-1");
    merge(all, "request.timeout.ms", requestTimeoutMs, 1500);
    merge(all, "retries", retries, 3);
    merge(all, "retry.backoff.ms", retryBackoffMs, 100L);
    merge(all, "send.buffer.bytes", socketBufferBytes, 102400);
    merge(all, "buffer.memory", memoryBytes, 33554432L);
    merge(all, "batch.size", batchSizeBytes, 16384);
    merge(all, "batch.size", partitionMemoryBytes, 16384);
    merge(all, "metadata.max.age.ms", metadataAgeMs, 300000L);
    merge(all, "max.block.ms", maxBlockMs, 60000L);
    return all;
  }

  private static void merge(
      Map<String, Object> all, String name, @Nullable Object chosen, Object otherwise) {
    if (chosen != null) {
      all.put(name, chosen);
    } else {
      all.putIfAbsent(name, otherwise);
    }
  }
}
