package io.millrace.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Folders that Kafka wrote hold transactions; the log keeps what readers need of them. */
class LogTransactionsTest {
  private LogFixture fixture;

  @BeforeEach
  void open() throws Exception {
    fixture = LogFixture.small(400);
  }

  @Test
  void holdsTheLastStableOffsetAtTheFirstOpenTransaction() throws Exception {
    fixture.append(Batches.of(2, 10, 0));
    append(Batches.transactional(2, LogFixture.NOW, 1, (short) 0, 0));
    append(Batches.transactional(1, LogFixture.NOW, 2, (short) 0, 0));
    assertThat(stable()).isEqualTo(2);

    append(Batches.marker(false, LogFixture.NOW, 1, (short) 0));
    assertThat(stable()).isEqualTo(4);

    append(Batches.marker(true, LogFixture.NOW, 2, (short) 0));
    assertThat(stable()).isEqualTo(7);
  }

  @Test
  void waitsForTheHighWatermarkToPassTheMarker() throws Exception {
    append(Batches.transactional(2, LogFixture.NOW, 1, (short) 0, 0));
    fixture.log.append(
        Batches.marker(false, LogFixture.NOW, 1, (short) 0), AppendOrigin.COORDINATOR, 0, 0);
    fixture.log.writePending();
    assertThat(stable()).isZero();

    fixture.log.advanceHighWatermark(3);
    assertThat(stable()).isEqualTo(3);
  }

  @Test
  void namesAbortedTransactionsOverSegmentsRestartsAndCrashes() throws Exception {
    append(Batches.transactional(2, LogFixture.NOW, 1, (short) 0, 0));
    fixture.append(Batches.of(1, 300, 0));
    append(Batches.marker(true, LogFixture.NOW, 1, (short) 0));
    append(Batches.transactional(1, LogFixture.NOW, 2, (short) 0, 0));
    fixture.append(Batches.of(1, 300, 0));
    AbortedTxn expected = new AbortedTxn(1, 0, 3, 4);

    assertThat(fixture.log.view().abortedTransactions(0, 5)).containsExactly(expected);
    assertThat(fixture.log.view().abortedTransactions(4, 6)).isEmpty();
    fixture.closeCleanly();
    fixture.load(LoadOptions.clean(LogFixture.NOW));
    assertThat(fixture.log.view().abortedTransactions(0, 5)).containsExactly(expected);
    assertThat(fixture.log.producers())
        .anyMatch(p -> p.producerId() == 2 && p.currentTxnStartOffset() == 4);
    fixture.load(LoadOptions.crashed(0, 0, LogFixture.NOW));
    assertThat(fixture.log.view().abortedTransactions(0, 5)).containsExactly(expected);
    fixture.log.advanceHighWatermark(fixture.log.logEndOffset());
    assertThat(stable()).isEqualTo(4);
  }

  private void append(ByteBuffer batch) throws Exception {
    fixture.log.append(batch, AppendOrigin.COORDINATOR, 0, LogFixture.NOW);
    fixture.log.writePending();
    fixture.log.advanceHighWatermark(fixture.log.logEndOffset());
  }

  private long stable() {
    return fixture.log.view().lastStableOffset();
  }
}
