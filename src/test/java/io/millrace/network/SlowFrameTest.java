package io.millrace.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.EventLog;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.SimScheduler;
import io.millrace.handler.Handlers;
import io.millrace.metrics.LocalMetrics;
import io.millrace.protocol.ResponseEncoder;
import io.millrace.quota.ConnectionCount;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.vertx.core.Promise;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A frame holds its memory only as long as it comes on, when others need it. */
class SlowFrameTest {
  private static final InetSocketAddress ADDRESS = new InetSocketAddress("127.0.0.1", 9092);
  private static final int FRAME_BYTES = 1 << 20;
  private static final long STALLED_NS = TimeUnit.SECONDS.toNanos(30);

  private final SimScheduler scheduler = new SimScheduler(1);
  private final EventLoop loop = scheduler.process("broker").loop("network");
  private final MemoryBudget budget = new MemoryBudget(FRAME_BYTES);
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private Connection connection;

  private void open() {
    open(new Handlers(List.of()));
    channel.writeInbound(Unpooled.buffer().writeInt(FRAME_BYTES));
    assertThat(budget.usedBytes()).isEqualTo(FRAME_BYTES);
  }

  private void open(Handlers handlers) {
    NetworkServices services =
        new NetworkServices(
            loop,
            () -> handlers,
            new ResponseEncoder(records -> null),
            budget,
            new FaultLog(scheduler.clock(), new EventLog(scheduler.clock())),
            new ConnectionCount(ConnectionCount.Limits.NONE),
            NetworkServices.Counters.of(new LocalMetrics(), AnswerOrder.OF_REQUESTS),
            FRAME_BYTES,
            AnswerOrder.OF_REQUESTS);
    connection =
        new Connection(
            services, new ClientIdentity(1, "PLAINTEXT", ADDRESS, ADDRESS), closed -> {});
    channel.pipeline().addLast(connection);
  }

  /** What comes each second, for a minute and a half, with the sweeps of that time. */
  private void sendEachSecond(int bytes) {
    for (int second = 0; second < 90 && channel.isOpen(); second++) {
      scheduler.runFor(1000);
      channel.writeInbound(Unpooled.buffer().writeZero(bytes));
      connection.sweep(scheduler.clock().monotonicNs(), -1, STALLED_NS);
      channel.runPendingTasks();
    }
  }

  private void letAnotherWait() {
    assertThat(budget.take(FRAME_BYTES, false, () -> {})).isFalse();
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void oneThatEndsLeavesTheMemoryItWaitedForToTheNext() {
    Stub<HeartbeatRequestData> slow =
        new Stub<>(ApiKeys.HEARTBEAT, (context, request) -> Promise.<ApiMessage>promise().future());
    open(new Handlers(List.of(slow)));
    channel.writeInbound(
        Unpooled.wrappedBuffer(WireClient.frame(new HeartbeatRequestData(), (short) 4, 1)));
    assertThat(budget.take(FRAME_BYTES, false, () -> {})).isTrue();
    channel.writeInbound(Unpooled.buffer().writeInt(FRAME_BYTES));
    AtomicBoolean woken = new AtomicBoolean();
    assertThat(budget.take(FRAME_BYTES, false, () -> woken.set(true))).isFalse();

    connection.end();
    budget.release(FRAME_BYTES);
    scheduler.runFor(1);

    assertThat(channel.isOpen()).as("an answer is due").isTrue();
    assertThat(woken).isTrue();
  }

  @Test
  void closesOneWhoseBytesDripWhileOthersWait() {
    open();
    letAnotherWait();
    sendEachSecond(1);
    assertThat(channel.isOpen()).isFalse();
    assertThat(scheduler.clock().monotonicMs()).isBetween(30_000L, 35_000L);
  }

  @Test
  void keepsOneWhoseBytesDripWhileNobodyWaits() {
    open();
    sendEachSecond(1);
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void keepsOneThatIsSlowThoughOthersWait() {
    open();
    letAnotherWait();
    sendEachSecond(11_000);
    assertThat(channel.isOpen()).isTrue();
  }
}
