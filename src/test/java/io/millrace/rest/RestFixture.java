package io.millrace.rest;

import io.millrace.app.Broker;
import io.millrace.app.StartOptions;
import io.millrace.config.BrokerConfig;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A broker in this process with its web door, and Kafka's own clients beside it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RestFixture {
  Broker broker;
  Admin admin;
  final HttpClient http = HttpClient.newHttpClient();

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    broker =
        Broker.start(
                BrokerConfig.of(
                    Map.of(
                        "listeners", "PLAINTEXT://127.0.0.1:0",
                        "http.host", "127.0.0.1",
                        "http.port", "0",
                        "log.dirs", folder.toString())),
                StartOptions.PLAIN)
            .await(30, TimeUnit.SECONDS);
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> broker.webPort() > 0);
    admin = Admin.create(Map.of("bootstrap.servers", address()));
  }

  @AfterAll
  void stop() throws Exception {
    admin.close(Duration.ofSeconds(5));
    broker.stop().await(20, TimeUnit.SECONDS);
  }

  String address() {
    return "127.0.0.1:" + broker.port("PLAINTEXT");
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + broker.webPort() + path));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString());
  }

  HttpResponse<String> send(String method, String path, String body) throws Exception {
    return send(request(path).method(method, BodyPublishers.ofString(body)));
  }

  /** The document at a path; fails when the answer is no document. */
  JsonObject get(String path) throws Exception {
    HttpResponse<String> answer = send(request(path).GET());
    if (answer.statusCode() != 200) {
      throw new AssertionError(path + " answered " + answer.statusCode() + " " + answer.body());
    }
    return new JsonObject(answer.body());
  }

  JsonObject post(String path, String body) throws Exception {
    return new JsonObject(send("POST", path, body).body());
  }

  void produce(String topic, int partition, int count) throws Exception {
    Map<String, Object> settings = Map.of("bootstrap.servers", address());
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      for (int i = 0; i < count; i++) {
        producer.send(new ProducerRecord<>(topic, partition, "k" + i, "{\"n\":" + i + "}"));
      }
      producer.flush();
    }
  }

  KafkaConsumer<String, String> consumer(String group, String topic) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            address(),
            ConsumerConfig.GROUP_ID_CONFIG,
            group,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "earliest",
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false,
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
            4);
    KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    consumer.subscribe(List.of(topic));
    return consumer;
  }
}
