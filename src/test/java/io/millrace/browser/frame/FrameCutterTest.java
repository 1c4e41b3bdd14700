package io.millrace.browser.frame;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.browser.frame.FrameSink.Cut;
import io.millrace.record.BatchBuilder;
import io.millrace.record.BatchView;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

/** Where batches are cut, what a frame holds, and what no reader gets to see. */
class FrameCutterTest {
  private static final long TIME = 1_763_640_000_000L;

  /** A frame as it was cut. */
  private record Frame(Cut cut, String text) {
    List<Long> offsets() {
      List<Long> offsets = new ArrayList<>();
      if (!text.isEmpty()) {
        JsonArray records = new JsonObject("{" + text).getJsonArray("r");
        records.forEach(record -> offsets.add(((JsonObject) record).getLong("o")));
      }
      return offsets;
    }
  }

  private final List<Frame> frames = new ArrayList<>();
  private final List<Long> unreadable = new ArrayList<>();
  private final FrameSink sink =
      new FrameSink() {
        @Override
        public void frame(Cut cut, byte[] bytes, int from, int to) {
          frames.add(new Frame(cut, new String(bytes, from, to - from, UTF_8)));
        }

        @Override
        public void unreadable(long from, long to, String why) {
          unreadable.add(from);
          unreadable.add(to);
        }
      };

  private static ByteBuffer batch(long baseOffset, int epoch, Compression codec, String... values) {
    BatchBuilder builder = new BatchBuilder();
    for (String value : values) {
      builder.add(
          TIME, ByteBuffer.wrap("k".getBytes(UTF_8)), ByteBuffer.wrap(value.getBytes(UTF_8)));
    }
    ByteBuffer batch = builder.build(codec);
    BatchView view = new BatchView().wrap(batch, 0);
    view.setBaseOffset(baseOffset);
    view.setLeaderEpoch(epoch);
    return batch;
  }

  private static ByteBuffer batch(long baseOffset, String... values) {
    return batch(baseOffset, 0, Compression.NONE, values);
  }

  private static String[] many(int count, int size) {
    String[] values = new String[count];
    Arrays.fill(values, "x".repeat(size));
    return values;
  }

  private static ByteBuffer joined(ByteBuffer... batches) {
    ByteBuffer all =
        ByteBuffer.allocate(Arrays.stream(batches).mapToInt(ByteBuffer::remaining).sum());
    for (ByteBuffer batch : batches) {
      all.put(batch.duplicate());
    }
    return all.flip();
  }

  private long cut(
      FrameFormat format,
      long from,
      long upTo,
      List<AbortedTransaction> aborted,
      ByteBuffer... batches) {
    frames.clear();
    return new FrameCutter(format)
        .cut(
            new FrameCutter.Source(
                "orders", 3, joined(batches), aborted, from, upTo, 1 << 24, FrameCutter.Source.ALL),
            sink);
  }

  private long cut(long from, ByteBuffer... batches) {
    return cut(FrameFormat.json(ValueMode.AUTO), from, Long.MAX_VALUE, List.of(), batches);
  }

  @Test
  void writesARecordAsTheInterfaceSays() {
    long next = cut(118, batch(118, 4, Compression.NONE, "{\"total\": 120}"));

    assertThat(next).isEqualTo(119);
    assertThat(frames).hasSize(1);
    assertThat(frames.get(0).text())
        .isEqualTo(
            "\"t\":\"orders\",\"p\":3,\"e\":4,\"r\":[{\"o\":118,\"ts\":1763640000000,\"k\":\"k\","
                + "\"v\":{\"total\": 120}}]}");
    assertThat(frames.get(0).cut()).isEqualTo(new Cut(118, 119, 118, 1, 4, TIME, false));
  }

  @Test
  void embedsTextThatIsNoJsonAsAStringAndBytesAsBase64() {
    BatchBuilder builder = new BatchBuilder();
    builder.add(TIME, null, ByteBuffer.wrap("주문 \"하나\"\n\u0001".getBytes(UTF_8)));
    builder.add(TIME, null, ByteBuffer.wrap(new byte[] {(byte) 0xff, 0}));
    builder.add(TIME, null, null);
    builder.add(TIME, null, ByteBuffer.wrap(new byte[0]));
    cut(0, builder.build());

    assertThat(frames.get(0).text())
        .contains("\"k\":null,\"v\":\"주문 \\\"하나\\\"\\n\\u0001\"}")
        .contains("\"v\":{\"b64\":\"/wA=\"}")
        .contains("\"v\":null,\"del\":true}")
        .endsWith("\"v\":\"\"}]}");
  }

  @Test
  void forcesTheModeThatIsAskedFor() {
    ByteBuffer batch = batch(0, "{\"a\":1}", "text");

    cut(FrameFormat.json(ValueMode.TEXT), 0, 9, List.of(), batch);
    assertThat(frames.get(0).text()).contains("\"v\":\"{\\\"a\\\":1}\"").contains("\"v\":\"text\"");
    cut(FrameFormat.json(ValueMode.JSON), 0, 9, List.of(), batch);
    assertThat(frames.get(0).text())
        .contains("\"v\":{\"a\":1}")
        .contains("\"v\":{\"b64\":\"dGV4dA==\"}");
    cut(FrameFormat.json(ValueMode.B64), 0, 9, List.of(), batch);
    assertThat(frames.get(0).text()).contains("\"v\":{\"b64\":\"eyJhIjoxfQ==\"}");
    cut(FrameFormat.json(ValueMode.NONE), 0, 9, List.of(), batch);
    assertThat(frames.get(0).text()).doesNotContain("\"v\"");
  }

  @Test
  void cutsALargeBatchAtFiveHundredRecords() {
    cut(0, batch(0, many(1200, 10)));

    assertThat(frames).extracting(frame -> frame.cut().count()).containsExactly(500, 500, 200);
    assertThat(frames).extracting(frame -> frame.cut().first()).containsExactly(0L, 500L, 1000L);
    assertThat(frames).extracting(frame -> frame.cut().next()).containsExactly(500L, 1000L, 1200L);
  }

  @Test
  void cutsBeforeAFrameGrowsBeyond64KiB() {
    cut(0, batch(0, many(100, 2000)));

    assertThat(frames).hasSizeGreaterThan(2);
    assertThat(frames)
        .allSatisfy(frame -> assertThat(frame.text().length()).isLessThanOrEqualTo(64 << 10));
    assertThat(frames.get(0).text().length() + 2100).isGreaterThan(64 << 10);
  }

  @Test
  void givesARecordThatIsLargerThanAFrameItsOwn() {
    cut(0, batch(0, "a", "b".repeat(300_000), "c"));

    assertThat(frames)
        .extracting(Frame::offsets)
        .containsExactly(List.of(0L), List.of(1L), List.of(2L));
  }

  @Test
  void putsSmallBatchesIntoOneFrame() {
    long next = cut(10, batch(10, "a"), batch(11, "b", "c"), batch(13, "d"));

    assertThat(next).isEqualTo(14);
    assertThat(frames).hasSize(1);
    assertThat(frames.get(0).offsets()).containsExactly(10L, 11L, 12L, 13L);
  }

  @Test
  void beginsAFrameWithABatchThatDoesNotFitBehindTheOnesBefore() {
    cut(0, batch(0, many(300, 10)), batch(300, many(900, 10)));

    assertThat(frames).extracting(frame -> frame.cut().first()).containsExactly(0L, 300L, 800L);
    assertThat(frames).extracting(frame -> frame.cut().count()).containsExactly(300, 500, 400);
  }

  @Test
  void beginsAFrameWithEachLeaderEpoch() {
    cut(0, batch(0, 1, Compression.NONE, "a"), batch(1, 2, Compression.NONE, "b"));

    assertThat(frames).extracting(frame -> frame.cut().leaderEpoch()).containsExactly(1, 2);
  }

  @Test
  void cutsAtTheSamePlacesForAReaderThatBeginsAnywhere() {
    ByteBuffer batch = batch(0, many(1200, 10));
    for (long from = 0; from < 1200; from += 7) {
      cut(from, batch);
      long first = from;
      assertThat(frames.get(0).cut().first()).isEqualTo(from);
      assertThat(frames.get(0).cut().isPrivate()).isEqualTo(from % 500 != 0);
      assertThat(frames).extracting(frame -> frame.cut().next()).isSubsetOf(500L, 1000L, 1200L);
      List<Long> offsets = frames.stream().flatMap(frame -> frame.offsets().stream()).toList();
      assertThat(offsets)
          .hasSize((int) (1200 - first))
          .startsWith(first)
          .endsWith(1199L)
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void decompressesEveryCodec() {
    for (Compression codec :
        List.of(
            Compression.gzip().build(),
            Compression.lz4().build(),
            Compression.zstd().build(),
            Compression.snappy().build())) {
      cut(0, batch(0, 0, codec, "{\"a\":1}", "{\"a\":2}"));
      assertThat(frames.get(0).offsets()).containsExactly(0L, 1L);
    }
  }

  @Test
  void leavesOutWhatAnAbortedTransactionWroteAndItsMarkers() {
    ByteBuffer aborted = transactional(0, 7, "secret-1", "secret-2");
    ByteBuffer other = transactional(2, 8, "kept");
    ByteBuffer abort = marker(3, 7, ControlRecordType.ABORT);
    ByteBuffer commit = marker(4, 8, ControlRecordType.COMMIT);
    ByteBuffer again = transactional(5, 7, "kept-too");
    ByteBuffer committed = marker(6, 7, ControlRecordType.COMMIT);
    AbortedTransaction known = new AbortedTransaction().setProducerId(7).setFirstOffset(0);

    long next =
        cut(
            FrameFormat.json(ValueMode.AUTO),
            0,
            Long.MAX_VALUE,
            List.of(known),
            aborted,
            other,
            abort,
            commit,
            again,
            committed);

    assertThat(next).isEqualTo(7);
    assertThat(frames).hasSize(1);
    assertThat(frames.get(0).offsets()).containsExactly(2L, 5L);
    assertThat(frames.get(0).text()).doesNotContain("secret");
    assertThat(frames.get(0).cut().first()).isZero();
    assertThat(frames.get(0).cut().next()).isEqualTo(7);
  }

  @Test
  void takesAReaderPastBatchesThatHoldNothingForIt() {
    long next = cut(3, marker(3, 7, ControlRecordType.COMMIT));

    assertThat(next).isEqualTo(4);
    assertThat(frames).hasSize(1);
    assertThat(frames.get(0).cut()).isEqualTo(new Cut(3, 4, 3, 0, -1, -1, false));
  }

  private static ByteBuffer transactional(long offset, long producer, String... values) {
    SimpleRecord[] records =
        Arrays.stream(values)
            .map(v -> new SimpleRecord(TIME, null, v.getBytes(UTF_8)))
            .toArray(SimpleRecord[]::new);
    return MemoryRecords.withTransactionalRecords(
            offset, Compression.NONE, producer, (short) 0, (int) offset, 0, records)
        .buffer();
  }

  private static ByteBuffer marker(long offset, long producer, ControlRecordType type) {
    return MemoryRecords.withEndTransactionMarker(
            offset, TIME, 0, producer, (short) 0, new EndTransactionMarker(type, 0))
        .buffer();
  }

  @Test
  void tellsOfABatchThatCannotBeDecodedAndGoesOnBehindIt() {
    ByteBuffer broken = batch(1, 0, Compression.gzip().build(), "b", "c");
    for (int i = BatchView.HEADER_BYTES; i < broken.limit(); i++) {
      broken.put(i, (byte) 0x55);
    }

    long next = cut(0, batch(0, "a"), broken, batch(3, "d"));

    assertThat(next).isEqualTo(4);
    assertThat(unreadable).containsExactly(1L, 3L);
    assertThat(frames).extracting(Frame::offsets).containsExactly(List.of(0L), List.of(3L));
  }

  @Test
  void namesTheOffsetAtWhichACompactedLogGoesOn() {
    cut(5, batch(9, "a"));

    assertThat(frames.get(0).cut().first()).isEqualTo(5);
    assertThat(frames.get(0).cut().hole()).isEqualTo(9);
  }

  @Test
  void stopsInFrontOfAnOffset() {
    assertThat(cut(FrameFormat.json(ValueMode.AUTO), 0, 1, List.of(), batch(0, "a"), batch(1, "b")))
        .isEqualTo(1);
    assertThat(frames).extracting(Frame::offsets).containsExactly(List.of(0L));
  }

  @Test
  void givesBatchesAsTheyAreStored() {
    ByteBuffer first = batch(0, 0, Compression.zstd().build(), "a", "b");
    frames.clear();
    byte[][] got = new byte[1][];
    new FrameCutter(FrameFormat.BATCHES)
        .cut(
            new FrameCutter.Source(
                "t", 300, first, List.of(), 1, 9, 1 << 20, FrameCutter.Source.ALL),
            new FrameSink() {
              @Override
              public void frame(Cut cut, byte[] bytes, int from, int to) {
                got[0] = Arrays.copyOfRange(bytes, from, to);
                assertThat(cut.count()).isEqualTo(2);
              }

              @Override
              public void unreadable(long from, long to, String why) {
                throw new AssertionError(why);
              }
            });
    byte[] stored = new byte[first.remaining()];
    first.duplicate().get(stored);
    assertThat(got[0]).startsWith(1, 't', 0xac, 2).endsWith(stored).hasSize(4 + stored.length);
  }
}
