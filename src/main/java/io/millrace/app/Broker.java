package io.millrace.app;

import io.millrace.cluster.Cluster;
import io.millrace.config.BrokerConfig;
import io.millrace.metrics.LocalMetrics;
import io.millrace.network.TcpServer;
import io.millrace.rest.WebServer;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * A running broker. Parts start from the inside out, so that a listener opens only when everything
 * behind it works, and stop from the outside in. Thread-safe.
 */
public final class Broker {
  private final Cluster cluster;
  private final LocalMetrics metrics;
  private final TcpServer server;
  private final @Nullable WebServer web;
  private final StopOrder stops;
  private final Future<Void> givenUp;
  private final Future<String> superseded;
  private final Future<Failure> failed;

  Broker(
      Cluster cluster,
      LocalMetrics metrics,
      TcpServer server,
      @Nullable WebServer web,
      StopOrder stops,
      Future<Void> givenUp,
      Future<String> superseded,
      Future<Failure> failed) {
    this.cluster = cluster;
    this.metrics = metrics;
    this.server = server;
    this.web = web;
    this.stops = stops;
    this.givenUp = givenUp;
    this.superseded = superseded;
    this.failed = failed;
  }

  /**
   * Why a broker can serve nothing any more.
   *
   * @param sentence what failed and what is to be done, for the operator
   * @param foldersGone whether nothing is left of the log folders, so that a start would begin
   *     empty: see {@link io.millrace.storage.FolderLoss#isGone}
   */
  public record Failure(String sentence, boolean foldersGone) {}

  /**
   * Starts a broker.
   *
   * @return fails with {@link StartException} when an operator can mend what stands in the way;
   *     what had been opened is closed again then
   */
  public static Future<Broker> start(BrokerConfig config, StartOptions options) {
    return new Assembly(config, options).start();
  }

  /** The port of a listener, also where the configuration says 0. */
  public int port(String listener) {
    return server.port(listener);
  }

  /** The port of the web door; -1 when there is none, and until it has opened. */
  public int webPort() {
    return web == null ? -1 : web.port();
  }

  /** Id of this broker in its cluster. */
  public int id() {
    return cluster.brokerId();
  }

  /** Id of the cluster. */
  public String clusterId() {
    return cluster.image().clusterId();
  }

  /** What the parts have counted. */
  public LocalMetrics metrics() {
    return metrics;
  }

  /**
   * Completes when this broker's cluster, which holds nothing, has met another one: stopped and
   * started again, it joins that one. Never completes otherwise.
   */
  public Future<Void> givenUp() {
    return givenUp;
  }

  /**
   * Completes with a sentence for the operator when this broker is to stop serving: its cluster's
   * metadata was recovered elsewhere, and it goes on with what was before. Never completes
   * otherwise.
   */
  public Future<String> superseded() {
    return superseded;
  }

  /**
   * Completes when this broker can serve nothing any more, or must not: the last of its log folders
   * has failed, or, in a cluster, its metadata log has, so that it knows no more who leads what. It
   * is to end at once, without a farewell: others lead its partitions then, as when its process was
   * killed. Never completes otherwise.
   */
  public Future<Failure> failed() {
    return failed;
  }

  /** Stops everything; completes when all files are closed. Call it once. */
  public Future<Void> stop() {
    return stops.stopAll();
  }
}
