package io.millrace.rest.view;

import io.millrace.config.BrokerKeys;
import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.Endpoint;
import io.millrace.rest.view.Content.Document;
import io.millrace.rest.view.Content.Table;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

/** The overview, and the list of brokers. Confined to: the loop of views. */
final class ClusterViews {
  private final Sources sources;
  private final Access access;
  private final Surveyor surveyor;
  private final Totals totals;
  private final ProcessFacts process;

  ClusterViews(Sources sources, Surveyor surveyor, Totals totals) {
    this.sources = sources;
    this.access = new Access(sources.authorizer());
    this.surveyor = surveyor;
    this.totals = totals;
    this.process = new ProcessFacts(sources.views().clock());
  }

  List<View> all() {
    return List.of(new Overview(), new Brokers());
  }

  private long metric(String name) {
    return sources.metrics().value(name);
  }

  private static JsonArray json(List<Disk> disks) {
    JsonArray json = new JsonArray();
    disks.forEach(disk -> json.add(disk.json()));
    return json;
  }

  private final class Overview implements View {
    @Override
    public String address() {
      return "/api/v1/overview";
    }

    @Override
    public Set<String> parameters() {
      return Set.of();
    }

    @Override
    public Future<Content> look(Look look) {
      access.cluster(look.caller(), AclOperation.DESCRIBE);
      return Future.succeededFuture(new Document(document()));
    }

    private JsonObject document() {
      ClusterImage image = sources.cluster().image();
      Survey survey = surveyor.now();
      List<Disk> disks = Disk.all(sources);
      List<Warning> warnings = Warning.all(image, survey, disks);
      JsonArray told = new JsonArray();
      warnings.forEach(warning -> told.add(warning.json()));
      return new JsonObject()
          .put(
              "cluster",
              new JsonObject()
                  .put("id", image.clusterId())
                  .put("name", sources.cluster().config().get(BrokerKeys.CLUSTER_NAME)))
          .put("version", sources.self().version())
          .put("broker", sources.cluster().brokerId())
          .put("health", Warning.health(warnings))
          .put("warnings", told)
          .put("counts", counts(image, survey.counts()))
          .put("rates", totals.rates(sources.views().clock().monotonicNs()))
          .put("history", totals.history())
          .put("disks", json(disks))
          .put("canLose", canLose(image));
    }

    private JsonObject counts(ClusterImage image, Survey.Counts counts) {
      return new JsonObject()
          .put("brokers", image.brokers().size())
          .put("topics", counts.topics())
          .put("internalTopics", counts.internalTopics())
          .put("partitions", counts.partitions())
          .put("leaders", counts.leaders())
          .put("underReplicated", counts.underReplicated())
          .put("offline", counts.offline())
          .put("groups", sources.groupViews().all().size())
          .put("sockets", sources.sockets().count())
          .put("connections", metric("network.connections"));
    }

    private JsonObject canLose(ClusterImage image) {
      String text =
          image.brokers().size() == 1
              ? "This is the only broker: while it is down, nothing is served."
              : "Partitions with one replica are not served while their broker is down.";
      return new JsonObject().put("brokers", 0).put("text", text);
    }
  }

  /** Who is compared by what is shown. */
  private record BrokerRow(int id, JsonObject json) implements Row {
    @Override
    public Object key() {
      return id;
    }
  }

  private final class Brokers implements View {
    @Override
    public String address() {
      return "/api/v1/brokers";
    }

    @Override
    public Set<String> parameters() {
      return Set.of();
    }

    @Override
    public Future<Content> look(Look look) {
      access.cluster(look.caller(), AclOperation.DESCRIBE);
      ClusterImage image = sources.cluster().image();
      List<BrokerRow> rows = new ArrayList<>();
      for (BrokerImage broker : image.brokers().values()) {
        boolean self = broker.id() == sources.cluster().brokerId();
        rows.add(new BrokerRow(broker.id(), self ? self(image, broker) : other(image, broker)));
      }
      return Future.succeededFuture(new Table("brokers", false, rows));
    }

    private JsonObject other(ClusterImage image, BrokerImage broker) {
      JsonArray listeners = new JsonArray();
      for (Endpoint endpoint : broker.endpoints()) {
        listeners.add(listener(endpoint.listener(), endpoint.host(), endpoint.port()));
      }
      return new JsonObject()
          .put("id", broker.id())
          .put("host", host(broker))
          .put("rack", broker.rack())
          .put("controller", image.controllerId() == broker.id())
          .put("fenced", broker.fenced())
          .put("listeners", listeners);
    }

    private JsonObject self(ClusterImage image, BrokerImage broker) {
      BrokerSelf self = sources.self();
      ProcessFacts.Known facts = process.now();
      Survey.Counts counts = surveyor.now().counts();
      JsonArray listeners = new JsonArray();
      for (Endpoint endpoint : broker.endpoints()) {
        String name = endpoint.listener();
        String host = endpoint.host().isEmpty() ? self.host() : endpoint.host();
        int port = endpoint.port() == 0 ? self.ports().applyAsInt(name) : endpoint.port();
        listeners.add(listener(name, host, port));
      }
      long upMs = sources.views().clock().monotonicMs() - self.startedMonotonicMs();
      return other(image, broker)
          .put("listeners", listeners)
          .put("version", self.version())
          .put("java", Runtime.version().toString())
          .put("startedMs", self.startedWallMs())
          .put("uptimeMs", upMs)
          .put("http", host(broker) + ":" + self.webPort().getAsInt())
          .put("cpuPercent", facts.cpuPercent())
          .put("heapUsedBytes", facts.heapUsedBytes())
          .put("heapMaxBytes", facts.heapMaxBytes())
          .put("residentBytes", facts.residentBytes())
          .put("connections", metric("network.connections"))
          .put("sockets", sources.sockets().count())
          .put("partitions", counts.held())
          .put("leaders", counts.leaders())
          .put("openFiles", facts.openFiles())
          .put("disks", json(Disk.all(sources)))
          .put("rates", totals.rates(sources.views().clock().monotonicNs()));
    }

    private String host(BrokerImage broker) {
      @Nullable Endpoint first = broker.endpoints().isEmpty() ? null : broker.endpoints().get(0);
      return first == null || first.host().isEmpty() ? sources.self().host() : first.host();
    }

    private static JsonObject listener(String name, String host, int port) {
      return new JsonObject().put("name", name).put("host", host).put("port", port);
    }
  }
}
