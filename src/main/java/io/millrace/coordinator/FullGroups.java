package io.millrace.coordinator;

import io.millrace.config.BrokerConfig;
import io.millrace.config.BrokerKeys;
import io.millrace.coordinator.group.GroupMemory;
import io.millrace.event.Event;
import io.millrace.event.EventLog;
import io.millrace.event.Repetitions;
import io.millrace.time.Clock;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives groups their memory, and tells once in a minute that there was none left. Thread-safe. */
public final class FullGroups {
  private static final Logger LOG = LoggerFactory.getLogger(FullGroups.class);
  private static final int PART_OF_HEAP = 4;
  private static final String KIND = "group.refused";

  private final Clock clock;
  private final EventLog events;
  private final String sentence;
  private final Repetitions repetitions = new Repetitions();

  private FullGroups(Clock clock, EventLog events, String sentence) {
    this.clock = clock;
    this.events = events;
    this.sentence = sentence;
  }

  /** The memory that a broker's configuration gives to groups. */
  public static GroupMemory memory(BrokerConfig config, Clock clock, EventLog events) {
    long written = config.get(BrokerKeys.GROUP_MEMORY_BYTES);
    long bytes = written < 0 ? Runtime.getRuntime().maxMemory() / PART_OF_HEAP : written;
    String sentence =
        "There is no room for another group, member or committed offset: they take the %d bytes of"
                .formatted(bytes)
            + " group.memory.bytes. Delete groups that nobody uses, shorten"
            + " offsets.retention.minutes, or give the broker more heap";
    return new GroupMemory(bytes, new FullGroups(clock, events, sentence)::refused);
  }

  private void refused() {
    long more = repetitions.next(clock.monotonicMs());
    if (more >= 0) {
      events.addOnce(List.of(KIND), Event.of(KIND, Event.Level.WARN, sentence + "."));
      LOG.warn("{}{}", sentence, Repetitions.told(more));
    }
  }
}
