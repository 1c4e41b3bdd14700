package io.millrace.cli.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cli.group.OffsetReset.Position;
import io.millrace.cli.tool.ToolException;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class OffsetResetTest {
  private static final TopicPartition PARTITION = new TopicPartition("t", 0);

  /** A log from 10 to 20, of which 15 was committed. */
  private static final Position READ =
      new Position(OptionalLong.of(15), 10, 20, OptionalLong.empty());

  private static final Position UNREAD =
      new Position(OptionalLong.empty(), 10, 20, OptionalLong.empty());

  @Test
  void goesToTheEndsOfTheLog() {
    assertThat(new OffsetReset.ToEarliest().within(PARTITION, READ)).isEqualTo(10);
    assertThat(new OffsetReset.ToLatest().within(PARTITION, READ)).isEqualTo(20);
  }

  @Test
  void keepsAnOffsetInsideTheLog() {
    assertThat(new OffsetReset.ToOffset(12).within(PARTITION, READ)).isEqualTo(12);
    assertThat(new OffsetReset.ToOffset(20).within(PARTITION, READ)).isEqualTo(20);
    assertThat(new OffsetReset.ToOffset(21).within(PARTITION, READ)).isEqualTo(20);
    assertThat(new OffsetReset.ToOffset(0).within(PARTITION, READ)).isEqualTo(10);
  }

  @Test
  void shiftsFromWhatWasCommitted() {
    assertThat(new OffsetReset.ShiftBy(-3).within(PARTITION, READ)).isEqualTo(12);
    assertThat(new OffsetReset.ShiftBy(-30).within(PARTITION, READ)).isEqualTo(10);
    assertThat(new OffsetReset.ShiftBy(30).target(PARTITION, READ)).isEqualTo(45);
    assertThatThrownBy(() -> new OffsetReset.ShiftBy(1).target(PARTITION, UNREAD))
        .isInstanceOf(ToolException.class)
        .hasMessage(
            "Cannot shift offset for partition t-0 since there is no current committed offset");
  }

  @Test
  void leavesTheCurrentOffsetAloneEvenOutsideTheLog() {
    Position overtaken = new Position(OptionalLong.of(5), 10, 20, OptionalLong.empty());

    assertThat(new OffsetReset.ToCurrent().within(PARTITION, overtaken)).isEqualTo(5);
    assertThat(new OffsetReset.ToCurrent().within(PARTITION, UNREAD)).isEqualTo(20);
  }

  @Test
  void fallsBackToTheEndWhenNothingIsThatNew() {
    Position timed = new Position(OptionalLong.empty(), 10, 20, OptionalLong.of(17));

    assertThat(new OffsetReset.ToTime(1).within(PARTITION, timed)).isEqualTo(17);
    assertThat(new OffsetReset.ToTime(1).within(PARTITION, READ)).isEqualTo(20);
  }

  @Test
  void followsAPlanByPartition() {
    OffsetReset plan = new OffsetReset.ToPlan(Map.of(PARTITION, 11L));

    assertThat(plan.within(PARTITION, READ)).isEqualTo(11);
  }
}
