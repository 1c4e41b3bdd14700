package io.millrace.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.testkit.BrokerProcess;
import io.millrace.testkit.Child;
import io.millrace.testkit.Folders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * With {@code flush.messages=1} the system calls of an acknowledged record come in this order:
 * write to the segment, fdatasync of it, answer on the socket. Watched with strace.
 */
@Tag("it")
class FlushOrderTest {
  private static final String SEGMENT = "flushed-0/00000000000000000000.log>";

  @Test
  void syncsSegmentBeforeItAnswers() throws Exception {
    assumeTrue(Child.exists("strace"), "strace is not installed");
    Path home = Folders.empty("flush-order");
    try (BrokerProcess broker = BrokerProcess.start(home);
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
      NewTopic topic = new NewTopic("flushed", 1, (short) 1).configs(Map.of("flush.messages", "1"));
      admin.createTopics(List.of(topic)).all().get();
      try (KafkaProducer<String, String> producer =
          new KafkaProducer<>(
              Map.of("bootstrap.servers", broker.bootstrap(), "client.id", "watched"),
              new StringSerializer(),
              new StringSerializer())) {
        send(producer); // connected, and every class is loaded
        Path trace = home.resolve("trace.txt");
        try (Child strace = trace(broker.pid(), trace)) {
          for (int i = 0; i < 10; i++) {
            send(producer);
          }
          strace.terminate();
        }
        assertOrder(Files.readAllLines(trace));
      }
    }
  }

  private static void send(KafkaProducer<String, String> producer) throws Exception {
    producer.send(new ProducerRecord<>("flushed", 0, null, "value")).get();
  }

  private static Child trace(long pid, Path into) {
    Child strace =
        Child.start(
            List.of(
                "strace",
                "-f",
                "-y",
                "-s",
                "0",
                "-p",
                Long.toString(pid),
                "-o",
                into.toString(),
                "-e",
                "trace=fdatasync,fsync,write,writev,pwrite64,pwritev,sendto,sendmsg"));
    await().atMost(Duration.ofSeconds(20)).until(() -> attached(strace, into) || refused(strace));
    assumeTrue(!refused(strace), "strace may not attach here: " + strace.errorLines());
    return strace;
  }

  private static boolean attached(Child strace, Path into) {
    return Files.exists(into)
        && strace.errorLines().stream().anyMatch(line -> line.contains("attached"));
  }

  private static boolean refused(Child strace) {
    return strace.errorLines().stream().anyMatch(line -> line.contains("not permitted"));
  }

  /** After each write to the segment, a sync of it ends before anything is sent to a socket. */
  private static void assertOrder(List<String> calls) {
    List<Integer> writes =
        IntStream.range(0, calls.size())
            .filter(i -> calls.get(i).matches(".*\\bp?writev?(64)?\\(.*" + SEGMENT + ".*"))
            .boxed()
            .toList();
    assertThat(writes).as("writes to the segment").hasSizeGreaterThanOrEqualTo(10);
    for (int write : writes) {
      int answer = next(calls, write, FlushOrderTest::isSend);
      int synced = next(calls, write, FlushOrderTest::isSyncDone);
      assertThat(synced).as("sync after call %d: %s", write, calls.get(write)).isLessThan(answer);
    }
  }

  private interface Call {
    boolean is(String call);
  }

  private static int next(List<String> calls, int from, Call wanted) {
    return IntStream.range(from + 1, calls.size())
        .filter(i -> wanted.is(calls.get(i)))
        .findFirst()
        .orElse(Integer.MAX_VALUE);
  }

  private static boolean isSend(String call) {
    return call.contains("<socket:") || call.contains("<TCP");
  }

  private static boolean isSyncDone(String call) {
    return call.contains("<... fdatasync resumed>")
        || call.contains("<... fsync resumed>")
        || call.matches(".*\\bf(data)?sync\\(.*" + SEGMENT + "\\) = 0.*");
  }
}
