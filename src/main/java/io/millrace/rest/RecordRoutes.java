package io.millrace.rest;

import io.millrace.browser.Outgoing;
import io.millrace.browser.Publisher;
import io.millrace.browser.Publisher.Result;
import io.millrace.browser.RefusedException;
import io.millrace.browser.frame.JsonFields;
import io.millrace.eventloop.EventLoop;
import io.millrace.quota.Quotas;
import io.millrace.rest.problem.Problem;
import io.millrace.rest.problem.ProblemException;
import io.millrace.rest.view.Look;
import io.millrace.rest.view.Sources;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads and produces records. Thread-safe. */
final class RecordRoutes implements Routes {
  private static final String RECORDS = "/api/v1/topics/:topic/records";
  private static final int RECORDS_MAX = 10_000;
  private static final int MULTI_STATUS = 207;
  private static final Set<String> ONE = Set.of("k", "v", "h", "p");

  private final Sources sources;
  private final Publisher publisher;

  RecordRoutes(Sources sources, Quotas quotas) {
    this.sources = sources;
    this.publisher =
        new Publisher(
            sources.logs(),
            sources.appends(),
            sources.cluster()::image,
            sources.authorizer(),
            quotas);
  }

  @Override
  public void mount(Router router, EventLoop loop) {
    router.post(RECORDS).handler(context -> produce(new ApiRequest(context, loop)));
    Routes.read(router.route(RECORDS)).handler(context -> read(new ApiRequest(context, loop)));
  }

  private void read(ApiRequest request) {
    Look look = request.look(RecordQuery.PARAMETERS);
    RecordQuery query = RecordQuery.of(sources, look, request.name("topic"));
    new RecordReading(request, sources, query).start();
  }

  private void produce(ApiRequest request) {
    Look look = request.look(Set.of("acks"));
    short acks = acks(look.query("acks"));
    List<Outgoing> records = records(request.rawBody());
    publisher
        .publish(request.loop(), request.caller(), request.name("topic"), records, acks)
        .onSuccess(results -> answer(request, results))
        .onFailure(request::fail);
  }

  private static short acks(@Nullable String word) {
    if (word == null || word.equals("all") || word.equals("-1")) {
      return -1;
    }
    return switch (word) {
      case "1" -> 1;
      case "0" -> 0;
      default ->
          throw new ProblemException(
              Problem.badRequest("The parameter acks must be all, 1 or 0, not " + word + "."));
    };
  }

  private static List<Outgoing> records(@Nullable Buffer body) {
    JsonFields fields = body == null ? null : JsonFields.of(body.getBytes());
    if (fields == null) {
      throw new ProblemException(
          Problem.badRequest("The body is not a JSON object.")
              .hint("Write {\"k\":\"key\",\"v\":{\"a\":1}} or {\"records\":[{\"v\":1},...]}."));
    }
    if (!fields.has("records")) {
      return List.of(one(fields));
    }
    if (fields.names().size() > 1) {
      throw new ProblemException(
          Problem.badRequest("With the field records there can be no other field."));
    }
    List<byte[]> elements = fields.elements("records");
    if (elements == null || elements.isEmpty() || elements.size() > RECORDS_MAX) {
      throw new ProblemException(
          Problem.badRequest(
              "The field records must be a list of 1 to " + RECORDS_MAX + " records."));
    }
    List<Outgoing> records = new ArrayList<>(elements.size());
    for (byte[] element : elements) {
      JsonFields record = JsonFields.of(element);
      if (record == null) {
        throw new ProblemException(
            Problem.badRequest(
                "Record " + records.size() + " of the field records is not an object."));
      }
      records.add(one(record));
    }
    return records;
  }

  private static Outgoing one(JsonFields fields) {
    for (String field : fields.names()) {
      if (!ONE.contains(field)) {
        throw ApiRequest.unknown("field", field, ONE);
      }
    }
    return Outgoing.of(fields);
  }

  private static void answer(ApiRequest request, List<Result> results) {
    JsonArray told = new JsonArray();
    boolean whole = true;
    for (Result result : results) {
      if (result instanceof Result.Published published) {
        told.add(
            new JsonObject()
                .put("p", published.partition())
                .put("o", published.offset())
                .put("ts", published.timestampMs()));
      } else if (result instanceof Result.Failed failed) {
        whole = false;
        told.add(problem(failed.why()));
      }
    }
    request.send(whole ? 200 : MULTI_STATUS, new JsonObject().put("records", told).toBuffer());
  }

  private static JsonObject problem(RefusedException why) {
    JsonObject json =
        new JsonObject().put("code", why.error().name()).put("detail", why.sentence());
    return why.hint() == null ? json : json.put("hint", why.hint());
  }
}
