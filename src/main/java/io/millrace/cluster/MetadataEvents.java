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
  private final PartitionEvents partitions;

  /** Tells that log. */
  public MetadataEvents(EventLog events) {
    this.events = events;
    this.partitions = new PartitionEvents(events);
  }

  @Override
  public void onImage(ClusterChange change, Runnable done) {
    if (change.before() != ClusterImage.EMPTY) {
      change.topics().forEach(id -> topic(change, id));
      partitions.tell();
      change.configs().forEach(scope -> configs(change, scope));
      if (change.brokersChanged()) {
        brokers(change);
      }
      controller(change);
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
      add(Event.info("topic.created", text).topic(now.name()));
    } else if (before != null && now == null) {
      String text = "Topic " + before.name() + " was deleted.";
      add(Event.of("topic.deleted", Level.WARN, text).topic(before.name()));
    } else if (before != null && now != null) {
      changed(before, now);
    }
  }

  private void changed(TopicImage before, TopicImage now) {
    int added = now.partitions().size() - before.partitions().size();
    if (added > 0) {
      String text = "Topic " + now.name() + " has " + now.partitions().size() + " partitions now.";
      add(Event.info("partitions.added", text).topic(now.name()));
    }
    for (int number = 0; number < before.partitions().size(); number++) {
      PartitionImage is = now.partition(number);
      if (is != null) {
        partitions.changed(now.name(), number, before.partitions().get(number), is);
      }
    }
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
    add(ofTopic ? event.topic(scope.name()) : event);
  }

  private void controller(ClusterChange change) {
    int id = change.now().controllerId();
    if (id >= 0 && id != change.before().controllerId()) {
      add(Event.info("controller.elected", "Broker " + id + " is the active controller now."));
    }
  }

  private void brokers(ClusterChange change) {
    for (BrokerImage now : change.now().brokers().values()) {
      BrokerImage before = change.before().broker(now.id());
      String broker = "Broker " + now.id();
      if (before == null) {
        add(Event.info("broker.registered", broker + " joined the cluster."));
      } else if (before.epoch() != now.epoch()) {
        add(cameBack(broker, now));
      } else if (now.shuttingDown() && !before.shuttingDown()) {
        add(Event.info("broker.leaving", broker + " hands its leaderships over to stop."));
      } else if (before.fenced() && !now.fenced()) {
        add(Event.info("broker.unfenced", broker + " serves clients."));
      } else if (!before.fenced() && now.fenced()) {
        boolean left = before.shuttingDown();
        add(
            Event.of(
                "broker.fenced",
                left ? Level.WARN : Level.BAD,
                broker + (left ? " has stopped." : " is gone.")));
      }
    }
    for (int id : missing(change)) {
      add(Event.of("broker.gone", Level.WARN, "Broker " + id + " left the cluster."));
    }
  }

  private static Event cameBack(String broker, BrokerImage now) {
    return now.start().trusted()
        ? Event.info("broker.registered", broker + " came back.")
        : Event.of(
            "broker.registered",
            Level.WARN,
            broker + " came back from an unclean stop: its replicas count when they caught up.");
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

  /** Every broker sees it by itself. */
  private void add(Event event) {
    events.add(event.asCommon());
  }
}
