package io.millrace.coordinator.runtime;

import io.millrace.coordinator.shard.RecordCodec;
import io.millrace.coordinator.shard.Reply;
import io.millrace.coordinator.shard.Shard;
import io.millrace.coordinator.shard.ShardResult;
import io.millrace.coordinator.shard.ShardTimer;
import io.millrace.eventloop.EventLoop;
import io.millrace.metadata.ClusterChange;
import io.millrace.metadata.MetadataListener;
import io.millrace.metadata.TopicImage;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * The shards of one internal topic that this broker runs: begun and ended as the cluster's image
 * moves leadership, and found by partition for whoever has a step to run.
 *
 * <p>Must be told of changes behind the partitions themselves, whose logs it uses. It is done with
 * a change when all steps that come later find its shards, so the coordinator of an internal topic
 * that was just created is there when its creation is answered.
 *
 * <p>Thread-safe; changes come on the control loop.
 *
 * @param <S> the shards
 * @param <R> their records
 */
public final class ShardHosts<S extends Shard<R>, R> implements MetadataListener {
  private static final long LOADING_RETRY_MS = 500;

  private final String topic;
  private final EventLoop control;
  private final ShardLogs logs;
  private final Rooms<S, R> rooms;

  // Written on the control loop.
  private volatile PMap<Integer, Hosted<S, R>> hosted = HashTreePMap.empty();

  /** A host and the log that it is on. */
  private record Hosted<S extends Shard<R>, R>(ShardLog log, ShardHost<S, R> host) {}

  /** Finds the logs of the topic. */
  public interface ShardLogs {

    /** The log of a partition when this broker leads it, else null. On the control loop. */
    @Nullable Led find(int partition);

    /**
     * A partition that this broker leads.
     *
     * @param leaderEpoch epoch in which it leads
     */
    record Led(ShardLog log, int leaderEpoch) {}
  }

  /** Makes what a partition's shards need. */
  public interface Rooms<S extends Shard<R>, R> {

    /** The codec of the records. */
    RecordCodec<R> codec();

    /** What the host of a partition needs; called once for each host. */
    Room<S, R> room(ShardLog log);
  }

  /**
   * What one host needs.
   *
   * @param options its settings
   * @param shards makes an empty shard on a timer
   */
  public record Room<S extends Shard<R>, R>(
      ShardOptions options, Function<ShardTimer<R>, S> shards) {}

  /**
   * @param topic name of the internal topic
   * @param control the loop on which changes come
   */
  public ShardHosts(String topic, EventLoop control, ShardLogs logs, Rooms<S, R> rooms) {
    this.topic = topic;
    this.control = control;
    this.logs = logs;
    this.rooms = rooms;
  }

  @Override
  public void onImage(ClusterChange change, Runnable done) {
    TopicImage before = change.before().topic(topic);
    TopicImage now = change.now().topic(topic);
    boolean touched =
        (before != null && change.topics().contains(before.id()))
            || (now != null && change.topics().contains(now.id()));
    if (!touched) {
      done.run();
      return;
    }
    int count = now == null ? 0 : now.partitions().size();
    List<Future<Void>> steps = new ArrayList<>();
    for (int partition = 0; partition < count; partition++) {
      steps.add(follow(partition, logs.find(partition)));
    }
    for (int gone : hosted.keySet()) {
      if (gone >= count) {
        steps.add(follow(gone, null));
      }
    }
    Future.join(steps).onComplete(all -> done.run());
  }

  private Future<Void> follow(int partition, ShardLogs.@Nullable Led led) {
    Hosted<S, R> here = hosted.get(partition);
    if (led == null) {
      hosted = hosted.minus(partition);
      return here == null ? Future.succeededFuture() : resign(here);
    }
    Future<Void> cleared = Future.succeededFuture();
    if (here == null || here.log != led.log()) {
      cleared = here == null ? cleared : resign(here);
      here = host(led.log());
      hosted = hosted.plus(partition, here);
    }
    ShardHost<S, R> host = here.host;
    EventLoop loop = led.log().loop();
    return cleared.compose(
        done ->
            control.ask(
                loop,
                () -> {
                  host.lead(led.leaderEpoch());
                  return Future.succeededFuture();
                }));
  }

  private Hosted<S, R> host(ShardLog log) {
    Room<S, R> room = rooms.room(log);
    return new Hosted<>(log, new ShardHost<>(log, room.options(), rooms.codec(), room.shards()));
  }

  private Future<Void> resign(Hosted<S, R> gone) {
    return control.ask(
        gone.log.loop(),
        () -> {
          gone.host.resign();
          return Future.succeededFuture();
        });
  }

  /**
   * Runs a step on the shard of a partition. Any thread.
   *
   * @param caller the loop that asks, and gets the answer
   * @return fails with {@link CoordinatorException}; NOT_COORDINATOR when the shard is not here
   */
  public <T> Future<T> run(
      EventLoop caller, int partition, BiFunction<S, Reply<T>, ShardResult<R>> step) {
    return ask(caller, partition, host -> host.run(step));
  }

  /** As {@link #run}, with {@link ShardHost#write}. Any thread. */
  public <T> Future<T> write(
      EventLoop caller, int partition, BiFunction<S, Reply<T>, ShardResult<R>> step) {
    return ask(caller, partition, host -> host.write(step));
  }

  /** As {@link #run}, with {@link ShardHost#read}. Any thread. */
  public <T> Future<T> read(
      EventLoop caller, int partition, BiFunction<S, Reply<T>, ShardResult<R>> step) {
    return ask(caller, partition, host -> host.read(step));
  }

  private <T> Future<T> ask(
      EventLoop caller, int partition, Function<ShardHost<S, R>, Future<T>> question) {
    Hosted<S, R> here = hosted.get(partition);
    if (here == null) {
      return Future.failedFuture(new CoordinatorException(Errors.NOT_COORDINATOR));
    }
    return caller.ask(here.log.loop(), () -> question.apply(here.host));
  }

  /** Partitions whose shards are here, loaded or loading. Any thread. */
  public Set<Integer> partitions() {
    return new TreeSet<>(hosted.keySet());
  }

  /** Runs a step on all shards that are here; on those that are loading, when they are loaded. */
  public <T> void onAll(BiFunction<S, Reply<T>, ShardResult<R>> step) {
    hosted.values().forEach(here -> here.log.loop().execute(() -> runWhenLoaded(here, step)));
  }

  private <T> void runWhenLoaded(Hosted<S, R> here, BiFunction<S, Reply<T>, ShardResult<R>> step) {
    here.host
        .run(step)
        .onFailure(
            failure -> {
              if (CoordinatorException.errorOf(failure) == Errors.COORDINATOR_LOAD_IN_PROGRESS) {
                here.log.loop().schedule(LOADING_RETRY_MS, () -> runWhenLoaded(here, step));
              }
            });
  }

  /** Ends all shards: whoever waits is told to look for another coordinator. */
  public Future<Void> close() {
    return control.ask(control, this::resignAll);
  }

  private Future<Void> resignAll() {
    List<Future<Void>> steps = new ArrayList<>();
    hosted.values().forEach(here -> steps.add(resign(here)));
    hosted = HashTreePMap.empty();
    return Future.join(steps).mapEmpty();
  }
}
