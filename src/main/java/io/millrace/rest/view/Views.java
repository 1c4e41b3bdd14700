package io.millrace.rest.view;

import io.millrace.metadata.TopicImage;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * All that can be looked at, and the sampling behind it.
 *
 * <p>Confined to: the loop of views, save {@link #all}.
 */
public final class Views {
  private final Sources sources;
  private final Surveyor surveyor;
  private final GroupLags lags;
  private final Totals totals;
  private final ClusterViews cluster;
  private final List<View> all;

  /** Views of one broker. */
  public Views(Sources sources) {
    this.sources = sources;
    this.lags =
        new GroupLags(
            sources.views(),
            sources.groups(),
            sources.groupViews(),
            sources.partitions(),
            sources.logs());
    this.surveyor = new Surveyor(sources, lags);
    this.totals =
        new Totals(sources.metrics(), surveyor::recordsIn, sources.views().clock().monotonicNs());
    List<View> views = new ArrayList<>();
    this.cluster = new ClusterViews(sources, surveyor, totals);
    views.addAll(cluster.all());
    views.addAll(new TopicViews(sources, surveyor, lags).all());
    views.add(new PartitionViews(sources));
    views.addAll(new ConsumerGroupViews(sources, lags).all());
    views.add(new EventsView(sources));
    views.addAll(new ConfigViews(sources).all());
    views.add(new SocketsView(sources));
    this.all = List.copyOf(views);
  }

  /** All views. Any thread. */
  public List<View> all() {
    return all;
  }

  /** The view at that address. Any thread. */
  public View of(String address) {
    return all.stream().filter(view -> view.address().equals(address)).findFirst().orElseThrow();
  }

  /** A topic as the list of topics shows it; empty when it is gone by now. */
  public JsonObject topic(String name) {
    TopicImage topic = sources.cluster().image().topic(name);
    TopicRow row = topic == null ? null : surveyor.now().row(topic);
    return row == null ? new JsonObject() : row.json();
  }

  /** How far all groups have read, by group. */
  public Future<Map<String, GroupOffsets>> offsetsOfGroups() {
    return lags.refreshAll().map(refreshed -> lags.all());
  }

  /** Begins to sample, for the five minutes that views show. */
  public void start() {
    sources.views().execute(this::step);
    sources.views().execute(cluster::begin);
  }

  private void step() {
    surveyor.step();
    totals.step(sources.views().clock().monotonicNs(), sources.views().clock().wallMs());
    lags.refreshAll()
        .onComplete(
            done -> {
              lags.step();
              sources.views().scheduleTurn(History.STEP_MS, this::step);
            });
  }
}
