package io.millrace.rest;

import io.millrace.browser.RefusedException;
import io.millrace.cluster.NotDecidedException;
import io.millrace.eventloop.EventLoop;
import io.millrace.model.Caller;
import io.millrace.rest.problem.Problem;
import io.millrace.rest.problem.ProblemException;
import io.millrace.rest.view.Access;
import io.millrace.rest.view.Look;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.jspecify.annotations.Nullable;

/** One call of the JSON interface. Confined to: the loop of the connection. */
final class ApiRequest {
  /** Name by which authorizer and quotas know this door. */
  static final String LISTENER = "HTTP";

  private static final String CLIENT_ID = "rest";

  private final RoutingContext context;
  private final EventLoop loop;

  ApiRequest(RoutingContext context, EventLoop loop) {
    this.context = context;
    this.loop = loop;
  }

  EventLoop loop() {
    return loop;
  }

  /** Who asks. */
  Caller caller() {
    return new Caller(
        KafkaPrincipal.ANONYMOUS, CLIENT_ID, address(context.request().remoteAddress()), LISTENER);
  }

  private static InetAddress address(@Nullable SocketAddress remote) {
    String host = remote == null ? null : remote.hostAddress();
    // A number is parsed, no name is looked up.
    return host == null ? InetAddress.getLoopbackAddress() : number(host);
  }

  private static InetAddress number(String host) {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("the address of a peer is a number", e);
    }
  }

  /** A name in the address, decoded. */
  String name(String name) {
    return context.pathParam(name);
  }

  /** What is asked for; refuses query parameters that are not among {@code known}. */
  Look look(Set<String> known) {
    Map<String, String> query = new LinkedHashMap<>();
    context
        .queryParams()
        .forEach(
            entry -> {
              if (!known.contains(entry.getKey())) {
                throw unknown("parameter", entry.getKey(), known);
              }
              if (query.putIfAbsent(entry.getKey(), entry.getValue()) != null) {
                throw new ProblemException(
                    Problem.badRequest("The parameter " + entry.getKey() + " is given twice."));
              }
            });
    return new Look(caller(), context.pathParams(), query);
  }

  /** The body; refuses fields that are not among {@code known}. */
  JsonBody body(String... known) {
    return JsonBody.read(context.body().buffer(), Set.of(known));
  }

  /** The body as it came; null when there is none. */
  @Nullable Buffer rawBody() {
    return context.body().buffer();
  }

  /** Has {@code ended} called when the connection is gone. */
  void onClose(Runnable ended) {
    context.response().closeHandler(closed -> ended.run());
  }

  /** The problem of a name that is not known here. */
  static ProblemException unknown(String what, String name, Set<String> known) {
    Problem problem = Problem.badRequest("There is no " + what + " " + name + " here.");
    return new ProblemException(
        problem.hint(
            Access.nearest(name, known)
                .map(near -> "Did you mean " + near + "?")
                .orElse(
                    known.isEmpty()
                        ? "This call takes none."
                        : "Known are " + String.join(", ", new TreeSet<>(known)) + ".")));
  }

  /** Answers with JSON when it is there, or with the problem. */
  void answer(int status, Future<JsonObject> json) {
    json.map(JsonObject::toBuffer).onSuccess(buffer -> send(status, buffer)).onFailure(this::fail);
  }

  /** Answers without a body when it is done, or with the problem. */
  void answerDone(Future<?> done) {
    done.onSuccess(any -> context.response().setStatusCode(204).end()).onFailure(this::fail);
  }

  /** Answers with a document that is encoded. */
  void send(int status, Buffer json) {
    sendAs("application/json", status, json);
  }

  /** Answers with something of that content type. */
  void sendAs(String type, int status, Buffer body) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response
        .setStatusCode(status)
        .putHeader("content-type", type)
        .putHeader("cache-control", "no-store");
    if (context.request().method() == HttpMethod.HEAD) {
      response.putHeader("content-length", Integer.toString(body.length())).end();
    } else {
      response.end(body);
    }
  }

  static Problem problem(RefusedException refused) {
    Problem problem = Problem.of(refused.error(), refused.sentence());
    return refused.hint() == null ? problem : problem.hint(refused.hint());
  }

  /** Answers with what went wrong. */
  void fail(Throwable fault) {
    if (fault instanceof ProblemException known) {
      known.problem().answer(context);
    } else if (fault instanceof NotDecidedException notDecided) {
      Problem.of(notDecided.error(), notDecided.getMessage()).answer(context);
    } else if (fault instanceof RefusedException refused) {
      problem(refused).answer(context);
    } else if (fault instanceof ApiException refused) {
      Problem.of(Errors.forException(refused), refused.getMessage()).answer(context);
    } else {
      context.fail(500, fault);
    }
  }
}
