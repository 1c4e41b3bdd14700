package io.millrace.rest;

import io.millrace.eventloop.EventLoop;
import io.millrace.rest.problem.Problem;
import io.millrace.rest.problem.ProblemException;
import io.millrace.rest.view.Access;
import io.millrace.rest.view.Sources;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;

/** Closes sessions of browsers. Thread-safe. */
final class SocketRoutes implements Routes {
  private final Sources sources;
  private final Access access;

  SocketRoutes(Sources sources) {
    this.sources = sources;
    this.access = new Access(sources.authorizer());
  }

  @Override
  public void mount(Router router, EventLoop loop) {
    router
        .delete("/api/v1/sockets/:socket")
        .handler(context -> close(new ApiRequest(context, loop)));
  }

  private void close(ApiRequest request) {
    request.look(Set.of());
    access.cluster(request.caller(), AclOperation.ALTER);
    String id = request.name("socket");
    if (!id.matches("\\d{1,18}") || !sources.sockets().close(Long.parseLong(id))) {
      throw new ProblemException(
          new Problem(404, "RESOURCE_NOT_FOUND", "There is no socket " + id + ".", null)
              .hint(
                  "It may have closed by itself; GET /api/v1/sockets lists those that are open."));
    }
    request.answerDone(Future.succeededFuture());
  }
}
