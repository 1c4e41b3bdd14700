package io.millrace.rest.view;

import io.millrace.browser.SocketViews.SocketView;
import io.millrace.browser.SocketViews.SubscriptionView;
import io.millrace.rest.view.Content.Table;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;

/** The open sessions of browsers. Confined to: the loop of views. */
final class SocketsView implements View {
  private final Sources sources;
  private final Access access;

  private record SocketRow(SocketView socket) implements Row {
    @Override
    public Object key() {
      return socket.id();
    }

    @Override
    public JsonObject json() {
      JsonArray subscriptions = new JsonArray();
      socket.subscriptions().forEach(sub -> subscriptions.add(SocketsView.json(sub)));
      return new JsonObject()
          .put("id", socket.id())
          .put("user", socket.user())
          .put("address", socket.address())
          .put("origin", socket.origin())
          .put("agent", socket.agent())
          .put("protocol", socket.protocol())
          .put("openedMs", socket.openedMs())
          .put("bytesOut", socket.bytesOut())
          .put("records", socket.records())
          .put("subscriptions", subscriptions)
          .put("bufferedBytes", socket.bufferedBytes());
    }
  }

  private static JsonObject json(SubscriptionView sub) {
    JsonObject json = new JsonObject().put("sub", sub.sub()).put("mode", sub.mode());
    if (sub.group() != null) {
      json.put("group", sub.group());
    }
    return json.put("topics", new JsonArray(List.copyOf(sub.topics().keySet())))
        .put(
            "credit",
            new JsonObject().put("n", sub.creditRecords()).put("bytes", sub.creditBytes()))
        .put("lag", new JsonObject().put("n", sub.lagRecords()).put("ms", sub.lagMs()))
        .put("onLag", sub.onLag())
        .put("paused", sub.paused());
  }

  SocketsView(Sources sources) {
    this.sources = sources;
    this.access = new Access(sources.authorizer());
  }

  @Override
  public String address() {
    return "/api/v1/sockets";
  }

  @Override
  public Set<String> parameters() {
    return Set.of();
  }

  @Override
  public Future<Content> look(Look look) {
    access.cluster(look.caller(), AclOperation.DESCRIBE);
    return Future.succeededFuture(
        new Table(
            "sockets", false, sources.sockets().list().stream().map(SocketRow::new).toList()));
  }
}
