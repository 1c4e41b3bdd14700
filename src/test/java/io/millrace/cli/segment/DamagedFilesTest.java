package io.millrace.cli.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cli.segment.IndexFile.OffsetEntry;
import io.millrace.cli.segment.IndexFile.TimeEntry;
import io.millrace.cli.tool.ToolException;
import io.millrace.testkit.Typed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of partitions that are cut, damaged, or none. */
class DamagedFilesTest {
  private static final String NAME = "00000000000000000005";

  @TempDir private Path folder;

  private Path file(String suffix, byte[] content) throws IOException {
    return Files.write(folder.resolve(NAME + suffix), content);
  }

  private static byte[] batches(int count) {
    ByteBuffer all = ByteBuffer.allocate(1000);
    for (int i = 0; i < count; i++) {
      MemoryRecords one =
          MemoryRecords.withRecords(
              5 + i, Compression.NONE, new SimpleRecord(1000 + i, "k".getBytes(), "v".getBytes()));
      all.put(one.buffer());
    }
    byte[] bytes = new byte[all.position()];
    all.flip().get(bytes);
    return bytes;
  }

  @Test
  void readsEntriesOfIndexes() throws IOException {
    Path index = file(".index", ByteBuffer.allocate(16).putInt(1).putInt(70).array());
    Path times = file(".timeindex", ByteBuffer.allocate(12).putLong(1000).putInt(2).array());

    assertThat(IndexFile.offsets(index))
        .containsExactly(new OffsetEntry(6, 70), new OffsetEntry(5, 0));
    assertThat(IndexFile.times(times)).containsExactly(new TimeEntry(1000, 7));
  }

  @Test
  void findsThePositionBeforeAnOffset() {
    List<OffsetEntry> entries = List.of(new OffsetEntry(6, 70), new OffsetEntry(9, 140));

    assertThat(IndexFile.lookUp(entries, 5)).isZero();
    assertThat(IndexFile.lookUp(entries, 8)).isEqualTo(70);
    assertThat(IndexFile.lookUp(entries, 9)).isEqualTo(140);
  }

  @Test
  void refusesIndexesThatAStartWouldBuildAnew() throws IOException {
    Path cut = file(".index", new byte[9]);
    assertThatThrownBy(() -> IndexFile.checkOffsets(cut))
        .isInstanceOf(ToolException.class)
        .hasMessageContaining("found 9 bytes which is neither positive nor a multiple of 8");

    Path back = file(".index", ByteBuffer.allocate(8).putInt(-3).array());
    assertThatThrownBy(() -> IndexFile.checkOffsets(back))
        .hasMessageContaining("the last offset is 2 which is less than the base offset 5");
  }

  @Test
  void tellsASnapshotWhoseChecksumDiffers() throws IOException {
    Path snapshot = file(".snapshot", ByteBuffer.allocate(10).putShort((short) 1).array());

    assertThatThrownBy(() -> ProducerFile.producers(snapshot))
        .isInstanceOf(ToolException.class)
        .hasMessageContaining("is corrupt: its checksum differs");
  }

  @Test
  void countsBytesBehindTheLastBatch() throws IOException {
    byte[] whole = batches(2);
    Path log = file(".log", java.util.Arrays.copyOf(whole, whole.length - 3));

    Typed.Printed kafka = Typed.inPipe().kafka("kafka-dump-log", "--files", log.toString());
    Typed.Printed ours = Typed.inPipe().millrace("dump-log", log.toString());

    int left = whole.length / 2 - 3;
    assertThat(kafka.lines())
        .endsWith("Found " + left + " invalid bytes at the end of " + NAME + ".log");
    assertThat(ours.err()).contains("ends with " + left + " bytes that are no batch");
    assertThat(ours.lines()).hasSize(1);
    assertThat(ours.exitCode()).isEqualTo(1);
  }

  @Test
  void tellsAsAGapThatASegmentDoesNotBeginAtZero() throws IOException {
    Path log = file(".log", batches(2));

    Typed.Printed printed =
        Typed.inPipe().kafka("kafka-dump-log", "--deep-iteration", "--files", log.toString());

    assertThat(printed.errorLines())
        .containsExactly("Non-consecutive offsets in " + log, "  -1 is followed by 5");
  }

  @Test
  void endsInASentenceWhereABatchIsDamaged() throws IOException {
    byte[] bytes = batches(2);
    bytes[bytes.length - 2] ^= 0x55;
    Path log = file(".log", bytes);

    Typed.Printed ours = Typed.inPipe().millrace("dump-log", log.toString());
    Typed.Printed kafka = Typed.inPipe().kafka("kafka-dump-log", "--files", log.toString());

    assertThat(ours.err().strip())
        .isEqualTo(
            "The batch at position " + bytes.length / 2 + " is damaged: its checksum differs.");
    assertThat(kafka.lines()).last().asString().endsWith("isvalid: false");
  }

  @Test
  void namesFilesThatAreNotThere() {
    Typed.Printed printed =
        Typed.inPipe().kafka("kafka-dump-log", "--files", folder.resolve(NAME + ".log").toString());

    assertThat(printed.err()).contains(NAME + ".log does not exist.").doesNotContain("\tat ");
    assertThat(printed.exitCode()).isEqualTo(1);
  }

  @Test
  void saysThatTheMetadataIsNotKafkas() {
    Typed.Printed printed =
        Typed.inPipe().kafka("kafka-dump-log", "--cluster-metadata-decoder", "--files", "x.log");

    assertThat(printed.err()).startsWith("The metadata of Millrace is not kept in Kafka's records");
  }
}
