package io.millrace.app;

import io.millrace.config.BrokerConfig;
import io.millrace.config.BrokerKeys;
import io.millrace.config.StorageKeys;
import io.millrace.coordinator.group.GroupMemory;
import io.millrace.event.Event;
import io.millrace.event.EventLog;
import io.millrace.event.Repetitions;
import io.millrace.metrics.LocalMetrics;
import io.millrace.storage.log.ProducerMemory;
import io.millrace.time.Clock;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What clients may fill of the heap with what stays there for days: a quarter with groups and their
 * offsets, a quarter with producers, unless the configuration says otherwise. That one is full is
 * told once in a minute. Thread-safe.
 */
final class HeapShares {
  private static final Logger LOG = LoggerFactory.getLogger(HeapShares.class);
  private static final int PART_OF_HEAP = 4;

  private final BrokerConfig config;
  private final Clock clock;
  private final EventLog events;
  private final LocalMetrics metrics;

  HeapShares(BrokerConfig config, Clock clock, EventLog events, LocalMetrics metrics) {
    this.config = config;
    this.clock = clock;
    this.events = events;
    this.metrics = metrics;
  }

  /** The share of groups. */
  GroupMemory groups() {
    long bytes = bytes(config.get(BrokerKeys.GROUP_MEMORY_BYTES));
    String sentence =
        "There is no room for another group, member or committed offset: they take the "
            + bytes
            + " bytes of group.memory.bytes. Delete groups that nobody uses, shorten"
            + " offsets.retention.minutes, or give the broker more heap";
    GroupMemory memory = new GroupMemory(bytes, new Shortage("group.refused", sentence));
    metrics.gauge("group.memory.bytes", memory::usedBytes);
    return memory;
  }

  /** The share of producers. */
  ProducerMemory producers() {
    long bytes = bytes(config.get(StorageKeys.PRODUCER_ID_MEMORY_BYTES));
    String sentence =
        "There is no room for another producer with a producer id: so many wrote within five"
            + " minutes that they take the "
            + bytes
            + " bytes of producer.id.memory.bytes. Let each process keep its producer, set"
            + " enable.idempotence=false for those that send one record, or give the broker more"
            + " heap";
    ProducerMemory memory =
        new ProducerMemory(
            config.get(StorageKeys.PRODUCER_ID_EXPIRATION_MS),
            bytes,
            new Shortage("producer.refused", sentence));
    metrics.gauge("producer.id.memory.bytes", memory::usedBytes);
    return memory;
  }

  private static long bytes(long written) {
    return written < 0 ? Runtime.getRuntime().maxMemory() / PART_OF_HEAP : written;
  }

  /** Tells that somebody was refused. Thread-safe. */
  private final class Shortage implements Runnable {
    private final String kind;
    private final String sentence;
    private final Repetitions repetitions = new Repetitions();

    Shortage(String kind, String sentence) {
      this.kind = kind;
      this.sentence = sentence;
    }

    @Override
    public void run() {
      long more = repetitions.next(clock.monotonicMs());
      if (more >= 0) {
        events.addOnce(List.of(kind), Event.of(kind, Event.Level.WARN, sentence + "."));
        LOG.warn("{}{}", sentence, Repetitions.told(more));
      }
    }
  }
}
