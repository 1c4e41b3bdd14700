package io.millrace.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.LogLines;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a stream of server-sent events knows of its place. */
@Tag("it")
class EventStreamIT {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir static Path folder;
  private static PushBroker broker;

  @BeforeAll
  static void start() throws Exception {
    broker = new PushBroker(folder);
  }

  @AfterAll
  static void stop() throws Exception {
    broker.close();
  }

  @Test
  void whoIsCutOffBeforeTheFirstRecordMissesNone() throws Exception {
    broker.create("quiet", 2);
    broker.produce("quiet", "before");
    String id;
    try (BufferedReader stream = open("quiet?from=latest", null)) {
      id = after("id: ", stream.readLine());
      assertThat(id).contains("\"at\":{\"0\":[1,");
      assertThat(stream.readLine()).as("no data: nobody is told").isEmpty();
    }

    broker.produce("quiet", "meanwhile");

    try (BufferedReader stream = open("quiet?from=latest", id)) {
      assertThat(after("id: ", stream.readLine())).isEqualTo(id);
      assertThat(stream.readLine()).isEmpty();
      assertThat(after("id: ", stream.readLine())).contains("\"at\":{\"0\":[2,");
      assertThat(after("data: ", stream.readLine())).contains("\"v\":\"meanwhile\"");
    }
  }

  @Test
  void aPageThatLeavesIsNoFault() throws Exception {
    broker.create("left", 1);
    broker.produce("left", "read");

    assertThat(LogLines.warnings(Session.class, EventStreamIT::readAndLeave)).isEmpty();
  }

  private static void readAndLeave() {
    try (BufferedReader stream = open("left?from=earliest", null)) {
      after("id: ", stream.readLine());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    Awaitility.await().until(() -> broker.metric("push.sockets") == 0);
  }

  private static String after(String name, String line) {
    assertThat(line).startsWith(name);
    return line.substring(name.length());
  }

  private static BufferedReader open(String address, String lastId) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + broker.port() + "/sse/v1/topics/" + address))
            .timeout(Duration.ofSeconds(20));
    if (lastId != null) {
      request.header("Last-Event-ID", lastId);
    }
    HttpResponse<InputStream> answer =
        HTTP.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    assertThat(answer.statusCode()).isEqualTo(200);
    return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
  }
}
