package io.millrace.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions against a real broker: reading, credit, publishing. */
@Tag("it")
class SocketIT {
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
  void readsWhatIsProducedWhileItIsSubscribed() throws Exception {
    broker.create("live", 1);
    try (SocketClient client = broker.open()) {
      client.send("{'op':'sub','id':1,'topics':['live'],'from':'latest'}");
      JsonObject ok = client.next();
      assertThat(ok.getString("op")).isEqualTo("ok");
      assertThat(ok.getInteger("id")).isEqualTo(1);
      assertThat(ok.getInteger("sub")).isEqualTo(1);
      assertThat(ok.getJsonObject("topics").getJsonObject("live").getJsonObject("at"))
          .isEqualTo(new JsonObject().put("0", 0));

      broker.produce("live", "k=>{\"total\": 120}", "plain", "k2=>null");

      String text = client.nextText();
      JsonObject rec = new JsonObject(text);
      assertThat(rec.getString("op")).isEqualTo("rec");
      JsonArray records = rec.getJsonArray("r");
      assertThat(records).hasSize(3);
      assertThat(text).contains("\"k\":\"k\",\"v\":{\"total\": 120}}");
      assertThat(records.getJsonObject(1).getString("v")).isEqualTo("plain");
      assertThat(records.getJsonObject(2).getBoolean("del")).isTrue();
      int shared = text.length() - text.indexOf("\"t\"");
      assertThat(rec.getInteger("b")).isEqualTo(shared);
    }
  }

  @Test
  void publishesAndReadsBack() throws Exception {
    broker.create("published", 1);
    try (SocketClient client = broker.open()) {
      client.send(
          "{'op':'pub','id':'a','t':'published','k':'c-17','v':{'total':5.0000000000000000001},"
              + "'h':[['region','eu']]}");
      JsonObject ok = client.next();
      assertThat(ok.getString("id")).isEqualTo("a");
      assertThat(ok.getLong("o")).isZero();
      client.send("{'op':'sub','topics':['published'],'from':'earliest'}");
      client.next("ok");
      String rec = client.nextText();
      assertThat(rec)
          .contains("\"v\":{\"total\":5.0000000000000000001},\"h\":[[\"region\",\"eu\"]]}");
    }
  }

  @Test
  void sendsNothingWithoutCredit() throws Exception {
    broker.create("credit", 1);
    broker.produce("credit", "a", "b");
    broker.produce("credit", "c");
    try (SocketClient client = broker.open()) {
      client.send("{'op':'sub','topics':['credit'],'from':'earliest','credit':{'n':0}}");
      client.next("ok");
      client.send("{'op':'credit','id':2,'sub':1,'n':1}");
      JsonObject first = client.next("rec");
      assertThat(first.getJsonArray("r").size()).isPositive();
      assertThat(client.next("ok").getInteger("id")).isEqualTo(2);
    }
  }

  @Test
  void namesTheTopicThatWasMeant() throws Exception {
    broker.create("orders", 1);
    try (SocketClient client = broker.open()) {
      client.send("{'op':'pub','id':7,'t':'ordes','v':1}");
      JsonObject err = client.next();
      assertThat(err.getString("op")).isEqualTo("err");
      assertThat(err.getInteger("id")).isEqualTo(7);
      assertThat(err.getString("code")).isEqualTo("UNKNOWN_TOPIC_OR_PARTITION");
      assertThat(err.getBoolean("retry")).isFalse();
      assertThat(err.getString("hint")).isEqualTo("Did you mean orders?");
    }
  }

  @Test
  void tailsATopicWithoutAnyFrame() throws Exception {
    broker.create("quick", 1);
    broker.produce("quick", "one");
    try (SocketClient client =
        SocketClient.open(broker.port(), "/ws/v1/topics/quick?from=earliest")) {
      assertThat(client.next("rec").getJsonArray("r").getJsonObject(0).getString("v"))
          .isEqualTo("one");
      broker.produce("quick", "two");
      assertThat(client.next("rec").getJsonArray("r").getJsonObject(0).getString("v"))
          .isEqualTo("two");
    }
  }
}
