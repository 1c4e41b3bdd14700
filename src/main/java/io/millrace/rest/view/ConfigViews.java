package io.millrace.rest.view;

import io.millrace.config.BrokerConfig;
import io.millrace.config.ConfigEntry;
import io.millrace.config.ConfigEntry.Source;
import io.millrace.config.Key;
import io.millrace.config.TopicKeys;
import io.millrace.metadata.ConfigScope;
import io.millrace.rest.view.Content.Table;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

/** The configs of a topic and of this broker. Confined to: the loop of views. */
final class ConfigViews {
  private final Sources sources;
  private final Access access;

  ConfigViews(Sources sources) {
    this.sources = sources;
    this.access = new Access(sources.authorizer());
  }

  List<View> all() {
    return List.of(new OfTopic(), new OfBroker());
  }

  /** A config with everything that is known of it. */
  private record ConfigRow(ConfigEntry entry, @Nullable String inherited) implements Row {
    @Override
    public Object key() {
      return entry.key().name();
    }

    @Override
    public JsonObject json() {
      Key<?> key = entry.key();
      JsonObject json =
          new JsonObject()
              .put("name", key.name())
              .put("value", key.sensitive() ? null : entry.value())
              .put("source", source(entry.source()))
              .put("default", key.sensitive() ? null : inherited)
              .put("type", key.type().kafkaType().name().toLowerCase(Locale.ROOT));
      if (!key.unit().isEmpty()) {
        json.put("unit", key.unit());
      }
      if (!key.rule().words().isEmpty()) {
        json.put("range", key.rule().words());
      }
      json.put("doc", doc(key))
          .put("sensitive", key.sensitive())
          .put("readOnly", entry.readOnly())
          .put("hasEffect", key.effect().acts());
      return key.effect().acts() ? json : json.put("why", key.effect().why());
    }

    private static String source(Source source) {
      return switch (source) {
        case TOPIC -> "topic";
        case DYNAMIC_BROKER, DYNAMIC_DEFAULT_BROKER, STATIC_BROKER -> "broker";
        case DEFAULT -> "default";
      };
    }

    /** A topic key without words of its own has those of the broker's key of the same meaning. */
    private static <T> String doc(Key<T> key) {
      return key.doc().isEmpty() ? TopicKeys.brokerKeyOf(key).map(Key::doc).orElse("") : key.doc();
    }
  }

  private static Content table(List<ConfigEntry> entries, Source own) {
    return new Table(
        "configs",
        false,
        entries.stream()
            .filter(entry -> entry.value() != null || entry.key().sensitive())
            .sorted(Comparator.comparing(entry -> entry.key().name()))
            .map(entry -> new ConfigRow(entry, inherited(entry, own)))
            .toList());
  }

  /** The value that is in force when the resource itself sets none. */
  private static @Nullable String inherited(ConfigEntry entry, Source own) {
    return entry.synonyms().stream()
        .filter(synonym -> synonym.source().id() > own.id())
        .map(ConfigEntry.Synonym::value)
        .findFirst()
        .orElse(null);
  }

  private final class OfTopic implements View {
    @Override
    public String address() {
      return "/api/v1/topics/{topic}/configs";
    }

    @Override
    public Set<String> parameters() {
      return Set.of();
    }

    @Override
    public Future<Content> look(Look look) {
      String name = look.name("topic");
      access.topic(look.caller(), AclOperation.DESCRIBE_CONFIGS, name);
      access.describedTopic(look.caller(), sources.cluster().image(), name);
      BrokerConfig config = sources.cluster().config();
      return Future.succeededFuture(
          table(
              config.describeTopic(sources.cluster().image().configs(ConfigScope.topic(name))),
              Source.TOPIC));
    }
  }

  private final class OfBroker implements View {
    @Override
    public String address() {
      return "/api/v1/brokers/{broker}/configs";
    }

    @Override
    public Set<String> parameters() {
      return Set.of();
    }

    @Override
    public Future<Content> look(Look look) {
      access.cluster(look.caller(), AclOperation.DESCRIBE_CONFIGS);
      OwnBroker.require(
          sources.cluster().image(), sources.cluster().brokerId(), look.name("broker"));
      return Future.succeededFuture(
          table(sources.cluster().config().describe(), Source.STATIC_BROKER));
    }
  }
}
