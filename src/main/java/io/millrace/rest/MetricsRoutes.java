package io.millrace.rest;

import io.millrace.eventloop.EventLoop;
import io.millrace.rest.metrics.Exporter;
import io.millrace.rest.view.Access;
import io.millrace.rest.view.Sources;
import io.millrace.rest.view.Views;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

/** Answers Prometheus. The exporter is made with the first scrape. Thread-safe. */
final class MetricsRoutes implements Routes {
  private final Sources sources;
  private final Views views;
  private final Access access;

  // Owner: the loop of views.
  private @Nullable Exporter exporter;

  MetricsRoutes(Sources sources, Views views) {
    this.sources = sources;
    this.views = views;
    this.access = new Access(sources.authorizer());
  }

  @Override
  public void mount(Router router, EventLoop loop) {
    Routes.read(router.route("/metrics")).handler(context -> scrape(new ApiRequest(context, loop)));
  }

  private void scrape(ApiRequest request) {
    access.cluster(request.caller(), AclOperation.DESCRIBE);
    request
        .loop()
        .ask(sources.views(), this::scraped)
        .onSuccess(text -> request.sendAs(Exporter.CONTENT_TYPE, 200, text))
        .onFailure(request::fail);
  }

  private Future<Buffer> scraped() {
    return views
        .offsetsOfGroups()
        .map(
            offsets -> {
              Exporter made = exporter;
              if (made == null) {
                made = new Exporter(sources);
                exporter = made;
              }
              return Buffer.buffer(made.scrape(offsets));
            });
  }
}
