package io.millrace.network;

import io.millrace.eventloop.EventLoop;
import io.millrace.handler.Handlers;
import io.millrace.metrics.Metrics;
import io.millrace.protocol.ResponseEncoder;
import io.millrace.quota.ConnectionCount;
import java.util.function.Supplier;

/**
 * What all connections of one loop share. Immutable.
 *
 * @param loop the loop
 * @param answering who answers now
 * @param encoder of the answers
 * @param budget memory for requests of the process
 * @param faults log of what peers do wrong
 * @param connections those that are open, of the process
 * @param counters what is counted
 * @param frameBytesMax largest request
 * @param order in which answers leave
 */
record NetworkServices(
    EventLoop loop,
    Supplier<Handlers> answering,
    ResponseEncoder encoder,
    MemoryBudget budget,
    FaultLog faults,
    ConnectionCount connections,
    Counters counters,
    int frameBytesMax,
    AnswerOrder order) {

  /** Who answers. */
  Handlers handlers() {
    return answering.get();
  }

  /** Counters of the network; the same ones for all loops. */
  record Counters(
      Metrics.Counter requests, Metrics.Counter bytesIn, Metrics.Counter connectionsOpened) {
    static Counters of(Metrics metrics, AnswerOrder order) {
      return new Counters(
          metrics.counter(order.metric("requests")),
          metrics.counter(order.metric("request.bytes")),
          metrics.counter(order.metric("connections.opened")));
    }
  }
}
