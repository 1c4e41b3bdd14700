package io.millrace.compat;

import io.millrace.compat.client.KafkaClients;
import io.millrace.compat.client.Message;
import io.millrace.compat.client.Receiver;
import io.millrace.model.TopicPartition;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A member of a group that polls on a thread of its own, commits what it got, and tells what it
 * holds. Thread-safe.
 */
final class Member implements AutoCloseable {
  private final Thread thread;
  private final List<Message> received = new CopyOnWriteArrayList<>();
  private volatile Set<TopicPartition> assignment = Set.of();
  private volatile boolean leaving;
  private volatile @Nullable Exception failure;

  private Member(KafkaClients clients, Map<String, Object> settings, String topic) {
    thread = new Thread(() -> run(clients, settings, topic), "member");
    thread.setDaemon(true);
    thread.start();
  }

  /** Joins {@code group} under a client id, with quick heartbeats and more settings. */
  static Member join(
      KafkaClients clients,
      String bootstrap,
      String group,
      String topic,
      String clientId,
      Map<String, Object> more) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", bootstrap);
    settings.put("group.id", group);
    settings.put("client.id", clientId);
    settings.put("auto.offset.reset", "earliest");
    settings.put("session.timeout.ms", 2000);
    settings.put("heartbeat.interval.ms", 300);
    settings.put("enable.auto.commit", false);
    settings.putAll(more);
    return new Member(clients, settings, topic);
  }

  private void run(KafkaClients clients, Map<String, Object> settings, String topic) {
    try (Receiver receiver = clients.receiver(settings)) {
      receiver.subscribe(topic);
      while (!leaving) {
        List<Message> polled = receiver.poll(Duration.ofMillis(100));
        received.addAll(polled);
        if (!polled.isEmpty()) {
          receiver.commit();
        }
        assignment = receiver.assignment();
      }
    } catch (Exception e) {
      failure = e;
    } finally {
      assignment = Set.of();
    }
  }

  /** What the member holds now. */
  Set<TopicPartition> assignment() {
    Exception failed = failure;
    if (failed != null && !leaving) {
      throw new IllegalStateException("the member failed", failed);
    }
    return assignment;
  }

  /** All that it got so far. */
  List<Message> received() {
    return received;
  }

  /** Leaves the group, and ends. */
  @Override
  public void close() {
    leaving = true;
    try {
      thread.join(10_000);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Lets the thread end without waiting for it: the member cannot reach the broker anyway. */
  void abandon() {
    leaving = true;
  }
}
