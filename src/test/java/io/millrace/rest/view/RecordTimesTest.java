package io.millrace.rest.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.TopicIdPartition;
import io.millrace.model.TopicPartition;
import io.millrace.rest.view.RecordTimes.RecordAt;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** What is remembered of the records at committed offsets. */
class RecordTimesTest {
  private static final TopicIdPartition PARTITION =
      new TopicIdPartition(new Uuid(1, 1), new TopicPartition("t", 0));

  private final RecordTimes times = new RecordTimes();

  private static RecordAt at(long offset) {
    return new RecordAt(PARTITION, offset);
  }

  private void look(long offset) {
    times.beginLook();
    if (times.at(at(offset)) == null) {
      times.put(at(offset), 1_000 + offset);
    }
    times.endLook();
  }

  @Test
  void aTimeIsFoundAgainAsLongAsTheOffsetStays() {
    look(5);
    look(5);

    times.beginLook();
    assertThat(times.at(at(5))).isEqualTo(1_005);
  }

  @Test
  void whatAGroupHasPassedIsForgotten() {
    for (long offset = 0; offset < 100; offset++) {
      look(offset);
      assertThat(times.size()).isEqualTo(1);
    }
    times.beginLook();
    assertThat(times.at(at(3))).isNull();
  }

  @Test
  void aTimeThatComesAfterALookIsThereInTheNext() {
    times.beginLook();
    assertThat(times.at(at(7))).isNull();
    times.endLook();
    times.put(at(7), 1_007);

    times.beginLook();
    assertThat(times.at(at(7))).isEqualTo(1_007);
  }
}
