package io.millrace.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a subscription begins, stops, resumes, lags and ends. */
@Tag("it")
class SubscriptionIT {
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

  private static String[] numbered(int count) {
    return IntStream.range(0, count).mapToObj(i -> "v" + i).toArray(String[]::new);
  }

  /** Offsets of the records that come until the last one wanted. */
  private static List<Long> offsets(SocketClient client, long last) throws Exception {
    List<Long> offsets = new ArrayList<>();
    while (offsets.isEmpty() || offsets.get(offsets.size() - 1) < last) {
      for (Object record : client.next("rec").getJsonArray("r")) {
        offsets.add(((JsonObject) record).getLong("o"));
      }
    }
    return offsets;
  }

  private static String id(String topic) throws Exception {
    return broker
        .admin
        .describeTopics(List.of(topic))
        .allTopicNames()
        .get(10, TimeUnit.SECONDS)
        .get(topic)
        .topicId()
        .toString();
  }

  @Test
  void resumesAtEachOffsetOfAFrameWithoutLossAndRepeat() throws Exception {
    broker.create("resume", 1);
    broker.produce("resume", numbered(1100));
    String id = id("resume");
    try (SocketClient client = broker.open()) {
      int sub = 0;
      for (int from : new int[] {0, 1, 250, 498, 499, 500, 501, 777, 999, 1000, 1099}) {
        sub++;
        client.send(
            "{'op':'sub','topics':['resume'],'credit':{'n':5000,'bytes':5000000},'from':{'pos':"
                + "{'resume':{'id':'"
                + id
                + "','at':{'0':["
                + from
                + ",0]}}}}}");
        JsonObject ok = client.next("ok");
        assertThat(ok.getBoolean("resumed")).isTrue();
        assertThat(ok.getInteger("sub")).isEqualTo(sub);
        List<Long> offsets = offsets(client, 1099);
        assertThat(offsets).hasSize(1100 - from).startsWith((long) from).isSorted();
        client.send("{'op':'unsub','sub':" + sub + ",'id':1}");
        client.next("ok");
      }
    }
  }

  @Test
  void aRecordLargerThanTheCreditIsSentAndTheDebtIsPaid() throws Exception {
    broker.create("large", 1);
    String korean = "주문".repeat(70_000);
    broker.produce("large", korean, "small");
    try (SocketClient client = broker.open()) {
      client.send(
          "{'op':'sub','topics':['large'],'from':'earliest','credit':{'n':10,'bytes':100000}}");
      client.next("ok");
      String text = client.nextText();
      JsonObject rec = new JsonObject(text);
      assertThat(rec.getJsonArray("r").getJsonObject(0).getString("v")).isEqualTo(korean);
      int cost = text.substring(text.indexOf("\"t\"")).getBytes("UTF-8").length;
      assertThat(rec.getInteger("b")).isEqualTo(cost).isGreaterThan(400_000);

      client.send("{'op':'credit','sub':1,'bytes':" + (cost - 100_000) + ",'id':1}");
      assertThat(client.next().getString("op")).as("still at zero").isEqualTo("ok");
      client.send("{'op':'credit','sub':1,'bytes':1}");
      assertThat(offsets(client, 1)).containsExactly(1L);
    }
  }

  @Test
  void partitionsTakeTurnsWhenCreditIsShort() throws Exception {
    broker.create("turns", 3);
    for (int partition = 0; partition < 3; partition++) {
      broker.produce("turns", partition, Map.of(), numbered(1100));
    }
    try (SocketClient client = broker.open()) {
      client.send("{'op':'sub','topics':['turns'],'from':'earliest','credit':{'n':1}}");
      client.next("ok");
      Set<Integer> served = new HashSet<>();
      for (int frame = 0; frame < 3; frame++) {
        JsonObject rec = client.next("rec");
        served.add(rec.getInteger("p"));
        client.send("{'op':'credit','sub':1,'n':" + rec.getJsonArray("r").size() + "}");
      }
      assertThat(served).containsExactlyInAnyOrder(0, 1, 2);
    }
  }

  @Test
  void aCreditOfOneAdmitsOneFrame() throws Exception {
    broker.create("one", 1);
    broker.produce("one", numbered(700));
    try (SocketClient client = broker.open()) {
      client.send("{'op':'sub','topics':['one'],'from':'earliest','credit':{'n':1}}");
      client.next("ok");
      assertThat(client.next("rec").getJsonArray("r")).hasSize(500);
      client.send("{'op':'credit','sub':1,'n':499,'id':1}");
      assertThat(client.next().getString("op")).isEqualTo("ok");
      client.send("{'op':'credit','sub':1,'n':1}");
      assertThat(client.next("rec").getJsonArray("r")).hasSize(200);
    }
  }

  @Test
  void skipsToTheEndAndTellsTheGap() throws Exception {
    broker.create("skip", 1);
    broker.produce("skip", numbered(100));
    try (SocketClient client = broker.open()) {
      client.send("{'op':'sub','topics':['skip'],'from':'earliest','onLag':'skip','skip':50}");
      client.next("ok");
      JsonObject gap = client.next("gap");
      assertThat(gap.getLong("from")).isZero();
      assertThat(gap.getLong("to")).isEqualTo(100);
      assertThat(gap.getString("why")).isEqualTo("skipped");
      broker.produce("skip", "after");
      assertThat(offsets(client, 100)).containsExactly(100L);
    }
  }

  @Test
  void conflatesWhatGatheredWithoutCredit() throws Exception {
    broker.create("conflate", 1);
    try (SocketClient client = broker.open()) {
      client.send(
          "{'op':'sub','topics':['conflate'],'from':'latest','onLag':'conflate','credit':{'n':0}}");
      client.next("ok");
      String[] ticks =
          IntStream.range(0, 3000).mapToObj(i -> "k" + i % 5 + "=>" + i).toArray(String[]::new);
      broker.produce("conflate", ticks);
      client.send("{'op':'credit','sub':1,'n':256}");
      assertThat(offsets(client, 2999)).containsExactly(2995L, 2996L, 2997L, 2998L, 2999L);
      broker.produce("conflate", "k1=>live");
      assertThat(offsets(client, 3000)).containsExactly(3000L);
    }
  }

  @Test
  void closesWhoIsTooFarBehind() throws Exception {
    broker.create("slow", 1);
    try (SocketClient client = broker.open()) {
      client.send("{'op':'sub','topics':['slow'],'onLag':'close','skip':10,'credit':{'n':0}}");
      client.next("ok");
      broker.produce("slow", numbered(20));
      assertThat(client.closed().code()).isEqualTo(4002);
    }
  }

  @Test
  void tellsWhatRetentionTookWhileItWaited() throws Exception {
    broker.create("retained", 1);
    broker.produce("retained", numbered(10));
    try (SocketClient client = broker.open()) {
      client.send("{'op':'sub','topics':['retained'],'from':'earliest','credit':{'n':0}}");
      client.next("ok");
      broker
          .admin
          .deleteRecords(Map.of(new TopicPartition("retained", 0), RecordsToDelete.beforeOffset(6)))
          .all()
          .get(10, TimeUnit.SECONDS);
      client.send("{'op':'credit','sub':1,'n':1}");
      JsonObject gap = client.next("gap");
      assertThat(gap.getLong("from")).isZero();
      assertThat(gap.getLong("to")).isEqualTo(6);
      assertThat(gap.getString("why")).isEqualTo("retention");
      assertThat(offsets(client, 9)).startsWith(6L);
    }
  }

  @Test
  void tellsOfATopicThatIsDeletedAndNeverResumesInItsNamesake() throws Exception {
    broker.create("gone", 1);
    broker.produce("gone", "a");
    String id = id("gone");
    try (SocketClient client = broker.open()) {
      client.send("{'op':'sub','topics':['gone'],'from':'earliest'}");
      client.next("rec");
      broker.admin.deleteTopics(List.of("gone")).all().get(10, TimeUnit.SECONDS);
      JsonObject err = client.next("err");
      assertThat(err.getInteger("sub")).isEqualTo(1);
      assertThat(err.getString("code")).isEqualTo("UNKNOWN_TOPIC_OR_PARTITION");

      broker.create("gone", 1);
      client.send(
          "{'op':'sub','id':2,'topics':['gone'],'from':{'pos':{'gone':{'id':'"
              + id
              + "','at':{'0':[1,0]}}}}}");
      assertThat(client.next("err").getString("code")).isEqualTo("INCONSISTENT_TOPIC_ID");
    }
  }

  @Test
  void tellsOfAPositionBehindTheEndThatTheLogWasTruncated() throws Exception {
    broker.create("short", 1);
    broker.produce("short", "a", "b");
    try (SocketClient client = broker.open()) {
      client.send(
          "{'op':'sub','topics':['short'],'from':{'pos':{'short':{'id':'"
              + id("short")
              + "','at':{'0':[9,0]}}}}}");
      assertThat(client.next("ok").getBoolean("resumed")).isNull();
      JsonObject gap = client.next("gap");
      assertThat(gap.getString("why")).isEqualTo("truncated");
      assertThat(gap.getLong("from")).isEqualTo(9);
      assertThat(gap.getLong("to")).isEqualTo(2);
    }
  }

  @Test
  void seeksPausesAndResumes() throws Exception {
    broker.create("moved", 1);
    broker.produce("moved", numbered(10));
    try (SocketClient client = broker.open()) {
      client.send("{'op':'sub','topics':['moved'],'from':'end-2'}");
      assertThat(
              client
                  .next("ok")
                  .getJsonObject("topics")
                  .getJsonObject("moved")
                  .getJsonObject("at")
                  .getLong("0"))
          .isEqualTo(8);
      assertThat(offsets(client, 9)).containsExactly(8L, 9L);
      client.send("{'op':'pause','sub':1,'id':1}");
      client.next("ok");
      client.send("{'op':'seek','sub':1,'to':5,'id':2}");
      assertThat(client.next().getString("op")).isEqualTo("ok");
      client.send("{'op':'resume','sub':1}");
      assertThat(offsets(client, 9)).containsExactly(5L, 6L, 7L, 8L, 9L);
      client.send("{'op':'seek','sub':1,'to':'age:1h'}");
      client.next("ok");
      assertThat(offsets(client, 9)).hasSize(10);
      client.send("{'op':'seek','sub':1,'to':'sideways','id':3}");
      assertThat(client.next().getString("code")).isEqualTo("INVALID_REQUEST");
    }
  }

  @Test
  void followsPartitionsThatAreAdded() throws Exception {
    broker.create("grown", 1);
    try (SocketClient client = broker.open()) {
      client.send("{'op':'sub','topics':['grown'],'from':'latest'}");
      client.next("ok");
      broker
          .admin
          .createPartitions(Map.of("grown", NewPartitions.increaseTo(3)))
          .all()
          .get(10, TimeUnit.SECONDS);
      broker.produce("grown", 2, Map.of(), "in the third");
      JsonObject rec = client.next("rec");
      assertThat(rec.getInteger("p")).isEqualTo(2);
    }
  }

  @Test
  void readsSeveralTopicsAndPartitions() throws Exception {
    broker.create("many-a", 2);
    broker.create("many-b", 1);
    broker.produce("many-a", 1, Map.of(), "a1");
    broker.produce("many-b", 0, Map.of(), "b0");
    try (SocketClient client = broker.open()) {
      client.send("{'op':'sub','topics':['many-a','many-b'],'from':'earliest'}");
      client.next("ok");
      assertThat(List.of(client.next("rec").getString("t"), client.next("rec").getString("t")))
          .containsExactlyInAnyOrder("many-a", "many-b");
    }
  }

  @Test
  void aHeartbeatSaysTheLag() throws Exception {
    broker.create("beat", 1);
    try (SocketClient client = broker.open()) {
      client.send("{'op':'sub','topics':['beat'],'credit':{'n':0}}");
      client.next("ok");
      broker.produce("beat", "a", "b", "c");
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> {
                JsonObject hb = client.next("hb");
                return hb.getJsonObject("lag").getLong("n") == 3
                    && hb.getJsonObject("end").getJsonObject("beat").getLong("0") == 3;
              });
    }
  }

  @Test
  void speaksBinaryFrames() throws Exception {
    broker.create("binary", 1);
    broker.produce("binary", "k=>v");
    try (SocketClient client = SocketClient.open(broker.port(), "/ws/v1", PushBroker.BIN)) {
      client.send("{'op':'sub','topics':['binary'],'from':'earliest'}");
      assertThat(client.next("ok").getInteger("sub")).isEqualTo(1);
      byte[] frame = client.nextBinary();
      assertThat(frame).startsWith(1, 1, 6, 'b', 'i', 'n', 'a', 'r', 'y', 0, 0, 1, 0);
      assertThat(frame).endsWith(2, 'k', 2, 'v', 0);
      client.send("{'op':'sub','topics':['binary'],'from':'earliest','batch':true}");
      client.next("ok");
      byte[] batch = client.nextBinary();
      assertThat(batch).startsWith(2, 2, 6, 'b', 'i', 'n', 'a', 'r', 'y', 0, 0, 0);
      assertThat(batch[10 + 16]).as("magic of the stored batch").isEqualTo((byte) 2);
    }
  }

  @Test
  void everySocketIsWrittenTheSameFrame() throws Exception {
    broker.create("shared", 1);
    List<SocketClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 40; i++) {
        SocketClient client = broker.open();
        clients.add(client);
        client.send("{'op':'sub','topics':['shared'],'from':'latest'}");
        client.next("ok");
      }
      long encoded = broker.metric("push.frames.encoded");
      long delivered = broker.metric("push.frames.delivered");
      long flushes = broker.metric("push.flushes");
      broker.produce("shared", numbered(100));
      for (SocketClient client : clients) {
        JsonArray records = client.next("rec").getJsonArray("r");
        assertThat(records).hasSize(100);
      }
      Awaitility.await()
          .untilAsserted(
              () -> assertThat(broker.metric("push.frames.delivered") - delivered).isEqualTo(40));
      assertThat(broker.metric("push.frames.encoded") - encoded).as("one a loop").isLessThan(5);
      assertThat(broker.metric("push.flushes") - flushes).isLessThanOrEqualTo(80);
    } finally {
      clients.forEach(SocketClient::close);
    }
  }

  @Test
  void refusesASubprotocolThatItDoesNotKnow() throws Exception {
    try (SocketClient client = SocketClient.open(broker.port(), "/ws/v1")) {
      assertThat(client.closed().code()).isEqualTo(4505);
    }
  }

  @Test
  void aQuickAddressEndsAtItsLimitAndTellsWhatIsWrong() throws Exception {
    broker.create("limited", 1);
    broker.produce("limited", numbered(10));
    try (SocketClient client =
        SocketClient.open(broker.port(), "/ws/v1/topics/limited?from=earliest&limit=3")) {
      assertThat(client.next("rec").getJsonArray("r")).hasSize(3);
      assertThat(client.closed().code()).isEqualTo(1000);
    }
    try (SocketClient client = SocketClient.open(broker.port(), "/ws/v1/topics/nothing-here")) {
      assertThat(client.closed().code()).isEqualTo(4504);
    }
  }

  @Test
  void aSocketHasSixtyFourSubscriptions() throws Exception {
    broker.create("wide", 1);
    try (SocketClient client = broker.open()) {
      for (int i = 0; i < 64; i++) {
        client.send("{'op':'sub','topics':['wide']}");
        client.next("ok");
      }
      client.send("{'op':'sub','id':65,'topics':['wide']}");
      assertThat(client.next("err").getString("code")).isEqualTo("POLICY_VIOLATION");
      broker.produce("wide", "x");
      List<Integer> subs = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        subs.add(client.next("rec").getInteger("sub"));
      }
      assertThat(subs).doesNotHaveDuplicates().contains(1, 64);
    }
  }
}
