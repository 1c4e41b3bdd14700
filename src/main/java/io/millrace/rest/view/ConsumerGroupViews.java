package io.millrace.rest.view;

import io.millrace.coordinator.GroupCoordinator;
import io.millrace.coordinator.group.GroupCall;
import io.millrace.coordinator.group.GroupView;
import io.millrace.coordinator.group.GroupView.MemberView;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import io.millrace.model.BrowserClientId;
import io.millrace.model.TopicPartition;
import io.millrace.rest.problem.ProblemException;
import io.millrace.rest.view.Content.Document;
import io.millrace.rest.view.Content.Table;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** The list of groups, and one group. Confined to: the loop of views. */
final class ConsumerGroupViews {
  private final Sources sources;
  private final Access access;
  private final GroupLags lags;

  ConsumerGroupViews(Sources sources, GroupLags lags) {
    this.sources = sources;
    this.access = new Access(sources.authorizer());
    this.lags = lags;
  }

  List<View> all() {
    return List.of(new Groups(), new OneGroup());
  }

  /**
   * A group in the list of groups.
   *
   * @param topics topics that it reads or has committed offsets in
   * @param coordinator broker that coordinates it
   */
  private record GroupRow(
      String group,
      String state,
      @Nullable String protocol,
      int members,
      int browserMembers,
      Set<String> topics,
      @Nullable Long lag,
      @Nullable Long lagMs,
      int generation,
      int coordinator)
      implements Row {

    @Override
    public Object key() {
      return group;
    }

    @Override
    public JsonObject json() {
      return new JsonObject()
          .put("group", group)
          .put("state", state)
          .put("type", "classic")
          .put("protocol", protocol)
          .put("members", members)
          .put("browserMembers", browserMembers)
          .put("topics", new JsonArray(List.copyOf(topics)))
          .put("lag", lag)
          .put("lagMs", lagMs)
          .put("generation", generation)
          .put("coordinator", coordinator);
    }
  }

  private GroupRow row(GroupView view, GroupOffsets offsets) {
    return new GroupRow(
        view.groupId(),
        view.state(),
        view.protocol(),
        view.members().size(),
        (int) view.members().stream().filter(ConsumerGroupViews::isBrowser).count(),
        new TreeSet<>(GroupLags.topics(view, offsets)),
        offsets.lag(),
        offsets.lagMs(),
        view.generation(),
        coordinator(view.groupId()));
  }

  private int coordinator(String group) {
    ClusterImage image = sources.cluster().image();
    TopicImage topic = image.topic(GroupCoordinator.TOPIC);
    PartitionImage partition =
        topic == null
            ? null
            : topic.partition(GroupCoordinator.partitionFor(group, topic.partitions().size()));
    return partition == null ? PartitionImage.NO_LEADER : partition.leader();
  }

  /** Members that come by the web door say so in their client id. */
  static boolean isBrowser(MemberView member) {
    return BrowserClientId.isOne(member.clientId());
  }

  private boolean mayDescribe(Look look, String group) {
    return access.mayGroup(look.caller(), AclOperation.DESCRIBE, group)
        || access.mayCluster(look.caller(), AclOperation.DESCRIBE);
  }

  private final class Groups implements View {
    @Override
    public String address() {
      return "/api/v1/groups";
    }

    @Override
    public Set<String> parameters() {
      return Set.of();
    }

    @Override
    public Future<Content> look(Look look) {
      return lags.refreshAll()
          .map(
              refreshed ->
                  new Table(
                      "groups",
                      false,
                      sources.groupViews().all().values().stream()
                          .filter(view -> mayDescribe(look, view.groupId()))
                          .sorted(Comparator.comparing(GroupView::groupId))
                          .map(view -> row(view, lags.of(view.groupId())))
                          .toList()));
    }
  }

  private final class OneGroup implements View {
    @Override
    public String address() {
      return "/api/v1/groups/{group}";
    }

    @Override
    public Set<String> parameters() {
      return Set.of();
    }

    @Override
    public Future<Content> look(Look look) {
      String group = look.name("group");
      if (!mayDescribe(look, group)) {
        access.group(look.caller(), AclOperation.DESCRIBE, group);
      }
      if (sources.groupViews().of(group) == null) {
        throw unknown(look, group);
      }
      return lags.refresh(group)
          .map(
              offsets -> {
                GroupView view = sources.groupViews().of(group);
                if (view == null) {
                  throw unknown(look, group);
                }
                return new Document(document(look, view, offsets));
              });
    }

    private ProblemException unknown(Look look, String group) {
      List<String> visible =
          sources.groupViews().all().keySet().stream()
              .filter(other -> mayDescribe(look, other))
              .toList();
      return Access.unknown(Errors.GROUP_ID_NOT_FOUND, "The group " + group, group, visible);
    }

    private JsonObject document(Look look, GroupView view, GroupOffsets offsets) {
      JsonArray members = new JsonArray();
      view.members().forEach(member -> members.add(json(view, member)));
      JsonArray rebalances = new JsonArray();
      for (GroupView.Rebalance past : view.rebalances()) {
        rebalances.add(
            new JsonObject()
                .put("generation", past.generation())
                .put("members", past.members())
                .put("atMs", past.atMs())
                .put("durationMs", past.durationMs())
                .put("cause", past.cause()));
      }
      return row(view, offsets)
          .json()
          .put("leader", view.leader())
          .put("membersList", members)
          .put("offsets", offsets(look, view, offsets))
          .put("rebalancing", view.rebalancing())
          .put("rebalances", rebalances)
          .put("history", lags.history(view.groupId()));
    }

    private JsonObject json(GroupView view, MemberView member) {
      Map<String, List<Integer>> assigned = new TreeMap<>();
      member
          .assigned()
          .forEach(
              p -> assigned.computeIfAbsent(p.topic(), t -> new ArrayList<>()).add(p.partition()));
      JsonObject json = new JsonObject();
      assigned.forEach(
          (topic, numbers) -> json.put(topic, new JsonArray(numbers.stream().sorted().toList())));
      return new JsonObject()
          .put("memberId", member.memberId())
          .put("instanceId", member.instanceId())
          .put("clientId", member.clientId())
          .put("host", member.host().startsWith("/") ? member.host().substring(1) : member.host())
          .put("browser", isBrowser(member))
          .put("node", node(view, member))
          .put("assigned", json);
    }

    /** Members over TCP are connected to the coordinator; where a page is may not be known. */
    private @Nullable Integer node(GroupView view, MemberView member) {
      if (member.node() >= 0) {
        return member.node();
      }
      boolean atCoordinator = member.node() == GroupCall.HERE || !isBrowser(member);
      int leader = coordinator(view.groupId());
      return atCoordinator && leader >= 0 ? Integer.valueOf(leader) : null;
    }

    /** What is committed, and what is assigned and not committed yet. */
    private JsonArray offsets(Look look, GroupView view, GroupOffsets offsets) {
      Map<TopicPartition, String> holders = new HashMap<>();
      view.members().forEach(m -> m.assigned().forEach(p -> holders.put(p, m.memberId())));
      Map<TopicPartition, JsonObject> lines =
          new TreeMap<>(
              Comparator.comparing(TopicPartition::topic)
                  .thenComparingInt(TopicPartition::partition));
      for (TopicPartition held : holders.keySet()) {
        var partition = sources.partitions().get(held);
        long end = partition == null ? -1 : partition.highWatermark();
        lines.put(held, line(held, null, end < 0 ? null : end, null, null, holders.get(held)));
      }
      for (GroupOffsets.Place place : offsets.partitions()) {
        TopicPartition id = new TopicPartition(place.topic(), place.partition());
        lines.put(
            id,
            line(id, place.committed(), place.end(), place.lag(), place.lagMs(), holders.get(id)));
      }
      JsonArray json = new JsonArray();
      lines.forEach(
          (id, line) -> {
            if (access.mayTopic(look.caller(), AclOperation.DESCRIBE, id.topic())) {
              json.add(line);
            }
          });
      return json;
    }

    private static JsonObject line(
        TopicPartition id,
        @Nullable Long committed,
        @Nullable Long end,
        @Nullable Long lag,
        @Nullable Long lagMs,
        @Nullable String holder) {
      return new JsonObject()
          .put("topic", id.topic())
          .put("partition", id.partition())
          .put("committed", committed)
          .put("end", end)
          .put("lag", lag)
          .put("lagMs", lagMs)
          .put("memberId", holder);
    }
  }
}
