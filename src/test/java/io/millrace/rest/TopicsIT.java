package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Topics, their configs and records by the web door, compared with what Kafka's Admin says. */
@Tag("it")
class TopicsIT extends RestFixture {

  private TopicDescription described(String topic) throws Exception {
    return admin
        .describeTopics(List.of(topic))
        .allTopicNames()
        .get(10, TimeUnit.SECONDS)
        .get(topic);
  }

  private void create(String topic, int partitions) throws Exception {
    admin
        .createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
        .all()
        .get(10, TimeUnit.SECONDS);
  }

  @Test
  void createsTopicAsAdminSeesIt() throws Exception {
    HttpResponse<String> answer =
        send(
            "POST",
            "/api/v1/topics",
            "{\"name\":\"made.here_1\",\"partitions\":3,\"configs\":{\"retention.ms\":60000}}");

    assertThat(answer.statusCode()).isEqualTo(201);
    JsonObject topic = new JsonObject(answer.body());
    TopicDescription told = described("made.here_1");
    assertThat(topic.getString("id")).isEqualTo(told.topicId().toString());
    assertThat(topic.getInteger("partitions")).isEqualTo(told.partitions().size()).isEqualTo(3);
    assertThat(topic.getLong("retentionMs")).isEqualTo(60_000);
  }

  @Test
  void validatesWithoutCreating() throws Exception {
    HttpResponse<String> answer =
        send("POST", "/api/v1/topics", "{\"name\":\"only-a-plan\",\"validateOnly\":true}");

    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(admin.listTopics().names().get(10, TimeUnit.SECONDS)).doesNotContain("only-a-plan");
  }

  @Test
  void growsAndDeletesTopic() throws Exception {
    create("grown", 1);

    assertThat(send("PATCH", "/api/v1/topics/grown", "{\"partitions\":4}").statusCode())
        .isEqualTo(200);
    assertThat(described("grown").partitions()).hasSize(4);
    assertThat(send("DELETE", "/api/v1/topics/grown", "").statusCode()).isEqualTo(204);
    assertThat(admin.listTopics().names().get(10, TimeUnit.SECONDS)).doesNotContain("grown");
  }

  @Test
  void showsOffsetsThatAdminLists() throws Exception {
    create("counted", 2);
    produce("counted", 0, 7);
    produce("counted", 1, 2);

    JsonArray partitions = get("/api/v1/topics/counted/partitions").getJsonArray("partitions");

    for (int number = 0; number < 2; number++) {
      TopicPartition id = new TopicPartition("counted", number);
      long end =
          admin
              .listOffsets(Map.of(id, OffsetSpec.latest()))
              .partitionResult(id)
              .get(10, TimeUnit.SECONDS)
              .offset();
      assertThat(partitions.getJsonObject(number).getLong("highWatermark")).isEqualTo(end);
      assertThat(partitions.getJsonObject(number).getLong("newestMs")).isPositive();
    }
    assertThat(get("/api/v1/topics/counted").getLong("records")).isEqualTo(9);
  }

  @Test
  void hidesInternalTopicsUnlessAsked() throws Exception {
    create("seen", 1);
    try (KafkaConsumer<String, String> any = consumer("any", "seen")) {
      any.poll(Duration.ofSeconds(10));
    }

    assertThat(get("/api/v1/topics").encode()).doesNotContain("__consumer_offsets");
    assertThat(get("/api/v1/topics?internal=true&q=OFFSETS").encode())
        .contains("__consumer_offsets")
        .doesNotContain("\"seen\"");
  }

  @Test
  void changesConfigsOfTopic() throws Exception {
    create("configured", 1);
    String path = "/api/v1/topics/configured/configs";

    JsonObject changed =
        new JsonObject(
            send("PATCH", path, "{\"set\":{\"max.message.bytes\":2000,\"segment.ms\":\"9000\"}}")
                .body());

    assertThat(config(changed, "max.message.bytes").getString("value")).isEqualTo("2000");
    assertThat(config(changed, "max.message.bytes").getString("source")).isEqualTo("topic");
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, "configured");
    assertThat(
            admin
                .describeConfigs(List.of(resource))
                .all()
                .get(10, TimeUnit.SECONDS)
                .get(resource)
                .get("segment.ms")
                .value())
        .isEqualTo("9000");
    JsonObject unset = new JsonObject(send("PATCH", path, "{\"unset\":[\"segment.ms\"]}").body());
    assertThat(config(unset, "segment.ms").getString("source")).isEqualTo("default");
  }

  private static JsonObject config(JsonObject configs, String name) {
    return configs.getJsonArray("configs").stream()
        .map(JsonObject.class::cast)
        .filter(config -> config.getString("name").equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void namesConfigThatIsWrong() throws Exception {
    create("strict", 1);

    HttpResponse<String> answer =
        send("PATCH", "/api/v1/topics/strict/configs", "{\"set\":{\"retention.m\":\"1\"}}");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("retention.m").contains("did you mean retention.ms");
  }

  @Test
  void producesAndReadsRecordsByteForByte() throws Exception {
    create("written", 1);
    String records =
        "{\"records\":[{\"k\":\"가\",\"v\":{\"big\":12345678901234567890,\"a\":1.0}},"
            + "{\"k\":null,\"v\":null,\"h\":[[\"region\",\"eu\"]]},{\"v\":{\"b64\":\"AAH/\"}}]}";

    JsonObject produced = post("/api/v1/topics/written/records?acks=all", records);
    String read = send(request("/api/v1/topics/written/records?from=earliest").GET()).body();

    assertThat(produced.getJsonArray("records").getJsonObject(2).getLong("o")).isEqualTo(2);
    assertThat(read)
        .contains("\"k\":\"가\"")
        .contains("{\"big\":12345678901234567890,\"a\":1.0}")
        .contains("\"v\":null,\"del\":true")
        .contains("[\"region\",\"eu\"]")
        .contains("{\"b64\":\"AAH/\"}");
    JsonObject next = new JsonObject(read).getJsonObject("next");
    assertThat(next.getJsonObject("written").getJsonObject("at").getJsonArray("0").getLong(0))
        .isEqualTo(3);
  }

  @Test
  void saysWhichRecordOfManyFailed() throws Exception {
    create("partly", 1);

    HttpResponse<String> answer =
        send(
            "POST", "/api/v1/topics/partly/records", "{\"records\":[{\"v\":1},{\"v\":2,\"p\":9}]}");

    assertThat(answer.statusCode()).isEqualTo(207);
    JsonArray records = new JsonObject(answer.body()).getJsonArray("records");
    assertThat(records.getJsonObject(0).getLong("o")).isZero();
    assertThat(records.getJsonObject(1).getString("code")).isEqualTo("UNKNOWN_TOPIC_OR_PARTITION");
  }

  @Test
  void waitsForTheNextRecord() throws Exception {
    create("awaited", 1);
    var pending =
        http.sendAsync(
            request("/api/v1/topics/awaited/records?from=latest&wait=20s").GET().build(),
            BodyHandlers.ofString());

    org.awaitility.Awaitility.await()
        .until(
            () -> {
              produce("awaited", 0, 1);
              return pending.isDone();
            });

    assertThat(pending.get().body()).contains("{\"n\":0}");
  }

  @Test
  void saysHowLongItWaitsAtMostToWhoeverWritesNoSuchTime() throws Exception {
    create("unawaited", 1);

    for (String wait : new String[] {"x", "20", "-1s", "61s", "9223372036854775807d"}) {
      String path = "/api/v1/topics/unawaited/records?wait=" + wait;
      assertThat(http.send(request(path).GET().build(), BodyHandlers.ofString()).body())
          .contains("\"detail\":\"The parameter wait must be at most 60s, not " + wait + ".\"");
    }
  }

  @Test
  void readsTheLastRecordsOfEachPartitionAndGoesOn() throws Exception {
    create("tailed", 2);
    produce("tailed", 0, 50);
    produce("tailed", 1, 50);

    JsonObject tail = get("/api/v1/topics/tailed/records?from=end-5&limit=3&partition=1");

    JsonArray records = tail.getJsonArray("records");
    assertThat(records).hasSize(3);
    assertThat(records.getJsonObject(0).getLong("o")).isEqualTo(45);
    String next = java.net.URLEncoder.encode(tail.getJsonObject("next").encode(), "UTF-8");
    JsonObject rest = get("/api/v1/topics/tailed/records?partition=1&from=" + next);
    assertThat(rest.getJsonArray("records").getJsonObject(0).getLong("o")).isEqualTo(48);
    assertThat(rest.getJsonArray("records")).hasSize(2);
  }

  @Test
  void deletesRecordsBeforeAnOffset() throws Exception {
    create("cut", 1);
    produce("cut", 0, 10);

    JsonObject cut =
        new JsonObject(send("DELETE", "/api/v1/topics/cut/records", "{\"to\":{\"0\":6}}").body());

    assertThat(cut.getJsonObject("logStartOffset").getLong("0")).isEqualTo(6);
    JsonObject earliest = get("/api/v1/topics/cut/records?from=0");
    assertThat(earliest.getJsonArray("records").getJsonObject(0).getLong("o")).isEqualTo(6);
    assertThat(earliest.getJsonArray("gaps").getJsonObject(0).getLong("to")).isEqualTo(6);
  }
}
