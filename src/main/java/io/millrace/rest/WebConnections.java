package io.millrace.rest;

import io.millrace.event.Event;
import io.millrace.event.EventLog;
import io.millrace.event.Repetitions;
import io.millrace.quota.ConnectionCount;
import io.millrace.quota.ConnectionCount.Limits;
import io.millrace.quota.DescriptorRoom;
import io.millrace.time.Clock;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open connections of the web door. One beyond the limits is closed at once and logged, the
 * next ones as a number once in a minute; those that are open stay.
 *
 * <p>Sockets have the configured limits to themselves, and say it in words when they are reached.
 * Requests have some connections more, so that the console can be opened then and show why.
 *
 * <p>Thread-safe.
 */
final class WebConnections {
  private static final Logger LOG = LoggerFactory.getLogger(WebConnections.class);
  private static final int MORE_FOR_REQUESTS = 1_000;
  private static final int MORE_OF_ADDRESS = 100;

  private final ConnectionCount count;
  private final Clock clock;
  private final EventLog events;
  private final Repetitions refusals = new Repetitions();

  /**
   * @param sockets limits on sockets
   */
  WebConnections(Limits sockets, Clock clock, EventLog events) {
    this.count = new ConnectionCount(widened(sockets));
    this.clock = clock;
    this.events = events;
  }

  private static Limits widened(Limits sockets) {
    return sockets.plus(MORE_FOR_REQUESTS, MORE_OF_ADDRESS);
  }

  void change(Limits sockets) {
    count.change(widened(sockets));
  }

  void shareDescriptors(DescriptorRoom room) {
    count.shareDescriptors(room);
  }

  int open() {
    return count.open();
  }

  /**
   * Takes a new connection, or closes it. Its end is heard of from the channel itself, which
   * outlives what serves it: a socket takes the place of the server's own handler.
   */
  void take(Channel channel) {
    if (!(channel.remoteAddress() instanceof InetSocketAddress remote)) {
      // It was gone before it was here.
      channel.close();
      return;
    }
    InetAddress address = remote.getAddress();
    String refusal = count.enter(address);
    if (refusal == null) {
      channel.closeFuture().addListener(closed -> count.leave(address));
    } else {
      channel.close();
      tell(refusal, address);
    }
  }

  private void tell(String refusal, InetAddress address) {
    long more = refusals.next(clock.monotonicMs());
    if (more < 0) {
      return;
    }
    String sentence =
        "a connection to the web door beyond what %s allows was closed, it came from %s"
            .formatted(refusal, address.getHostAddress());
    LOG.warn("{}{}", sentence, Repetitions.told(more));
    events.add(
        Event.of("request.refused", Event.Level.WARN, sentence).address(address.getHostAddress()));
  }
}
