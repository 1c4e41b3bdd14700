package io.millrace.cluster.raft;

import io.millrace.cluster.MetadataQuorum.Peer;
import io.millrace.cluster.QuorumView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.proto.RaftProtos.CommitInfoProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This broker's member of the Raft group, as Ratis runs it. What may block its caller says so.
 *
 * <p>Thread-safe.
 */
final class RaftMember implements HeldUpLog.Sight, SilentPeers.Peers {
  private static final Logger LOG = LoggerFactory.getLogger(RaftMember.class);

  private static final long STEP_DOWN_MS = 3000;
  private static final long HAND_OVER_MS = 1000;

  private final RaftOptions options;
  private final RaftGroupId group;
  private final RaftPeerId self;
  private final RaftServer server;
  private final EntryMachine machine;
  private final ClientId client = ClientId.randomId();
  private final AtomicLong calls = new AtomicLong();

  /** Who votes and who follows. */
  record Configuration(List<Peer> voters, List<Peer> observers) {
    Configuration {
      voters = List.copyOf(voters);
      observers = List.copyOf(observers);
    }

    List<Peer> all() {
      List<Peer> all = new ArrayList<>(voters);
      all.addAll(observers);
      return all;
    }
  }

  /**
   * Starts a member; blocks for a second or two when Ratis is not loaded.
   *
   * @param group who is in the group, for an empty folder; a folder with a log knows better
   */
  static RaftMember start(
      RaftOptions options,
      RaftFolder.Identity identity,
      RaftFolder folder,
      Configuration group,
      EntryMachine machine)
      throws IOException {
    RaftMember made = new RaftMember(options, identity, folder, group, machine);
    try {
      made.server.start();
    } catch (IOException | RuntimeException fault) {
      made.close();
      throw unreadable(folder, fault);
    }
    return made;
  }

  private static IOException unreadable(RaftFolder folder, Throwable fault) {
    Throwable deepest = fault;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return new IOException(
        "The metadata log in "
            + folder.log()
            + " cannot be opened ("
            + deepest.getMessage()
            + "): bring the folder back as it was, or, when other brokers of the cluster run, move it"
            + " away and let this broker join them again.",
        fault);
  }

  private RaftMember(
      RaftOptions options,
      RaftFolder.Identity identity,
      RaftFolder folder,
      Configuration group,
      EntryMachine machine)
      throws IOException {
    this.options = options;
    this.group = RaftGroupId.valueOf(javaUuid(identity.groupId()));
    this.self = RaftPeerId.valueOf(identity.peerId());
    this.machine = machine;
    RaftProperties properties =
        MemberProperties.of(options, folder.log(), start(group, identity.peerId()));
    List<RaftPeer> peers = new ArrayList<>(peers(group.voters(), RaftPeerRole.FOLLOWER));
    peers.addAll(peers(group.observers(), RaftPeerRole.LISTENER));
    this.server =
        RaftServer.newBuilder()
            .setServerId(self)
            .setGroup(RaftGroup.valueOf(this.group, peers))
            .setOption(RaftStorage.StartupOption.RECOVER)
            .setStateMachine(machine)
            .setProperties(properties)
            .build();
  }

  private static MemberProperties.Start start(Configuration group, String self) {
    if (group.observers().stream().anyMatch(peer -> peer.peerId().equals(self))) {
      return MemberProperties.Start.JOINS;
    }
    return group.all().isEmpty() ? MemberProperties.Start.RETURNS : MemberProperties.Start.FOUNDS;
  }

  private static UUID javaUuid(Uuid id) {
    return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
  }

  private static List<RaftPeer> peers(List<Peer> peers, RaftPeerRole role) {
    return peers.stream()
        .map(
            peer ->
                RaftPeer.newBuilder()
                    .setId(peer.peerId())
                    .setAddress(address(peer.host(), peer.port()))
                    .setStartupRole(role)
                    .build())
        .toList();
  }

  private static String address(String host, int port) {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }

  private static Peer peer(RaftPeer peer) {
    String address = peer.getAddress();
    int colon = address.lastIndexOf(':');
    String host = address.substring(0, colon);
    boolean bracketed = host.startsWith("[");
    return new Peer(
        RaftFolder.Identity.brokerId(peer.getId().toString()),
        peer.getId().toString(),
        bracketed ? host.substring(1, host.length() - 1) : host,
        Integer.parseInt(address.substring(colon + 1)));
  }

  String peerId() {
    return self.toString();
  }

  EntryMachine machine() {
    return machine;
  }

  /** Appends a record. Blocks its caller for some ms; keeps the order of one calling thread. */
  CompletableFuture<RaftClientReply> submit(ByteBuffer record) throws IOException {
    ByteString content = UnsafeByteOperations.unsafeWrap(record);
    RaftClientRequest request =
        RaftClientRequest.newBuilder()
            .setClientId(client)
            .setServerId(self)
            .setGroupId(group)
            .setCallId(calls.incrementAndGet())
            .setMessage(Message.valueOf(content))
            .setType(RaftClientRequest.writeRequestType())
            .build();
    return server.submitClientRequestAsync(request).thenApply(RaftMember::orFail);
  }

  private static RaftClientReply orFail(RaftClientReply reply) {
    if (!reply.isSuccess()) {
      throw new CompletionException(reply.getException());
    }
    return reply;
  }

  /** Changes who votes and who follows; completes when the change is committed. */
  CompletableFuture<RaftClientReply> change(Configuration next) throws IOException {
    SetConfigurationRequest.Arguments arguments =
        SetConfigurationRequest.Arguments.newBuilder()
            .setServersInNewConf(peers(next.voters(), RaftPeerRole.FOLLOWER))
            .setListenersInNewConf(peers(next.observers(), RaftPeerRole.LISTENER))
            .build();
    return server
        .setConfigurationAsync(
            new SetConfigurationRequest(client, self, group, calls.incrementAndGet(), arguments))
        .thenApply(RaftMember::orFail);
  }

  /** Stops leading, so that a leader begins anew in another term. */
  CompletableFuture<RaftClientReply> stepDown() throws IOException {
    return server.transferLeadershipAsync(
        new TransferLeadershipRequest(
            client, self, group, calls.incrementAndGet(), null, STEP_DOWN_MS));
  }

  /**
   * Hands the leadership to the voter that has most of the log. Blocks for a second at most; fails
   * when nobody took it.
   */
  RaftClientReply handOver(long nowMs) throws IOException {
    Configuration now = configuration();
    Map<String, QuorumView.Member> seen = seen(now, nowMs);
    Map<String, Long> matches = matches();
    Peer next =
        now.voters().stream()
            .filter(peer -> !peer.peerId().equals(peerId()))
            .filter(peer -> nowMs - seen.get(peer.peerId()).lastContactMs() < HAND_OVER_MS)
            .max(Comparator.comparingLong(peer -> matches.getOrDefault(peer.peerId(), -1L)))
            .orElseThrow(() -> new IOException("no other voter answers"));
    try {
      return server
          .transferLeadershipAsync(
              new TransferLeadershipRequest(
                  client,
                  self,
                  group,
                  calls.incrementAndGet(),
                  RaftPeerId.valueOf(next.peerId()),
                  HAND_OVER_MS))
          .thenApply(RaftMember::orFail)
          .join();
    } catch (CompletionException fault) {
      throw new IOException("broker " + next.brokerId() + " did not take over", fault);
    }
  }

  /** Who votes and who follows, as far as this member knows. */
  Configuration configuration() throws IOException {
    RaftConfiguration now = division().getRaftConf();
    return new Configuration(
        now.getCurrentPeers(RaftPeerRole.FOLLOWER).stream().map(RaftMember::peer).toList(),
        now.getCurrentPeers(RaftPeerRole.LISTENER).stream().map(RaftMember::peer).toList());
  }

  /** Index of the last entry that is known to be committed; -1 when none is. */
  long committedIndex() throws IOException {
    return division().getRaftLog().getLastCommittedIndex();
  }

  @Override
  public long forced() throws IOException {
    return division().getRaftLog().getFlushIndex();
  }

  @Override
  public long forcedElsewhere() throws IOException {
    Map<String, Long> matches = matches();
    List<Peer> voters = configuration().voters();
    int majority = voters.size() / 2 + 1;
    return voters.stream()
        .filter(peer -> !peer.peerId().equals(peerId()))
        .map(peer -> matches.getOrDefault(peer.peerId(), -1L))
        .sorted(Comparator.reverseOrder())
        .skip(majority - 1)
        .findFirst()
        .orElse(-1L);
  }

  /** The last entries that followers have forced, by peer; nothing while the group changes. */
  private Map<String, Long> matches() throws IOException {
    DivisionInfo info = division().getInfo();
    RoleInfoProto role = info.getRoleInfoProto();
    long[] indices = info.getFollowerMatchIndices();
    List<ServerRpcProto> followers = role.getLeaderInfo().getFollowerInfoList();
    if (indices == null || followers.size() != indices.length) {
      return Map.of();
    }
    Map<String, Long> matches = new HashMap<>();
    for (int i = 0; i < indices.length; i++) {
      matches.put(RaftPeerId.valueOf(followers.get(i).getId().getId()).toString(), indices[i]);
    }
    return matches;
  }

  /** Index of the last entry that the leader says to be committed; -1 when none leads. */
  long leaderCommittedIndex() throws IOException {
    RaftServer.Division division = division();
    RaftPeerId leader = division.getInfo().getLeaderId();
    if (leader == null) {
      return -1;
    }
    return division.getCommitInfos().stream()
        .filter(commit -> RaftPeerId.valueOf(commit.getServer().getId()).equals(leader))
        .mapToLong(CommitInfoProto::getCommitIndex)
        .findFirst()
        .orElse(-1);
  }

  /** Index of the last entry that was given to the listener. */
  long appliedIndex() throws IOException {
    return division().getInfo().getLastAppliedIndex();
  }

  /** Whether it leads and everything before its term is applied. */
  boolean isLeaderReady() throws IOException {
    return division().getInfo().isLeaderReady();
  }

  /** Id of the broker that leads; -1 when none is known. */
  int leaderId() throws IOException {
    RaftPeerId leader = division().getInfo().getLeaderId();
    return leader == null ? -1 : RaftFolder.Identity.brokerId(leader.toString());
  }

  /** How it is elected when the leader is dead for sure. */
  PromptElection election() throws IOException {
    return new PromptElection(server, division(), configuration().voters());
  }

  /** Whether Ratis still runs it. */
  boolean isAlive() {
    try {
      return division().getInfo().isAlive();
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether a leader was heard of in the last {@code ms}. */
  boolean hearsLeader(long ms) throws IOException {
    DivisionInfo info = division().getInfo();
    RoleInfoProto role = info.getRoleInfoProto();
    if (role.hasLeaderInfo()) {
      return info.isLeaderReady();
    }
    return info.getLeaderId() != null
        && role.hasFollowerInfo()
        && role.getFollowerInfo().getLeaderInfo().getLastRpcElapsedTimeMs() <= ms;
  }

  /**
   * Who carries the log.
   *
   * @param nowMs wall clock
   */
  QuorumView view(long termBase, long nowMs) throws IOException {
    DivisionInfo info = division().getInfo();
    Configuration now = configuration();
    Map<String, QuorumView.Member> seen = seen(now, nowMs);
    return new QuorumView(
        leaderId(),
        Math.max(0, termBase) + info.getCurrentTerm(),
        committedIndex(),
        now.voters().stream().map(peer -> seen.get(peer.peerId())).toList(),
        now.observers().stream().map(peer -> seen.get(peer.peerId())).toList());
  }

  /**
   * What is known of each peer of a configuration, by its id.
   *
   * @param nowMs wall clock
   */
  Map<String, QuorumView.Member> seen(Configuration of, long nowMs) throws IOException {
    RaftServer.Division division = division();
    Map<String, Long> ends = new HashMap<>();
    for (CommitInfoProto commit : division.getCommitInfos()) {
      String peerId = RaftPeerId.valueOf(commit.getServer().getId()).toString();
      ends.put(peerId, commit.getCommitIndex() + 1);
    }
    ends.put(peerId(), division.getRaftLog().getNextIndex());
    Map<String, Long> contacts = contacts(division.getInfo(), nowMs);
    Map<String, QuorumView.Member> seen = new HashMap<>();
    for (Peer peer : of.all()) {
      String id = peer.peerId();
      seen.put(
          id,
          new QuorumView.Member(
              peer.brokerId(), ends.getOrDefault(id, -1L), contacts.getOrDefault(id, -1L)));
    }
    return seen;
  }

  private Map<String, Long> contacts(DivisionInfo info, long nowMs) {
    Map<String, Long> contacts = new HashMap<>();
    contacts.put(peerId(), nowMs);
    RoleInfoProto role = info.getRoleInfoProto();
    if (role.hasLeaderInfo()) {
      for (ServerRpcProto follower : role.getLeaderInfo().getFollowerInfoList()) {
        contacts.put(
            RaftPeerId.valueOf(follower.getId().getId()).toString(),
            nowMs - follower.getLastRpcElapsedTimeMs());
      }
    }
    return contacts;
  }

  @Override
  public List<String> silentFor(long ms) throws IOException {
    RoleInfoProto role = division().getInfo().getRoleInfoProto();
    if (!role.hasLeaderInfo()) {
      return List.of();
    }
    return role.getLeaderInfo().getFollowerInfoList().stream()
        .filter(follower -> follower.getLastRpcElapsedTimeMs() > ms)
        .map(follower -> RaftPeerId.valueOf(follower.getId().getId()).toString())
        .toList();
  }

  /**
   * Ids of the peers of the group that this leader sends nothing to; none when it does not lead.
   */
  List<String> unserved() throws IOException {
    Configuration now = configuration();
    RoleInfoProto role = division().getInfo().getRoleInfoProto();
    if (!role.hasLeaderInfo()) {
      return List.of();
    }
    Set<String> served =
        role.getLeaderInfo().getFollowerInfoList().stream()
            .map(follower -> RaftPeerId.valueOf(follower.getId().getId()).toString())
            .collect(Collectors.toSet());
    return now.all().stream()
        .map(Peer::peerId)
        .filter(id -> !id.equals(peerId()) && !served.contains(id))
        .toList();
  }

  @Override
  public void connectAnew(String peerId) {
    server
        .getServerRpc()
        .handleException(RaftPeerId.valueOf(peerId), new IOException("no answer"), true);
  }

  /**
   * Ends this member, and hands the leadership over before.
   *
   * @param leads whether it leads
   * @param nowMs wall clock
   */
  void close(boolean leads, long nowMs) throws IOException {
    if (leads && configuration().voters().size() > 1) {
      try {
        handOver(nowMs);
      } catch (IOException fault) {
        LOG.info("the other voters of the metadata log elect a leader: {}", fault.getMessage());
      }
    }
    close();
  }

  /** Ends this member; blocks until its files are closed. */
  void close() throws IOException {
    server.close();
  }

  private RaftServer.Division division() throws IOException {
    return server.getDivision(group);
  }
}
