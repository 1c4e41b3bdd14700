package io.millrace.storage.log.clean;

import static io.millrace.storage.log.clean.InMemorySegments.batch;
import static io.millrace.storage.log.clean.InMemorySegments.marker;
import static io.millrace.storage.log.clean.InMemorySegments.put;
import static io.millrace.storage.log.clean.InMemorySegments.segment;
import static io.millrace.storage.log.clean.InMemorySegments.tombstone;
import static io.millrace.storage.log.clean.InMemorySegments.transactional;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.config.LogConfig;
import io.millrace.storage.log.AbortedTxn;
import io.millrace.storage.log.CorruptLogException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CompactorTest {
  private static final long NOW = 10_000_000;
  private static final LogConfig CONFIG =
      LogConfig.of(Map.of("cleanup.policy", "compact", "delete.retention.ms", "60000"));
  private static final ProducerEnds NO_PRODUCERS = batch -> false;

  private final InMemorySegments out = new InMemorySegments();

  private Compaction compact(List<SourceSegment> sources, long firstDirty, long nowMs)
      throws IOException {
    return compact(sources, firstDirty, nowMs, NO_PRODUCERS, 1 << 20);
  }

  private Compaction compact(
      List<SourceSegment> sources,
      long firstDirty,
      long nowMs,
      ProducerEnds producers,
      long keysBytesMax)
      throws IOException {
    long end = sources.get(sources.size() - 1).endOffset();
    CleanPlan plan = new CleanPlan(firstDirty, end, 0, 1, false);
    out.targets.clear();
    return new Compactor(256, keysBytesMax, Compactor.Throttle.NONE)
        .run(sources, plan, CONFIG, producers, out, nowMs);
  }

  @Test
  void keepsTheLastRecordOfEachKeyAtItsOffset() throws IOException {
    List<SourceSegment> sources =
        List.of(
            segment(batch(0, put("a", "1"), put("b", "1")), batch(2, put("a", "2"))),
            segment(batch(3, put("c", "1"), put("a", "3"))));

    Compaction done = compact(sources, 0, NOW);

    assertThat(out.records()).containsExactly("1:b=1", "3:c=1", "4:a=3");
    assertThat(done.endOffset()).isEqualTo(5);
    assertThat(done.keys()).isEqualTo(3);
    assertThat(done.bytesAfter()).isLessThan(done.bytesBefore());
  }

  @Test
  void keyOfTheCleanPartGoesWhenTheDirtyPartHasIt() throws IOException {
    List<SourceSegment> sources =
        List.of(segment(batch(0, put("a", "1"), put("b", "1"))), segment(batch(2, put("b", "2"))));

    compact(sources, 2, NOW);

    assertThat(out.records()).containsExactly("0:a=1", "2:b=2");
  }

  @ParameterizedTest
  @EnumSource(CompressionType.class)
  void keepsTheCodecOfABatch(CompressionType type) throws IOException {
    Compression codec = Compression.of(type).build();
    compact(
        List.of(
            segment(
                batch(0, codec, -1, -1, put("a", "1"), put("b", "1")),
                batch(2, codec, -1, -1, put("a", "2")))),
        0,
        NOW);

    assertThat(out.records()).containsExactly("1:b=1", "2:a=2");
    assertThat(out.batches()).allMatch(b -> b.compressionType() == type && b.isValid());
  }

  @Test
  void tombstoneStaysForItsRetentionFromTheFirstCompactionOn() throws IOException {
    List<SourceSegment> sources = List.of(segment(batch(0, put("a", "1"), tombstone("a"))));

    compact(sources, 0, NOW);
    assertThat(out.records()).containsExactly("1:a=null");
    assertThat(out.batches().get(0).deleteHorizonMs()).hasValue(NOW + 60_000);

    compact(out.asSources(), 0, NOW + 59_999);
    assertThat(out.records()).containsExactly("1:a=null");

    compact(out.asSources(), 0, NOW + 60_000);
    assertThat(out.records()).isEmpty();
  }

  @Test
  void recordWithoutAKeyGoes() throws IOException {
    SimpleRecord keyless = new SimpleRecord(1_000, "v".getBytes());
    compact(List.of(segment(batch(0, keyless, put("a", "1")))), 0, NOW);

    assertThat(out.records()).containsExactly("1:a=1");
  }

  @Test
  void lastHeaderOfAnActiveProducerStaysWithoutItsRecords() throws IOException {
    List<SourceSegment> sources =
        List.of(
            segment(
                batch(0, Compression.NONE, 7, 0, put("a", "1")),
                batch(1, Compression.NONE, 7, 1, put("b", "1")),
                batch(2, put("a", "2"), put("b", "2"))));

    compact(
        sources, 0, NOW, batch -> batch.producerId() == 7 && batch.lastSequence() == 1, 1 << 20);

    assertThat(out.records()).containsExactly("2:a=2", "3:b=2");
    RecordBatch kept = out.batches().get(0);
    assertThat(kept.producerId()).isEqualTo(7);
    assertThat(kept.lastSequence()).isEqualTo(1);
    assertThat(kept.lastOffset()).isEqualTo(1);
  }

  @Test
  void recordsOfAnAbortedTransactionGoAndDoNotHideEarlierOnes() throws IOException {
    List<SourceSegment> sources =
        List.of(
            segment(
                List.of(new AbortedTxn(9, 1, 2, 0)),
                batch(0, put("a", "1")),
                transactional(1, 9, put("a", "aborted")),
                marker(2, 9, ControlRecordType.ABORT)));

    compact(sources, 0, NOW);

    assertThat(out.records()).first().isEqualTo("0:a=1");
    assertThat(out.records()).noneMatch(r -> r.contains("aborted"));
    assertThat(out.targets.get(0).aborted).isEmpty();
  }

  @Test
  void markerStaysUntilNothingOfItsTransactionIsLeftAndItsHorizonPassed() throws IOException {
    List<SourceSegment> sources =
        List.of(
            segment(transactional(0, 9, put("a", "1")), marker(1, 9, ControlRecordType.COMMIT)),
            segment(batch(2, put("a", "2"))));

    compact(sources, 0, NOW);
    assertThat(out.batches()).hasSize(2);
    assertThat(out.batches().get(0).isControlBatch()).isTrue();

    compact(out.asSources(), 0, NOW + 60_000);
    assertThat(out.batches()).hasSize(1);
    assertThat(out.records()).containsExactly("2:a=2");
  }

  @Test
  void sectionEndsEarlyWhenTheKeysDoNotFit() throws IOException {
    List<SourceSegment> sources = new ArrayList<>();
    for (int i = 0; i < 2_000; i += 10) {
      SimpleRecord[] records = new SimpleRecord[10];
      for (int r = 0; r < 10; r++) {
        records[r] = put("key" + (i + r), "1");
      }
      sources.add(segment(batch(i, records)));
    }
    Compaction first = compact(sources, 0, NOW, NO_PRODUCERS, 1);
    assertThat(first.endOffset()).isBetween(700L, 770L);

    Compaction second = compact(sources, first.endOffset(), NOW, NO_PRODUCERS, 1);
    assertThat(second.endOffset()).isGreaterThan(first.endOffset());
  }

  @Test
  void tornSegmentFailsAndAbandonsEverything() {
    SourceSegment whole = segment(batch(0, put("a", "1")));
    SourceSegment torn =
        new SourceSegment(0, 1, whole.sizeBytes() + 5, 1_000, whole.file(), whole.log(), List.of());

    assertThatThrownBy(() -> compact(List.of(torn), 0, NOW))
        .isInstanceOf(CorruptLogException.class)
        .hasMessageContaining("00000000000000000000.log");
    assertThat(out.targets).allMatch(t -> t.abandoned || !t.finished);
  }

  /** Whatever the log, its last values survive any number of compactions, at their offsets. */
  @Test
  void neverChangesTheLastValueOfAKey() throws IOException {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      Map<String, String> last = new HashMap<>();
      List<SourceSegment> sources = randomLog(random, last);
      long firstDirty = 0;
      for (int round = 0; round < 3; round++) {
        Compaction done = compact(sources, firstDirty, NOW, NO_PRODUCERS, 1 << 20);
        firstDirty = done.endOffset();
        sources = out.asSources();
        Map<String, String> found = new TreeMap<>();
        long previous = -1;
        for (String record : out.records()) {
          long offset = Long.parseLong(record.substring(0, record.indexOf(':')));
          assertThat(offset).as("seed %s", seed).isGreaterThan(previous);
          previous = offset;
          String key = record.substring(record.indexOf(':') + 1, record.indexOf('='));
          assertThat(found.put(key, record)).as("seed %s", seed).isNull();
        }
        assertThat(found).as("seed %s", seed).isEqualTo(new TreeMap<>(last));
      }
    }
  }

  private static List<SourceSegment> randomLog(Random random, Map<String, String> last) {
    List<SourceSegment> sources = new ArrayList<>();
    long offset = 0;
    for (int s = 0; s < 1 + random.nextInt(4); s++) {
      List<byte[]> batches = new ArrayList<>();
      for (int b = 0; b < 1 + random.nextInt(5); b++) {
        SimpleRecord[] records = new SimpleRecord[1 + random.nextInt(6)];
        Compression codec = random.nextBoolean() ? Compression.NONE : Compression.gzip().build();
        long base = offset;
        for (int r = 0; r < records.length; r++) {
          String key = "k" + random.nextInt(8);
          String value = "v" + "x".repeat(random.nextInt(400)) + offset;
          records[r] = put(key, value);
          last.put(key, offset + ":" + key + "=" + value);
          offset++;
        }
        batches.add(batch(base, codec, -1, -1, records));
      }
      sources.add(segment(batches.toArray(byte[][]::new)));
    }
    return sources;
  }
}
