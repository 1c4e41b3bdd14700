package io.millrace.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.BrokerProcess;
import io.millrace.testkit.Folders;
import io.millrace.testkit.OriginalTools;
import io.millrace.testkit.Typed;
import io.millrace.testkit.Typed.Printed;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tools that send and receive records, beside Kafka's newest ones at the same broker. */
@Tag("it")
class RecordToolsIT {
  private static final OriginalTools KAFKA = OriginalTools.in("kafka-tools-4.4.0");
  private static final String LINES =
      "h1:v1,h2:v2\tk1\t안녕\r\nh:v\tk2\t\nh:v\tNULL\tx\ty\nh:v\tk\tlast";
  private static final String[] GRAMMAR = {
    "--reader-property", "parse.key=true",
    "--reader-property", "parse.headers=true",
    "--reader-property", "null.marker=NULL"
  };

  private static BrokerProcess broker;

  @BeforeAll
  static void start() {
    broker = BrokerProcess.start(Folders.empty("record-tools"));
    assertThat(produce("same", LINES, GRAMMAR).exitCode()).isZero();
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "print.value=true",
        "print.key=true",
        "print.key=true key.separator=- null.literal=nothing",
        "print.headers=true print.partition=true print.offset=true print.key=true",
        "print.timestamp=true print.delivery=true headers.separator=| line.separator=;\n",
        "print.key=true print.value=false"
      })
  void consolePrintsWhatKafkasPrints(String properties) {
    List<String> line = new ArrayList<>(at("same", "--from-beginning", "--max-messages", "4"));
    for (String property : properties.split(" ")) {
      line.addAll(List.of("--formatter-property", property));
    }
    String[] typed = line.toArray(String[]::new);

    Printed ours = Typed.inPipe().kafka("kafka-console-consumer", typed);

    assertThat(ours.out()).isEqualTo(KAFKA.run("consumer.ConsoleConsumer", typed).out());
    assertThat(ours.err()).isEqualTo("Processed a total of 4 messages\n");
  }

  @Test
  void linesArriveAsThoseThatKafkasToolSends() {
    InputStream usual = System.in;
    System.setIn(new ByteArrayInputStream(LINES.getBytes(UTF_8)));
    try {
      List<String> line = new ArrayList<>(at("same-by-kafka", "--timeout", "0"));
      line.addAll(List.of(GRAMMAR));
      KAFKA.run("ConsoleProducer", line.toArray(String[]::new));
    } finally {
      System.setIn(usual);
    }

    assertThat(everything("same-by-kafka", 4)).isEqualTo(everything("same", 4));
  }

  @Test
  void takesTheTutorialsLinesAsTheyWerePrinted() {
    Printed printed =
        Typed.inPipe()
            .input("key1:no1\nkey2:no2\n")
            .kafka(
                "kafka-console-producer",
                ("--broker-list %s --topic pairs --request-required-acks 1"
                        + " --message-send-max-retries 50 --sync --property parse.key=true"
                        + " --property key.separator=:")
                    .formatted(broker.bootstrap())
                    .split(" "));

    assertThat(printed.exitCode()).isZero();
    assertThat(printed.out()).isEmpty();
    assertThat(
            consume(
                    "pairs",
                    "--from-beginning",
                    "--max-messages",
                    "2",
                    "--property",
                    "print.key=true",
                    "--property",
                    "key.separator=-")
                .out())
        .isEqualTo("key1-no1\nkey2-no2\n");
  }

  @Test
  void saysWhichLineHasNoKey() {
    Printed printed = produce("unsaid", "nothing", "--reader-property", "parse.key=true");

    assertThat(printed.exitCode()).isEqualTo(1);
    assertThat(printed.err()).contains("No key separator found on line number 1: 'nothing'");
  }

  @Test
  void losesAndDoublesNothingWhenConnectionsAreCut() throws Exception {
    String lines = IntStream.range(0, 10_000).mapToObj(i -> i + "\n").collect(Collectors.joining());
    int before = broker.proxy().cuts();
    CompletableFuture<Printed> sending =
        CompletableFuture.supplyAsync(
            () ->
                Typed.inPipe()
                    .input(lines)
                    .kafka(
                        "kafka-console-producer",
                        ("--bootstrap-server %s --topic cut --batch-size 200 --timeout 0"
                                + " --message-send-max-retries 50"
                                + " --command-property max.in.flight.requests.per.connection=1")
                            .formatted(broker.proxied())
                            .split(" ")));
    Awaitility.await("three answers lost, or all sent")
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              broker.proxy().loseNextAnswer("console-producer");
              return sending.isDone() || broker.proxy().cuts() >= before + 3;
            });

    assertThat(sending.get(60, TimeUnit.SECONDS).exitCode()).isZero();
    assertThat(broker.proxy().cuts()).as("answers lost").isGreaterThan(before);
    assertThat(
            consume(
                    "cut",
                    "--from-beginning",
                    "--isolation-level",
                    "read_committed",
                    "--max-messages",
                    "10001",
                    "--timeout-ms",
                    "3000")
                .out())
        .isEqualTo(lines);
  }

  @Test
  void groupGoesOnWhereItWas() {
    produce("resumed", "1\n2\n3\n");

    assertThat(consumeAs("g", "resumed", 2).out()).isEqualTo("1\n2\n");
    assertThat(consumeAs("g", "resumed", 1).out()).isEqualTo("3\n");
    assertThat(consumeAs("other", "resumed", 3).out()).isEqualTo("1\n2\n3\n");
  }

  @Test
  void interruptedConsumerPrintsCommitsAndLeavesAtOnce(@TempDir Path home) throws Exception {
    produce("watched", "1\n2\n");
    Path out = home.resolve("out");
    List<String> line =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.millrace.cli.Main"));
    line.add("kafka-console-consumer");
    line.addAll(at("watched", "--group", "watchers", "--from-beginning"));
    Process process =
        new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    Awaitility.await("both records")
        .atMost(Duration.ofSeconds(60))
        .until(() -> Files.readString(out).endsWith("1\n2\n"));

    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();

    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(out)).endsWith("Processed a total of 2 messages\n");
    assertThat(consumeAs("watchers", "watched", -1, "--timeout-ms", "3000").out()).isEmpty();
  }

  @Test
  void verifiableToolsTellTheEventsOfKafkas() {
    String[] sending = at("told", "--max-messages", "3").toArray(String[]::new);
    Printed sent = Typed.inPipe().kafka("kafka-verifiable-producer", sending);
    String[] ours =
        at("told", "--max-messages", "3", "--group-id", "v1", "--verbose").toArray(String[]::new);
    String[] theirs =
        at("told", "--max-messages", "3", "--group-id", "v2", "--verbose").toArray(String[]::new);

    assertThat(sent.out()).contains("\"name\":\"tool_data\",\"sent\":3,\"acked\":3");
    assertThat(sent.lines())
        .filteredOn(one -> one.contains("producer_send_success"))
        .hasSize(3)
        .allMatch(one -> one.startsWith("{\"timestamp\":"));
    Map<String, Set<String>> told = fields(Typed.inPipe().kafka("kafka-verifiable-consumer", ours));
    told.remove("shutdown_requested"); // said by a process only, at its end
    assertThat(told).isEqualTo(fields(KAFKA.run("VerifiableConsumer", theirs)));
  }

  @Test
  void perfTestsPrintKafkasColumns() {
    Printed sent =
        Typed.inPipe()
            .kafka(
                "kafka-producer-perf-test",
                ("--topic perf --num-records 1000 --record-size 10 --throughput -1"
                        + " --producer-props bootstrap.servers=%s linger.ms=5")
                    .formatted(broker.bootstrap())
                    .split(" "));
    Printed read =
        Typed.inPipe()
            .kafka(
                "kafka-consumer-perf-test",
                at("perf", "--messages", "1000").toArray(String[]::new));

    assertThat(sent.out())
        .matches(
            "1000 records sent, [\\d.]+ records/sec \\([\\d.]+ MB/sec\\), [\\d.]+ ms avg latency,"
                + " [\\d.]+ ms max latency, \\d+ ms 50th, \\d+ ms 95th, \\d+ ms 99th, \\d+ ms"
                + " 99\\.9th\\.\n");
    assertThat(read.lines().get(0))
        .isEqualTo(
            "start.time, end.time, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec,"
                + " rebalance.time.ms, fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec");
    assertThat(read.lines().get(1).split(", ")).hasSize(10).contains("1000");
  }

  @Test
  void perfTestSendsPiecesOfAFileAndTellsTheSteadyStateApart(@TempDir Path folder)
      throws Exception {
    Path payloads = Files.writeString(folder.resolve("payloads"), "one;two");

    Printed sent =
        Typed.inPipe()
            .kafka(
                "kafka-producer-perf-test",
                ("--topic pieces --num-records 100 --throughput -1 --warmup-records 40"
                        + " --payload-delimiter ; --bootstrap-server %s --payload-file %s")
                    .formatted(broker.bootstrap(), payloads)
                    .split(" "));

    assertThat(sent.lines())
        .hasSize(5)
        .satisfies(all -> assertThat(all.get(3)).startsWith("100 records sent, "))
        .satisfies(all -> assertThat(all.get(4)).startsWith("60 steady state records sent, "))
        .startsWith(
            "Reading payloads from: " + payloads,
            "Number of records read: 2",
            "Warmup first 40 records. Steady state results will print after the complete test"
                + " summary.");
    assertThat(consume("pieces", "--from-beginning", "--max-messages", "100").lines())
        .hasSize(100)
        .containsOnly("one", "two");
  }

  @Test
  void promptStandsBeforeEachLineOfAPerson() {
    Printed typed =
        Typed.onTerminal()
            .input("first\nsecond\n")
            .kafka("kafka-console-producer", at("prompted").toArray(String[]::new));

    assertThat(typed.out()).isEqualTo(">>>");
    assertThat(consume("prompted", "--from-beginning", "--max-messages", "2").out())
        .isEqualTo("first\nsecond\n");
  }

  @Test
  void ownCommandsSendAndShowWithTheirPlaces() {
    Typed typed = Typed.inPipe().with(Map.of("MILLRACE_BOOTSTRAP", broker.bootstrap()));

    Printed sent = typed.input("a=1\nb=2\n").millrace("produce", "own", "-K", "=", "-v");
    Printed read = typed.millrace("consume", "own", "--from", "-1", "--json");

    assertThat(sent.lines()).containsExactly("own-0@0", "own-0@1");
    JsonObject record = new JsonObject(read.out());
    assertThat(record.getString("key")).isEqualTo("b");
    assertThat(record.getString("value")).isEqualTo("2");
    assertThat(record.getLong("offset")).isEqualTo(1);
  }

  private static Map<String, Set<String>> fields(Printed printed) {
    Map<String, Set<String>> fields = new TreeMap<>();
    for (String line : printed.lines()) {
      JsonObject event = new JsonObject(line);
      fields.put(event.getString("name"), new TreeSet<>(event.fieldNames()));
    }
    return fields;
  }

  private static List<String> at(String topic, String... more) {
    List<String> line =
        new ArrayList<>(List.of("--bootstrap-server", broker.bootstrap(), "--topic", topic));
    line.addAll(List.of(more));
    return line;
  }

  private static Printed produce(String topic, String lines, String... more) {
    return Typed.inPipe()
        .input(lines)
        .kafka("kafka-console-producer", at(topic, more).toArray(String[]::new));
  }

  private static Printed consume(String topic, String... more) {
    return Typed.inPipe().kafka("kafka-console-consumer", at(topic, more).toArray(String[]::new));
  }

  private static Printed consumeAs(String group, String topic, int max, String... more) {
    List<String> line = new ArrayList<>(List.of("--group", group, "--from-beginning"));
    line.addAll(List.of("--max-messages", Integer.toString(max)));
    line.addAll(List.of(more));
    return consume(topic, line.toArray(String[]::new));
  }

  private static String everything(String topic, int count) {
    return consume(
            topic,
            "--from-beginning",
            "--max-messages",
            Integer.toString(count),
            "--formatter-property",
            "print.key=true",
            "--formatter-property",
            "print.headers=true")
        .out();
  }
}
