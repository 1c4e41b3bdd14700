package io.millrace.network;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ToldElsewhereTest {
  private static final InetSocketAddress DIALLED = new InetSocketAddress("172.31.0.5", 9092);

  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(ToldElsewhere.class);

  @BeforeEach
  void listen() {
    lines.start();
    logger.setLevel(Level.INFO);
    logger.setAdditive(false);
    logger.addAppender(lines);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(lines);
    logger.setAdditive(true);
    logger.setLevel(null);
  }

  @Test
  void saysItOncePerClientAndOnlyForListenersThatItConcerns() throws UnknownHostException {
    ToldElsewhere told = new ToldElsewhere(Map.of("OUTSIDE", "ec2.example.com:9092"));

    for (int i = 0; i < 3; i++) {
      told.connected("OUTSIDE", InetAddress.getByName("203.0.113.9"), DIALLED);
      told.connected("INSIDE", InetAddress.getByName("10.0.0.8"), DIALLED);
    }

    assertThat(lines.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly(
            "client 203.0.113.9 dialled 172.31.0.5:9092 and is told to go on at"
                + " ec2.example.com:9092, which is not an address of this machine: if it gets no"
                + " further, correct advertised.listeners");
  }
}
