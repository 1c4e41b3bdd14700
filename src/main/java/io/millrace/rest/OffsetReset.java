package io.millrace.rest;

import io.millrace.browser.Place;
import io.millrace.metadata.TopicImage;
import io.millrace.model.TopicPartition;
import io.millrace.partition.CommittedLog;
import io.millrace.partition.CommittedOffsets;
import io.millrace.rest.problem.Problem;
import io.millrace.rest.problem.ProblemException;
import io.millrace.rest.view.Access;
import io.millrace.rest.view.Sources;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Moves the committed offsets of a group, or says where they would go. Thread-safe. */
final class OffsetReset {
  private static final String SHIFT = "shift:";
  private static final int COMMIT_VERSION = 9;

  private final Sources sources;
  private final Access access;

  OffsetReset(Sources sources, Access access) {
    this.sources = sources;
    this.access = access;
  }

  /**
   * Where one offset goes.
   *
   * @param before what is committed; null when nothing is
   * @param after what will be; null when it stays as it is
   * @param note why it is not quite what was asked for, or null
   */
  private record Step(
      TopicPartition id,
      @Nullable Long before,
      @Nullable Long after,
      long end,
      @Nullable String note) {

    JsonObject json() {
      JsonObject json =
          new JsonObject()
              .put("topic", id.topic())
              .put("partition", id.partition())
              .put("before", before)
              .put("after", after)
              .put("lagAfter", after == null ? null : Long.valueOf(Math.max(0, end - after)));
      return note == null ? json : json.put("note", note);
    }
  }

  void handle(ApiRequest request) {
    request.look(Set.of());
    String group = request.name("group");
    JsonBody body = request.body("topics", "to", "preview");
    String to = body.text("to");
    boolean preview = body.flag("preview", false);
    Target target = Target.parse(to);
    access.group(request.caller(), AclOperation.READ, group);
    GroupRoutes.require(sources, group);
    if (!preview && !sources.groupViews().of(group).members().isEmpty()) {
      throw GroupRoutes.nonEmpty(group);
    }
    request.answer(
        200,
        sources
            .groups()
            .committed(request.loop(), group)
            .compose(
                committed -> {
                  Kafka.check(committed.errorCode(), null);
                  Map<TopicPartition, Long> before = offsets(committed);
                  List<TopicPartition> scope = scope(request, body, before);
                  return Future.all(
                          scope.stream()
                              .map(id -> step(request, id, before.get(id), target))
                              .toList())
                      .map(all -> all.<Step>list());
                })
            .compose(
                steps ->
                    (preview ? Future.succeededFuture() : commit(request, group, steps))
                        .map(
                            done ->
                                new JsonObject()
                                    .put("done", !preview)
                                    .put("offsets", json(steps))
                                    .put("command", ResetCommand.of(group, steps(steps), to)))));
  }

  private static List<TopicPartition> steps(List<Step> steps) {
    return steps.stream().map(Step::id).toList();
  }

  private static JsonArray json(List<Step> steps) {
    JsonArray json = new JsonArray();
    steps.forEach(step -> json.add(step.json()));
    return json;
  }

  private static Map<TopicPartition, Long> offsets(OffsetFetchResponseGroup committed) {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    committed
        .topics()
        .forEach(
            topic ->
                topic
                    .partitions()
                    .forEach(
                        part ->
                            offsets.put(
                                new TopicPartition(topic.name(), part.partitionIndex()),
                                part.committedOffset())));
    return offsets;
  }

  /** The partitions that are named; without names those that have an offset. */
  private List<TopicPartition> scope(
      ApiRequest request, JsonBody body, Map<TopicPartition, Long> before) {
    List<TopicPartition> scope = new ArrayList<>();
    Object named = body.value("topics");
    if (named == null) {
      scope.addAll(before.keySet());
    } else if (named instanceof JsonObject byTopic) {
      for (String name : byTopic.fieldNames()) {
        TopicImage topic = topic(request, name);
        for (int number : numbers(byTopic, name)) {
          if (topic.partition(number) == null) {
            throw new ProblemException(
                Problem.of(
                    Errors.UNKNOWN_TOPIC_OR_PARTITION,
                    "Topic " + name + " has no partition " + number + "."));
          }
          scope.add(new TopicPartition(name, number));
        }
      }
    } else {
      for (String name : body.names("topics")) {
        int count = topic(request, name).partitions().size();
        for (int number = 0; number < count; number++) {
          scope.add(new TopicPartition(name, number));
        }
      }
    }
    scope.removeIf(id -> sources.cluster().image().partition(id.topic(), id.partition()) == null);
    scope.sort(
        Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition));
    return scope;
  }

  private TopicImage topic(ApiRequest request, String name) {
    access.topic(request.caller(), AclOperation.READ, name);
    return access.describedTopic(request.caller(), sources.cluster().image(), name);
  }

  private static List<Integer> numbers(JsonObject byTopic, String name) {
    List<Integer> numbers = new ArrayList<>();
    if (byTopic.getValue(name) instanceof JsonArray array) {
      for (Object item : array) {
        if (item instanceof Integer number) {
          numbers.add(number);
        }
      }
      if (numbers.size() == array.size()) {
        return numbers;
      }
    }
    throw new ProblemException(
        Problem.badRequest("The field topics." + name + " must be a list of partitions."));
  }

  private Future<Step> step(
      ApiRequest request, TopicPartition id, @Nullable Long before, Target target) {
    CommittedLog log = sources.logs().get(id.topic(), id.partition());
    return log == null
        ? Future.succeededFuture(left(id, before))
        : log.offsets(request.loop())
            .compose(
                now ->
                    now.error() == Errors.NONE
                        ? step(request, new Spot(id, log, now), before, target)
                        : Future.succeededFuture(left(id, before)));
  }

  private static Step left(TopicPartition id, @Nullable Long before) {
    return new Step(id, before, null, 0, "Nobody serves the partition now; it stays as it is.");
  }

  /** A partition and where it begins and ends. */
  private record Spot(TopicPartition id, CommittedLog log, CommittedOffsets now) {}

  private static Future<Step> step(
      ApiRequest request, Spot spot, @Nullable Long before, Target target) {
    TopicPartition id = spot.id;
    long start = spot.now.logStartOffset();
    long end = spot.now.highWatermark();
    Long timestampMs = target.timestampMs(request.loop().clock().wallMs());
    if (timestampMs != null) {
      return spot.log
          .findOffset(request.loop(), timestampMs)
          .map(
              found ->
                  found.offset() < 0
                      ? new Step(id, before, end, end, "There is no record so late: the end.")
                      : new Step(id, before, found.offset(), end, null));
    }
    if (target.shifts() && before == null) {
      return Future.succeededFuture(
          new Step(id, null, null, end, "Nothing is committed that could be shifted."));
    }
    long wanted = target.offset(start, end, before == null ? 0 : before);
    long after = Math.max(start, Math.min(wanted, end));
    String note =
        wanted < start && !target.isFromEnd()
            ? "Records before offset " + start + " are gone: the first there is."
            : wanted > end ? "The log ends at offset " + end + "." : null;
    return Future.succeededFuture(new Step(id, before, after, end, note));
  }

  private Future<Void> commit(ApiRequest request, String group, List<Step> steps) {
    Map<String, OffsetCommitRequestTopic> topics = new HashMap<>();
    for (Step step : steps) {
      if (step.after != null) {
        topics
            .computeIfAbsent(step.id.topic(), name -> new OffsetCommitRequestTopic().setName(name))
            .partitions()
            .add(
                new OffsetCommitRequestPartition()
                    .setPartitionIndex(step.id.partition())
                    .setCommittedOffset(step.after)
                    .setCommittedMetadata(""));
      }
    }
    if (topics.isEmpty()) {
      return Future.succeededFuture();
    }
    OffsetCommitRequestData data =
        new OffsetCommitRequestData()
            .setGroupId(group)
            .setGenerationIdOrMemberEpoch(-1)
            .setMemberId("")
            .setTopics(new ArrayList<>(topics.values()));
    return sources
        .groups()
        .commit(GroupRoutes.call(request, COMMIT_VERSION), data)
        .map(answer -> checked(group, answer));
  }

  private static Void checked(String group, OffsetCommitResponseData answer) {
    answer
        .topics()
        .forEach(
            topic ->
                topic
                    .partitions()
                    .forEach(
                        part -> {
                          // Members came while it was decided.
                          if (part.errorCode() == Errors.UNKNOWN_MEMBER_ID.code()) {
                            throw GroupRoutes.nonEmpty(group);
                          }
                          Kafka.check(part.errorCode(), null);
                        }));
    return null;
  }

  /** Where offsets go: a place, or so many records from where they are. */
  private record Target(@Nullable Place place, long shift) {

    static Target parse(String to) {
      if (to.startsWith(SHIFT)) {
        try {
          return new Target(null, Long.parseLong(to.substring(SHIFT.length())));
        } catch (NumberFormatException e) {
          throw unknown(to);
        }
      }
      Place place = Place.parse(to);
      if (place instanceof Place.Committed || place instanceof Place.Resume) {
        throw unknown(to);
      }
      return new Target(place, 0);
    }

    private static ProblemException unknown(String to) {
      return new ProblemException(
          Problem.badRequest("Offsets cannot be reset to " + to + ".")
              .hint(
                  "Use earliest, latest, end-100, an offset, ts:2026-11-20T10:00:00Z, age:15m or"
                      + " shift:-10."));
    }

    boolean shifts() {
      return place == null;
    }

    boolean isFromEnd() {
      return place instanceof Place.FromEnd;
    }

    /** The time that is asked for; null when it is not a time. */
    @Nullable Long timestampMs(long nowMs) {
      if (place instanceof Place.Since since) {
        return since.timestampMs();
      }
      return place instanceof Place.Age age ? Long.valueOf(nowMs - age.ms()) : null;
    }

    long offset(long start, long end, long before) {
      if (place == null) {
        return before + shift;
      } else if (place instanceof Place.FromEnd fromEnd) {
        return end - fromEnd.count();
      } else if (place instanceof Place.At at) {
        return at.offset();
      }
      return place instanceof Place.Earliest ? start : end;
    }
  }
}
