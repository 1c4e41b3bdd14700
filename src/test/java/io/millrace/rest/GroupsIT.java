package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Groups and their offsets by the web door, compared with what Kafka's Admin says. */
@Tag("it")
class GroupsIT extends RestFixture {

  private void create(String topic, int records) throws Exception {
    admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get(10, TimeUnit.SECONDS);
    produce(topic, 0, records);
  }

  /** A group that has read four records of a topic and whose member has left. */
  private void readFour(String group, String topic) {
    try (KafkaConsumer<String, String> consumer = consumer(group, topic)) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> consumer.poll(Duration.ofMillis(100)).count() == 4);
      consumer.commitSync();
    }
  }

  private long committed(String group, String topic) throws Exception {
    Map<TopicPartition, OffsetAndMetadata> offsets =
        admin
            .listConsumerGroupOffsets(group)
            .partitionsToOffsetAndMetadata()
            .get(10, TimeUnit.SECONDS);
    return offsets.get(new TopicPartition(topic, 0)).offset();
  }

  @Test
  void showsLagInRecordsAndTime() throws Exception {
    create("behind", 10);
    readFour("reader", "behind");

    JsonObject group = get("/api/v1/groups/reader");

    assertThat(group.getString("state")).isEqualTo("Empty");
    JsonObject offset = group.getJsonArray("offsets").getJsonObject(0);
    assertThat(offset.getLong("committed")).isEqualTo(committed("reader", "behind")).isEqualTo(4);
    assertThat(offset.getLong("lag")).isEqualTo(6);
    assertThat(offset.getLong("lagMs")).isBetween(0L, 60_000L);
    assertThat(group.getJsonArray("rebalances").getJsonObject(0).getString("cause")).isNotBlank();
    assertThat(
            get("/api/v1/topics/behind").getJsonArray("groupLags").getJsonObject(0).getLong("lag"))
        .isEqualTo(6);
    assertThat(get("/api/v1/groups").encode()).contains("\"group\":\"reader\"");
  }

  @Test
  void showsGroupThatOnlyCommits() throws Exception {
    create("committed-to", 5);
    admin
        .alterConsumerGroupOffsets(
            "commits-only", Map.of(new TopicPartition("committed-to", 0), new OffsetAndMetadata(5)))
        .all()
        .get(10, TimeUnit.SECONDS);

    JsonObject group = get("/api/v1/groups/commits-only");

    assertThat(group.getLong("lag")).isZero();
    assertThat(group.getLong("lagMs")).isZero();
  }

  @Test
  void previewsAndThenResetsOffsets() throws Exception {
    create("replayed", 10);
    readFour("replayer", "replayed");
    String path = "/api/v1/groups/replayer/offsets";

    JsonObject preview =
        post(path, "{\"topics\":[\"replayed\"],\"to\":\"end-3\",\"preview\":true}");
    assertThat(preview.getBoolean("done")).isFalse();
    JsonObject step = preview.getJsonArray("offsets").getJsonObject(0);
    assertThat(step.getLong("before")).isEqualTo(4);
    assertThat(step.getLong("after")).isEqualTo(7);
    assertThat(step.getLong("lagAfter")).isEqualTo(3);
    assertThat(committed("replayer", "replayed")).isEqualTo(4);

    assertThat(post(path, "{\"to\":\"earliest\"}").getString("command"))
        .contains("--group replayer --reset-offsets --topic replayed:0 --to-earliest --execute");
    assertThat(committed("replayer", "replayed")).isZero();
    post(path, "{\"topics\":{\"replayed\":[0]},\"to\":\"shift:2\"}");
    assertThat(committed("replayer", "replayed")).isEqualTo(2);
    post(path, "{\"to\":\"age:1h\"}");
    assertThat(committed("replayer", "replayed")).isZero();
  }

  @Test
  void refusesToResetGroupWithMembers() throws Exception {
    create("held", 10);
    try (KafkaConsumer<String, String> member = consumer("holder", "held")) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> member.poll(Duration.ofMillis(100)).count() > 0);

      HttpResponse<String> reset =
          send(
              "POST", "/api/v1/groups/holder/offsets", "{\"topics\":[\"held\"],\"to\":\"latest\"}");
      HttpResponse<String> delete = send("DELETE", "/api/v1/groups/holder", "");

      assertThat(reset.statusCode()).isEqualTo(409);
      assertThat(reset.body()).contains("NON_EMPTY_GROUP").contains("Stop its consumers");
      assertThat(delete.statusCode()).isEqualTo(409);
      JsonArray members = get("/api/v1/groups/holder").getJsonArray("membersList");
      assertThat(members.getJsonObject(0).getJsonObject("assigned").getJsonArray("held"))
          .containsExactly(0);
      assertThat(members.getJsonObject(0).getBoolean("browser")).isFalse();
    }
  }

  @Test
  void deletesOffsetsAndGroup() throws Exception {
    create("left", 10);
    readFour("leaver", "left");

    assertThat(send("DELETE", "/api/v1/groups/leaver/offsets?topic=left", "").statusCode())
        .isEqualTo(204);
    assertThat(get("/api/v1/groups/leaver").getJsonArray("offsets")).isEmpty();
    assertThat(send("DELETE", "/api/v1/groups/leaver", "").statusCode()).isEqualTo(204);
    assertThat(send(request("/api/v1/groups/leaver").GET()).statusCode()).isEqualTo(404);
    assertThat(get("/api/v1/events?kind=group").encode())
        .contains("group.deleted")
        .contains("group.rebalance");
  }
}
