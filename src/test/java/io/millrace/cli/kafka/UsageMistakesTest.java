package io.millrace.cli.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Typed;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Command lines that make no sense are told in a sentence and a hint, before any broker is asked.
 */
class UsageMistakesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kafka-topics --topic t | Command must include exactly one action: --list, --describe,"
            + " --create, --alter or --delete | Say what to do, for example: kafka-topics --list",
        "kafka-topics --list --create --topic t | Command must include exactly one action: --list,"
            + " --describe, --create, --alter or --delete | Leave one of --list and --create out.",
        "kafka-topics --create | Missing required argument \"[topic]\""
            + " | Add it, for example: --topic hello.kafka",
        "kafka-topics --alter --topic t | Missing required argument \"[partitions]\""
            + " | Add it, for example: --partitions 4",
        "kafka-topics --list --partitions 3 | Option \"[partitions]\" can't be used with option"
            + " \"[list]\" | Leave one of --partitions and --list out.",
        "kafka-configs --describe | At least one entity type must be specified"
            + " | Add for example: --entity-type topics --entity-name hello.kafka",
        "kafka-configs --alter --topic t | At least one of --add-config, --add-config-file, or"
            + " --delete-config must be specified with --alter"
            + " | Add for example: --add-config retention.ms=86400000",
        "kafka-configs --describe --broker one | The entity name for brokers must be a valid"
            + " integer broker id, but it is: one | See the brokers with: millrace brokers",
        "kafka-delete-records --bootstrap-server b:1 | Missing required argument"
            + " \"[offset-json-file]\" | Add it, for example: --offset-json-file delete.json",
        "kafka-log-dirs --topic-list t | Missing required argument \"[describe]\""
            + " | Add it, for example: --describe",
        "kafka-groups --list --group-type x | --group-type must be a valid group type."
            + " | Write classic, consumer, share or streams.",
        "kafka-reassign-partitions --verify --list | Command must include exactly one action:"
            + " --generate, --execute, --verify, --cancel, --list"
            + " | Leave one of --verify and --list out.",
        "kafka-reassign-partitions --list --throttle 4 | Option \"[throttle]\" can't be used with"
            + " action \"[list]\" | Leave --throttle out.",
        "kafka-reassign-partitions --execute | Missing required argument"
            + " \"[reassignment-json-file]\" | Add it, for example: --reassignment-json-file"
            + " move.json",
        "kafka-leader-election --election-type preferred --topic t | Missing required option(s):"
            + " partition | Add it, for example: --partition 0",
        "kafka-metadata-quorum describe | One of --status or --replication must be specified with"
            + " describe sub-command | For example: kafka-metadata-quorum describe --status",
        "kafka-create-topic --replica 1 | Missing required argument \"[topic]\""
            + " | Add it, for example: --topic kafkatopic"
      })
  void isToldWithWhatToType(String typed, String sentence, String hint) {
    String[] words = typed.split(" ");
    String[] arguments = Arrays.copyOfRange(words, 1, words.length);

    Typed.Printed printed = Typed.inPipe().kafka(words[0], arguments);

    assertThat(printed.errorLines()).containsExactly(sentence, "hint: " + hint);
    assertThat(printed.exitCode()).isEqualTo(1);
    assertThat(printed.out()).isEmpty();
  }

  @Test
  void toolWithoutArgumentsShowsWhatItTakes() {
    Typed.Printed printed = Typed.inPipe().kafka("kafka-topics");

    assertThat(printed.exitCode()).isEqualTo(1);
    assertThat(printed.err()).startsWith("Usage: kafka-topics ").contains("--under-replicated-");
  }
}
