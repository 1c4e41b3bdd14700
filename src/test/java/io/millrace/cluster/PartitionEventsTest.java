package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Event;
import io.millrace.event.EventLog;
import io.millrace.metadata.PartitionImage;
import io.millrace.testkit.SetClock;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartitionEventsTest {
  private final EventLog log = new EventLog(new SetClock(0));
  private final PartitionEvents events = new PartitionEvents(log);

  @Test
  void leaderFromOutsideOfTheIsrMayLackRecords() {
    change(of(List.of(0, 2), 2, 1), of(List.of(1), 1, 2));

    assertThat(kinds()).contains("leader.unclean");
  }

  @Test
  void leaderFromTheIsrHoldsAll() {
    change(of(List.of(0, 1, 2), 2, 1), of(List.of(0, 1), 1, 2));

    assertThat(kinds()).contains("leader.elected").doesNotContain("leader.unclean");
  }

  @Test
  void leaderThatJoinedTheIsrInTheSameChangeHoldsAll() {
    // One change holds what several steps brought: 1 caught up, then 2 handed over and stopped.
    change(of(List.of(0, 2), 2, 1), of(List.of(0, 1), 1, 2));

    assertThat(kinds()).contains("leader.elected").doesNotContain("leader.unclean");
  }

  private void change(PartitionImage was, PartitionImage is) {
    events.changed("orders", 0, was, is);
    events.tell();
  }

  private List<String> kinds() {
    return log.after(0, 10).stream().map(Event::kind).toList();
  }

  private static PartitionImage of(List<Integer> isr, int leader, int epoch) {
    return new PartitionImage(List.of(0, 1, 2), isr, leader, epoch, epoch);
  }
}
