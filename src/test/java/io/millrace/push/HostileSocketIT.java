package io.millrace.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames that make no sense: refused, never a fault of the broker. */
@Tag("it")
class HostileSocketIT {
  @TempDir static Path folder;
  private static PushBroker broker;

  @BeforeAll
  static void start() throws Exception {
    broker = new PushBroker(folder);
    broker.create("t", 1);
  }

  @AfterAll
  static void stop() throws Exception {
    broker.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "[]",
        "1",
        "null",
        "{",
        "{}}",
        "{\"op\":\"sub\"",
        "{\"op\":\"pub\",\"id\":{}}"
      })
  void closesWhoSendsNoObject(String frame) throws Exception {
    try (SocketClient client = broker.open()) {
      client.send(frame);
      assertThat(client.closed().code()).isEqualTo(4500);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'op':1}",
        "{'op':'fly'}",
        "{'op':'sub'}",
        "{'op':'sub','topics':'t'}",
        "{'op':'sub','topics':[]}",
        "{'op':'sub','topics':[1]}",
        "{'op':'sub','topics':['t'],'from':'now'}",
        "{'op':'sub','topics':['t'],'from':{}}",
        "{'op':'sub','topics':['t'],'from':{'pos':{'t':1}}}",
        "{'op':'sub','topics':['t'],'from':-1}",
        "{'op':'sub','topics':['t'],'from':'commit'}",
        "{'op':'sub','topics':['t'],'credit':5}",
        "{'op':'sub','topics':['t'],'credit':{'n':-1}}",
        "{'op':'sub','topics':['t'],'value':'xml'}",
        "{'op':'sub','topics':['t'],'onLag':'skip'}",
        "{'op':'sub','topics':['t'],'onLag':7}",
        "{'op':'sub','topics':['t'],'partitions':[0,0]}",
        "{'op':'sub','topics':['t'],'partitions':[7]}",
        "{'op':'sub','topics':['t'],'batch':true}",
        "{'op':'sub','topics':['t'],'mode':'other'}",
        "{'op':'sub','topics':['t'],'mode':'group'}",
        "{'op':'credit','sub':9}",
        "{'op':'credit'}",
        "{'op':'seek','sub':1}",
        "{'op':'unsub','sub':'1'}",
        "{'op':'pub'}",
        "{'op':'pub','t':'t','p':99,'v':1}",
        "{'op':'pub','t':'t','h':1}",
        "{'op':'pub','t':'t','h':[[1,2]]}",
        "{'op':'pub','t':'t','v':{'b64':'%%%'}}",
        "{'op':'pub','t':'t','acks':2,'v':1}",
        "{'op':'pub','t':'__consumer_offsets','v':1}",
        "{'op':'ack','sub':1,'to':{}}",
        "{'op':'watch'}",
        "{'op':'watch','path':'/nothing'}",
        "{'op':'unwatch','watch':1}"
      })
  void refusesAFrameThatMakesNoSenseAndGoesOn(String frame) throws Exception {
    try (SocketClient client = broker.open()) {
      client.send(frame);
      JsonObject answer = client.next("err");
      assertThat(answer.getString("msg")).isNotBlank();
      client.send("{'op':'pub','id':'still','t':'t','v':1}");
      assertThat(client.next("ok").getString("id")).isEqualTo("still");
    }
  }

  @Test
  void closesWhoSendsBinary() throws Exception {
    try (SocketClient client = broker.open()) {
      client.sendBinary(new byte[] {1, 2, 3});
      assertThat(client.closed().code()).isEqualTo(4500);
    }
  }

  @Test
  void survivesSeededGarbage() throws Exception {
    long seed = Long.getLong("seed", 11L);
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    String valid =
        "{\"op\":\"sub\",\"id\":1,\"topics\":[\"t\"],\"from\":\"earliest\",\"credit\":{\"n\":5}}";
    for (int i = 0; i < 300; i++) {
      StringBuilder frame = new StringBuilder(valid);
      for (int change = random.nextInt(4); change >= 0; change--) {
        frame.setCharAt(random.nextInt(frame.length()), (char) random.nextInt(0x250));
      }
      try (SocketClient client = broker.open()) {
        client.send(frame.toString().replace('\'', '"'));
        Awaitility.await(frame.toString())
            .pollInterval(Duration.ofMillis(2))
            .until(() -> !client.texts.isEmpty() || client.closed.isDone());
      } catch (ExecutionException e) {
        assertThat(e).as("the client itself refused").hasMessageContaining("IOException");
      }
    }
    try (SocketClient client = broker.open()) {
      client.send("{'op':'pub','id':1,'t':'t','v':1}");
      assertThat(client.next("ok").getInteger("id")).isEqualTo(1);
    }
  }

  @Test
  void streamsEventsAndResumesThem() throws Exception {
    broker.create("events", 1);
    broker.produce("events", "one", "{\"a\":\n2}");
    HttpClient http = HttpClient.newHttpClient();
    String url = "http://127.0.0.1:" + broker.port() + "/sse/v1/topics/events";
    HttpResponse<String> all =
        http.send(
            HttpRequest.newBuilder(URI.create(url + "?from=earliest&limit=2")).build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(all.headers().firstValue("content-type")).hasValue("text/event-stream");
    assertThat(all.body())
        .contains("data: {\"t\":\"events\",\"p\":0,")
        .contains("\"v\":{\"a\": 2}");
    String id =
        all.body()
            .lines()
            .filter(line -> line.startsWith("id: "))
            .reduce((before, newest) -> newest)
            .orElseThrow();

    broker.produce("events", "three");
    HttpResponse<String> rest =
        http.send(
            HttpRequest.newBuilder(URI.create(url + "?limit=1"))
                .header("Last-Event-ID", id.substring(4))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(rest.body()).contains("\"o\":2,").doesNotContain("\"o\":1,");

    HttpResponse<String> missing =
        http.send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + broker.port() + "/sse/v1/topics/missing"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(missing.statusCode()).isEqualTo(404);
  }
}
