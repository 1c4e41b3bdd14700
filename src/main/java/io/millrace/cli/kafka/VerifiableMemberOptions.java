package io.millrace.cli.kafka;

import io.millrace.cli.tool.ToolException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options of {@code kafka-verifiable-consumer} that say which member of which group it is.
 * Confined to: the main thread.
 */
final class VerifiableMemberOptions {
  @Option(
      names = "--group-id",
      required = true,
      paramLabel = "GROUP",
      description = "Group that it is a member of.")
  private String groupId = "";

  @Option(
      names = "--group-protocol",
      paramLabel = "PROTOCOL",
      description = "classic or consumer. Default: classic.")
  private String groupProtocol = "classic";

  @Option(
      names = "--group-remote-assignor",
      paramLabel = "NAME",
      description = "Assignor of the broker, for the consumer protocol.")
  private @Nullable String remoteAssignor;

  @Option(
      names = "--group-instance-id",
      paramLabel = "NAME",
      description = "Name of a static member.")
  private @Nullable String instanceId;

  @Option(
      names = "--session-timeout",
      paramLabel = "MS",
      description = "When a silent member counts as gone, for the classic protocol.")
  private @Nullable Integer sessionTimeoutMs;

  @Option(
      names = "--enable-autocommit",
      description = "Leaves commits to the client, which does not tell them.")
  private boolean autoCommit;

  @Option(
      names = "--reset-policy",
      paramLabel = "WHERE",
      description = "Where a new group begins: earliest, latest or none. Default: earliest.")
  private String resetPolicy = "earliest";

  @Option(
      names = "--assignment-strategy",
      paramLabel = "CLASS",
      description = "Assignor of the classic protocol. Default: RangeAssignor.")
  private String assignmentStrategy = "org.apache.kafka.clients.consumer.RangeAssignor";

  /** Whether the client commits by itself. */
  boolean commitsItself() {
    return autoCommit;
  }

  /**
   * All properties of the consumer.
   *
   * @param given what the user set as properties
   */
  Map<String, Object> settings(Map<String, String> given) {
    String protocol = groupProtocol.toLowerCase(Locale.ROOT);
    Map<String, Object> all = new HashMap<>(given);
    all.put("group.protocol", protocol);
    switch (protocol) {
      case "classic" -> all.put("partition.assignment.strategy", assignmentStrategy);
      case "consumer" -> putIfGiven(all, "group.remote.assignor", remoteAssignor);
      default ->
          throw ToolException.wrongUsage(
              "--group-protocol takes classic or consumer, not '" + groupProtocol + "'");
    }
    putIfGiven(all, "session.timeout.ms", sessionTimeoutMs);
    putIfGiven(all, "group.instance.id", instanceId);
    all.put("group.id", groupId);
    all.put("enable.auto.commit", autoCommit);
    all.put("auto.offset.reset", resetPolicy);
    return all;
  }

  private static void putIfGiven(Map<String, Object> all, String name, @Nullable Object chosen) {
    if (chosen != null) {
      all.put(name, chosen);
    }
  }
}
