package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Node;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused by the web door and how, its metrics, its health and its files. */
@Tag("it")
class DoorIT extends RestFixture {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET    | /api/v1/topics/nowhere         |              | 404 | UNKNOWN_TOPIC_OR_PARTITION",
        "GET    | /api/v1/groups/nobody          |              | 404 | GROUP_ID_NOT_FOUND",
        "GET    | /api/v1/topics?internl=true    |              | 400 | Did you mean internal?",
        "GET    | /api/v1/topics?internal=perhaps|              | 400 | true or false",
        "GET    | /api/v1/events?limit=many      |              | 400 | from 0 to 1000",
        "PUT    | /api/v1/topics                 | {}           | 405 | METHOD_NOT_ALLOWED",
        "POST   | /api/v1/topics                 | {\"nam\":\"a\"} | 400 | Did you mean name?",
        "POST   | /api/v1/topics                 | {\"name\":1} | 400 | name must be a text",
        "POST   | /api/v1/topics                 | [1]          | 400 | not a JSON object",
        "POST   | /api/v1/topics                 | {\"name\":\"한글\"} | 400 | INVALID_TOPIC_EXCEPTION",
        "POST   | /api/v1/nothing                | {}           | 404 | /openapi.json",
        "DELETE | /api/v1/sockets/77             |              | 404 | RESOURCE_NOT_FOUND",
        "GET    | /api/v1/brokers/7/configs      |              | 404 | BROKER_NOT_AVAILABLE",
        "PATCH  | /api/v1/brokers/7/configs      | {\"set\":{\"log.retention.ms\":1}} | 404 | BROKER_NOT_AVAILABLE",
      })
  void refusesWithProblem(String method, String path, String body, int status, String told)
      throws Exception {
    HttpResponse<String> answer = send(method, path, body == null ? "" : body);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(answer.body()).contains(told);
    JsonObject problem = new JsonObject(answer.body());
    assertThat(problem.getInteger("status")).isEqualTo(status);
    assertThat(problem.getString("code")).isNotBlank();
  }

  @Test
  void hintsAtTheTopicThatWasMeant() throws Exception {
    admin
        .createTopics(List.of(new NewTopic("invoices", 1, (short) 1)))
        .all()
        .get(10, TimeUnit.SECONDS);

    assertThat(send(request("/api/v1/topics/invoises").GET()).body())
        .contains("Did you mean invoices?");
  }

  /** Byte for byte, as no client library would send it. @return the head of the answer */
  private String answerTo(String request) throws Exception {
    try (Socket socket = new Socket("127.0.0.1", broker.webPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/topics/%zz",
        "/topics/%",
        "/ws/v1/topics/%4",
        "/sse/v1/topics/t?from=%g0"
      })
  void anAddressWithABrokenEscapeIsABadRequest(String path) throws Exception {
    assertThat(
            answerTo("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 400")
        .contains("two hexadecimal digits");
  }

  @Test
  void whatCannotBeExpectedIsRefusedWithProblem() throws Exception {
    assertThat(
            answerTo(
                "POST /api/v1/topics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + "Expect: miracles\r\nContent-Length: 2\r\n\r\n{}"))
        .startsWith("HTTP/1.1 417")
        .contains("application/problem+json");
  }

  @ParameterizedTest
  @CsvSource({
    "DELETE, /api/v1/topics,           'GET, HEAD, POST'",
    "PUT,    /api/v1/topics/t,         'DELETE, GET, HEAD, PATCH'",
    "PUT,    /api/v1/topics/t/records, 'DELETE, GET, HEAD, POST'",
    "GET,    /api/v1/tickets,          POST",
    "POST,   /metrics,                 'GET, HEAD'",
    "POST,   /sse/v1/topics/t,         GET",
    "POST,   /client/millrace.js,      'GET, HEAD'",
    "POST,   /brokers,                 'GET, HEAD'",
  })
  void tellsWhatAnAddressTakesInstead(String method, String path, String allowed) throws Exception {
    HttpResponse<String> answer = send(method, path, "");

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("allow")).hasValue(allowed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/api/v1/topics", "/api/v1/overview", "/api/v1/topics/asked/records?from=end-3"})
  void headIsAnsweredAsGetWithoutTheBody(String path) throws Exception {
    send("POST", "/api/v1/topics", "{\"name\":\"asked\"}");

    String head =
        answerTo("HEAD " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    assertThat(head)
        .startsWith("HTTP/1.1 200")
        .contains("content-type: application/json")
        .containsPattern("content-length: [1-9]")
        .endsWith("\r\n\r\n");
  }

  @Test
  void headOfWhatIsNotThereHasNoBodyEither() throws Exception {
    assertThat(
            answerTo(
                "HEAD /api/v1/topics/nowhere HTTP/1.1\r\nHost: localhost\r\n"
                    + "Connection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 404")
        .endsWith("\r\n\r\n");
  }

  @Test
  void refusesBodyThatIsTooLarge() throws Exception {
    String large = "{\"name\":\"" + "x".repeat(2 << 20) + "\"}";

    assertThat(send("POST", "/api/v1/topics", large).statusCode()).isEqualTo(413);
  }

  @Test
  void showsTheClusterThatAdminSees() throws Exception {
    Node node = admin.describeCluster().nodes().get(10, TimeUnit.SECONDS).iterator().next();
    String id = admin.describeCluster().clusterId().get(10, TimeUnit.SECONDS);

    JsonObject overview = get("/api/v1/overview");
    JsonObject self = get("/api/v1/brokers").getJsonArray("brokers").getJsonObject(0);

    assertThat(overview.getJsonObject("cluster").getString("id")).isEqualTo(id);
    assertThat(overview.getJsonObject("health").getString("state")).isIn("ok", "warn");
    assertThat(overview.getJsonObject("history").getJsonArray("bytesIn")).hasSize(60);
    assertThat(self.getInteger("id")).isEqualTo(node.id());
    assertThat(self.getJsonArray("listeners").getJsonObject(0).getInteger("port"))
        .isEqualTo(node.port());
    assertThat(get("/api/v1/events?kind=broker.started").getJsonArray("events")).hasSize(1);
  }

  @Test
  void isLiveAndReady() throws Exception {
    assertThat(get("/livez").getString("status")).isEqualTo("live");
    assertThat(get("/readyz").getString("status")).isEqualTo("ready");
  }

  @Test
  void exportsMetricsUnderTheNamesOfDashboards() throws Exception {
    admin
        .createTopics(List.of(new NewTopic("measured", 1, (short) 1)))
        .all()
        .get(10, TimeUnit.SECONDS);
    produce("measured", 0, 3);

    String text = send(request("/metrics").GET()).body();

    assertThat(text.lines())
        .contains(
            "kafka_brokers 1.0",
            "kafka_topic_partitions{topic=\"measured\"} 1.0",
            "kafka_topic_partition_current_offset{partition=\"0\",topic=\"measured\"} 3.0",
            "kafka_topic_partition_oldest_offset{partition=\"0\",topic=\"measured\"} 0.0",
            "kafka_topic_partition_leader{partition=\"0\",topic=\"measured\"} 0.0",
            "kafka_topic_partition_replicas{partition=\"0\",topic=\"measured\"} 1.0",
            "kafka_topic_partition_in_sync_replica{partition=\"0\",topic=\"measured\"} 1.0",
            "kafka_topic_partition_leader_is_preferred{partition=\"0\",topic=\"measured\"} 1.0");
    assertThat(text)
        .contains("# HELP millrace_network_requests_total Requests of the Kafka protocol.")
        .contains("# TYPE millrace_network_requests_total counter")
        .contains("jvm_memory_used_bytes")
        .containsPattern("millrace_web_connections [1-9]")
        .containsPattern("millrace_producer_id_memory_bytes [1-9]")
        .contains("# HELP millrace_group_memory_bytes Estimated heap of groups")
        .contains("millrace_disk_free_bytes{path=");
    assertThat(text.lines().filter(line -> !line.startsWith("#")))
        .allMatch(line -> line.matches("[a-z_0-9]+(\\{.*})? [0-9.eE+-]+|[a-z_0-9]+(\\{.*})? NaN"));
  }

  @Test
  void metricsGoOnWhenTheHeapWasCollected() throws Exception {
    long before = requests(send(request("/metrics").GET()).body());
    System.gc();
    admin.listTopics().names().get(10, TimeUnit.SECONDS);

    String after = send(request("/metrics").GET()).body();

    assertThat(after.lines())
        .filteredOn(line -> line.startsWith("millrace_"))
        .noneMatch(l -> l.endsWith("NaN"));
    assertThat(requests(after)).isGreaterThan(before);
  }

  private static long requests(String metrics) {
    return metrics
        .lines()
        .filter(line -> line.startsWith("millrace_network_requests_total "))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.indexOf(' '))))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void servesNoFileFromOutsideTheConsole() throws Exception {
    HttpResponse<String> answer = send(request("/client/..%2Fmillrace.properties").GET());

    assertThat(answer.statusCode()).isEqualTo(404);
  }
}
