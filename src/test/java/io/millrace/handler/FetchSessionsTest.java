package io.millrace.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.SimScheduler;
import io.millrace.model.Caller;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.junit.jupiter.api.Test;

class FetchSessionsTest {
  private static final short VERSION = 12;

  private final SimScheduler sim = new SimScheduler(1);
  private final EventLoop loop = sim.process("broker").loop("net");
  private final AtomicInteger ids = new AtomicInteger();
  private final FetchSessions sessions = new FetchSessions(2, 10, ids::incrementAndGet);
  private final List<Runnable> closeHooks = new ArrayList<>();

  private RequestContext context(long connectionId, short version) {
    ConnectionScope scope =
        step -> {
          closeHooks.add(step);
          return () -> closeHooks.remove(step);
        };
    InetAddress host = InetAddress.getLoopbackAddress();
    return new RequestContext(
        ApiKeys.FETCH,
        version,
        new Caller(KafkaPrincipal.ANONYMOUS, "test", host, "PLAINTEXT"),
        new InetSocketAddress(host, 9092),
        loop,
        new FrameRef() {
          @Override
          public void retain() {}

          @Override
          public void release() {}
        },
        scope,
        connectionId,
        "unknown",
        "unknown");
  }

  private static FetchRequestData request(int sessionId, int epoch, int... partitions) {
    FetchTopic topic = new FetchTopic().setTopic("t");
    for (int number : partitions) {
      topic.partitions().add(new FetchPartition().setPartition(number).setFetchOffset(5));
    }
    FetchRequestData request =
        new FetchRequestData().setSessionId(sessionId).setSessionEpoch(epoch);
    if (partitions.length > 0) {
      request.topics().add(topic);
    }
    return request;
  }

  private FetchContext open(FetchRequestData request) {
    return sessions.open(context(1, VERSION), request);
  }

  private static List<Integer> numbers(FetchContext context) {
    return context.parts().stream().map(FetchPart::number).toList();
  }

  @Test
  void beginsASessionWithAFullFetch() {
    FetchContext full = open(request(0, 0, 1, 2));

    assertThat(full.isFull()).isTrue();
    assertThat(full.sessionId()).isEqualTo(1);
    assertThat(numbers(full)).containsExactly(1, 2);
  }

  @Test
  void goesOnWithThePartitionsOfTheSession() {
    open(request(0, 0, 1, 2));

    FetchContext next = open(request(1, 1));

    assertThat(next.isFull()).isFalse();
    assertThat(numbers(next)).containsExactly(1, 2);
  }

  @Test
  void addsChangesAndForgetsPartitions() {
    open(request(0, 0, 1, 2));
    FetchRequestData change = request(1, 1, 3);
    change.topics().get(0).partitions().add(new FetchPartition().setPartition(1).setFetchOffset(9));
    change.forgottenTopicsData().add(new ForgottenTopic().setTopic("t").setPartitions(List.of(2)));

    FetchContext next = open(change);

    assertThat(numbers(next)).containsExactly(1, 3);
    assertThat(next.parts().get(0).offset()).isEqualTo(9);
  }

  @Test
  void refusesAnotherEpochThanTheNext() {
    open(request(0, 0, 1));

    assertThat(open(request(1, 2)).error()).isEqualTo(Errors.INVALID_FETCH_SESSION_EPOCH);
    assertThat(open(request(1, 1)).error()).isEqualTo(Errors.NONE);
  }

  @Test
  void doesNotFindASessionThatNeverWas() {
    assertThat(open(request(77, 1)).error()).isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
  }

  @Test
  void doesNotFindASessionOfAnotherConnection() {
    open(request(0, 0, 1));

    FetchContext stolen = sessions.open(context(2, VERSION), request(1, 1));

    assertThat(stolen.error()).isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
  }

  @Test
  void refusesToChangeBetweenNamesAndIds() {
    open(request(0, 0, 1));

    FetchContext byId = sessions.open(context(1, (short) 13), request(1, 1));

    assertThat(byId.error()).isEqualTo(Errors.FETCH_SESSION_TOPIC_ID_ERROR);
  }

  @Test
  void endsTheOldSessionWhenANewOneBegins() {
    open(request(0, 0, 1));

    FetchContext second = open(request(1, 0, 1));

    assertThat(second.sessionId()).isEqualTo(2);
    assertThat(sessions.count()).isEqualTo(1);
  }

  @Test
  void endsTheSessionWithTheFinalEpoch() {
    open(request(0, 0, 1));

    FetchContext last = open(request(1, -1, 1));

    assertThat(last.sessionId()).isZero();
    assertThat(sessions.count()).isZero();
  }

  @Test
  void endsASessionThatHasNothingLeft() {
    open(request(0, 0, 1));
    FetchRequestData forget = request(1, 1);
    forget.forgottenTopicsData().add(new ForgottenTopic().setTopic("t").setPartitions(List.of(1)));

    FetchContext last = open(forget);

    assertThat(last.sessionId()).isZero();
    assertThat(sessions.count()).isZero();
  }

  @Test
  void endsTheSessionsOfAConnectionThatCloses() {
    open(request(0, 0, 1));

    List.copyOf(closeHooks).forEach(Runnable::run);

    assertThat(sessions.count()).isZero();
  }

  @Test
  void givesTheHookBackWhenASessionEnds() {
    open(request(0, 0, 1));

    open(request(1, -1, 1));
    sim.runFor(1);

    assertThat(closeHooks).isEmpty();
  }

  @Test
  void aSessionMayTakeWhatOthersDoNotNeed() {
    open(request(0, 0, 1, 2));

    FetchContext large = open(request(0, 0, 1, 2, 3, 4, 5, 6, 7, 8));

    assertThat(large.sessionId()).isEqualTo(2);
  }

  @Test
  void goesOnWithoutASessionWhenItsPartitionsAreTooMany() {
    open(request(0, 0, 1, 2));

    FetchContext large = open(request(0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9));

    assertThat(large.error()).isEqualTo(Errors.NONE);
    assertThat(numbers(large)).hasSize(9);
    assertThat(large.sessionId()).isZero();
  }

  @Test
  void endsASessionThatIsToRememberEverMore() {
    open(request(0, 0, 1, 2, 3, 4, 5));
    assertThat(open(request(1, 1, 6, 7, 8, 9, 10)).error()).isEqualTo(Errors.NONE);
    assertThat(open(request(1, 2, 1, 2, 3)).error()).as("known ones").isEqualTo(Errors.NONE);

    assertThat(open(request(1, 3, 11)).error()).isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);

    assertThat(sessions.count()).isZero();
  }

  @Test
  void remembersNoNameThatNoTopicCanHave() {
    FetchRequestData request = request(0, 0, 1);
    request.topics().get(0).setTopic("t".repeat(250));

    assertThat(open(request).sessionId()).isZero();
  }

  @Test
  void goesOnWithoutASessionWhenAllSlotsAreInUse() {
    open(request(0, 0, 1));
    open(request(0, 0, 1));

    FetchContext third = open(request(0, 0, 1));

    assertThat(third.error()).isEqualTo(Errors.NONE);
    assertThat(third.sessionId()).isZero();
    assertThat(numbers(third)).containsExactly(1);
  }

  @Test
  void makesRoomByASessionThatWasNotUsedForTwoMinutes() {
    open(request(0, 0, 1));
    sim.runFor(119_000);
    open(request(0, 0, 1));
    sim.runFor(2_000);

    assertThat(open(request(0, 0, 1)).sessionId()).isEqualTo(3);
    assertThat(open(request(1, 1)).error()).isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
    assertThat(open(request(2, 1)).error()).isEqualTo(Errors.NONE);
  }

  @Test
  void makesRoomForALargerSessionByASmallerOneThatIsOldEnough() {
    open(request(0, 0, 1));
    open(request(0, 0, 1, 2, 3));
    sim.runFor(119_000);
    open(request(1, 1));
    open(request(2, 1));
    sim.runFor(2_000);

    assertThat(open(request(0, 0, 1, 2)).sessionId()).isEqualTo(3);
    assertThat(open(request(1, 2)).error()).isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
    assertThat(open(request(2, 2)).error()).isEqualTo(Errors.NONE);
  }
}
