package io.millrace.cli.kafka;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The line for a record of {@code __consumer_offsets} as the formatters of Kafka before 4.0 wrote
 * it: {@code [group,topic,0]::OffsetAndMetadata(...)}, {@code group::GroupMetadata(...)}.
 * Stateless.
 */
final class CoordinatorLine {
  private CoordinatorLine() {}

  /**
   * The line, with its break.
   *
   * @param record key and value as the newer formatters' JSON has them
   */
  static String of(Map<String, Object> record) {
    JsonObject json = new JsonObject(record);
    JsonObject key = json.getJsonObject("key").getJsonObject("data");
    JsonObject value = json.getJsonObject("value");
    JsonObject data = value == null ? null : value.getJsonObject("data");
    String group = key.getString("group");
    return key.containsKey("topic")
        ? "[%s,%s,%d]::%s\n"
            .formatted(group, key.getString("topic"), key.getInteger("partition"), offset(data))
        : group + "::" + group(group, data) + "\n";
  }

  private static String offset(@Nullable JsonObject data) {
    if (data == null) {
      return "NULL";
    }
    int epoch = data.getInteger("leaderEpoch", -1);
    long expireMs = data.getLong("expireTimestamp", -1L);
    return "OffsetAndMetadata(offset=%d, leaderEpoch=%s, metadata=%s, commitTimestamp=%d, expireTimestamp=%s)"
        .formatted(
            data.getLong("offset"),
            epoch < 0 ? "Optional.empty" : "Optional[" + epoch + "]",
            data.getString("metadata"),
            data.getLong("commitTimestamp"),
            expireMs < 0 ? "None" : "Some(" + expireMs + ")");
  }

  private static String group(String name, @Nullable JsonObject data) {
    if (data == null) {
      return "NULL";
    }
    JsonArray members = data.getJsonArray("members");
    String listed =
        members.stream()
            .map(one -> member((JsonObject) one, data.getString("protocol")))
            .collect(Collectors.joining(", "));
    return "GroupMetadata(groupId=%s, generation=%d, protocolType=%s, currentState=%s, members=Map(%s))"
        .formatted(
            name,
            data.getInteger("generation"),
            some(data.getString("protocolType")),
            members.isEmpty() ? "Empty" : "Stable",
            listed);
  }

  private static String member(JsonObject one, @Nullable String protocol) {
    String id = one.getString("memberId");
    return "%s -> MemberMetadata(memberId=%s, groupInstanceId=%s, clientId=%s, clientHost=%s, sessionTimeoutMs=%d, rebalanceTimeoutMs=%d, supportedProtocols=List(%s))"
        .formatted(
            id,
            id,
            some(one.getString("groupInstanceId")),
            one.getString("clientId"),
            one.getString("clientHost"),
            one.getInteger("sessionTimeout"),
            one.getInteger("rebalanceTimeout", one.getInteger("sessionTimeout")),
            protocol);
  }

  private static String some(@Nullable String text) {
    return text == null ? "None" : "Some(" + text + ")";
  }
}
