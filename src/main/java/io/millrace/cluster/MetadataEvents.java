package io.millrace.cluster;

import io.millrace.event.Event;
import io.millrace.event.Event.Level;
import io.millrace.event.EventLog;
import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterChange;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.ConfigScope;
import io.millrace.metadata.MetadataListener;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Tells in words what changes in the cluster. The first change, which is everything, is none.
 *
 * <p>Confined to: the control loop.
 */
public final class MetadataEvents implements MetadataListener {
  private final EventLog events;

  /** Tells that log. */
  public MetadataEvents(EventLog events) {
    this.events = events;
  }

  @Override
  public void onImage(ClusterChange change, Runnable done) {
    if (change.before() != ClusterImage.EMPTY) {
      change.topics().forEach(id -> topic(change, id));
      change.configs().forEach(scope -> configs(change, scope));
      if (change.brokersChanged()) {
        brokers(change);
      }
    }
    done.run();
  }

  private void topic(ClusterChange change, Uuid id) {
    TopicImage before = change.before().topic(id);
    TopicImage now = change.now().topic(id);
    if (before == null && now != null) {
      int count = now.partitions().size();
      String text =
          "Topic " + now.name() + " was created with " + counted(count, "partition") + ".";
      events.add(Event.info("topic.created", text).topic(now.name()));
    } else if (before != null && now == null) {
      String text = "Topic " + before.name() + " was deleted.";
      events.add(Event.of("topic.deleted", Level.WARN, text).topic(before.name()));
    } else if (before != null && now != null) {
      changed(before, now);
    }
  }

  private void changed(TopicImage before, TopicImage now) {
    int added = now.partitions().size() - before.partitions().size();
    if (added > 0) {
      String text = "Topic " + now.name() + " has " + now.partitions().size() + " partitions now.";
      events.add(Event.info("partitions.added", text).topic(now.name()));
    }
    for (int number = 0; number < before.partitions().size(); number++) {
      PartitionImage was = before.partitions().get(number);
      PartitionImage is = now.partition(number);
      if (is != null && is.leader() != was.leader()) {
        leader(now.name(), number, is);
      }
      if (is != null && !is.isr().equals(was.isr())) {
        String text =
            "The replicas in sync of " + now.name() + "-" + number + " are " + is.isr() + " now.";
        Level level = is.isr().size() < was.isr().size() ? Level.WARN : Level.INFO;
        events.addOnce(
            List.of("isr", now.id(), number, is.isr()),
            Event.of("isr.changed", level, text).topic(now.name()));
      }
    }
  }

  private void leader(String topic, int number, PartitionImage is) {
    boolean led = is.leader() != PartitionImage.NO_LEADER;
    String text =
        led
            ? "Broker " + is.leader() + " leads " + topic + "-" + number + " now."
            : "Nobody leads " + topic + "-" + number + " now.";
    events.addOnce(
        List.of("leader", topic, number, is.leader()),
        Event.of("leader.elected", led ? Level.INFO : Level.BAD, text).topic(topic));
  }

  private void configs(ClusterChange change, ConfigScope scope) {
    Map<String, String> before = change.before().configs(scope);
    Map<String, String> now = change.now().configs(scope);
    List<String> told = new ArrayList<>();
    TreeSet<String> keys = new TreeSet<>(before.keySet());
    keys.addAll(now.keySet());
    for (String key : keys) {
      @Nullable String value = now.get(key);
      if (!Objects.equals(before.get(key), value)) {
        told.add(value == null ? key + " has its default again" : key + "=" + value);
      }
    }
    if (told.isEmpty()) {
      return;
    }
    boolean ofTopic = scope.kind() == ConfigScope.Kind.TOPIC;
    String what =
        ofTopic
            ? "topic " + scope.name()
            : scope.name().isEmpty() ? "all brokers" : "broker " + scope.name();
    Event event =
        Event.info(
            ofTopic ? "topic.config" : "broker.config",
            "Configuration of " + what + ": " + String.join(", ", told) + ".");
    events.add(ofTopic ? event.topic(scope.name()) : event);
  }

  private void brokers(ClusterChange change) {
    for (BrokerImage now : change.now().brokers().values()) {
      BrokerImage before = change.before().broker(now.id());
      if (before == null || before.epoch() != now.epoch()) {
        events.add(Event.info("broker.registered", "Broker " + now.id() + " joined the cluster."));
      } else if (before.fenced() != now.fenced()) {
        events.add(
            Event.of(
                now.fenced() ? "broker.fenced" : "broker.unfenced",
                now.fenced() ? Level.BAD : Level.INFO,
                "Broker " + now.id() + (now.fenced() ? " is gone." : " serves clients.")));
      }
    }
    for (int id : missing(change)) {
      events.add(Event.of("broker.gone", Level.WARN, "Broker " + id + " left the cluster."));
    }
  }

  private static List<Integer> missing(ClusterChange change) {
    List<Integer> missing = new ArrayList<>(change.before().brokers().keySet());
    missing.removeAll(change.now().brokers().keySet());
    Collections.sort(missing);
    return missing;
  }

  private static String counted(int count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }
}
