package io.millrace.cli.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Typed;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What kafka-consumer-groups answers before it asks any broker. */
class ConsumerGroupOptionsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "group hello-group --describe group|'group' has no dashes; did you mean --group?",
        "--list --describe|Command must include exactly one action: --list, --describe, --delete,"
            + " --reset-offsets, --delete-offsets, --validate-regex",
        "--describe|Option [describe] takes one of these options: [group], [all-groups]",
        "--describe --group g --members --state|Option [describe] takes at most one of these"
            + " options: [members], [offsets], [state]",
        "--describe --group g --state stable|Option [describe] does not take a value for [state]",
        "--list --members|--members, --offsets and --verbose belong to --describe",
        "--delete --group g --topic t|The consumer does not support topic-specific offset deletion"
            + " from a consumer group.",
        "--delete-offsets --group g|Option [delete-offsets] takes the following options: [group],"
            + " [topic]",
        "--reset-offsets --group g --to-latest|One of the reset scopes should be defined:"
            + " --all-topics, --topic.",
        "--reset-offsets --group g --topic t --to-latest --dry-run --execute|Option [reset-offsets]"
            + " only accepts one of [execute] and [dry-run]",
        "--list --state lively|Invalid state list 'lively'. Valid states are: Assigning,"
            + " CompletingRebalance, Dead, Empty, PreparingRebalance, Reconciling, Stable",
        "--list --type odd|Invalid types list 'odd'. Valid types are: Classic, Consumer"
      })
  void saysWhatDoesNotGoTogether(String typed, String sentence) {
    Typed.Printed printed = Typed.inPipe().kafka("kafka-consumer-groups", typed.split(" "));

    assertThat(printed.exitCode()).isEqualTo(1);
    assertThat(printed.err()).contains(sentence);
    assertThat(printed.err()).doesNotContain("\tat ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "orders.*|The regular expression `orders.*` is valid.",
        "a(b|The regular expression `a(b` is invalid: missing closing ).",
        "a[|The regular expression `a[` is invalid: missing closing ].",
        "a(?=b)|The regular expression `a(?=b)` is invalid: invalid or unsupported Perl syntax.",
        "(a)\\1|The regular expression `(a)\\1` is invalid: invalid escape sequence.",
        "a++|The regular expression `a++` is invalid: invalid nested repetition operator."
      })
  void judgesRegularExpressionsAsBrokersDo(String regex, String sentence) {
    Typed.Printed printed =
        Typed.inPipe().kafka("kafka-consumer-groups", "--validate-regex", regex);

    assertThat(printed.out().strip()).isEqualTo(sentence);
    assertThat(printed.exitCode()).isZero();
  }
}
