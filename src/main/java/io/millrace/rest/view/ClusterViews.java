package io.millrace.rest.view;

import io.millrace.cluster.QuorumView;
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
import java.util.Optional;
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
    return List.of(new Overview(), new Brokers(), new Reassignments());
  }

  /** Tells the other brokers of this one from now on. */
  void begin() {
    Brokers brokers = new Brokers();
    sources
        .cards()
        .begin(
            sources.views(),
            () -> {
              ClusterImage image = sources.cluster().image();
              BrokerImage own = image.broker(sources.cluster().brokerId());
              return own == null || image.brokers().size() == 1
                  ? Optional.empty()
                  : Optional.of(brokers.self(own));
            });
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
    private ClusterImage tolerated = ClusterImage.EMPTY;
    private List<QuorumView.Member> voters = List.of();
    private Tolerance tolerance = new Tolerance(0, "");

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
          .put("canLose", canLose(image).json());
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

    private Tolerance canLose(ClusterImage image) {
      QuorumView quorum = sources.quorum().get();
      if (image != tolerated || !quorum.voters().equals(voters)) {
        tolerated = image;
        voters = quorum.voters();
        tolerance =
            Tolerance.of(
                image,
                quorum,
                topic -> sources.cluster().effectiveLogConfig(topic).minInsyncReplicas());
      }
      return tolerance;
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
      ReplicaCounts counts = ReplicaCounts.of(image);
      List<BrokerRow> rows = new ArrayList<>();
      for (BrokerImage broker : image.brokers().values()) {
        boolean self = broker.id() == sources.cluster().brokerId();
        JsonObject row = self ? self(broker) : other(broker);
        row.mergeIn(decided(image, broker)).mergeIn(counts.of(broker.id()));
        rows.add(new BrokerRow(broker.id(), row));
      }
      return Future.succeededFuture(new Table("brokers", false, rows));
    }

    /** What it told last of itself; of one that is gone nothing that passes. */
    private JsonObject other(BrokerImage broker) {
      JsonObject told = sources.cards().of(broker.id());
      return told == null || broker.fenced()
          ? new JsonObject().put("listeners", listeners(broker))
          : told.copy();
    }

    /** What the cluster's metadata say, whoever is asked. */
    private JsonObject decided(ClusterImage image, BrokerImage broker) {
      QuorumView quorum = sources.quorum().get();
      Endpoint door = broker.endpoint(Endpoint.HTTP);
      JsonObject decided =
          new JsonObject()
              .put("id", broker.id())
              .put("host", host(broker))
              .put("rack", broker.rack())
              .put("controller", image.controllerId() == broker.id())
              .put("voter", quorum.voters().stream().anyMatch(m -> m.brokerId() == broker.id()))
              .put("fenced", broker.fenced())
              .put("shuttingDown", broker.shuttingDown());
      return door == null ? decided : decided.put("http", door.host() + ":" + door.port());
    }

    private JsonArray listeners(BrokerImage broker) {
      boolean here = broker.id() == sources.cluster().brokerId();
      JsonArray listeners = new JsonArray();
      for (Endpoint endpoint : broker.endpoints()) {
        String name = endpoint.listener();
        if (!name.equals(Endpoint.PEER) && !name.equals(Endpoint.HTTP)) {
          String host = endpoint.host().isEmpty() ? host(broker) : endpoint.host();
          boolean asDialled = endpoint.port() == 0 && here;
          listeners.add(
              listener(
                  name,
                  host,
                  asDialled ? sources.self().ports().applyAsInt(name) : endpoint.port()));
        }
      }
      return listeners;
    }

    private JsonObject self(BrokerImage broker) {
      BrokerSelf self = sources.self();
      ProcessFacts.Known facts = process.now();
      Survey.Counts counts = surveyor.now().counts();
      long upMs = sources.views().clock().monotonicMs() - self.startedMonotonicMs();
      return new JsonObject()
          .put("listeners", listeners(broker))
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

  /** Partitions whose replicas move now. */
  private final class Reassignments implements View {
    @Override
    public String address() {
      return "/api/v1/reassignments";
    }

    @Override
    public Set<String> parameters() {
      return Set.of();
    }

    @Override
    public Future<Content> look(Look look) {
      access.cluster(look.caller(), AclOperation.DESCRIBE);
      return Future.succeededFuture(
          new Table("reassignments", false, MovingPartition.all(sources.cluster().image())));
    }
  }
}
