package io.millrace.rest;

import io.millrace.eventloop.EventLoop;
import io.millrace.rest.view.Content;
import io.millrace.rest.view.Look;
import io.millrace.rest.view.View;
import io.vertx.ext.web.Router;
import java.util.List;

/** Answers with what views show, computed and encoded on their own loop. Thread-safe. */
final class ViewRoutes implements Routes {
  private final EventLoop viewsLoop;
  private final List<View> views;

  ViewRoutes(EventLoop viewsLoop, List<View> views) {
    this.viewsLoop = viewsLoop;
    this.views = views;
  }

  @Override
  public void mount(Router router, EventLoop loop) {
    for (View view : views) {
      Routes.read(router.route(path(view.address())))
          .handler(context -> show(new ApiRequest(context, loop), view));
    }
  }

  /** An address in the words of the router: {@code {topic}} is {@code :topic}. */
  static String path(String address) {
    return address.replaceAll("\\{(\\w+)}", ":$1");
  }

  private void show(ApiRequest request, View view) {
    Look look = request.look(view.parameters());
    request
        .loop()
        .ask(viewsLoop, () -> view.look(look).map(Content::encode))
        .onSuccess(json -> request.send(200, json))
        .onFailure(request::fail);
  }
}
