package io.millrace.push;

import io.millrace.browser.RefusedException;
import io.millrace.model.Caller;
import io.millrace.quota.ConnectionCount;
import io.millrace.security.Admission;
import io.millrace.security.Admission.Decision;
import io.millrace.security.Grant;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Where sockets come in: who may, with which subprotocol. Confined to: the loop of its sockets. */
final class Door {
  private static final String LISTENER = "HTTP";

  /** The one of RFC 6455; those before it are drafts. */
  private static final String VERSION = "13";

  static final String JSON = "millrace.v1.json";
  static final String BINARY = "millrace.v1.bin";

  private final PushLoop home;
  private final PushServices services;
  private final ConnectionCount open;
  private final LongSupplier ids;
  private final SubOp reader;
  private final GroupOp joiner;

  Door(PushLoop home, PushServices services, ConnectionCount open, LongSupplier ids) {
    this.open = open;
    this.home = home;
    this.services = services;
    this.ids = ids;
    this.reader = new SubOp(services, Map.of());
    this.joiner = new GroupOp(services);
  }

  void mount(Router router) {
    mountGroups(router);
    new SseDoor(home, this, reader).mount(router);
    router.get("/ws/v1").handler(context -> open(context, false, session -> {}));
    router
        .get("/ws/v1/topics/:topic")
        .handler(
            context -> {
              Reading reading;
              try {
                reading = QuickReading.of(context.pathParam("topic"), context.request().params());
              } catch (RefusedException e) {
                Problems.answer(context.response(), 400, e.error().name(), e.sentence(), e.hint());
                return;
              }
              open(context, true, session -> begin(session, reading));
            });
  }

  private void mountGroups(Router router) {
    router
        .get("/ws/v1/groups/:group")
        .handler(
            context -> {
              Reading reading;
              try {
                reading = QuickReading.ofGroup(context.request().params());
              } catch (RefusedException e) {
                Problems.answer(context.response(), 400, e.error().name(), e.sentence(), e.hint());
                return;
              }
              String group = context.pathParam("group");
              String instance = context.request().getParam("instance");
              open(context, true, session -> join(session, group, instance, reading));
            });
  }

  private void join(Session session, String group, @Nullable String instance, Reading reading) {
    try {
      joiner.join(session, group, instance, Keep.CLOSE, reading, null);
    } catch (RefusedException e) {
      session.refuseBeginning(null, e);
    }
  }

  private void begin(Session session, Reading reading) {
    try {
      reader.read(session, reading, null);
    } catch (RefusedException e) {
      session.refuseBeginning(null, e);
    }
  }

  private interface Beginning {
    void of(Session session);
  }

  private void open(RoutingContext context, boolean isQuick, Beginning beginning) {
    HttpServerRequest request = context.request();
    if (!"websocket".equalsIgnoreCase(request.getHeader(HttpHeaderNames.UPGRADE))) {
      context.response().putHeader("upgrade", "websocket");
      Problems.answer(
          context.response(),
          426,
          "UPGRADE_REQUIRED",
          "This address speaks WebSocket.",
          "Open it with new WebSocket(url).");
      return;
    }
    if (!VERSION.equals(request.getHeader(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
      context.response().putHeader(HttpHeaderNames.SEC_WEBSOCKET_VERSION, VERSION);
      Problems.answer(
          context.response(),
          426,
          "UPGRADE_REQUIRED",
          "This address speaks version " + VERSION + " of WebSocket.",
          null);
      return;
    }
    Admitted admitted = admit(request, context.response(), isQuick);
    if (admitted != null) {
      List<String> protocols = Admission.protocolsWithoutTickets(offered(request));
      request
          .toWebSocket()
          .onSuccess(
              socket -> opened(socket, request, admitted.grant(), protocols, isQuick, beginning));
    }
  }

  /**
   * Who may come in.
   *
   * @param grant as whom; null when the session must say so first
   */
  record Admitted(@Nullable Grant grant) {
    Grant grantOrAnonymous() {
      return grant == null ? Grant.ANONYMOUS : grant;
    }
  }

  /** Decides on a request; null when it was answered with a refusal. */
  @Nullable Admitted admit(
      HttpServerRequest request, HttpServerResponse response, boolean isQuick) {
    if (home.isStopping()) {
      Problems.answer(
          response, 503, "BROKER_NOT_AVAILABLE", "The broker stops.", "Try again in a moment.");
      return null;
    }
    Decision decision =
        services
            .admission()
            .decide(
                new Admission.Handshake(
                    request.getHeader(HttpHeaderNames.ORIGIN),
                    request.getHeader(HttpHeaderNames.HOST),
                    offered(request),
                    request.params().names(),
                    request.getParam("ticket")),
                home.loop().clock().monotonicMs());
    if (decision instanceof Decision.Refused refused) {
      String code = refused.status() == 401 ? "SASL_AUTHENTICATION_FAILED" : "INVALID_REQUEST";
      Problems.answer(response, refused.status(), code, refused.why(), refused.hint());
      return null;
    }
    Grant grant = decision instanceof Decision.Admitted admitted ? admitted.grant() : null;
    if (grant == null && isQuick) {
      Problems.answer(
          response,
          401,
          "SASL_AUTHENTICATION_FAILED",
          "This address needs a ticket.",
          "Ask for one with POST /api/v1/tickets.");
      return null;
    }
    return new Admitted(grant);
  }

  /** Counts a session in; false when there are too many. */
  boolean enters(SessionInfo info) {
    return open.enter(info.caller().host()) == null;
  }

  private void opened(
      ServerWebSocket socket,
      HttpServerRequest request,
      @Nullable Grant grant,
      List<String> protocols,
      boolean isQuick,
      Beginning beginning) {
    String protocol = socket.subProtocol();
    if (protocol == null && (!isQuick || !protocols.isEmpty())) {
      socket.close(
          (short) CloseCode.UNKNOWN_SUBPROTOCOL.code(),
          CloseCode.UNKNOWN_SUBPROTOCOL.reason("offer " + JSON + " or " + BINARY));
      return;
    }
    SessionInfo info = info(request, grant == null ? Grant.ANONYMOUS : grant, isQuick);
    if (!enters(info)) {
      socket.close(
          (short) CloseCode.LIMIT_REACHED.code(),
          CloseCode.LIMIT_REACHED.reason("too many sockets are open"));
      return;
    }
    WebSocketLink link = new WebSocketLink(BINARY.equals(protocol));
    Session session = new Session(home, info, link, grant);
    Channel channel =
        ((HttpServerConnection) request.connection()).channelHandlerContext().channel();
    link.take(channel, session);
    home.add(session);
    if (!channel.isActive()) {
      // It ended before its end could be heard of.
      session.onClosed(false);
      return;
    }
    home.tellNodes(session);
    beginning.of(session);
  }

  /** What a session of this request is known by. */
  SessionInfo info(HttpServerRequest request, Grant grant, boolean isQuick) {
    long id = ids.getAsLong();
    String agent = request.getHeader(HttpHeaderNames.USER_AGENT);
    return new SessionInfo(
        id,
        new Caller(grant.principal(), "socket-" + id, address(request), LISTENER),
        request.getHeader(HttpHeaderNames.ORIGIN),
        dialled(request),
        agent == null || agent.length() <= 200 ? agent : agent.substring(0, 200),
        home.loop().clock().wallMs(),
        isQuick);
  }

  private static @Nullable String dialled(HttpServerRequest request) {
    HostAndPort authority = request.authority();
    return authority == null || authority.port() < 0
        ? null
        : authority.host() + ":" + authority.port();
  }

  private static InetAddress address(HttpServerRequest request) {
    SocketAddress remote = request.remoteAddress();
    try {
      return remote == null || remote.hostAddress() == null
          ? InetAddress.getLoopbackAddress()
          : InetAddress.getByName(remote.hostAddress());
    } catch (UnknownHostException e) {
      // An address in digits needs no lookup; this one is no address at all.
      return InetAddress.getLoopbackAddress();
    }
  }

  private static List<String> offered(HttpServerRequest request) {
    String header = request.getHeader(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
    return header == null
        ? List.of()
        : new ArrayList<>(Arrays.asList(header.trim().split("\\s*,\\s*")));
  }
}
