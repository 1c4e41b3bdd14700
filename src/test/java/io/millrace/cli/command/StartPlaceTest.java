package io.millrace.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cli.tool.ToolException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where reading begins in a partition that keeps offsets 3 to 9, one for each second. */
class StartPlaceTest {
  private static final TopicPartition PARTITION = new TopicPartition("t", 0);
  private static final Instant FIRST = Instant.parse("2026-01-31T12:00:00Z");
  private static final long BEGIN = 3;
  private static final long END = 10;

  @ParameterizedTest
  @CsvSource({
    "beginning, 3",
    "earliest, 3",
    "end, 10",
    "latest, 10",
    "5, 5",
    "-2, 8",
    "-100, 3",
    "2026-01-31T12:00:02Z, 5",
    "2026-01-31T13:00:02+01:00, 5",
    "2026-01-31T11:59:00Z, 3",
    "2026-02-28T12:00:00Z, 10",
    "1769860802000, 5"
  })
  void beginsThere(String from, long offset) {
    try (MockConsumer<byte[], byte[]> consumer = new Clocked()) {
      consumer.assign(List.of(PARTITION));

      StartPlace.parse(from).seek(consumer, List.of(PARTITION));

      assertThat(consumer.position(PARTITION)).isEqualTo(offset);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "start", "--5", "5x", "2026-13-01", "2026-01-31T25:00:00Z"})
  void saysWhatAPlaceLooksLike(String from) {
    assertThatThrownBy(() -> StartPlace.parse(from))
        .isInstanceOf(ToolException.class)
        .hasMessage("'" + from + "' is no place to begin at")
        .extracting(thrown -> ((ToolException) thrown).hint().orElseThrow())
        .isEqualTo("Write beginning, end, 42, -10, 2026-01-31 or 2026-01-31T12:00:00Z.");
  }

  @Test
  void oneWordIsOnePlace() {
    assertThat(StartPlace.parse("earliest")).isSameAs(StartPlace.BEGINNING);
    assertThat(StartPlace.parse("latest")).isSameAs(StartPlace.END);
  }

  /** A consumer that knows the time of each record. */
  private static final class Clocked extends MockConsumer<byte[], byte[]> {
    Clocked() {
      super("earliest");
      updateBeginningOffsets(Map.of(PARTITION, BEGIN));
      updateEndOffsets(Map.of(PARTITION, END));
    }

    @Override
    public synchronized Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
        Map<TopicPartition, Long> times) {
      Map<TopicPartition, OffsetAndTimestamp> found = new HashMap<>();
      times.forEach((partition, timeMs) -> found.put(partition, null));
      for (long offset = END - 1; offset >= BEGIN; offset--) {
        long atMs = FIRST.plusSeconds(offset - BEGIN).toEpochMilli();
        if (atMs >= times.getOrDefault(PARTITION, Long.MAX_VALUE)) {
          found.put(PARTITION, new OffsetAndTimestamp(offset, atMs));
        }
      }
      return found;
    }
  }
}
