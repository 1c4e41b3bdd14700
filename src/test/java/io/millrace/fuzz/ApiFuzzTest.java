package io.millrace.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.app.Broker;
import io.millrace.app.StartOptions;
import io.millrace.config.BrokerConfig;
import io.millrace.network.WireClient;
import io.millrace.testkit.Mutations;
import io.millrace.testkit.NettyLeaks;
import io.millrace.testkit.RandomMessages;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sends random, damaged and half-sensible requests of every API and version that the broker
 * advertises. Each is answered with a message of its kind, or its connection is closed, or it
 * waits; nothing is logged as a fault, no buffer leaks, and another connection is served all the
 * time.
 *
 * <p>System properties: {@code fuzz.seed} (printed at the start), {@code fuzz.rounds}.
 */
class ApiFuzzTest {
  private static final long SEED = Long.getLong("fuzz.seed", System.nanoTime());
  private static final int ROUNDS = Integer.getInteger("fuzz.rounds", 2);
  private static final int WAIT_MS = 100;

  @RegisterExtension static final NettyLeaks LEAKS = new NettyLeaks();

  @TempDir Path folder;
  private final Random random = new Random(SEED);
  private final RandomMessages messages = new RandomMessages(random);
  private final Mutations mutations = new Mutations(random);
  private final FaultRecorder recorder = new FaultRecorder();
  private Broker broker;
  private WireClient witness;
  private @Nullable WireClient client;
  private String underWay = "";

  @BeforeEach
  void start() throws Exception {
    System.out.println("fuzz.seed=" + SEED);
    BrokerConfig config =
        BrokerConfig.of(
            Map.of("listeners", "PLAINTEXT://127.0.0.1:0", "log.dirs", folder.toString()));
    broker = Broker.start(config, StartOptions.PLAIN).await(20, TimeUnit.SECONDS);
    witness = new WireClient(broker.port("PLAINTEXT"));
    createTopics();
  }

  private void createTopics() throws IOException {
    CreateTopicsRequestData create = new CreateTopicsRequestData().setTimeoutMs(1000);
    for (String name : List.of("fuzz-0", "fuzz-1")) {
      CreatableTopic topic = new CreatableTopic().setName(name);
      create.topics().add(topic.setNumPartitions(2).setReplicationFactor((short) 1));
    }
    witness.call(create, (short) 7);
  }

  @AfterEach
  void stop() throws Exception {
    witness.close();
    if (client != null) {
      client.close();
    }
    broker.stop().await(20, TimeUnit.SECONDS);
    recorder.close();
  }

  @Test
  void staysSoundUnderRandomRequests() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      createTopics();
      for (ApiVersion api : advertised()) {
        for (short v = api.minVersion(); v <= api.maxVersion(); v++) {
          tryAll(ApiKeys.forId(api.apiKey()), v);
        }
        advertised();
      }
    }
    assertThat(recorder.faults()).as("seed %d", SEED).isEmpty();
  }

  private Iterable<ApiVersion> advertised() throws IOException {
    ApiVersionsRequestData request =
        new ApiVersionsRequestData().setClientSoftwareName("w").setClientSoftwareVersion("1");
    return ((ApiVersionsResponseData) witness.call(request, (short) 3)).apiKeys();
  }

  private void tryAll(ApiKeys api, short version) throws IOException {
    byte[] frame = encode(api, version);
    if (frame != null) {
      exchange(api, version, frame);
      exchange(api, version, mutations.damage(frame));
      exchange(api, version, mutations.damage(frame));
      exchange(api, version, mutations.noise(frame));
    }
  }

  private byte @Nullable [] encode(ApiKeys api, short version) {
    for (int tries = 0; tries < 10; tries++) {
      try {
        return WireClient.frame(messages.request(api), version, 42);
      } catch (UnsupportedVersionException | NullPointerException e) {
        // A field was filled that this version has not: another throw of the dice.
      }
    }
    return null;
  }

  private void exchange(ApiKeys api, short version, byte[] frame) throws IOException {
    underWay = api + " " + version;
    if (client == null) {
      client = new WireClient(broker.port("PLAINTEXT"));
      client.timeoutMs(WAIT_MS);
    }
    try {
      client.send(frame);
      check(api, version, client.receive());
    } catch (EOFException | SocketException closed) {
      drop();
    } catch (SocketTimeoutException waits) {
      // A long poll, a join, or a produce with acks=0: nothing to wait for here.
      drop();
    }
  }

  private void drop() throws IOException {
    if (client != null) {
      client.close();
      client = null;
    }
  }

  private void check(ApiKeys api, short version, ByteBuffer answer) {
    ByteBufferAccessor in = new ByteBufferAccessor(answer);
    assertThat(in.readInt()).as(underWay).isEqualTo(42);
    if (api == ApiKeys.PRODUCE && version < 3) {
      return;
    }
    if (api.responseHeaderVersion(version) >= 1) {
      assertThat(in.readUnsignedVarint()).isZero();
    }
    ApiMessage message = api.messageType.newResponse();
    message.read(in, version);
    assertThat(answer.remaining()).as("bytes behind the answer of %s", underWay).isZero();
  }
}
