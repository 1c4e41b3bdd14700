package io.millrace.app;

import io.millrace.browser.SocketViews;
import io.millrace.cluster.Cluster;
import io.millrace.cluster.QuorumView;
import io.millrace.cluster.SoftShare;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.Work;
import io.millrace.push.Push;
import io.millrace.quota.ConnectionCount;
import io.millrace.rest.HealthRoutes;
import io.millrace.rest.Routes;
import io.millrace.rest.WebServer;
import io.millrace.rest.WebSettings;
import io.millrace.rest.view.BrokerCards;
import io.millrace.rest.view.BrokerSelf;
import io.millrace.rest.view.Sources;
import io.millrace.security.WebNodes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The door of browsers and of requests over HTTP. Confined to: the control loop. */
final class WebSide {
  private static final Logger LOG = LoggerFactory.getLogger(WebSide.class);

  /**
   * What it tells besides the parts.
   *
   * @param self what is known of the process
   * @param ready whether clients are served
   * @param quorum who carries the metadata
   * @param share what brokers show each other
   */
  record Ground(
      Parts parts,
      WebSettings settings,
      BrokerSelf self,
      BooleanSupplier ready,
      Supplier<QuorumView> quorum,
      SoftShare share) {}

  private final Ground ground;
  private final WebServer server;
  private final Push sockets;
  private final WebDoor door;

  // A name server may be slow; the names are not waited for.
  private volatile List<String> machineNames = List.of();

  /** Opens nothing yet. */
  WebSide(Ground ground) {
    this.ground = ground;
    Parts parts = ground.parts();
    Cluster cluster = parts.cluster();
    WebNodes nodes = new WebNodes(cluster::image, cluster.brokerId());
    WebAccess access = WebAccess.of(ground.settings(), nodes, this::names);
    door = new WebDoor(parts.loops().factory(), this::sources, nodes);
    sockets =
        SocketDoor.of(
            parts.config(),
            cluster,
            parts.elsewhere(),
            new SocketDoor.Members(parts.coordinators().all(), parts.coordinators().members()),
            access.admission(),
            door.live(),
            parts.metrics());
    List<Routes> routes =
        List.of(
            access.hostCheck(),
            access.originCheck(),
            new HealthRoutes(ground.ready()),
            sockets::mount,
            door,
            // After the door: its route for all of /api turns a wrong method before it into 404.
            access.ticketOffice(),
            door.files());
    server =
        new WebServer(
            parts.loops().vertx(),
            parts.loops().factory(),
            ground.settings(),
            routes,
            Push.capped(NetworkConfig.connections(parts.config())),
            parts.events());
    server.shareDescriptors(parts.descriptors());
    parts.metrics().gauge("web.connections", server::openConnections);
  }

  /** Nobody waits for it: its classes take a while, and clients are served already. */
  void open(StopOrder stops) {
    stops.add("web door", server::stop);
    // They are told before the door is closed.
    stops.add("sockets", sockets::close);
    ground
        .parts()
        .loops()
        .control()
        .offload(Work.HOUSEKEEPING, Machine.REAL::names)
        .onSuccess(found -> machineNames = found);
    server
        .start(door::prepare)
        .onSuccess(open -> LOG.info("web door on http://{}", server.address()))
        .onFailure(fault -> LOG.error("the web door did not open", fault));
    Parts parts = ground.parts();
    parts.cluster().addListener(parts.loops().control(), new FollowedLimits(parts, this::limit));
  }

  private void limit(ConnectionCount.Limits limits) {
    sockets.changeLimits(limits);
    server.changeLimits(Push.capped(limits));
  }

  /** The names that brokers tell clients, and this machine's, as far as it was found. */
  private List<String> names() {
    List<String> names = new ArrayList<>(machineNames);
    ground.parts().cluster().image().brokers().values().stream()
        .flatMap(broker -> broker.endpoints().stream())
        .forEach(endpoint -> names.add(endpoint.host().toLowerCase(Locale.ROOT)));
    return names;
  }

  WebServer server() {
    return server;
  }

  private Sources sources(EventLoop views) {
    Parts parts = ground.parts();
    SocketViews seen = sockets;
    return new Sources(
        views,
        ground.self(),
        parts.cluster(),
        parts.partitions(),
        parts.elsewhere().logs(),
        parts.elsewhere().appends(),
        parts.coordinators().all(),
        parts.coordinators().views(),
        parts.metrics(),
        HandlerList.AUTHORIZER,
        parts.events(),
        seen,
        ground.quorum(),
        new BrokerCards(ground.share(), parts.cluster().brokerId()));
  }
}
