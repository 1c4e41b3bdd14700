package io.millrace.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RetentionTest {
  private static final long T = LogFixture.NOW;

  @Test
  void deletesSegmentsWhoseNewestRecordIsTooOld() throws Exception {
    LogFixture fixture = withRetention("retention.ms", "1000");
    for (int i = 0; i < 10; i++) {
      fixture.append(Batches.of(1, 300, T + i * 100));
    }

    assertThat(fixture.log.retentionDue(T + 1000)).isNull();
    RetentionStep due = fixture.log.retentionDue(T + 1350);
    assertThat(due.newLogStartOffset()).isEqualTo(4);
    assertThat(due.reason()).isEqualTo("retention.ms");
  }

  @Test
  void deletesTheActiveSegmentTooWhenAllIsOld() throws Exception {
    LogFixture fixture = withRetention("retention.ms", "1000");
    fixture.append(Batches.of(3, 50, T));

    RetentionStep due = fixture.log.retentionDue(T + 5000);
    fixture.log.advanceLogStart(due.newLogStartOffset());
    fixture.log.removeSegmentsBelow(3, T);

    assertThat(fixture.log.segments()).extracting(SegmentView::baseOffset).containsExactly(3L);
    assertThat(fixture.append(Batches.of(1, 1, T)).baseOffset()).isEqualTo(3);
    assertThat(fixture.log.retentionDue(T)).isNull();
  }

  @Test
  void filesThatAreToStayForEverAreNotDeleted() throws Exception {
    LogFixture fixture =
        new LogFixture(Map.of("segment.bytes", "400", "file.delete.delay.ms", "" + Long.MAX_VALUE));
    fixture.fill(20);

    fixture.log.advanceLogStart(10);

    assertThat(fixture.log.removeSegmentsBelow(10, T)).isPositive();
    assertThat(fixture.log.deletionsDue(T + 1_000_000_000)).isEmpty();
  }

  @Test
  void keepsTheNewestSegmentsWithinTheSize() throws Exception {
    LogFixture fixture = withRetention("retention.bytes", "1200");
    fixture.fill(20);

    RetentionStep due = fixture.log.retentionDue(T);
    fixture.log.advanceLogStart(due.newLogStartOffset());
    fixture.log.removeSegmentsBelow(due.newLogStartOffset(), T);

    assertThat(due.reason()).isEqualTo("retention.bytes");
    assertThat(fixture.log.sizeBytes()).isBetween(1200L, 1700L);
    assertThat(fixture.log.retentionDue(T)).isNull();
  }

  @Test
  void deletesNothingThatIsNotCommitted() throws Exception {
    LogFixture fixture = withRetention("retention.bytes", "0");
    for (int i = 0; i < 10; i++) {
      fixture.log.append(Batches.of(1, 300, T), AppendOrigin.CLIENT, 0, T);
    }
    fixture.log.writePending();
    assertThat(fixture.log.retentionDue(T)).isNull();

    fixture.log.advanceHighWatermark(4);
    assertThat(fixture.log.retentionDue(T).newLogStartOffset()).isEqualTo(4);
  }

  @Test
  void leavesACompactedTopicAlone() throws Exception {
    LogFixture fixture =
        new LogFixture(
            Map.of("cleanup.policy", "compact", "segment.bytes", "400", "retention.ms", "1"));
    fixture.fill(20);

    assertThat(fixture.log.retentionDue(T + 100_000)).isNull();
    fixture.log.advanceLogStart(10);
    assertThat(fixture.log.retentionDue(T).reason()).isEqualTo("log start");
  }

  @Test
  void removesNothingThatTheCheckpointDoesNotCover() throws Exception {
    LogFixture fixture = withRetention("retention.ms", "-1");
    fixture.fill(20);
    fixture.log.advanceLogStart(15);

    assertThat(fixture.log.removeSegmentsBelow(0, T)).isZero();
    assertThat(fixture.log.removeSegmentsBelow(15, T)).isPositive();
    assertThat(fixture.log.logStartOffset()).isEqualTo(15);
    assertThat(fixture.readAll().get(0)).isEqualTo(15);
  }

  private static LogFixture withRetention(String key, String value) throws Exception {
    return new LogFixture(Map.of("segment.bytes", "400", "index.interval.bytes", "0", key, value));
  }
}
