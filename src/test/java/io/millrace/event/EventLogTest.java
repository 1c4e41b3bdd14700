package io.millrace.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.SetClock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventLogTest {
  private final SetClock clock = new SetClock(1_000);
  private final EventLog log = new EventLog(clock);

  @Test
  void keepsTheNewestEventsOnly() {
    for (int i = 1; i <= EventLog.KEPT + 5; i++) {
      log.add(Event.info("topic.created", "event " + i));
    }

    List<Event> kept = log.after(0, EventLog.KEPT + 100);

    assertThat(kept).hasSize(EventLog.KEPT);
    assertThat(kept.get(0).text()).isEqualTo("event 6");
    assertThat(kept.get(EventLog.KEPT - 1).seq()).isEqualTo(EventLog.KEPT + 5);
  }

  @Test
  void givesWhatCameAfterASequence() {
    log.ofBroker(3);
    log.add(Event.info("a", "first"));
    log.add(Event.info("b", "second").topic("t"));

    List<Event> after = log.after(1, 10);

    assertThat(after).hasSize(1);
    assertThat(after.get(0).topic()).isEqualTo("t");
    assertThat(after.get(0).broker()).isEqualTo(3);
    assertThat(after.get(0).atMs()).isEqualTo(1_000);
  }

  @Test
  void tellsTheSameFaultOnceInAMinute() {
    List<String> told = new ArrayList<>();
    log.listen(event -> told.add(event.text()));

    log.addOnce("disk", Event.info("disk", "first"));
    clock.pass(59_999);
    log.addOnce("disk", Event.info("disk", "second"));
    log.addOnce("other", Event.info("disk", "other"));
    clock.pass(1);
    log.addOnce("disk", Event.info("disk", "third"));

    assertThat(told).containsExactly("first", "other", "third");
  }

  @Test
  void staysBoundedUnderManyDifferentFaults() {
    for (int i = 0; i < 10_000; i++) {
      log.addOnce("fault " + i, Event.info("disk", "fault"));
    }

    assertThat(log.lastSeq()).isEqualTo(1_024);
  }
}
