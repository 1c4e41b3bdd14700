package io.millrace.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.handler.FrameRef;
import io.millrace.quota.ConnectionCount;
import io.millrace.testkit.NettyLeaks;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FlowControlTest {
  private static final short V4 = 4;

  @RegisterExtension static final NettyLeaks LEAKS = new NettyLeaks();

  private static final Stub<HeartbeatRequestData> HEARTBEAT =
      new Stub<>(
          ApiKeys.HEARTBEAT,
          (context, request) -> Future.succeededFuture(new HeartbeatResponseData()));

  private static NetworkSettings settings(
      long memoryBytes, long idleMs, int connectionsMax, int perIpMax) {
    NetworkSettings base = ServerFixture.SETTINGS;
    return new NetworkSettings(
        base.listeners(),
        1,
        base.frameBytesMax(),
        memoryBytes,
        idleMs,
        ConnectionCount.Limits.of(connectionsMax, perIpMax),
        -1,
        -1,
        50);
  }

  private static byte[] padded(ApiMessage request, int correlationId, int size) {
    byte[] frame = Arrays.copyOf(WireClient.frame(request, V4, correlationId), 4 + size);
    ByteBuffer.wrap(frame).putInt(0, size);
    return frame;
  }

  private static void ping(WireClient client) throws Exception {
    client.call(new HeartbeatRequestData().setGroupId("g"), V4);
  }

  @Test
  void answersFramesOfAnySizeCutAnywhere() throws Exception {
    long seed = 42;
    Random random = new Random(seed);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    int frames = 300;
    for (int i = 0; i < frames; i++) {
      int size = random.nextInt(10) == 0 ? 30_000 + random.nextInt(200_000) : 40;
      all.write(padded(new HeartbeatRequestData().setGroupId("g"), i, size + random.nextInt(99)));
    }
    byte[] bytes = all.toByteArray();
    try (ServerFixture server =
            new ServerFixture(ServerFixture.SETTINGS, records -> null, HEARTBEAT);
        WireClient client = server.connect()) {
      int sent = 0;
      while (sent < bytes.length) {
        int length =
            Math.min(bytes.length - sent, 1 + random.nextInt(random.nextBoolean() ? 9 : 90_000));
        client.send(Arrays.copyOfRange(bytes, sent, sent + length));
        sent += length;
      }
      for (int i = 0; i < frames; i++) {
        client.receive(ApiKeys.HEARTBEAT, V4, i);
      }
      await().until(() -> server.server.budget().usedBytes() == 0);
    }
  }

  @Test
  void startsNoMoreRequestsOfAPeerThatDoesNotRead() throws Exception {
    AtomicInteger started = new AtomicInteger();
    Stub<FetchRequestData> fetch =
        new Stub<>(
            ApiKeys.FETCH,
            (context, request) -> {
              started.incrementAndGet();
              return Future.succeededFuture(
                  FetchAnswers.with(MemoryRecords.readableRecords(ByteBuffer.allocate(1 << 20))));
            });
    try (ServerFixture server =
            new ServerFixture(ServerFixture.SETTINGS, records -> null, fetch, HEARTBEAT);
        WireClient deaf = new WireClient(server.port(), 4096);
        WireClient other = server.connect()) {
      for (int i = 0; i < 500; i++) {
        deaf.send(new FetchRequestData(), (short) 12, i);
      }
      await().until(() -> started.get() > 0);
      for (int i = 0; i < 20; i++) {
        ping(other);
      }
      assertThat(started.get()).isLessThan(20);
      deaf.receive(ApiKeys.FETCH, (short) 12, 0);
      deaf.receive(ApiKeys.FETCH, (short) 12, 1);
    }
  }

  @Test
  void smallRequestsPassWhileMemoryIsFullOfWaitingProduces() throws Exception {
    BlockingQueue<FrameRef> frames = new LinkedBlockingQueue<>();
    List<Promise<ApiMessage>> waiting = new ArrayList<>();
    Stub<ProduceRequestData> produce =
        new Stub<>(
            ApiKeys.PRODUCE,
            (context, request) -> {
              context.frame().retain();
              frames.add(context.frame());
              Promise<ApiMessage> answer = Promise.promise();
              waiting.add(answer);
              return answer.future();
            });
    try (ServerFixture server =
            new ServerFixture(
                settings(1 << 20, 60_000, 100, 100), records -> null, produce, HEARTBEAT);
        WireClient one = server.connect();
        WireClient two = server.connect();
        WireClient three = server.connect();
        WireClient small = server.connect()) {
      byte[] large = WireClient.frame(new ProduceRequestData().setAcks((short) -1), (short) 9, 1);
      byte[] frame = Arrays.copyOf(large, 4 + 500_000);
      ByteBuffer.wrap(frame).putInt(0, 500_000);
      one.send(frame);
      two.send(frame);
      FrameRef first = frames.poll(5, TimeUnit.SECONDS);
      FrameRef second = frames.poll(5, TimeUnit.SECONDS);
      Thread sender = new Thread(() -> trySend(three, frame));
      sender.start();
      await().until(server.server.budget()::hasWaiting);

      ping(small);
      assertThat(frames).isEmpty();

      first.release();
      FrameRef third = frames.poll(5, TimeUnit.SECONDS);
      assertThat(third).isNotNull();
      sender.join();
      second.release();
      third.release();
      await().until(() -> server.server.budget().usedBytes() == 0);
    }
  }

  private static void trySend(WireClient client, byte[] bytes) {
    try {
      client.send(bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void memoryOfAFrameIsGivenBackWhenItsConnectionEndsHalfway() throws Exception {
    try (ServerFixture server =
        new ServerFixture(settings(1 << 20, 60_000, 100, 100), records -> null, HEARTBEAT)) {
      try (WireClient half = server.connect()) {
        half.send(ByteBuffer.allocate(5000).putInt(0, 1 << 20).array());
        await().until(() -> server.server.budget().usedBytes() == 1 << 20);
      }
      await().until(() -> server.server.budget().usedBytes() == 0);
    }
  }

  @Test
  void frameThatWaitsForMemoryLeavesTheQueueWithItsConnection() throws Exception {
    try (ServerFixture server =
            new ServerFixture(settings(1 << 20, 60_000, 100, 100), records -> null, HEARTBEAT);
        WireClient half = server.connect();
        WireClient last = server.connect()) {
      half.send(ByteBuffer.allocate(5000).putInt(0, 1 << 20).array());
      await().until(() -> server.server.budget().usedBytes() == 1 << 20);
      try (WireClient gone = server.connect()) {
        gone.send(ByteBuffer.allocate(5000).putInt(0, 1 << 19).array());
        await().until(server.server.budget()::hasWaiting);
      }
      last.send(padded(new HeartbeatRequestData().setGroupId("g"), 3, 100_000));
      half.close();
      last.receive(ApiKeys.HEARTBEAT, V4, 3);
    }
  }

  @Test
  void closesIdleConnections() throws Exception {
    try (ServerFixture server =
            new ServerFixture(settings(1 << 20, 40, 100, 100), records -> null, HEARTBEAT);
        WireClient client = server.connect()) {
      assertThat(client.isClosedByBroker()).isTrue();
    }
  }

  @Test
  void closesConnectionsBeyondTheLimitAndTakesNewOnesWhenOthersEnd() throws Exception {
    try (ServerFixture server =
        new ServerFixture(settings(1 << 20, 60_000, 100, 2), records -> null, HEARTBEAT)) {
      WireClient first = server.connect();
      try (WireClient second = server.connect();
          WireClient third = server.connect()) {
        ping(first);
        ping(second);
        assertThat(third.isClosedByBroker()).isTrue();
      }
      first.close();
      await().until(() -> server.metrics.snapshot().get("network.connections") == 0);
      try (WireClient again = server.connect()) {
        ping(again);
      }
    }
  }
}
