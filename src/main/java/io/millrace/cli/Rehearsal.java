package io.millrace.cli;

import io.millrace.app.Broker;
import io.millrace.app.StartOptions;
import io.millrace.config.BrokerConfig;
import io.netty.channel.epoll.Epoll;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Lives through a start, a record, a group, the usual tools and a stop, so that the JVM can keep
 * the classes of all that for later starts (class data sharing). Run by {@code bin/millrace} once
 * per build. Confined to: the main thread.
 */
public final class Rehearsal {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int SECONDS_MAX = 15;
  private static final String TOPIC = "rehearsal";
  private static final String CLASS = ".class";

  /** Types whose steps first run seconds after a start, when nobody does anything. */
  static final List<String> AT_REST =
      List.of(
          "io/millrace/cluster/ActiveController",
          "io/millrace/cluster/controller/BrokerLoad",
          "io/millrace/cluster/controller/BrokerSweep",
          "io/millrace/cluster/controller/InternalReplication",
          "io/millrace/cluster/controller/IsrRules",
          "io/millrace/cluster/controller/Leases",
          "io/millrace/cluster/controller/ReplicaReports",
          "io/millrace/partition/Partitions",
          "io/millrace/partition/remote/RemoteFeeds",
          "io/millrace/storage/Cleaner",
          "io/millrace/storage/Housekeeping",
          "io/millrace/storage/Shard",
          "io/millrace/storage/log/Retention");

  private Rehearsal() {}

  /**
   * Runs it.
   *
   * @param arguments an empty folder
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    int port = freePort();
    int webPort = freePort();
    Path file =
        Files.writeString(
            folder.resolve("server.properties"),
            settings(folder.resolve("data"), 0, port, port, webPort));
    // As kafka-server-start.sh -daemon does it, which takes some classes more.
    Path ready = Files.createFile(folder.resolve("ready"));
    System.setProperty(StartWatcher.READY_FILE, ready.toString());
    Kafka.main(new String[] {file.toString()});
    useBroker("127.0.0.1:" + port);
    useWebDoor(webPort);
    useTools("127.0.0.1:" + port);
    startAlone(folder);
    loadWhatRestNeeds();
    unpackEpoll(folder.resolve("native"));
    System.exit(0);
  }

  /** A start that looks for no others takes some steps of its own. */
  private static void startAlone(Path folder) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("alone.properties"),
            """
            listeners=PLAINTEXT://127.0.0.1:%d
            log.dirs=%s
            disk.reserve.bytes=0
            http.port=-1
            """
                .formatted(freePort(), folder.resolve("data-alone")));
    BrokerConfig config =
        new ConfigLoader(Optional.of(file), Map.of(), Map.of(), folder).load().config();
    try {
      Broker broker = Broker.start(config, StartOptions.PLAIN).await(SECONDS_MAX, TimeUnit.SECONDS);
      broker.stop().await(SECONDS_MAX, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      System.err.println("a broker alone did not start or stop: " + e);
    }
  }

  /**
   * What a broker at rest needs later than a rehearsal can wait for: the jar would be opened for
   * it, which takes ten times as long as all else that a broker does in five seconds of rest.
   */
  private static void loadWhatRestNeeds() throws IOException {
    try (JarFile jar = new JarFile(ownJar().toFile())) {
      for (String name : jar.stream().map(JarEntry::getName).filter(Rehearsal::isAtRest).toList()) {
        String type = name.substring(0, name.length() - CLASS.length()).replace('/', '.');
        Class.forName(type, false, Rehearsal.class.getClassLoader());
      }
    } catch (ClassNotFoundException | LinkageError e) {
      System.err.println("not all classes could be loaded: " + e);
    }
  }

  private static boolean isAtRest(String name) {
    return name.endsWith(CLASS)
        && AT_REST.stream().anyMatch(t -> name.equals(t + CLASS) || name.startsWith(t + "$"));
  }

  private static Path ownJar() {
    try {
      return Path.of(Rehearsal.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The settings of a broker of a rehearsal, which opens the ports for others.
   *
   * @param cluster a number that no other cluster on this host has in its name
   * @param webPort -1 for no web door
   */
  static String settings(Path data, int brokerId, int port, int cluster, int webPort) {
    return """
        broker.id=%d
        listeners=PLAINTEXT://127.0.0.1:%d
        log.dirs=%s
        num.network.threads=3
        num.recovery.threads.per.data.dir=1
        offsets.topic.num.partitions=1
        zookeeper.connect=localhost:2181
        zookeeper.connection.timeout.ms=18000
        cluster.name=rehearsal-%d
        disk.reserve.bytes=0
        http.host=127.0.0.1
        http.port=%d
        """
        .formatted(brokerId, port, data, cluster, webPort);
  }

  /**
   * Netty's native code for epoll, so that no start has to search and unpack it, and where this
   * Java looks for native code besides.
   */
  private static void unpackEpoll(Path folder) throws IOException {
    String name = "libnetty_transport_native_epoll_" + PlatformDependent.normalizedArch() + ".so";
    try (InputStream in =
        Rehearsal.class.getClassLoader().getResourceAsStream("META-INF/native/" + name)) {
      if (in != null && Epoll.isAvailable()) {
        Files.createDirectories(folder);
        Files.copy(in, folder.resolve(name));
        Files.writeString(folder.resolve("path"), System.getProperty("java.library.path") + "\n");
      }
    }
  }

  /** One request of each kind. */
  private static void useWebDoor(int port) {
    List<String> requests =
        List.of(
            "GET /livez",
            "GET /",
            "GET /api/v1/overview",
            "GET /api/v1/topics",
            "GET /api/v1/topics/" + TOPIC,
            "GET /api/v1/topics/" + TOPIC + "/partitions",
            "GET /api/v1/topics/" + TOPIC + "/configs",
            "GET /api/v1/topics/" + TOPIC + "/records?from=earliest",
            "POST /api/v1/topics/" + TOPIC + "/records",
            "GET /api/v1/groups",
            "GET /api/v1/groups/" + TOPIC,
            "GET /api/v1/brokers",
            "GET /api/v1/events",
            "GET /api/v1/sockets",
            "GET /api/v1/nothing",
            "GET /metrics");
    for (String request : requests) {
      try {
        if (!ask(port, request).startsWith("HTTP/1.1 ")) {
          System.err.println(request + " was not answered");
        }
      } catch (IOException e) {
        System.err.println(request + " was not answered: " + e);
      }
    }
  }

  /** Asks over a plain socket: a client's classes would be kept for nothing. */
  private static String ask(int port, String request) throws IOException {
    String body = request.startsWith("POST") ? "{\"v\":1}" : "";
    String head =
        request
            + " HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\ncontent-length: "
            + body.length()
            + "\r\n\r\n";
    try (Socket socket = opened(port)) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The door opens a little behind the listeners. */
  private static Socket opened(int port) throws IOException {
    long giveUpNs = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return new Socket(InetAddress.getLoopbackAddress(), port);
      } catch (ConnectException e) {
        if (System.nanoTime() > giveUpNs) {
          throw e;
        }
        Thread.onSpinWait();
      }
    }
  }

  /** One command of each kind: what they share makes up nearly all of their classes. */
  private static void useTools(String bootstrap) {
    List<String> commands =
        List.of(
            "kafka-topics --create --if-not-exists --topic " + TOPIC,
            "kafka-topics --describe --topic " + TOPIC,
            "kafka-topics --list",
            "kafka-configs --describe --entity-type topics --entity-name " + TOPIC,
            "kafka-console-consumer --from-beginning --max-messages 1 --topic " + TOPIC,
            "kafka-console-producer --topic " + TOPIC,
            "kafka-consumer-groups --describe --group " + TOPIC,
            "kafka-get-offsets --topic " + TOPIC,
            "kafka-log-dirs --describe",
            "kafka-broker-api-versions",
            "topics list",
            "topics describe " + TOPIC,
            "groups list",
            "groups describe " + TOPIC,
            "consume --from beginning --max 1 " + TOPIC,
            "offsets --json");
    for (String command : commands) {
      String[] words = (command + " --bootstrap-server " + bootstrap).split(" ");
      ToolCommands.run(words)
          .filter(code -> code != 0)
          .ifPresent(code -> System.err.println(command + " ended with " + code));
    }
  }

  /** A failure here is only told: what was loaded until then is worth keeping. */
  static void useBroker(String bootstrap) {
    try {
      produce(bootstrap);
      consume(bootstrap);
    } catch (KafkaException | ExecutionException e) {
      System.err.println("the rehearsal ended early: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void produce(String bootstrap) throws ExecutionException, InterruptedException {
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers",
            bootstrap,
            "max.block.ms",
            (int) PATIENCE.toMillis(),
            "request.timeout.ms",
            (int) PATIENCE.toMillis(),
            "delivery.timeout.ms",
            (int) PATIENCE.toMillis() + 1000);
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>(TOPIC, "key", "value")).get();
    }
  }

  private static void consume(String bootstrap) {
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers",
            bootstrap,
            "group.id",
            TOPIC,
            "auto.offset.reset",
            "earliest",
            "default.api.timeout.ms",
            (int) PATIENCE.toMillis());
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of(TOPIC));
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (consumer.poll(Duration.ofMillis(100)).isEmpty() && System.nanoTime() < deadline) {}
      consumer.commitSync();
    }
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
