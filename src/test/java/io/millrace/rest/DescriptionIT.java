package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a broker answers has the shape that the description of the interface says. */
@Tag("it")
class DescriptionIT extends RestFixture {

  @Test
  void answersInTheDescribedShape() throws Exception {
    Schemas schemas = new Schemas();
    admin
        .createTopics(List.of(new NewTopic("shaped", 2, (short) 1)))
        .all()
        .get(10, TimeUnit.SECONDS);
    produce("shaped", 0, 10);
    try (KafkaConsumer<String, String> member = consumer("shaper", "shaped")) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> member.poll(Duration.ofMillis(100)).count() > 0);
      member.commitSync();

      expect(schemas, "Overview", get("/api/v1/overview"));
      expect(schemas, "TopicList", get("/api/v1/topics?internal=true"));
      expect(schemas, "TopicDetail", get("/api/v1/topics/shaped"));
      expect(schemas, "PartitionList", get("/api/v1/topics/shaped/partitions"));
      expect(schemas, "ConfigList", get("/api/v1/topics/shaped/configs"));
      expect(schemas, "RecordList", get("/api/v1/topics/shaped/records?from=end-3"));
      expect(schemas, "GroupList", get("/api/v1/groups"));
      expect(schemas, "GroupDetail", get("/api/v1/groups/shaper"));
      expect(schemas, "BrokerList", get("/api/v1/brokers"));
      expect(schemas, "ConfigList", get("/api/v1/brokers/0/configs"));
      expect(schemas, "EventList", get("/api/v1/events"));
      expect(schemas, "SocketList", get("/api/v1/sockets"));
    }
    expect(schemas, "Topic", post("/api/v1/topics", "{\"name\":\"posted\"}"));
    expect(schemas, "Produced", post("/api/v1/topics/posted/records", "{\"v\":1}"));
    expect(
        schemas,
        "ResetPlan",
        post("/api/v1/groups/shaper/offsets", "{\"to\":\"earliest\",\"preview\":true}"));
    expect(schemas, "Ticket", post("/api/v1/tickets", ""));
    expect(schemas, "Problem", post("/api/v1/topics", "{}"));
    assertThat(get("/openapi.json")).isEqualTo(schemas.description());
  }

  private static void expect(Schemas schemas, String schema, JsonObject document) {
    assertThat(schemas.faults(schema, document)).as(document.encode()).isEmpty();
  }
}
