package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.NewTopic;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Documents that are followed over a socket are told as what differs. */
@Tag("it")
class LiveViewsIT extends RestFixture {
  private final List<JsonObject> told = new CopyOnWriteArrayList<>();

  private final class Collector implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        JsonObject frame = new JsonObject(text.toString());
        text.setLength(0);
        if ("view".equals(frame.getString("op"))) {
          told.add(frame);
        }
      }
      socket.request(1);
      return null;
    }
  }

  @BeforeEach
  void forget() {
    told.clear();
  }

  private WebSocket watch(String path) throws Exception {
    WebSocket socket =
        http.newWebSocketBuilder()
            .subprotocols("millrace.v1.json")
            .buildAsync(
                URI.create("ws://127.0.0.1:" + broker.webPort() + "/ws/v1"), new Collector())
            .get(10, TimeUnit.SECONDS);
    socket.sendText("{\"op\":\"watch\",\"id\":1,\"path\":\"" + path + "\"}", true);
    return socket;
  }

  private void awaitTold(String text) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> told.stream().anyMatch(frame -> frame.encode().contains(text)));
  }

  @Test
  void tellsTheListOnceAndThenWhatDiffers() throws Exception {
    create("there-before");
    WebSocket socket = watch("/api/v1/topics");
    awaitTold("there-before");

    create("there-later");
    awaitTold("\"name\":\"there-later\"");
    assertThat(send("DELETE", "/api/v1/topics/there-later", "").statusCode()).isEqualTo(204);
    awaitTold("\"drop\":[\"there-later\"]");

    assertThat(told.get(0).getJsonObject("full").getJsonArray("topics")).isNotEmpty();
    assertThat(told.stream().filter(frame -> frame.containsKey("full"))).hasSize(1);
    assertThat(told.stream().skip(1)).noneMatch(frame -> frame.encode().contains("there-before"));
    socket.abort();
  }

  @Test
  void saysWhenADocumentIsGone() throws Exception {
    create("going");
    WebSocket socket = watch("/api/v1/topics/going");
    awaitTold("\"name\":\"going\"");

    assertThat(send("DELETE", "/api/v1/topics/going", "").statusCode()).isEqualTo(204);

    awaitTold("UNKNOWN_TOPIC_OR_PARTITION");
    socket.abort();
  }

  private void create(String topic) throws Exception {
    admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get(10, TimeUnit.SECONDS);
  }
}
