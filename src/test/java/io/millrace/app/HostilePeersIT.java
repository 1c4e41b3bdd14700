package io.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.millrace.cluster.founding.Card;
import io.millrace.cluster.founding.CardCodec;
import io.millrace.cluster.founding.Place;
import io.millrace.cluster.peer.Envelopes;
import io.millrace.cluster.peer.PeerService;
import io.millrace.config.BrokerConfig;
import io.millrace.network.WireClient;
import io.millrace.testkit.BrokerProcess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.EnvelopeResponseData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A broker whose peer port is reached by whoever likes to. */
class HostilePeersIT {
  @TempDir static Path folder;

  private static Broker broker;
  private static int peerPort;

  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger("io.millrace");

  @BeforeAll
  static void start() throws Exception {
    peerPort = BrokerProcess.freePort();
    broker =
        Broker.start(
                BrokerConfig.of(
                    Map.of(
                        "listeners",
                        "PLAINTEXT://127.0.0.1:0",
                        "log.dirs",
                        folder.toString(),
                        "http.port",
                        "-1",
                        "cluster.name",
                        "hostile-" + peerPort,
                        "cluster.join",
                        "127.0.0.1:" + peerPort,
                        "cluster.port",
                        Integer.toString(peerPort))),
                StartOptions.PLAIN)
            .await(20, TimeUnit.SECONDS);
  }

  @AfterAll
  static void stop() throws Exception {
    broker.stop().await(10, TimeUnit.SECONDS);
  }

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void servesOn() throws Exception {
    logger.detachAppender(lines);
    try (WireClient client = new WireClient(broker.port("PLAINTEXT"));
        WireClient peer = new WireClient(peerPort)) {
      MetadataResponseData metadata =
          (MetadataResponseData) client.call(new MetadataRequestData(), (short) 12);
      assertThat(metadata.brokers()).hasSize(1);
      assertThat(ask(peer, PeerService.PROBE, CardCodec.encode(card())).errorCode()).isZero();
    }
  }

  private static Card card() {
    return new Card(
        77,
        Uuid.randomUuid(),
        "another",
        "",
        Card.Stage.LOOKING,
        Card.Founder.NO,
        false,
        new Place("127.0.0.1", 9),
        0,
        List.of());
  }

  private static EnvelopeResponseData ask(WireClient peer, int kind, byte[] body)
      throws IOException {
    return (EnvelopeResponseData) peer.call(Envelopes.wrap(kind, body), Envelopes.VERSION);
  }

  private static byte[] sized(int size, int bytes) {
    return ByteBuffer.allocate(4 + bytes).putInt(size).array();
  }

  @Test
  void framesOfImpossibleSizesAndNoiseEndTheirConnectionOnly() throws Exception {
    Random random = new Random(5);
    List<byte[]> frames = new ArrayList<>();
    for (int size : new int[] {-1, 0, 1, Integer.MIN_VALUE, Integer.MAX_VALUE, 101 << 20}) {
      frames.add(sized(size, 16));
    }
    for (int i = 0; i < 50; i++) {
      byte[] noise = sized(64, 64);
      random.nextBytes(noise);
      ByteBuffer.wrap(noise).putInt(0, 64);
      frames.add(noise);
    }
    for (byte[] frame : frames) {
      try (WireClient peer = new WireClient(peerPort)) {
        peer.send(frame);
        assertThat(peer.isClosedByBroker()).isTrue();
      }
    }
    assertThat(lines.list).hasSizeLessThan(5).allMatch(line -> line.getThrowableProxy() == null);
  }

  @Test
  void messagesThatAreNoneAreRefusedOneByOneAndSaidOnce() throws Exception {
    Random random = new Random(6);
    byte[] whole = CardCodec.encode(card());
    try (WireClient peer = new WireClient(peerPort)) {
      int earlier = whole.length - Integer.BYTES; // a card of a release that knows no recovery
      for (int length = 0; length < earlier; length++) {
        EnvelopeResponseData refused = ask(peer, PeerService.PROBE, Arrays.copyOf(whole, length));
        assertThat(refused.errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
      }
      for (int kind = 0; kind < 256; kind++) {
        byte[] noise = new byte[random.nextInt(200)];
        random.nextBytes(noise);
        assertThat(ask(peer, kind, noise).errorCode()).isNotZero();
        if (noise.length > 0) {
          noise[0] = 1;
          assertThat(ask(peer, kind, noise).errorCode()).isNotZero();
        }
      }
    }
    assertThat(lines.list).hasSizeLessThan(12).allMatch(line -> line.getThrowableProxy() == null);
  }

  @Test
  void everyMessageOfEveryFormIsAnswered() throws Exception {
    Random random = new Random(7);
    try (WireClient peer = new WireClient(peerPort)) {
      for (int i = 0; i < 3_000; i++) {
        byte[] noise = new byte[random.nextInt(120)];
        random.nextBytes(noise);
        if (noise.length > 1) {
          noise[0] = 1;
          noise[1] = (byte) random.nextInt(3);
        }
        int kind = PeerService.DECIDE + random.nextInt(3);
        peer.send(Envelopes.wrap(kind, noise), Envelopes.VERSION, i);
      }
      for (int i = 0; i < 3_000; i++) {
        peer.receive();
      }
    }
    assertThat(lines.list).hasSizeLessThan(12).allMatch(line -> line.getThrowableProxy() == null);
  }

  @Test
  void whoReadsNoAnswersHoldsUpNobodyElse() throws Exception {
    byte[] probe =
        WireClient.frame(
            Envelopes.wrap(PeerService.PROBE, CardCodec.encode(card())), Envelopes.VERSION, 1);
    try (WireClient deaf = new WireClient(peerPort, 4096);
        WireClient peer = new WireClient(peerPort)) {
      Thread floods =
          new Thread(
              () -> {
                try {
                  while (!Thread.currentThread().isInterrupted()) {
                    deaf.send(probe);
                  }
                } catch (IOException closed) {
                  // The test is over.
                }
              });
      floods.start();
      for (int i = 0; i < 20; i++) {
        assertThat(ask(peer, PeerService.PROBE, CardCodec.encode(card())).errorCode()).isZero();
      }
      deaf.close();
      floods.join(10_000);
      assertThat(floods.isAlive()).isFalse();
    }
  }

  @Test
  void connectionsThatSayNothingAreCounted() throws Exception {
    List<WireClient> silent = new ArrayList<>();
    try {
      for (int i = 0; i < PeerPort.CONNECTIONS_PER_ADDRESS_MAX; i++) {
        silent.add(new WireClient(peerPort));
      }
      await()
          .until(
              () -> {
                try (WireClient more = new WireClient(peerPort)) {
                  return more.isClosedByBroker();
                }
              });
    } finally {
      for (WireClient client : silent) {
        client.close();
      }
    }
    await()
        .ignoreExceptions()
        .until(
            () -> {
              try (WireClient peer = new WireClient(peerPort)) {
                return ask(peer, PeerService.PROBE, CardCodec.encode(card())).errorCode() == 0;
              }
            });
  }

  @Test
  void clientsAreServedElsewhere() throws Exception {
    try (WireClient peer = new WireClient(peerPort)) {
      peer.send(new MetadataRequestData(), (short) 12, 1);
      assertThat(peer.isClosedByBroker()).isTrue();
    }
  }

  @Test
  void brokersAreServedElsewhereThanClients() throws Exception {
    try (WireClient client = new WireClient(broker.port("PLAINTEXT"))) {
      short refused = Errors.CLUSTER_AUTHORIZATION_FAILED.code();
      assertThat(ask(client, PeerService.DECIDE, new byte[2]).errorCode()).isEqualTo(refused);
      FetchRequestData fetch = new FetchRequestData().setReplicaId(0).setMaxWaitMs(0);
      assertThat(((FetchResponseData) client.call(fetch, (short) 12)).errorCode())
          .isEqualTo(refused);
    }
  }
}
