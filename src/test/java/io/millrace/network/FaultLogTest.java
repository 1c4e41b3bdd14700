package io.millrace.network;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.millrace.event.EventLog;
import io.millrace.testkit.SetClock;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class FaultLogTest {
  private static final InetAddress PEER = InetAddress.getLoopbackAddress();

  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger("io.millrace.network.Connection");
  private final SetClock clock = new SetClock(0);
  private final FaultLog faults = new FaultLog(clock, new EventLog(clock));

  @BeforeEach
  void listen() {
    lines.start();
    logger.setAdditive(false);
    logger.addAppender(lines);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(lines);
    logger.setAdditive(true);
  }

  private List<String> said() {
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void countsRepeatedFaultsOfOnePeerInsteadOfRepeatingThem() {
    for (int i = 0; i < 1000; i++) {
      faults.log(PEER, FaultLog.Kind.MALFORMED_REQUEST, "a bad frame", null);
    }
    assertThat(said()).containsExactly("a bad frame from 127.0.0.1");
    clock.pass(61_000);
    faults.log(PEER, FaultLog.Kind.MALFORMED_REQUEST, "a bad frame", null);
    assertThat(said())
        .last()
        .isEqualTo("a bad frame from 127.0.0.1 (and 999 times more since the last such line)");
  }

  @Test
  void saysOtherKindsOfFaultsAtOnce() {
    faults.log(PEER, FaultLog.Kind.MALFORMED_REQUEST, "a bad frame", null);
    faults.log(PEER, FaultLog.Kind.RETIRED_VERSION, "an old client", null);
    assertThat(said()).hasSize(2);
  }

  @Test
  void tellsOurOwnFaultsApartByTheirSentence() {
    RuntimeException cause = new IllegalStateException("x");
    faults.log(PEER, FaultLog.Kind.HANDLER_FAILED, "Fetch failed", cause);
    faults.log(PEER, FaultLog.Kind.HANDLER_FAILED, "Produce failed", cause);
    faults.log(PEER, FaultLog.Kind.HANDLER_FAILED, "Produce failed", cause);
    assertThat(said()).hasSize(2);
  }
}
