package io.millrace.network;

/** In which order the answers of one connection leave. */
public enum AnswerOrder {
  /** In that of the requests, as Kafka's clients expect. */
  OF_REQUESTS("network", 256),

  /** Each as soon as it is ready, as brokers ask each other: a request that waits delays none. */
  AS_READY("peer", 16_384);

  private final String metrics;
  private final int unansweredMax;

  AnswerOrder(String metrics, int unansweredMax) {
    this.metrics = metrics;
    this.unansweredMax = unansweredMax;
  }

  /** The name of a metric of connections of this kind. */
  String metric(String name) {
    return metrics + "." + name;
  }

  /** Requests that a connection may have unanswered before it is read no further. */
  int unansweredMax() {
    return unansweredMax;
  }
}
