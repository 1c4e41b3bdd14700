package io.millrace.cluster;

import io.millrace.cluster.controller.Decision;
import io.millrace.eventloop.EventLoop;
import io.millrace.metadata.AnsweredRequests;
import io.millrace.metadata.ClusterChange;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.Fact;
import io.millrace.metadata.FactRefusedException;
import io.millrace.metadata.MetadataEntry;
import io.millrace.metadata.RequestAnswered;
import io.millrace.metadata.RequestId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From decisions to images. While this broker is the active controller, requests are decided one by
 * one on the image that all entries submitted so far will lead to; their facts go to the metadata
 * log; what comes back from it is applied, led through the listeners, and then answered.
 *
 * <p>An entry that is refused when it comes back ends the speculation: entries decided on top of it
 * are refused as well, and until the last of them is back nothing is decided.
 *
 * <p>Confined to: the control loop, save {@link #image}.
 */
final class DecisionPipeline implements MetadataLog.Applier {
  private static final Logger LOG = LoggerFactory.getLogger(DecisionPipeline.class);

  private static final NotDecidedException NOT_LEADING =
      new NotDecidedException(Errors.NOT_CONTROLLER, "this broker does not decide now");
  private static final NotDecidedException NO_ROOM =
      new NotDecidedException(
          Errors.KAFKA_STORAGE_ERROR,
          "the disk of the metadata is full: nothing is created, changed or deleted until it has"
              + " room");

  private final EventLoop control;
  private final MetadataLog log;
  private final ListenerChain listeners;
  private final Consumer<Throwable> onFault;

  /** Told when this broker begins and ends to decide, on the control loop. */
  interface Office {
    /** This broker decides from now on; facts can be submitted. */
    void begin();

    /** Another broker decides, or none. */
    void end();
  }

  // Owner: the control loop.
  private @Nullable Office office;
  private ClusterImage applied = ClusterImage.EMPTY;
  private ClusterImage speculative = ClusterImage.EMPTY;
  private long term = -1;
  private @Nullable NotDecidedException whyNotDeciding = NOT_LEADING;
  private boolean speculationBroke;
  private boolean replaying = true;

  /** Submitted, not back from the log; in order. */
  private final ArrayDeque<Pending> inFlight = new ArrayDeque<>();

  /** Waiting for the image of an index that another broker told. */
  private final List<Awaited> awaited = new ArrayList<>();

  private record Awaited(long index, Promise<Void> published) {}

  /** Waiting for an image of their index to be published; in order. */
  private final ArrayDeque<Pending> unpublished = new ArrayDeque<>();

  /** A request whose answer waits. */
  private static final class Pending {
    private final long sequence;
    private final Promise<Void> published = Promise.promise();
    private long index = Long.MAX_VALUE;

    Pending(long sequence) {
      this.sequence = sequence;
    }
  }

  DecisionPipeline(EventLoop control, MetadataLog log, Consumer<Throwable> onFault) {
    this.control = control;
    this.log = log;
    this.onFault = onFault;
    this.listeners = new ListenerChain(control, this::published);
  }

  ListenerChain listeners() {
    return listeners;
  }

  /** Opens the log; completes when all that it holds is applied, and nothing is published yet. */
  Future<Void> open() {
    return log.open(this)
        .onSuccess(
            opened -> {
              replaying = false;
              listeners.offer(applied);
            });
  }

  /** Who is to be told of the beginning and the end of deciding, from now on. */
  void tell(Office told) {
    office = told;
    if (isDeciding()) {
      told.begin();
    }
  }

  /** Whether requests are decided here now. */
  boolean isDeciding() {
    return whyNotDeciding == null && !speculationBroke;
  }

  /** Completes when an image of that index or a later one is published. */
  Future<Void> published(long index) {
    if (listeners.image().index() >= index) {
      return Future.succeededFuture();
    }
    Promise<Void> promise = Promise.promise();
    awaited.add(new Awaited(index, promise));
    return promise.future();
  }

  /**
   * Decides a request, once.
   *
   * @param id names the request; a repeat is answered with the first answer
   * @param reply how its reply is stored and read back
   * @param decider decides on the image that it is given
   * @return the reply, when the decision is published; fails with {@link NotDecidedException}
   */
  <R extends Message> Future<R> decide(
      RequestId id, ReplyCodec<R> reply, Function<ClusterImage, Decision<R>> decider) {
    control.assertOwner();
    if (whyNotDeciding != null || speculationBroke) {
      return Future.failedFuture(whyNotDeciding != null ? whyNotDeciding : NOT_LEADING);
    }
    AnsweredRequests answered = speculative.answers(id.brokerId());
    AnsweredRequests.Answer first = answered.find(id);
    if (first != null) {
      return afterAllSubmitted().map(ignored -> reply.decode(first.reply().get()));
    }
    Decision<R> decision = decider.apply(speculative);
    if (decision.facts().isEmpty()) {
      // It may rest on facts that are still under way.
      return afterAllSubmitted().map(ignored -> decision.reply());
    }
    List<Fact> facts = new ArrayList<>(decision.facts());
    facts.add(
        new RequestAnswered(
            id,
            answered.timeOfNext(control.clock().wallMs()),
            Bytes.wrap(reply.encode(decision.reply()))));
    return submit(facts).map(ignored -> decision.reply());
  }

  /**
   * Decides a request that may be decided again without harm; its reply is not kept. A reply that
   * needs no facts waits for those that it may rest on, for they can still come to nothing.
   */
  <R> Future<R> decide(Function<ClusterImage, Decision<R>> decider) {
    return decide(decider, this::afterAllSubmitted);
  }

  /** The same, but a reply that needs no facts comes at once and promises nothing. */
  <R> Future<R> decideAtOnce(Function<ClusterImage, Decision<R>> decider) {
    return decide(decider, Future::succeededFuture);
  }

  private <R> Future<R> decide(
      Function<ClusterImage, Decision<R>> decider, Supplier<Future<Void>> withoutFacts) {
    control.assertOwner();
    if (!isDeciding()) {
      return Future.failedFuture(whyNotDeciding != null ? whyNotDeciding : NOT_LEADING);
    }
    Decision<R> decision = decider.apply(speculative);
    Future<Void> there =
        decision.facts().isEmpty() ? withoutFacts.get() : submitInParts(decision.facts());
    return there.map(ignored -> decision.reply());
  }

  /**
   * Appends facts that were decided on the image of {@link #speculative}: all of them or none. More
   * than an entry holds is refused with POLICY_VIOLATION.
   */
  Future<Void> submit(List<Fact> facts) {
    control.assertOwner();
    NotDecidedException why = whyNotTaken();
    if (why != null) {
      return Future.failedFuture(why);
    }
    MetadataEntry entry = new MetadataEntry(term, nextSequence(), facts);
    return EntrySize.fits(entry) ? append(entry) : Future.failedFuture(EntrySize.TOO_LARGE);
  }

  /**
   * As {@link #submit}, but more than an entry holds becomes several entries. When the controller
   * changes in between, only the first facts happen: they must be in an order in which that does no
   * harm, and the next controller must find the rest by itself.
   */
  Future<Void> submitInParts(List<Fact> facts) {
    control.assertOwner();
    NotDecidedException why = whyNotTaken();
    if (why != null) {
      return Future.failedFuture(why);
    }
    Optional<List<List<Fact>>> parts = EntrySize.divide(term, facts);
    if (parts.isEmpty()) {
      return Future.failedFuture(EntrySize.TOO_LARGE);
    }
    List<Future<Void>> done = new ArrayList<>();
    for (List<Fact> part : parts.get()) {
      done.add(append(new MetadataEntry(term, nextSequence(), part)));
    }
    return Future.all(done).mapEmpty();
  }

  /** Why facts are not taken now; null when they are. */
  private @Nullable NotDecidedException whyNotTaken() {
    if (!isDeciding()) {
      return whyNotDeciding != null ? whyNotDeciding : NOT_LEADING;
    }
    return log.hasRoom() ? null : NO_ROOM;
  }

  private Future<Void> append(MetadataEntry entry) {
    speculative = speculative.apply(term, entry, new ClusterChange.Touched());
    Pending pending = new Pending(entry.sequence());
    inFlight.add(pending);
    log.submit(entry);
    return pending.published.future();
  }

  private long nextSequence() {
    return speculative.term() == term ? speculative.nextSequence() : 0;
  }

  /** The image that all entries submitted so far lead to. */
  ClusterImage speculative() {
    return speculative;
  }

  /** Completes when all that was submitted so far is published. */
  Future<Void> afterAllSubmitted() {
    Pending last = inFlight.isEmpty() ? unpublished.peekLast() : inFlight.peekLast();
    return last == null ? Future.succeededFuture() : last.published.future();
  }

  @Override
  public void restored(ClusterImage image) {
    listeners.touched().everything(applied, image);
    applied = image;
    speculative = image;
    if (!replaying) {
      listeners.offer(applied);
    }
  }

  @Override
  public void committed(long logTerm, MetadataEntry entry) {
    control.assertOwner();
    Pending pending = takePending(entry);
    try {
      applied = applied.apply(logTerm, entry, listeners.touched());
      if (pending != null) {
        pending.index = applied.index();
        unpublished.add(pending);
      }
    } catch (FactRefusedException refused) {
      LOG.warn("an entry of the metadata log was refused: {}", refused.getMessage());
      applied = applied.skip();
      speculationBroke = true;
      if (pending != null) {
        pending.published.fail(
            new NotDecidedException(Errors.NOT_CONTROLLER, refused.getMessage()));
      }
    }
    endBrokenSpeculation();
    if (!replaying) {
      listeners.offer(applied);
    }
  }

  private @Nullable Pending takePending(MetadataEntry entry) {
    Pending head = inFlight.peek();
    boolean own = head != null && entry.term() == term && head.sequence == entry.sequence();
    return own ? inFlight.poll() : null;
  }

  private void endBrokenSpeculation() {
    if (inFlight.isEmpty()) {
      speculative = applied;
      speculationBroke = false;
    }
  }

  private void published(ClusterImage image) {
    while (!unpublished.isEmpty() && unpublished.peek().index <= image.index()) {
      unpublished.poll().published.complete();
    }
    List<Awaited> there =
        awaited.stream().filter(waiting -> waiting.index() <= image.index()).toList();
    awaited.removeAll(there);
    there.forEach(waiting -> waiting.published().complete());
  }

  @Override
  public void leading(long newTerm) {
    control.assertOwner();
    replaying = false;
    forgetInFlight(NOT_LEADING);
    whyNotDeciding = null;
    term = newTerm;
    speculative = applied;
    speculationBroke = false;
    listeners.offer(applied);
    if (office != null) {
      office.begin();
    }
  }

  @Override
  public void following() {
    stopDeciding(NOT_LEADING);
    replaying = false;
    speculative = applied;
    speculationBroke = false;
    listeners.offer(applied);
  }

  @Override
  public void failed(Throwable cause) {
    stopDeciding(
        new NotDecidedException(Errors.KAFKA_STORAGE_ERROR, "the metadata log has failed"));
    onFault.accept(cause);
  }

  private void stopDeciding(NotDecidedException why) {
    control.assertOwner();
    whyNotDeciding = why;
    forgetInFlight(why);
    if (office != null) {
      office.end();
    }
  }

  /** Nobody here knows what becomes of them. */
  private void forgetInFlight(NotDecidedException why) {
    List<Pending> unknown = List.copyOf(inFlight);
    inFlight.clear();
    unknown.forEach(pending -> pending.published.fail(why));
  }

  @Override
  public ClusterImage image() {
    return applied;
  }

  /** Decides nothing more and closes the log after what was submitted. */
  Future<Void> close() {
    control.assertOwner();
    whyNotDeciding = NOT_LEADING;
    return log.close();
  }
}
