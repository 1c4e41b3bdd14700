package io.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.config.BrokerConfig;
import io.millrace.testkit.Child;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages in groups beside Java's consumer: a broker in this process, real clients. */
@Tag("it")
class BrowserGroupIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration LESS_THAN_GRACE = Duration.ofSeconds(8);

  @TempDir Path folder;
  private Broker broker;
  private Admin admin;
  private KafkaProducer<String, String> producer;
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    Map<String, String> written = new HashMap<>();
    written.put("listeners", "PLAINTEXT://127.0.0.1:0");
    written.put("log.dirs", folder.toString());
    written.put("http.port", "0");
    written.put("http.host", "127.0.0.1");
    broker = Broker.start(BrokerConfig.of(written), StartOptions.PLAIN).await(30, TimeUnit.SECONDS);
    await().atMost(PATIENCE).until(() -> broker.webPort() > 0);
    admin = Admin.create(Map.of("bootstrap.servers", kafka()));
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka(), "linger.ms", 0),
            new StringSerializer(),
            new StringSerializer());
    admin.createTopics(List.of(new NewTopic("orders", 4, (short) 1))).all().get();
  }

  @AfterEach
  void stop() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
    producer.close();
    admin.close();
    broker.stop().await(20, TimeUnit.SECONDS);
  }

  private String kafka() {
    return "127.0.0.1:" + broker.port("PLAINTEXT");
  }

  private String web() {
    return "127.0.0.1:" + broker.webPort();
  }

  private Page page() {
    Page page = Page.open("ws://" + web() + "/ws/v1");
    open.add(page);
    return page;
  }

  private Page member(String instance) {
    Page page = page();
    page.join("billing", instance, "orders", "earliest");
    return page;
  }

  private TcpConsumer consumer() {
    TcpConsumer consumer = new TcpConsumer(kafka(), "billing", "orders");
    open.add(consumer);
    return consumer;
  }

  private void produce(int from, int to) throws Exception {
    for (int i = from; i < to; i++) {
      producer.send(new ProducerRecord<>("orders", i % 4, "k" + i, "{\"n\":" + i + "}")).get();
    }
  }

  private ConsumerGroupDescription group() throws Exception {
    return admin.describeConsumerGroups(List.of("billing")).all().get().get("billing");
  }

  private long committed(int partition) throws Exception {
    var offsets = admin.listConsumerGroupOffsets("billing").partitionsToOffsetAndMetadata().get();
    var found = offsets.get(new TopicPartition("orders", partition));
    return found == null ? -1 : found.offset();
  }

  private HttpResponse<String> post(String path, String origin) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + web() + path))
            .POST(HttpRequest.BodyPublishers.noBody());
    if (origin != null) {
      request.header("Origin", origin);
    }
    return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private String ticket(String origin) throws Exception {
    return new JsonObject(post("/api/v1/tickets", origin).body()).getString("ticket");
  }

  @Test
  void aPageAndATcpConsumerShareTheGroup() throws Exception {
    Page page = member(null);
    await().atMost(PATIENCE).until(() -> page.assigned().size() == 4);
    TcpConsumer consumer = consumer();

    await().atMost(PATIENCE).until(() -> page.assigned().size() == 2);
    await().atMost(PATIENCE).until(() -> consumer.assigned().size() == 2);

    Set<Integer> all = new HashSet<>(page.assigned());
    all.addAll(consumer.assigned());
    assertThat(all).containsExactlyInAnyOrder(0, 1, 2, 3);
    produce(0, 40);
    await().atMost(PATIENCE).until(() -> page.values().size() + consumer.values().size() == 40);
    assertThat(page.values()).doesNotContainAnyElementsOf(consumer.values());
    assertThat(group().members())
        .extracting(MemberDescription::clientId)
        .anyMatch(id -> id.startsWith("browser:"))
        .hasSize(2);
  }

  @Test
  void whatAPageAcknowledgesIsSeenByAdminAndTheRestIsDeliveredAgain() throws Exception {
    produce(0, 8);
    Page page = member(null);
    await().atMost(PATIENCE).until(() -> page.values().size() == 8);

    JsonObject answer = page.ask(new JsonObject().put("op", "ack").put("to", to(1, 2)));

    assertThat(answer.getString("op")).isEqualTo("ok");
    assertThat(committed(1)).isEqualTo(2);
    assertThat(committed(0)).isZero();
    page.close();
    Page next = member(null);
    await().atMost(PATIENCE).until(() -> next.values().size() == 6);
    assertThat(next.offsets(1)).isEmpty();
    assertThat(next.offsets(0)).containsExactly(0L, 1L);
  }

  private static JsonObject to(int partition, long offset) {
    return new JsonObject().put("orders", new JsonObject().put("" + partition, offset));
  }

  @Test
  void anAcknowledgementOfWhatWasNotDeliveredIsRefused() throws Exception {
    produce(0, 4);
    Page page = member(null);
    await().atMost(PATIENCE).until(() -> page.values().size() == 4);

    JsonObject answer = page.ask(new JsonObject().put("op", "ack").put("to", to(1, 99)));

    assertThat(answer.getString("code")).isEqualTo("OFFSET_OUT_OF_RANGE");
    assertThat(committed(1)).isZero();
  }

  @Test
  void aPageThatIsLoadedAgainKeepsItsPlaceWithoutARebalance() throws Exception {
    Page page = member("tab-7");
    await().atMost(PATIENCE).until(() -> page.assigned().size() == 4);
    TcpConsumer consumer = consumer();
    await().atMost(PATIENCE).until(() -> page.assigned().size() == 2);
    await().atMost(PATIENCE).until(() -> consumer.assigned().size() == 2);
    int generation = page.generation();
    Set<Integer> before = page.assigned();
    int rebalances = consumer.rebalances();

    page.close();
    Page again = member("tab-7");

    await().atMost(PATIENCE).until(() -> again.assigned().size() == 2);
    assertThat(again.assigned()).isEqualTo(before);
    assertThat(again.generation()).isEqualTo(generation);
    assertThat(consumer.rebalances()).isEqualTo(rebalances);
  }

  @Test
  void aPageThatDoesNotComeBackInTheGraceTimeLeavesItsPlace() throws Exception {
    Page page = member("tab-8");
    await().atMost(PATIENCE).until(() -> page.assigned().size() == 4);
    TcpConsumer consumer = consumer();
    await().atMost(PATIENCE).until(() -> consumer.assigned().size() == 2);

    page.cut();

    await().atMost(PATIENCE).until(() -> consumer.assigned().size() == 4);
  }

  @Test
  void aPageThatIsClosedLeavesAtOnceWhenItKeepsItsPlaceOverCutsOnly() throws Exception {
    Page page = page();
    page.join("billing", "page-2", "cut", "orders", "earliest");
    TcpConsumer consumer = consumer();
    await().atMost(PATIENCE).until(() -> consumer.assigned().size() == 2);

    page.close();

    await().atMost(LESS_THAN_GRACE).until(() -> consumer.assigned().size() == 4);
  }

  @Test
  void aNewerSocketOfTheSameInstanceReplacesTheOlder() throws Exception {
    Page older = member("tab-9");
    await().atMost(PATIENCE).until(() -> older.assigned().size() == 4);

    Page newer = member("tab-9");

    await().atMost(PATIENCE).until(() -> newer.assigned().size() == 4);
    await().atMost(PATIENCE).until(() -> older.closeCode() == 4507);
    assertThat(older.closeReason()).contains("newer socket");
    assertThat(newer.closeCode()).isZero();
  }

  @Test
  void aPageTakesOverWhenTheTcpConsumerLeaves() throws Exception {
    TcpConsumer consumer = consumer();
    Page page = member(null);
    await().atMost(PATIENCE).until(() -> page.assigned().size() == 2);

    consumer.close();

    await().atMost(PATIENCE).until(() -> page.assigned().size() == 4);
  }

  @Test
  void theTcpConsumerTakesOverWhenAPageClosesItsSocket() throws Exception {
    Page page = member(null);
    TcpConsumer consumer = consumer();
    await().atMost(PATIENCE).until(() -> consumer.assigned().size() == 2);

    page.close();

    await().atMost(PATIENCE).until(() -> consumer.assigned().size() == 4);
  }

  @Test
  void aMemberThatAnAdministratorRemovesIsFenced() throws Exception {
    Page page = member(null);
    await().atMost(PATIENCE).until(() -> page.assigned().size() == 4);
    var removal = new org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions();

    admin.removeMembersFromConsumerGroup("billing", removal).all().get();

    await().atMost(PATIENCE).until(() -> page.closeCode() == 4004);
  }

  @Test
  void aQuickAddressIsAMemberToo() throws Exception {
    produce(0, 8);
    Page page = Page.open("ws://" + web() + "/ws/v1/groups/billing?topics=orders&from=earliest");
    open.add(page);
    await().atMost(PATIENCE).until(() -> page.values().size() == 8);

    JsonObject answer = page.ask(new JsonObject().put("op", "ack").put("to", to(2, 2)));

    assertThat(answer.getString("op")).isEqualTo("ok");
    assertThat(committed(2)).isEqualTo(2);
  }

  @Test
  void aTicketIsGoodForOneSocket() throws Exception {
    String origin = "http://" + web();
    String address = "ws://" + web() + "/ws/v1?ticket=" + ticket(origin);

    Page first = Page.open(address, origin);
    open.add(first);

    assertThat(first.isOpen()).isTrue();
    assertThat(Page.refusal(address, origin)).isEqualTo(401);
  }

  @Test
  void aForeignPageGetsNothing() throws Exception {
    assertThat(Page.refusal("ws://" + web() + "/ws/v1", "https://evil.example")).isEqualTo(403);
    HttpResponse<String> refused = post("/api/v1/tickets", "https://evil.example");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.headers().map()).doesNotContainKey("access-control-allow-origin");
    assertThat(new JsonObject(refused.body()).getString("hint")).contains("http.origins");
  }

  @Test
  void secretsDoNotBelongIntoAnAddress() {
    assertThat(Page.refusal("ws://" + web() + "/ws/v1?access_token=abc", null)).isEqualTo(400);
  }

  @Test
  void theGroupSaysWhoLeftAndWhy() throws Exception {
    Page page = member("console-3");
    await().atMost(PATIENCE).until(() -> page.assigned().size() == 4);
    TcpConsumer consumer = consumer();
    await().atMost(PATIENCE).until(() -> consumer.assigned().size() == 2);

    page.ask(new JsonObject().put("op", "unsub").put("sub", 1));

    await().atMost(PATIENCE).until(() -> consumer.assigned().size() == 4);
    HttpResponse<String> group =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create("http://" + web() + "/api/v1/groups/billing"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(group.body())
        .containsPattern("member console-3-[^\"]* left: ended its subscription");
  }

  @Test
  void aPageIsGivenThePartitionsThatAreAddedToItsTopic() throws Exception {
    Page page = member(null);
    await().atMost(PATIENCE).until(() -> page.assigned().size() == 4);

    admin.createPartitions(Map.of("orders", NewPartitions.increaseTo(6))).all().get();

    await().atMost(PATIENCE).until(() -> page.assigned().size() == 6);
  }

  @Test
  void pagesAloneShareOutAmongThemselvesAndKeepWhatTheyHave() throws Exception {
    Page first = member(null);
    await().atMost(PATIENCE).until(() -> first.assigned().size() == 4);
    Page second = member(null);

    await().atMost(PATIENCE).until(() -> second.assigned().size() == 2);
    await().atMost(PATIENCE).until(() -> first.assigned().size() == 2);

    assertThat(first.assigned()).doesNotContainAnyElementsOf(second.assigned());
    assertThat(group().partitionAssignor()).isEqualTo("cooperative-sticky");
    produce(0, 40);
    await().atMost(PATIENCE).until(() -> first.values().size() + second.values().size() == 40);
  }

  @Test
  void aPageAndKcatShareTheGroup() throws Exception {
    assumeTrue(Child.exists("kcat"), "kcat is not installed");
    Process kcat =
        new ProcessBuilder(
                "kcat",
                "-q",
                "-b",
                kafka(),
                "-X",
                "auto.offset.reset=earliest",
                "-G",
                "billing",
                "orders")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    open.add(kcat::destroy);
    Page page = member(null);

    await().atMost(PATIENCE).until(() -> page.assigned().size() == 2);

    assertThat(group().partitionAssignor()).isEqualTo("range");
    kcat.destroy();
    await().atMost(PATIENCE).until(() -> page.assigned().size() == 4);
  }
}
