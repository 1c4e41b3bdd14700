package io.millrace.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.millrace.cluster.peer.PeerAddress;
import io.millrace.cluster.peer.PeerAnswer;
import io.millrace.cluster.peer.PeerFault;
import io.millrace.cluster.peer.PeerLink.Lane;
import io.millrace.cluster.peer.PeerService;
import io.millrace.cluster.peer.PeerServices;
import io.millrace.cluster.peer.SocketPeerLink;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.VertxLoops;
import io.millrace.handler.ApiHandler;
import io.millrace.handler.EnvelopeHandler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How brokers ask each other, over real sockets. */
class SocketPeerLinkTest {
  private static final int FRAME_BYTES_MAX = 1 << 20;
  private static final int TIMEOUT_MS = 5_000;

  private final Vertx vertx = Vertx.vertx();
  private final VertxLoops loops = new VertxLoops(vertx, ServerFixture.CLOCK, 2);
  private final PeerServices services = new PeerServices();
  private SocketPeerLink link;
  private EventLoop asker;

  @BeforeEach
  void open() throws Exception {
    link = new SocketPeerLink(vertx, loops, "broker-1", FRAME_BYTES_MAX);
    asker = loops.startWorker("asker").await(5, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() throws Exception {
    link.close().await(5, TimeUnit.SECONDS);
    vertx.close().await(5, TimeUnit.SECONDS);
    loops.close();
  }

  private static ServerFixture peer(ApiHandler<?>... handlers) {
    return new ServerFixture(
        AnswerOrder.AS_READY, ServerFixture.SETTINGS, records -> null, handlers);
  }

  private static PeerAddress address(ServerFixture peer) {
    return new PeerAddress("127.0.0.1", peer.port());
  }

  private <R extends ApiMessage> Future<PeerAnswer<R>> send(
      PeerAddress to, ApiKeys api, ApiMessage request, int timeoutMs) {
    return link.send(asker, to, Lane.FETCH, api, api.latestVersion(), request, timeoutMs);
  }

  private static PeerFault fault(Future<?> failed) {
    Throwable cause = catchThrowable(() -> failed.await(10, TimeUnit.SECONDS));
    assertThat(cause).isInstanceOf(PeerFault.class);
    return (PeerFault) cause;
  }

  @Test
  void answersLeaveAsSoonAsTheyAreReady() throws Exception {
    BlockingQueue<Promise<ApiMessage>> waiting = new LinkedBlockingQueue<>();
    Stub<HeartbeatRequestData> handler =
        new Stub<>(
            ApiKeys.HEARTBEAT,
            (context, request) -> {
              Promise<ApiMessage> answer = Promise.promise();
              if (request.groupId().equals("slow")) {
                waiting.add(answer);
              } else {
                answer.complete(new HeartbeatResponseData().setThrottleTimeMs(7));
              }
              return answer.future();
            });
    try (ServerFixture peer = peer(handler)) {
      Future<PeerAnswer<HeartbeatResponseData>> slow =
          send(address(peer), ApiKeys.HEARTBEAT, heartbeat("slow"), TIMEOUT_MS);
      Future<PeerAnswer<HeartbeatResponseData>> quick =
          send(address(peer), ApiKeys.HEARTBEAT, heartbeat("quick"), TIMEOUT_MS);

      PeerAnswer<HeartbeatResponseData> first = quick.await(5, TimeUnit.SECONDS);
      assertThat(first.message().throttleTimeMs()).isEqualTo(7);
      first.release();
      assertThat(slow.isComplete()).isFalse();
      waiting.poll(5, TimeUnit.SECONDS).complete(new HeartbeatResponseData().setThrottleTimeMs(9));
      PeerAnswer<HeartbeatResponseData> second = slow.await(5, TimeUnit.SECONDS);
      assertThat(second.message().throttleTimeMs()).isEqualTo(9);
      second.release();
    }
  }

  @Test
  void recordsOfAnAnswerAreViewsOnItsFrame() throws Exception {
    MemoryRecords records =
        MemoryRecords.withRecords(
            (byte) 2,
            0,
            Compression.NONE,
            TimestampType.CREATE_TIME,
            new SimpleRecord(1, null, "value".getBytes()));
    Stub<FetchRequestData> handler =
        new Stub<>(
            ApiKeys.FETCH,
            (context, request) -> {
              PartitionData partition = new PartitionData().setRecords(records);
              return Future.succeededFuture(
                  new FetchResponseData()
                      .setResponses(
                          List.of(new FetchableTopicResponse().setPartitions(List.of(partition)))));
            });
    try (ServerFixture peer = peer(handler)) {
      Future<PeerAnswer<FetchResponseData>> fetch =
          send(address(peer), ApiKeys.FETCH, new FetchRequestData(), TIMEOUT_MS);

      PeerAnswer<FetchResponseData> answer = fetch.await(5, TimeUnit.SECONDS);
      MemoryRecords read =
          (MemoryRecords) answer.message().responses().get(0).partitions().get(0).records();
      assertThat(read.buffer().isDirect()).isTrue();
      assertThat(read).isEqualTo(records);
      answer.release();
    }
  }

  @Test
  void messagesOfOurOwnReachTheServiceOfTheirKind() throws Exception {
    services.add(
        new PeerService() {
          @Override
          public int kind() {
            return PeerService.PROBE;
          }

          @Override
          public Future<byte[]> serve(EventLoop loop, byte[] body) {
            loop.assertOwner();
            return body.length == 0
                ? Future.failedFuture(new IllegalStateException("nothing to answer"))
                : Future.succeededFuture(new byte[] {body[0], 42});
          }
        });
    try (ServerFixture peer =
        new ServerFixture(
            AnswerOrder.AS_READY,
            ServerFixture.SETTINGS,
            records -> null,
            new EnvelopeHandler(services))) {
      PeerAddress to = address(peer);
      byte[] answer =
          link.ask(asker, to, Lane.CONTROL, PeerService.PROBE, new byte[] {1}, TIMEOUT_MS)
              .await(5, TimeUnit.SECONDS);

      assertThat(answer).containsExactly(1, 42);
      assertThat(
              fault(link.ask(asker, to, Lane.CONTROL, PeerService.PROBE, new byte[0], TIMEOUT_MS))
                  .kind())
          .isEqualTo(PeerFault.Kind.REJECTED);
      assertThat(
              fault(link.ask(asker, to, Lane.CONTROL, PeerService.JOIN, new byte[1], TIMEOUT_MS)))
          .hasMessageContaining(Errors.UNSUPPORTED_VERSION.name());
    }
  }

  @Test
  void aPortThatNobodyListensOnRefuses() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }

    PeerFault fault =
        fault(
            send(new PeerAddress("127.0.0.1", port), ApiKeys.HEARTBEAT, heartbeat(""), TIMEOUT_MS));

    assertThat(fault.kind()).isEqualTo(PeerFault.Kind.REFUSED);
    assertThat(fault).hasMessageContaining("127.0.0.1:" + port);
  }

  @Test
  void aHostWithoutAnAddressIsSilent() {
    PeerFault fault =
        fault(
            send(
                new PeerAddress("nobody.invalid", 1),
                ApiKeys.HEARTBEAT,
                heartbeat(""),
                TIMEOUT_MS));

    assertThat(fault.kind()).isEqualTo(PeerFault.Kind.SILENT);
  }

  @Test
  void aPeerThatDoesNotAnswerIsSilentWhenTheTimeIsOver() throws Exception {
    try (ServerSocket deaf = new ServerSocket(0)) {
      PeerAddress to = new PeerAddress("127.0.0.1", deaf.getLocalPort());

      PeerFault fault = fault(send(to, ApiKeys.HEARTBEAT, heartbeat(""), 200));

      assertThat(fault.kind()).isEqualTo(PeerFault.Kind.SILENT);
    }
  }

  @Test
  void aConnectionThatStaysQuietIsGivenUpAndMadeAnew() throws Exception {
    try (ServerSocket deaf = new ServerSocket(0)) {
      PeerAddress to = new PeerAddress("127.0.0.1", deaf.getLocalPort());
      Future<?> request = send(to, ApiKeys.HEARTBEAT, heartbeat(""), 2_100);
      try (Socket first = deaf.accept()) {
        fault(request);
        send(to, ApiKeys.HEARTBEAT, heartbeat(""), 100);
        try (Socket second = deaf.accept()) {
          assertThat(second.getPort()).isNotEqualTo(first.getPort());
        }
      }
    }
  }

  @Test
  void aPeerThatEndsIsToldAndReachedAgainWhenItIsBack() throws Exception {
    List<PeerAddress> lost = new CopyOnWriteArrayList<>();
    link.onLost(asker, lost::add);
    try (ServerSocket peer = new ServerSocket(0)) {
      PeerAddress to = new PeerAddress("127.0.0.1", peer.getLocalPort());
      Future<?> first = send(to, ApiKeys.HEARTBEAT, heartbeat(""), TIMEOUT_MS);
      try (Socket socket = peer.accept()) {
        assertThat(socket.getInputStream().read()).isNotNegative();
      }
      assertThat(fault(first).kind()).isEqualTo(PeerFault.Kind.LOST);
      await().untilAsserted(() -> assertThat(lost).containsExactly(to));

      Future<?> second = send(to, ApiKeys.HEARTBEAT, heartbeat(""), TIMEOUT_MS);
      try (Socket socket = peer.accept()) {
        assertThat(socket.getInputStream().read()).isNotNegative();
        assertThat(second.isComplete()).isFalse();
      }
    }
  }

  @Test
  void bytesThatAreNoAnswerAreRejected() throws Exception {
    try (ServerSocket peer = new ServerSocket(0)) {
      PeerAddress to = new PeerAddress("127.0.0.1", peer.getLocalPort());
      Future<?> request = send(to, ApiKeys.FETCH, new FetchRequestData(), TIMEOUT_MS);
      try (Socket socket = peer.accept()) {
        socket.getOutputStream().write(ByteBuffer.allocate(8).putInt(4).putInt(0).array());

        assertThat(fault(request).kind()).isEqualTo(PeerFault.Kind.REJECTED);
      }
    }
  }

  @Test
  void anAnswerLargerThanAllowedEndsTheConnection() throws Exception {
    try (ServerSocket peer = new ServerSocket(0)) {
      PeerAddress to = new PeerAddress("127.0.0.1", peer.getLocalPort());
      Future<?> request = send(to, ApiKeys.FETCH, new FetchRequestData(), TIMEOUT_MS);
      try (Socket socket = peer.accept()) {
        socket
            .getOutputStream()
            .write(ByteBuffer.allocate(8).putInt(FRAME_BYTES_MAX + 1).putInt(0).array());

        assertThat(fault(request).kind()).isEqualTo(PeerFault.Kind.LOST);
      }
    }
  }

  @Test
  void lanesHaveConnectionsOfTheirOwn() throws Exception {
    Stub<HeartbeatRequestData> handler =
        new Stub<>(
            ApiKeys.HEARTBEAT,
            (context, request) ->
                Future.succeededFuture(
                    new HeartbeatResponseData().setThrottleTimeMs((int) context.connectionId())));
    try (ServerFixture peer = peer(handler)) {
      for (Lane lane : Lane.values()) {
        Future<PeerAnswer<HeartbeatResponseData>> request =
            link.send(
                asker,
                address(peer),
                lane,
                ApiKeys.HEARTBEAT,
                (short) 4,
                heartbeat(""),
                TIMEOUT_MS);
        request.await(5, TimeUnit.SECONDS).release();
      }

      assertThat(peer.metrics.snapshot().get("peer.connections")).isEqualTo(3);
    }
  }

  private static HeartbeatRequestData heartbeat(String group) {
    return new HeartbeatRequestData().setGroupId(group);
  }
}
