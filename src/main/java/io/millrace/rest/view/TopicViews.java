package io.millrace.rest.view;

import io.millrace.metadata.TopicImage;
import io.millrace.rest.view.Content.Document;
import io.millrace.rest.view.Content.Table;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

/** The list of topics, and one topic. Confined to: the loop of views. */
final class TopicViews {
  private final Sources sources;
  private final Access access;
  private final Surveyor surveyor;
  private final GroupLags lags;

  TopicViews(Sources sources, Surveyor surveyor, GroupLags lags) {
    this.sources = sources;
    this.access = new Access(sources.authorizer());
    this.surveyor = surveyor;
    this.lags = lags;
  }

  List<View> all() {
    return List.of(new Topics(), new OneTopic());
  }

  private final class Topics implements View {
    @Override
    public String address() {
      return "/api/v1/topics";
    }

    @Override
    public Set<String> parameters() {
      return Set.of("internal", "q");
    }

    @Override
    public Future<Content> look(Look look) {
      boolean internal = look.flag("internal");
      String part = query(look);
      return lags.refreshAll()
          .map(
              refreshed ->
                  new Table(
                      "topics",
                      false,
                      surveyor.now().topics().stream()
                          .filter(row -> internal || !row.internal())
                          .filter(
                              row ->
                                  part.isEmpty()
                                      || row.name().toLowerCase(Locale.ROOT).contains(part))
                          .filter(
                              row ->
                                  access.mayTopic(look.caller(), AclOperation.DESCRIBE, row.name()))
                          .toList()));
    }

    private String query(Look look) {
      @Nullable String part = look.query("q");
      return part == null ? "" : part.toLowerCase(Locale.ROOT);
    }
  }

  private final class OneTopic implements View {
    @Override
    public String address() {
      return "/api/v1/topics/{topic}";
    }

    @Override
    public Set<String> parameters() {
      return Set.of();
    }

    @Override
    public Future<Content> look(Look look) {
      return lags.refreshAll().map(refreshed -> new Document(document(look)));
    }

    private JsonObject document(Look look) {
      TopicImage topic =
          access.describedTopic(look.caller(), sources.cluster().image(), look.name("topic"));
      TopicRow row = surveyor.now().row(topic);
      JsonObject json = row == null ? new JsonObject().put("name", topic.name()) : row.json();
      return json.put("groupLags", groupLags(look, topic.name()))
          .put("history", surveyor.history(topic));
    }

    private JsonArray groupLags(Look look, String topic) {
      JsonArray json = new JsonArray();
      sources.groupViews().all().values().stream()
          .sorted(java.util.Comparator.comparing(view -> view.groupId()))
          .filter(view -> GroupLags.topics(view, lags.of(view.groupId())).contains(topic))
          .filter(view -> access.mayGroup(look.caller(), AclOperation.DESCRIBE, view.groupId()))
          .forEach(
              view -> {
                GroupOffsets offsets = lags.of(view.groupId());
                json.add(
                    new JsonObject()
                        .put("group", view.groupId())
                        .put("lag", offsets.lagOf(topic))
                        .put("lagMs", offsets.lagMsOf(topic))
                        .put("state", view.state()));
              });
      return json;
    }
  }
}
