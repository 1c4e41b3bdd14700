package io.millrace.cluster;

import io.millrace.event.Event;
import io.millrace.event.Event.Level;
import io.millrace.event.EventLog;
import io.millrace.metadata.PartitionImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells in words what becomes of partitions: each on its own while they are few, else how many in
 * one sentence, for a broker that goes or comes changes all partitions that it holds at once.
 *
 * <p>Confined to: the control loop.
 */
final class PartitionEvents {
  private static final Logger LOG = LoggerFactory.getLogger(PartitionEvents.class);

  /** Up to so many partitions of one change are told each on its own. */
  private static final int EACH_MAX = 4;

  private static final int NAMED_MAX = 5;

  private final EventLog events;
  private final List<Told> led = new ArrayList<>();
  private final List<Told> leaderless = new ArrayList<>();
  private final List<Told> unclean = new ArrayList<>();
  private final List<Told> shrunk = new ArrayList<>();
  private final List<Told> grown = new ArrayList<>();
  private final List<Told> moving = new ArrayList<>();
  private final List<Told> moved = new ArrayList<>();

  /** A partition and what it has become. */
  private record Told(String topic, int number, PartitionImage is) {
    String name() {
      return topic + "-" + number;
    }
  }

  PartitionEvents(EventLog events) {
    this.events = events;
  }

  /** Notes a change; it is told with the others of its entry. */
  void changed(String topic, int number, PartitionImage was, PartitionImage is) {
    if (was == is) {
      return;
    }
    Told told = new Told(topic, number, is);
    if (is.leader() != was.leader()) {
      // Who joined the ISR in the step that completed a reassignment has everything too, and who
      // joined it in the same change as it was elected: one taken from outside is alone in it.
      boolean holdsAll =
          was.isr().contains(is.leader())
              || was.eligible().contains(is.leader())
              || (was.isReassigned() && !is.isReassigned())
              || is.isr().size() > 1;
      (!is.hasLeader() ? leaderless : holdsAll ? led : unclean).add(told);
      if (is.hasLeader() && !holdsAll) {
        LOG.warn("broker {} leads {} and may lack records", is.leader(), told.name());
      }
    }
    if (!is.isr().equals(was.isr())) {
      (is.isr().size() < was.isr().size() ? shrunk : grown).add(told);
    }
    if (is.isReassigned() && !is.adding().equals(was.adding())) {
      moving.add(told);
    } else if (was.isReassigned() && !is.isReassigned()) {
      moved.add(told);
    }
  }

  /** Tells what was noted. */
  void tell() {
    tell(
        unclean,
        "leader.unclean",
        Level.BAD,
        t -> "Broker " + t.is().leader() + " leads " + t.name() + " and may lack records.",
        "may lack records that were acknowledged");
    tell(
        leaderless,
        "leader.elected",
        Level.BAD,
        t -> "Nobody leads " + t.name() + " now.",
        "have no leader now");
    tellLed();
    tell(
        shrunk,
        "isr.changed",
        Level.WARN,
        t -> "The replicas in sync of " + t.name() + " are " + t.is().isr() + " now.",
        "have fewer replicas in sync now");
    tell(
        grown,
        "isr.changed",
        Level.INFO,
        t -> "The replicas in sync of " + t.name() + " are " + t.is().isr() + " now.",
        "have more replicas in sync now");
    tell(
        moving,
        "reassignment.begun",
        Level.INFO,
        t -> t.name() + " is being copied to " + brokers(t.is().adding()) + ".",
        "are being copied to other brokers");
    tell(
        moved,
        "reassignment.done",
        Level.INFO,
        t -> "The replicas of " + t.name() + " are " + t.is().replicas() + " now.",
        "have their new replicas");
  }

  private static String brokers(List<Integer> ids) {
    return (ids.size() == 1 ? "broker " : "brokers ")
        + ids.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  private interface Sentence {
    String of(Told told);
  }

  private void tell(
      List<Told> changes, String kind, Level level, Sentence sentence, String predicate) {
    if (changes.size() > EACH_MAX) {
      String some =
          changes.stream().limit(NAMED_MAX).map(Told::name).collect(Collectors.joining(", "));
      String more = changes.size() > NAMED_MAX ? ", …" : "";
      add(
          Event.of(
              kind, level, changes.size() + " partitions " + predicate + ": " + some + more + "."));
    } else {
      for (Told told : changes) {
        addOnce(
            List.of(kind, told.name(), told.is().leader(), told.is().isr()),
            Event.of(kind, level, sentence.of(told)).topic(told.topic()));
      }
    }
    changes.clear();
  }

  /** Of many new leaders it is told who leads how many of them. */
  private void tellLed() {
    if (led.size() <= EACH_MAX) {
      tell(
          led,
          "leader.elected",
          Level.INFO,
          t -> "Broker " + t.is().leader() + " leads " + t.name() + " now.",
          "");
      return;
    }
    Map<Integer, Integer> counts = new TreeMap<>();
    led.forEach(told -> counts.merge(told.is().leader(), 1, Integer::sum));
    String who =
        counts.entrySet().stream()
            .map(count -> "broker " + count.getKey() + " leads " + count.getValue())
            .collect(Collectors.joining(", "));
    add(
        Event.info(
            "leader.elected", led.size() + " partitions have another leader now: " + who + "."));
    led.clear();
  }

  /** Every broker sees it by itself. */
  private void add(Event event) {
    events.add(event.asCommon());
  }

  private void addOnce(Object key, Event event) {
    events.addOnce(key, event.asCommon());
  }
}
