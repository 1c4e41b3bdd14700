package io.millrace.cluster;

import io.millrace.cluster.JoinCodec.Answer;
import io.millrace.cluster.MetadataQuorum.Peer;
import io.millrace.cluster.peer.PeerAddress;
import io.millrace.cluster.peer.PeerService;
import io.millrace.eventloop.EventLoop;
import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.Endpoint;
import io.millrace.metadata.ImageCodec;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets other brokers follow the metadata log: the broker that leads it says yes or no, the others
 * name the one that leads. Thread-safe; decided on the control loop.
 */
public final class JoinService implements PeerService {
  private static final Logger LOG = LoggerFactory.getLogger(JoinService.class);

  /** Finds out which process is behind a peer port; empty when none answers there. */
  public interface Incarnations extends Function<PeerAddress, Future<Optional<Uuid>>> {}

  private final EventLoop control;
  private final int self;
  private final MetadataQuorum quorum;
  private final Supplier<ClusterImage> images;
  private final Incarnations incarnations;

  /**
   * @param self id of this broker
   * @param images the newest image
   * @param incarnations asked, on the control loop, whether a broker of the same id is still there
   */
  public JoinService(
      EventLoop control,
      int self,
      MetadataQuorum quorum,
      Supplier<ClusterImage> images,
      Incarnations incarnations) {
    this.control = control;
    this.self = self;
    this.quorum = quorum;
    this.images = images;
    this.incarnations = incarnations;
  }

  @Override
  public int kind() {
    return JOIN;
  }

  @Override
  public Future<byte[]> serve(EventLoop loop, byte[] body) {
    return loop.ask(control, () -> answer(JoinCodec.decodeRequest(body)).map(JoinCodec::encode));
  }

  private Future<Answer> answer(JoinCodec.Request request) {
    int leader = quorum.view().leaderId();
    if (leader != self) {
      return Future.succeededFuture(
          address(images.get(), leader)
              .<Answer>map(Answer.AskAnother::new)
              .orElse(new Answer.AskLater()));
    }
    Peer peer = request.peer();
    if (request.recoveries() > images.get().recoveries()) {
      // This log is the one that was given up: the leader of the other one is found by asking on.
      return Future.succeededFuture(new Answer.AskLater());
    }
    if (request.format() < ImageCodec.format(images.get())) {
      return Future.succeededFuture(
          new Answer.Refused(
              "The cluster's metadata was recovered from one broker, and broker "
                  + peer.brokerId()
                  + " is of a release that cannot read it: upgrade it."));
    }
    BrokerImage holder = images.get().broker(peer.brokerId());
    Optional<PeerAddress> known = address(images.get(), peer.brokerId());
    if (holder == null || known.isEmpty() || holder.incarnation().equals(request.incarnation())) {
      return admit(peer);
    }
    return incarnations
        .apply(known.get())
        .compose(
            found ->
                found.isPresent() && !found.get().equals(request.incarnation())
                    ? Future.succeededFuture(used(peer, known.get()))
                    : admit(peer));
  }

  private static Answer used(Peer peer, PeerAddress holder) {
    return new Answer.Refused(
        "broker.id="
            + peer.brokerId()
            + " is used by the broker at "
            + holder
            + ": give this one another broker.id, or stop that one.");
  }

  private Future<Answer> admit(Peer peer) {
    return quorum
        .admit(peer)
        .<Answer>map(Answer.Invited::new)
        .recover(
            fault -> {
              boolean later =
                  fault instanceof NotDecidedException known
                      && known.error() == Errors.NOT_CONTROLLER;
              if (!later) {
                LOG.warn(
                    "broker {} could not be let into the metadata log", peer.brokerId(), fault);
              }
              return Future.succeededFuture(new Answer.AskLater());
            });
  }

  /** Where the peer port of a registered broker is. */
  public static Optional<PeerAddress> address(ClusterImage image, int brokerId) {
    BrokerImage broker = image.broker(brokerId);
    if (broker == null) {
      return Optional.empty();
    }
    return broker.endpoints().stream()
        .filter(endpoint -> endpoint.listener().equals(Endpoint.PEER))
        .findFirst()
        .map(endpoint -> new PeerAddress(endpoint.host(), endpoint.port()));
  }
}
