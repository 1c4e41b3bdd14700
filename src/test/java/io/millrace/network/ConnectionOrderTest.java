package io.millrace.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.junit.jupiter.api.Test;

class ConnectionOrderTest {
  private static final short V4 = 4;

  @Test
  void answersInOrderOfRequestsWhileTheFirstWaits() throws Exception {
    BlockingQueue<Promise<ApiMessage>> waiting = new LinkedBlockingQueue<>();
    Stub<HeartbeatRequestData> slow =
        new Stub<>(
            ApiKeys.HEARTBEAT,
            (context, request) -> {
              Promise<ApiMessage> answer = Promise.promise();
              waiting.add(answer);
              return answer.future();
            });
    Stub<ListGroupsRequestData> quick =
        new Stub<>(
            ApiKeys.LIST_GROUPS,
            (context, request) -> Future.succeededFuture(new ListGroupsResponseData()));
    try (ServerFixture server =
            new ServerFixture(ServerFixture.SETTINGS, records -> null, slow, quick);
        WireClient client = server.connect()) {
      // One correlation id for all: the order must not depend on it.
      client.send(new HeartbeatRequestData().setGroupId("a"), V4, 5);
      client.send(new ListGroupsRequestData(), V4, 5);
      client.send(new HeartbeatRequestData().setGroupId("b"), V4, 5);
      Promise<ApiMessage> first = waiting.poll(5, TimeUnit.SECONDS);
      Promise<ApiMessage> second = waiting.poll(5, TimeUnit.SECONDS);

      second.complete(new HeartbeatResponseData().setThrottleTimeMs(2));
      first.complete(new HeartbeatResponseData().setThrottleTimeMs(1));

      assertThat(client.receive(ApiKeys.HEARTBEAT, V4, 5))
          .isEqualTo(new HeartbeatResponseData().setThrottleTimeMs(1));
      client.receive(ApiKeys.LIST_GROUPS, V4, 5);
      assertThat(client.receive(ApiKeys.HEARTBEAT, V4, 5))
          .isEqualTo(new HeartbeatResponseData().setThrottleTimeMs(2));
    }
  }

  @Test
  void startsTheNextRequestWhenTheHandlerReleasesIt() throws Exception {
    List<String> started = new CopyOnWriteArrayList<>();
    CountDownLatch firstStarted = new CountDownLatch(1);
    BlockingQueue<Runnable> releases = new LinkedBlockingQueue<>();
    Stub<HeartbeatRequestData> stub =
        new Stub<>(
            ApiKeys.HEARTBEAT,
            (context, request) -> {
              started.add(request.groupId());
              if (request.groupId().equals("a")) {
                Runnable release = context.connection().holdNext();
                releases.add(() -> context.loop().execute(release));
                firstStarted.countDown();
              }
              return Future.succeededFuture(new HeartbeatResponseData());
            });
    try (ServerFixture server = new ServerFixture(ServerFixture.SETTINGS, records -> null, stub);
        WireClient client = server.connect()) {
      ByteArrayOutputStream both = new ByteArrayOutputStream();
      both.write(WireClient.frame(new HeartbeatRequestData().setGroupId("a"), V4, 1));
      both.write(WireClient.frame(new HeartbeatRequestData().setGroupId("b"), V4, 2));
      client.send(both.toByteArray());
      client.receive(ApiKeys.HEARTBEAT, V4, 1);

      assertThat(started).containsExactly("a");
      releases.poll(5, TimeUnit.SECONDS).run();
      client.receive(ApiKeys.HEARTBEAT, V4, 2);
      assertThat(started).containsExactly("a", "b");
    }
  }

  @Test
  void runsCloseHooksOfWaitingRequestsAndNotOfRemovedOnes() throws Exception {
    BlockingQueue<String> ran = new LinkedBlockingQueue<>();
    Stub<HeartbeatRequestData> stub =
        new Stub<>(
            ApiKeys.HEARTBEAT,
            (context, request) -> {
              context.connection().onClose(() -> ran.add("removed")).remove();
              context.connection().onClose(() -> ran.add("waiting"));
              return Future.succeededFuture(new HeartbeatResponseData());
            });
    try (ServerFixture server = new ServerFixture(ServerFixture.SETTINGS, records -> null, stub)) {
      try (WireClient client = server.connect()) {
        client.call(new HeartbeatRequestData().setGroupId("a"), V4);
      }
      assertThat(ran.poll(5, TimeUnit.SECONDS)).isEqualTo("waiting");
      assertThat(ran).isEmpty();
    }
  }

  @Test
  void sendsNoAnswerWhereTheHandlerGivesNone() throws Exception {
    Stub<HeartbeatRequestData> stub =
        new Stub<>(ApiKeys.HEARTBEAT, (context, request) -> Future.succeededFuture(null));
    try (ServerFixture server = new ServerFixture(ServerFixture.SETTINGS, records -> null, stub);
        WireClient client = server.connect()) {
      client.send(new HeartbeatRequestData().setGroupId("a"), V4, 1);
      client.send(new ApiVersionsRequestData(), (short) 0, 2);
      client.receive(ApiKeys.API_VERSIONS, (short) 0, 2);
    }
  }
}
