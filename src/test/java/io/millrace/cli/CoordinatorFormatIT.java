package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.BrokerProcess;
import io.millrace.testkit.Folders;
import io.millrace.testkit.OriginalTools;
import io.millrace.testkit.Typed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code __consumer_offsets} of a broker, by the console consumer's formatters. */
@Tag("it")
class CoordinatorFormatIT {
  private static final OriginalTools KAFKA = OriginalTools.in("kafka-tools-4.4.0");
  private static final TopicPartition READ = new TopicPartition("read", 0);

  private static BrokerProcess broker;

  @BeforeAll
  static void fillTheTopic() throws Exception {
    broker =
        BrokerProcess.start(
            Folders.empty("coordinator-format"), Map.of("offsets.topic.num.partitions", "1"));
    typed("kafka-console-producer", "--topic read", "1\n2\n");
    String consume = "--topic read --from-beginning --max-messages 2 --group ";
    typed("kafka-console-consumer", consume + "members", "");
    typed("kafka-console-consumer", consume + "static --command-property group.instance.id=i", "");
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
      OffsetAndMetadata told = new OffsetAndMetadata(1, "\"메타\"\t\\/\u0001");
      for (String group : List.of("kept", "forgotten", "deleted")) {
        admin.alterConsumerGroupOffsets(group, Map.of(READ, told)).all().get();
      }
      admin.deleteConsumerGroupOffsets("forgotten", Set.of(READ)).all().get();
      admin.deleteConsumerGroups(List.of("deleted")).all().get();
    }
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @ParameterizedTest
  @CsvSource({"OffsetsMessageFormatter, commitTimestamp", "GroupMetadataMessageFormatter, leader"})
  void pipeGetsTheJsonOfKafkasFormatters(String formatter, String field) {
    String[] line = reading("org.apache.kafka.tools.consumer." + formatter);

    Typed.Printed ours = Typed.inPipe().kafka("kafka-console-consumer", line);

    assertThat(ours.out()).contains("\"" + field + "\":");
    assertThat(ours.out() + "\n").isEqualTo(KAFKA.run("consumer.ConsoleConsumer", line).out());
  }

  @Test
  void terminalGetsALineForEachRecord() {
    String[] line = reading("OffsetsMessageFormatter");

    Typed.Printed ours = Typed.onTerminal().kafka("kafka-console-consumer", line);

    assertThat(ours.lines()).hasSizeGreaterThan(4).allMatch(one -> one.startsWith("{\"key\":"));
  }

  @Test
  void olderNamesOfTheFormattersPrintWhatTheyPrinted() {
    String home = "kafka.coordinator.group.GroupMetadataManager$";
    Typed.Printed offsets =
        Typed.inPipe().kafka("kafka-console-consumer", reading(home + "OffsetsMessageFormatter"));
    Typed.Printed groups =
        Typed.inPipe()
            .kafka("kafka-console-consumer", reading(home + "GroupMetadataMessageFormatter"));

    assertThat(offsets.lines())
        .anyMatch(
            one ->
                one.matches(
                    "\\[members,read,0\\]::OffsetAndMetadata\\(offset=2,"
                        + " leaderEpoch=Optional(\\.empty|\\[\\d+\\]), metadata=,"
                        + " commitTimestamp=\\d{13}, expireTimestamp=None\\)"))
        .contains("[forgotten,read,0]::NULL");
    assertThat(groups.lines())
        .anyMatch(
            one ->
                one.matches(
                    "static::GroupMetadata\\(groupId=static, generation=1,"
                        + " protocolType=Some\\(consumer\\), currentState=Stable,"
                        + " members=Map\\((\\S+) -> MemberMetadata\\(memberId=\\1,"
                        + " groupInstanceId=Some\\(i\\), clientId=console-consumer,"
                        + " clientHost=/127\\.0\\.0\\.1, sessionTimeoutMs=45000,"
                        + " rebalanceTimeoutMs=300000, supportedProtocols=List\\(range\\)\\)\\)\\)"))
        .contains(
            "members::GroupMetadata(groupId=members, generation=2, protocolType=Some(consumer),"
                + " currentState=Empty, members=Map())");
  }

  private static String[] reading(String formatter) {
    return at(
        "--topic __consumer_offsets --partition 0 --offset earliest --timeout-ms 3000"
            + " --formatter "
            + formatter);
  }

  private static void typed(String tool, String arguments, String input) {
    Typed.Printed printed = Typed.inPipe().input(input).kafka(tool, at(arguments));
    assertThat(printed.exitCode()).as(printed.err()).isZero();
  }

  private static String[] at(String arguments) {
    List<String> line = new ArrayList<>(List.of("--bootstrap-server", broker.bootstrap()));
    line.addAll(Arrays.asList(arguments.split(" ")));
    return line.toArray(String[]::new);
  }
}
