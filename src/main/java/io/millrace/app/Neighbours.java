package io.millrace.app;

import io.millrace.cluster.Cluster;
import io.millrace.cluster.ClusterControl;
import io.millrace.cluster.ClusterOptions;
import io.millrace.cluster.ClusterPeers;
import io.millrace.cluster.JoinRequests;
import io.millrace.cluster.JoinService;
import io.millrace.cluster.MetadataLog;
import io.millrace.cluster.MetadataQuorum.Peer;
import io.millrace.cluster.QuorumView;
import io.millrace.cluster.founding.Card;
import io.millrace.cluster.founding.Encounter;
import io.millrace.cluster.founding.Encounter.Verdict;
import io.millrace.cluster.founding.Place;
import io.millrace.cluster.founding.Seeker;
import io.millrace.cluster.local.LocalImage;
import io.millrace.cluster.membership.Membership;
import io.millrace.cluster.peer.PacedService;
import io.millrace.cluster.peer.PeerAddress;
import io.millrace.cluster.peer.PeerLink;
import io.millrace.cluster.peer.PeerService;
import io.millrace.cluster.raft.MetadataFolders;
import io.millrace.cluster.raft.RaftGround;
import io.millrace.cluster.raft.RaftMetadataLog;
import io.millrace.cluster.raft.RaftOptions;
import io.millrace.config.BrokerConfig;
import io.millrace.config.BrokerKeys;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.Work;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.Endpoint;
import io.millrace.rest.WebSettings;
import io.millrace.storage.Storage;
import io.millrace.storage.log.LogFiles;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The other brokers, for one that looks for some: its peer port, how it found them, and the
 * metadata log that it shares with them. Confined to: the control loop, save {@link #link} and
 * {@link #port}.
 */
final class Neighbours {
  private static final Logger LOG = LoggerFactory.getLogger(Neighbours.class);

  /** Distance of the Raft log's port from the peer port. */
  private static final int RAFT_PORT_OFFSET = 2;

  /** Probes and requests to join that are answered at a time. */
  private static final int STRANGERS_MAX = 64;

  /** A broker that starts on a busy machine answers within seconds; one that is gone refuses. */
  private static final int MUTE_REPEATS = 2;

  private static final long JOIN_MS_MAX = 60_000;

  private final Ground ground;
  private final PeerPort port;
  private final ClusterFile file;
  private final MetadataFolders folders;
  private final List<PeerAddress> members = new ArrayList<>();

  private Meeting meeting;
  private volatile boolean several;
  private volatile int keptRecoveries;
  private boolean joins;
  private int followedRecoveries;
  private final Promise<Void> givenUp = Promise.promise();
  private final Promise<String> superseded = Promise.promise();
  private Supplier<ClusterImage> images = () -> ClusterImage.EMPTY;
  private Supplier<QuorumView> quorum = () -> new QuorumView(-1, -1, -1, List.of(), List.of());

  /**
   * What this broker brings.
   *
   * @param local the metadata log of a broker that is alone, not open yet
   * @param metadata its folder
   * @param membership what lets brokers see each other, not started yet
   */
  record Ground(
      BrokerConfig config,
      StartOptions options,
      JoinPlan plan,
      EventLoop control,
      LogFiles files,
      Storage storage,
      Path metadata,
      MetadataLog local,
      Uuid incarnation,
      long startedMs,
      Membership membership) {}

  private Neighbours(Ground ground, ClusterFile file, PeerPort port) {
    this.ground = ground;
    this.file = file;
    this.port = port;
    this.folders = new MetadataFolders(ground.files(), ground.metadata());
    this.meeting = new Meeting(ground.control(), port.link(), seeker(), this::recoveries);
  }

  private Seeker seeker() {
    Storage storage = ground.storage();
    boolean bound = !storage.logs().isEmpty() || file.hasJoined();
    return new Seeker(
        storage.nodeId(),
        ground.incarnation(),
        ground.plan().name(),
        bound ? storage.clusterId() : null,
        new Place(port.host(), port.port()),
        ground.startedMs(),
        ground.plan().places(),
        ground.config().get(BrokerKeys.CLUSTER_EXPECTED_BROKERS),
        ground.options().founds());
  }

  /** Opens the peer port and, for a broker that belongs to no cluster, looks for others. */
  static Future<Neighbours> meet(PeerPort.Ground network, Ground ground) {
    ClusterFile file = new ClusterFile(ground.files(), ground.metadata());
    return PeerPort.open(network, ground.plan().host(), file, ground.storage().nodeId())
        .compose(port -> ground.control().ask(ground.control(), () -> begin(ground, file, port)));
  }

  private static Future<Neighbours> begin(Ground ground, ClusterFile file, PeerPort port) {
    Neighbours neighbours = new Neighbours(ground, file, port);
    return neighbours
        .settle()
        .map(neighbours)
        .recover(fault -> port.close().transform(closed -> Future.failedFuture(fault)));
  }

  private Future<Void> settle() {
    return ground
        .control()
        .offload(Work.HOUSEKEEPING, this::belongsToCluster)
        .compose(belongs -> belongs ? goOn() : search());
  }

  /**
   * Looks around first. A cluster of several is given up to its own after a recovery only, one of
   * this broker alone also to another one.
   */
  private Future<Void> goOn() {
    if (several) {
      Card own = ownCard(ground.storage().clusterId(), keptRecoveries, false);
      return look(own, Encounter::judgeOwn);
    }
    return ground
        .control()
        .offload(Work.HOUSEKEEPING, () -> LocalImage.read(ground.files(), ground.metadata()))
        .compose(
            image -> {
              keptRecoveries = image.recoveries();
              Card own = ownCard(image.clusterId(), image.recoveries(), isBlank(image));
              return look(own, Encounter::judge);
            });
  }

  private Future<Void> look(Card own, BiFunction<Card, Card, Verdict> judge) {
    int repeats = several ? MUTE_REPEATS : 0;
    Scout scout = new Scout(ground.control(), port.link(), own, judge, repeats);
    port.services().add(paced(scout));
    List<Place> known = several ? file.brokers() : List.of();
    List<Place> places = ground.plan().places();
    return near()
        .map(near -> near.others(places))
        .compose(
            others -> known.isEmpty() ? scout.look(others, List.of()) : scout.look(known, others))
        .compose(
            verdict ->
                switch (verdict) {
                  case YIELD -> giveUp();
                  case FOLLOW -> followRecovered(Objects.requireNonNull(scout.reason()));
                  default -> asMember();
                });
  }

  /** This broker's log was given up: it comes back as one that has none. */
  private Future<Void> followRecovered(Card other) {
    if (ground.options().recoversMetadata()) {
      return Future.failedFuture(new StartException(Encounter.recoveredSentence(other)));
    }
    LOG.warn(
        "the cluster's metadata was recovered without this broker, and broker {} at {} goes on with"
            + " it: this one reads it anew, and gives up what only the old metadata had",
        other.brokerId(),
        other.place());
    joins = true;
    followedRecoveries = other.recoveries();
    members.add(new PeerAddress(other.place().host(), other.place().port()));
    return asMember();
  }

  /** How often the metadata was recovered that this broker has. */
  private int recoveries() {
    return Math.max(keptRecoveries, images.get().recoveries());
  }

  private Card ownCard(String clusterId, int recoveries, boolean blank) {
    Seeker self = seeker();
    return new Card(
        self.brokerId(),
        self.incarnation(),
        self.name(),
        clusterId,
        Card.Stage.STARTING,
        Card.Founder.NO,
        blank,
        self.self(),
        self.startedMs(),
        List.of(),
        recoveries);
  }

  private boolean isBlank(ClusterImage image) {
    return image.topics().keySet().stream().allMatch(name -> name.startsWith("__"))
        && image.configs().isEmpty()
        && image.nextProducerId() == 0
        && ground.storage().imported().isEmpty()
        && ground.storage().logs().stream().allMatch(log -> log.view().logEndOffset() == 0);
  }

  /** As a broker that starts, and alone in its cluster. */
  private boolean holdsNothing(RaftMetadataLog log) {
    ClusterImage image = images.get();
    return log.isAlone() && image.brokers().size() == 1 && isBlank(image);
  }

  private void yieldTo(Card other) {
    LOG.info(
        "broker {} at {} starts with a cluster of the same name that holds something, and this"
            + " broker's holds nothing",
        other.brokerId(),
        other.place());
    givenUp.complete();
  }

  /**
   * Completes when this broker is to start again: it met another cluster, and its own is empty. The
   * start then finds the other one and joins it. Any thread.
   */
  Future<Void> givenUp() {
    return givenUp.future();
  }

  private Future<Void> giveUp() {
    LOG.info(
        "the cluster {} of this broker alone holds nothing, and there is another one: this broker"
            + " joins it",
        ground.storage().clusterId());
    List<Future<Void>> deletions =
        ground.storage().logs().stream().map(log -> ground.storage().delete(log.id())).toList();
    return Future.join(deletions)
        .compose(deleted -> ground.control().offload(Work.HOUSEKEEPING, folders::setLocalAside))
        .compose(
            aside -> {
              meeting = new Meeting(ground.control(), port.link(), seeker(), this::recoveries);
              return search();
            });
  }

  private Future<Void> asMember() {
    port.services().add(paced(meeting));
    meeting.member(ground.storage().clusterId());
    return Future.succeededFuture();
  }

  private Future<Void> search() {
    port.services().add(paced(meeting));
    return near().compose(near -> meeting.search(near)).compose(this::follow);
  }

  /**
   * What this machine says of the places, after the port is open that others find this broker by.
   */
  private Future<Vicinity> near() {
    List<Place> places = ground.plan().places();
    Place self = new Place(port.host(), port.port());
    return ground.control().offload(Work.HOUSEKEEPING, () -> Vicinity.of(places, self));
  }

  /** Whoever reaches the port may ask this, and heartbeats are answered on the same loop. */
  private static PeerService paced(PeerService service) {
    return new PacedService(service, STRANGERS_MAX);
  }

  private boolean belongsToCluster() throws IOException {
    several = folders.belongToSeveral();
    if (several) {
      keptRecoveries = folders.recoveries();
    }
    return several || ground.files().exists(ground.metadata());
  }

  private Future<Void> follow(Meeting.Result result) {
    if (!(result instanceof Meeting.Result.Joins found)) {
      LOG.info("no other broker has founded a cluster: this one does");
      return Future.succeededFuture();
    }
    joins = true;
    members.add(found.member());
    followedRecoveries = found.card().recoveries();
    String clusterId = found.card().clusterId();
    LOG.info(
        "joining cluster {} of broker {} at {}",
        clusterId,
        found.card().brokerId(),
        found.member());
    file.keepJoined(clusterId);
    return ground.storage().joins(clusterId);
  }

  /** Starts what is decided together. */
  Future<Cluster> startCluster(ClusterOptions options, Consumer<Throwable> onFault) {
    EventLoop control = ground.control();
    RaftMetadataLog log = metadataLog();
    quorum = log::view;
    port.services()
        .add(
            paced(
                new JoinService(
                    control,
                    ground.storage().nodeId(),
                    log,
                    () -> images.get(),
                    meeting::incarnationAt)));
    ClusterPeers peers =
        new ClusterPeers(port.link(), log, ground.membership(), port.services()::add);
    return ClusterControl.start(control, control, options, log, Unguessable::uuid, onFault, peers)
        .map(
            cluster -> {
              images = cluster::image;
              port.serve(PeerHandlers.ofMetadata(port.services(), cluster));
              meeting.member(cluster.image().clusterId());
              meeting.yieldsWhile(() -> holdsNothing(log)).onSuccess(this::yieldTo);
              meeting
                  .givenUpWhile(() -> log.view().leaderId() >= 0)
                  .onSuccess(other -> superseded.complete(Encounter.givenUpSentence(other)));
              tellOfRecovery();
              return cluster;
            });
  }

  private void tellOfRecovery() {
    int self = ground.storage().nodeId();
    new RecoveryNotice(
            ground.control(),
            self,
            () -> images.get(),
            meeting::card,
            address -> meeting.tell(address))
        .begin();
  }

  /**
   * Completes with a sentence when this broker is to stop: its cluster's metadata was recovered,
   * and it went on with the log that was given up. Any thread.
   */
  Future<String> superseded() {
    return superseded.future();
  }

  /** Who carries the metadata log, as seen here. Any thread, once the cluster is started. */
  QuorumView quorum() {
    return quorum.get();
  }

  private RaftMetadataLog metadataLog() {
    EventLoop control = ground.control();
    JoinRequests requests =
        new JoinRequests(
            control,
            port.link(),
            ground.incarnation(),
            this::members,
            () -> Math.max(followedRecoveries, recoveries()));
    RaftGround raft =
        new RaftGround(
            control,
            folders,
            ground.local(),
            Unguessable::uuid,
            joins,
            ground.options().recoversMetadata(),
            (self, wanted) -> requests.ask(self, JOIN_MS_MAX, wanted),
            Neighbours::missing);
    int brokerId = ground.storage().nodeId();
    return new RaftMetadataLog(
        raft, RaftOptions.of(brokerId, port.host(), port.port() + RAFT_PORT_OFFSET));
  }

  private static void missing(List<Peer> voters) {
    if (voters.isEmpty()) {
      LOG.info("the voters of the metadata log form a majority again");
    } else {
      LOG.error(
          "the voters of the metadata log form no majority: {} do not answer; start them with the"
              + " folders that they had",
          voters);
    }
  }

  /** Where brokers of the cluster are: those that are registered, and the one that was found. */
  private List<PeerAddress> members() {
    List<PeerAddress> known = new ArrayList<>(members);
    ClusterImage image = images.get();
    for (int brokerId : image.brokers().keySet()) {
      if (brokerId != ground.storage().nodeId()) {
        JoinService.address(image, brokerId)
            .filter(at -> !known.contains(at))
            .ifPresent(known::add);
      }
    }
    return known;
  }

  /** Where this broker says it can be reached. */
  List<Endpoint> endpoints(WebSettings web) {
    return Endpoints.ofMember(ground.config(), web, port.host(), port.port());
  }

  /** From now on the others see this broker, as soon as there are some. */
  Future<Void> beSeen(Cluster cluster) {
    String version =
        Objects.requireNonNullElse(Broker.class.getPackage().getImplementationVersion(), "dev");
    int self = ground.storage().nodeId();
    EventLoop control = ground.control();
    return cluster
        .addListener(control, new Sightings(self, version, ground.membership()))
        .compose(added -> cluster.addListener(control, new KnownBrokers(control, self, file)));
  }

  /** Whether others have a part in what is decided, or had when this broker started. */
  boolean isInCompany() {
    return several || joins || images.get().brokers().size() > 1;
  }

  /** Who is seen, and what all may see. */
  Membership membership() {
    return ground.membership();
  }

  /** The way to the others. */
  PeerLink link() {
    return port.link();
  }

  /** What the others are answered by. */
  PeerPort port() {
    return port;
  }
}
