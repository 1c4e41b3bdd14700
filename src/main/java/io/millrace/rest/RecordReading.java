package io.millrace.rest;

import io.millrace.browser.PlaceFinder;
import io.millrace.browser.PlaceFinder.Start;
import io.millrace.browser.Position;
import io.millrace.browser.frame.ByteSink;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.Work;
import io.millrace.partition.CommittedLog;
import io.millrace.partition.Registration;
import io.millrace.record.BatchDecoder;
import io.millrace.rest.problem.Problem;
import io.millrace.rest.problem.ProblemException;
import io.millrace.rest.view.Sources;
import io.millrace.time.Timer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * One request for records: finds where to begin, reads the partitions in turn, and waits when there
 * is nothing yet. Confined to: the loop of the connection.
 */
final class RecordReading {
  private final ApiRequest request;
  private final Sources sources;
  private final RecordQuery query;
  private final EventLoop loop;
  private final List<Spot> spots = new ArrayList<>();
  private final ByteSink items = new ByteSink(1 << 12);
  private final JsonArray gaps = new JsonArray();
  private final List<Registration> waits = new ArrayList<>();
  private int count;
  private int bytesLeft;
  private Timer.@Nullable Handle deadline;
  private boolean over;

  /** Where the reader stands in a partition. */
  private static final class Spot {
    final int number;
    final CommittedLog partition;
    long offset;
    int leaderEpoch;
    long limit;

    Spot(int number, CommittedLog partition, Start start) {
      this.number = number;
      this.partition = partition;
      this.offset = start.offset();
      this.leaderEpoch = start.leaderEpoch();
      this.limit = start.end();
    }
  }

  RecordReading(ApiRequest request, Sources sources, RecordQuery query) {
    this.request = request;
    this.sources = sources;
    this.query = query;
    this.loop = request.loop();
    this.bytesLeft = query.bytes();
  }

  void start() {
    request.onClose(this::end);
    List<Future<Void>> found = new ArrayList<>();
    for (int number : query.partitions()) {
      found.add(find(number));
    }
    Future.all(found)
        .onSuccess(
            all -> {
              spots.sort((one, other) -> Integer.compare(one.number, other.number));
              if (query.waitMs() > 0) {
                deadline = loop.schedule(query.waitMs(), this::answer);
              }
              pass();
            })
        .onFailure(this::fail);
  }

  private Future<Void> find(int number) {
    CommittedLog partition = sources.logs().get(query.topic().id(), number);
    if (partition == null) {
      return Future.failedFuture(refused(number, Errors.UNKNOWN_TOPIC_OR_PARTITION));
    }
    return PlaceFinder.find(loop, partition, query.from())
        .map(
            start -> {
              if (start.error() != Errors.NONE) {
                throw refused(number, start.error());
              }
              spots.add(new Spot(number, partition, start));
              if (start.gap() != null) {
                gap(number, start.gap().from(), start.gap().to(), start.gap().why().word());
              }
              return null;
            });
  }

  private ProblemException refused(int number, Errors error) {
    return new ProblemException(
        Problem.of(
            error,
            "Partition " + number + " of topic " + query.topic().name() + ": " + error.message()));
  }

  private void gap(int number, long from, long to, String why) {
    gaps.add(new JsonObject().put("p", number).put("from", from).put("to", to).put("why", why));
  }

  /** Reads each partition once; again while that brings anything and more is wanted. */
  private void pass() {
    if (over) {
      return;
    }
    long before = spots.stream().mapToLong(spot -> spot.offset).sum();
    read(0)
        .onSuccess(
            done -> {
              long after = spots.stream().mapToLong(spot -> spot.offset).sum();
              if (after > before && count < query.limit() && bytesLeft > 0) {
                pass();
              } else if (count == 0 && deadline != null && after == before) {
                await();
              } else if (count == 0 && after > before) {
                bytesLeft = query.bytes();
                pass();
              } else {
                answer();
              }
            })
        .onFailure(this::fail);
  }

  private Future<Void> read(int index) {
    if (over || index == spots.size() || count >= query.limit() || bytesLeft <= 0) {
      return Future.succeededFuture();
    }
    Spot spot = spots.get(index);
    int share = Math.max(1, bytesLeft / (spots.size() - index));
    int records = Math.max(1, (query.limit() - count) / (spots.size() - index));
    return spot.partition
        .read(loop, spot.offset, share)
        .compose(
            read -> {
              spot.limit = read.limit();
              if (read.error() != Errors.NONE) {
                throw refused(spot.number, read.error());
              }
              if (read.bytes().remaining() == 0) {
                return Future.succeededFuture();
              }
              bytesLeft -= read.bytes().remaining();
              RecordCut cut =
                  new RecordCut(
                      spot.number,
                      spot.offset,
                      spot.leaderEpoch,
                      records,
                      query.value(),
                      BatchDecoder.expansionLimit(spot.partition.config().maxMessageBytes()));
              return loop.offload(Work.DECOMPRESS, () -> cut.of(read))
                  .map(done -> take(spot, done));
            })
        .compose(done -> read(index + 1));
  }

  private Void take(Spot spot, RecordCut.Result cut) {
    if (cut.count() > 0) {
      if (count > 0) {
        items.put(',');
      }
      items.put(cut.items());
    }
    count += cut.count();
    spot.offset = cut.nextOffset();
    spot.leaderEpoch = cut.leaderEpoch();
    cut.unreadable().forEach(u -> gap(spot.number, u.from(), u.to(), "unreadable"));
    return null;
  }

  private void await() {
    for (Spot spot : spots) {
      waits.add(spot.partition.awaitData(loop, spot.limit, this::woken));
    }
  }

  private void woken() {
    stopWaiting();
    pass();
  }

  private void stopWaiting() {
    waits.forEach(Registration::cancel);
    waits.clear();
  }

  /** The connection is gone, or everything is said. */
  private void end() {
    over = true;
    stopWaiting();
    if (deadline != null) {
      deadline.cancel();
    }
  }

  private void fail(Throwable fault) {
    if (!over) {
      end();
      request.fail(fault);
    }
  }

  private void answer() {
    if (over) {
      return;
    }
    end();
    TreeMap<Integer, Position.Point> at = new TreeMap<>();
    spots.forEach(spot -> at.put(spot.number, new Position.Point(spot.offset, spot.leaderEpoch)));
    TreeMap<String, Position.TopicPosition> topics = new TreeMap<>();
    topics.put(query.topic().name(), new Position.TopicPosition(query.topic().id(), at));
    Buffer body =
        Buffer.buffer(items.size() + 256)
            .appendString("{\"t\":\"" + query.topic().name() + "\",\"records\":[")
            .appendBytes(items.copy())
            .appendString("],\"next\":")
            .appendBuffer(new Position(topics).json().toBuffer());
    if (!gaps.isEmpty()) {
      body.appendString(",\"gaps\":").appendBuffer(gaps.toBuffer());
    }
    request.send(200, body.appendString("}", StandardCharsets.US_ASCII.name()));
  }
}
