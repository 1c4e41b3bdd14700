package io.millrace.network;

import io.millrace.handler.ApiHandler;
import io.millrace.handler.ConnectionScope;
import io.millrace.handler.RequestContext;
import io.millrace.model.Caller;
import io.millrace.protocol.MalformedRequestException;
import io.millrace.protocol.RequestBody;
import io.millrace.protocol.RequestHeader;
import io.millrace.protocol.RetiredProduce;
import io.netty.buffer.ByteBufAllocator;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * The requests of one connection: each is started in the order in which they came, and answered in
 * that order too, whatever is ready first (save where {@link AnswerOrder} says otherwise). The
 * order is that of arrival here; correlation ids are only repeated, for a client may use one twice.
 *
 * <p>Confined to: the loop of the connection.
 */
final class RequestPipeline {
  /** What the pipeline tells its connection. */
  interface Outlet {
    /** The next answer in order. */
    void write(Slot slot);

    /** Nothing more is read; the connection ends once the answers that are due were sent. */
    void end();

    /** An answer arrived, so there may be room for more requests. */
    void proceed();
  }

  private final NetworkServices services;
  private final ClientIdentity client;
  private final ConnectionScope scope;
  private final ByteBufAllocator allocator;
  private final Outlet outlet;
  private final ArrayDeque<Slot> slots = new ArrayDeque<>(4);
  private long unansweredBytes;
  private boolean closed;

  RequestPipeline(
      NetworkServices services,
      ClientIdentity client,
      ConnectionScope scope,
      ByteBufAllocator allocator,
      Outlet outlet) {
    this.services = services;
    this.client = client;
    this.scope = scope;
    this.allocator = allocator;
    this.outlet = outlet;
  }

  /**
   * Decodes a request and calls its handler. Takes the frame over.
   *
   * @throws MalformedRequestException when the connection must end for it
   */
  void start(Frame frame) {
    try {
      services.counters().requests().increment();
      services.counters().bytesIn().add(frame.sizeBytes());
      RequestHeader header = RequestHeader.read(frame.bytes());
      Slot slot = new Slot(header, frame.sizeBytes());
      ApiHandler<?> handler = services.handlers().of(header.api());
      if (handler == null) {
        throw new MalformedRequestException(header.api().name + ", which is not served here,");
      }
      if (RetiredProduce.is(header)) {
        retired(slot, frame);
      } else if (serves(handler, header.version())) {
        handle(slot, frame, handler);
      } else if (header.api() == ApiKeys.API_VERSIONS) {
        slot.version = 0;
        enqueue(slot);
        slot.answer(services.handlers().apiVersions(Errors.UNSUPPORTED_VERSION));
        leaves(slot);
      } else {
        retiredVersion(header);
      }
    } finally {
      frame.release();
    }
  }

  private static boolean serves(ApiHandler<?> handler, short version) {
    return version >= handler.minVersion() && version <= handler.maxVersion();
  }

  private void retired(Slot slot, Frame frame) {
    enqueue(slot);
    slot.answerEncoded(RetiredProduce.answer(slot.header, frame.bytes(), allocator));
    logRetired(slot.header);
    leaves(slot);
  }

  private void retiredVersion(RequestHeader header) {
    if (header.version() < header.api().oldestVersion()) {
      logRetired(header);
      outlet.end();
      return;
    }
    throw new MalformedRequestException(
        "version " + header.version() + " of " + header.api().name + ", which is not served here,");
  }

  private void logRetired(RequestHeader header) {
    services
        .faults()
        .log(
            client.address(),
            FaultLog.Kind.RETIRED_VERSION,
            header.api().name
                + " version "
                + header.version()
                + ", which Kafka 4 removed (KIP-896), is refused: use a client of 2.1 or newer;"
                + " client id '"
                + header.clientId()
                + "'",
            null);
  }

  private void handle(Slot slot, Frame frame, ApiHandler<?> handler) {
    ApiMessage request = RequestBody.read(slot.header, frame.bytes());
    enqueue(slot);
    if (request instanceof ApiVersionsRequestData apiVersions
        && slot.header.version() >= 3
        && !client.introduces(
            apiVersions.clientSoftwareName(), apiVersions.clientSoftwareVersion())) {
      answered(
          slot, Future.succeededFuture(services.handlers().apiVersions(Errors.INVALID_REQUEST)));
      return;
    }
    RequestContext context = context(slot.header, frame);
    Future<ApiMessage> answer;
    try {
      answer = call(handler, context, request);
    } catch (RuntimeException e) {
      answer = Future.failedFuture(e);
    }
    answer.onComplete(result -> answered(slot, result));
  }

  @SuppressWarnings("unchecked")
  private static Future<ApiMessage> call(
      ApiHandler<?> handler, RequestContext context, ApiMessage request) {
    // The message was made for this handler's API, so it is of its class.
    return ((ApiHandler<ApiMessage>) handler).handle(context, request);
  }

  private RequestContext context(RequestHeader header, Frame frame) {
    Caller caller = client.caller(header.clientId());
    return new RequestContext(
        header.api(),
        header.version(),
        caller,
        client.dialled(),
        services.loop(),
        frame,
        scope,
        client.connectionId(),
        client.softwareName(),
        client.softwareVersion());
  }

  private void enqueue(Slot slot) {
    slots.add(slot);
    unansweredBytes += slot.sizeBytes;
  }

  private void answered(Slot slot, AsyncResult<ApiMessage> result) {
    if (!services.loop().isOwner()) {
      services.loop().execute(() -> answered(slot, result));
      return;
    }
    if (closed || slot.isDropped()) {
      if (result.succeeded() && result.result() != null) {
        services.encoder().discard(result.result());
      }
      return;
    }
    if (result.failed()) {
      failed(slot, result.cause());
      return;
    }
    slot.answer(result.result());
    if (leaves(slot)) {
      outlet.proceed();
    }
  }

  private void failed(Slot slot, Throwable cause) {
    dropFrom(slot);
    boolean refused = cause instanceof MalformedRequestException || cause instanceof ApiException;
    String what = slot.header.api().name + " version " + slot.header.version();
    if (refused) {
      services
          .faults()
          .log(
              client.address(),
              FaultLog.Kind.MALFORMED_REQUEST,
              what + " was refused (" + cause.getMessage() + ")",
              null);
    } else {
      services
          .faults()
          .log(client.address(), FaultLog.Kind.HANDLER_FAILED, what + " failed", cause);
    }
    outlet.end();
  }

  /** Nothing can follow an answer that is missing. */
  private void dropFrom(Slot slot) {
    Slot last;
    do {
      last = slots.removeLast();
      unansweredBytes -= last.sizeBytes;
      AnswerWriter.discard(services.encoder(), last);
      last.drop();
    } while (last != slot);
  }

  /** Lets an answer go, and those that waited for it; whether any could go. */
  private boolean leaves(Slot slot) {
    if (services.order() == AnswerOrder.AS_READY) {
      slots.removeFirstOccurrence(slot);
      unansweredBytes -= slot.sizeBytes;
      outlet.write(slot);
      return true;
    }
    boolean first = slots.peek() == slot;
    drain();
    return first;
  }

  private void drain() {
    Slot head = slots.peek();
    while (head != null && head.isAnswered()) {
      slots.poll();
      unansweredBytes -= head.sizeBytes;
      outlet.write(head);
      head = slots.peek();
    }
  }

  /** Requests that were started and whose answers were not written yet. */
  int unanswered() {
    return slots.size();
  }

  /** Sizes of those requests, in all. */
  long unansweredBytes() {
    return unansweredBytes;
  }

  /** The connection has ended: answers that come from now on are released. */
  void close() {
    closed = true;
    slots.forEach(slot -> AnswerWriter.discard(services.encoder(), slot));
    slots.clear();
  }
}
