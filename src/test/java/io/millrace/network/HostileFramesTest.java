package io.millrace.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostileFramesTest {
  private static final short V4 = 4;
  private static final int FRAME_MAX = ServerFixture.SETTINGS.frameBytesMax();

  private static ServerFixture server;

  @BeforeAll
  static void start() {
    server =
        new ServerFixture(
            ServerFixture.SETTINGS,
            records -> null,
            new Stub<HeartbeatRequestData>(
                ApiKeys.HEARTBEAT,
                (context, request) -> Future.succeededFuture(new HeartbeatResponseData())),
            new Stub<ProduceRequestData>(
                ApiKeys.PRODUCE,
                (context, request) -> Future.succeededFuture(new ProduceResponseData())));
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static byte[] sized(int size, int... shorts) {
    ByteBuffer bytes = ByteBuffer.allocate(4 + 2 * shorts.length).putInt(size);
    for (int value : shorts) {
      bytes.putShort((short) value);
    }
    return bytes.array();
  }

  private static void expectClosed(byte[] bytes) throws Exception {
    try (WireClient client = server.connect();
        WireClient other = server.connect()) {
      client.send(bytes);
      assertThat(client.isClosedByBroker()).isTrue();
      assertThat(other.call(new HeartbeatRequestData().setGroupId("g"), V4))
          .isEqualTo(new HeartbeatResponseData());
    }
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(() -> server.server.budget().usedBytes() == 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, Integer.MIN_VALUE, 0, 1, 7, Integer.MAX_VALUE})
  void closesOnFrameOfImpossibleSize(int size) throws Exception {
    expectClosed(sized(size));
  }

  @Test
  void closesOnFrameOfOneByteMoreThanAllowed() throws Exception {
    expectClosed(sized(FRAME_MAX + 1));
  }

  @Test
  void servesFrameOfTheLargestSize() throws Exception {
    byte[] frame = WireClient.frame(new HeartbeatRequestData().setGroupId("g"), V4, 9);
    byte[] padded = Arrays.copyOf(frame, 4 + FRAME_MAX);
    ByteBuffer.wrap(padded).putInt(0, FRAME_MAX);
    try (WireClient client = server.connect()) {
      client.send(padded);
      client.receive(ApiKeys.HEARTBEAT, V4, 9);
    }
  }

  @Test
  void closesOnUnknownApiKey() throws Exception {
    expectClosed(sized(12, 9999, 0, 0, 1, -1, 0));
  }

  @Test
  void closesOnApiThatIsKnownButNotServed() throws Exception {
    expectClosed(sized(10, ApiKeys.VOTE.id, 0, 0, 1, -1));
  }

  @Test
  void closesOnVersionAboveTheHighest() throws Exception {
    expectClosed(sized(10, ApiKeys.HEARTBEAT.id, 99, 0, 1, -1));
  }

  @Test
  void closesOnNegativeVersion() throws Exception {
    expectClosed(sized(10, ApiKeys.HEARTBEAT.id, -1, 0, 1, -1));
  }

  @Test
  void closesOnClientIdLongerThanTheFrame() throws Exception {
    expectClosed(sized(10, ApiKeys.HEARTBEAT.id, 0, 0, 1, 32767));
  }

  @Test
  void closesOnEveryTruncationOfARequest() throws Exception {
    byte[] whole = WireClient.frame(new HeartbeatRequestData().setGroupId("group"), V4, 9);
    for (int length = 5; length < whole.length - 4; length++) {
      byte[] cut = Arrays.copyOf(whole, 4 + length);
      ByteBuffer.wrap(cut).putInt(0, length);
      expectClosed(cut);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MAX_VALUE, 1 << 24, Integer.MIN_VALUE, -2})
  void closesOnAbsurdArrayLength(int count) throws Exception {
    // Produce 8: client id, transactional id, acks, timeout, then the count of topics.
    ByteBuffer bytes = ByteBuffer.allocate(4 + 8 + 2 + 2 + 2 + 4 + 4);
    bytes.putInt(bytes.capacity() - 4).putShort(ApiKeys.PRODUCE.id).putShort((short) 8).putInt(1);
    bytes.putShort((short) -1).putShort((short) -1).putShort((short) 1).putInt(100).putInt(count);
    expectClosed(bytes.array());
  }

  @Test
  void answersUnknownApiVersionsVersionInVersionZeroWithTheList() throws Exception {
    try (WireClient client = server.connect()) {
      client.send(sized(10, ApiKeys.API_VERSIONS.id, 77, 0, 3, 0x0100));
      ApiVersionsResponseData answer =
          (ApiVersionsResponseData) client.receive(ApiKeys.API_VERSIONS, (short) 0, 3);
      assertThat(answer.errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
      assertThat(answer.apiKeys().find(ApiKeys.API_VERSIONS.id).maxVersion())
          .isEqualTo(ApiKeys.API_VERSIONS.latestVersion());
    }
  }

  @Test
  void listsExactlyWhatIsServedAndProduceFromZero() throws Exception {
    try (WireClient client = server.connect()) {
      ApiVersionsRequestData request =
          new ApiVersionsRequestData().setClientSoftwareName("t").setClientSoftwareVersion("1");
      ApiVersionsResponseData answer = (ApiVersionsResponseData) client.call(request, (short) 3);
      assertThat(answer.apiKeys())
          .extracting(ApiVersionsResponseData.ApiVersion::apiKey)
          .containsExactlyInAnyOrder(
              ApiKeys.PRODUCE.id, ApiKeys.HEARTBEAT.id, ApiKeys.API_VERSIONS.id);
      assertThat(answer.apiKeys().find(ApiKeys.PRODUCE.id).minVersion()).isZero();
    }
  }

  @Test
  void refusesSoftwareNameWithSpaces() throws Exception {
    try (WireClient client = server.connect()) {
      ApiVersionsRequestData request =
          new ApiVersionsRequestData().setClientSoftwareName("a b").setClientSoftwareVersion("1");
      ApiVersionsResponseData answer = (ApiVersionsResponseData) client.call(request, (short) 3);
      assertThat(answer.errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void answersProduceBefore3WithUnsupportedVersion(int version) throws Exception {
    ByteBuffer request = ByteBuffer.allocate(64);
    request.putInt(0).putShort(ApiKeys.PRODUCE.id).putShort((short) version).putInt(6);
    request.putShort((short) -1).putShort((short) 1).putInt(100).putInt(1);
    request.putShort((short) 1).put((byte) 't').putInt(1).putInt(4).putInt(2).putShort((short) 0);
    request.putInt(0, request.position() - 4);
    try (WireClient client = server.connect()) {
      client.send(Arrays.copyOf(request.array(), request.position()));
      ByteBuffer answer = client.receive();
      assertThat(answer.getInt()).isEqualTo(6);
      assertThat(answer.getInt()).isEqualTo(1);
      assertThat(answer.getShort()).isEqualTo((short) 1);
      assertThat(answer.get()).isEqualTo((byte) 't');
      assertThat(answer.getInt()).isEqualTo(1);
      assertThat(answer.getInt()).isEqualTo(4);
      assertThat(answer.getShort()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
      assertThat(answer.getLong()).isEqualTo(-1);
      assertThat(answer.remaining()).isEqualTo(new int[] {0, 4, 12}[version]);
    }
  }
}
