package io.millrace.handler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The APIs of groups in all their versions: finding, membership, administration. */
class GroupHandlersTest extends GroupFixture {

  // Finding.

  static Stream<Short> findVersions() {
    return versions(ApiKeys.FIND_COORDINATOR);
  }

  @ParameterizedTest
  @MethodSource("findVersions")
  void findsTheCoordinatorOfAGroupAndMakesItsTopic(short version) {
    FindCoordinatorRequestData request = new FindCoordinatorRequestData();
    if (version >= 4) {
      request.setCoordinatorKeys(List.of("g", "h"));
    } else {
      request.setKey("g");
    }

    FindCoordinatorResponseData found =
        ask(FindCoordinatorResponseData.class, ApiKeys.FIND_COORDINATOR, version, request);

    if (version >= 4) {
      assertThat(found.coordinators())
          .allMatch(c -> c.errorCode() == 0 && c.nodeId() == 1 && c.port() == 9092)
          .allMatch(c -> c.errorMessage().isEmpty())
          .extracting(FindCoordinatorResponseData.Coordinator::key)
          .containsExactly("g", "h");
    } else {
      assertThat(found.errorCode()).isZero();
      assertThat(found.nodeId()).isEqualTo(1);
      assertThat(found.host()).isEqualTo("localhost");
    }
  }

  /** An error that every client gives up at, and whose words most of them show. */
  @Test
  void refusesToFindTheCoordinatorOfATransaction() {
    FindCoordinatorResponseData found =
        ask(
            FindCoordinatorResponseData.class,
            ApiKeys.FIND_COORDINATOR,
            (short) 4,
            new FindCoordinatorRequestData().setKeyType((byte) 1).setCoordinatorKeys(List.of("t")));

    assertThat(error(found.coordinators().get(0).errorCode()))
        .isEqualTo(Errors.CLUSTER_AUTHORIZATION_FAILED);
    assertThat(found.coordinators().get(0).errorMessage())
        .isEqualTo("this broker does not know transactions yet");
  }

  @Test
  void isNoCoordinatorBeforeItsTopicIsThere() {
    assertThat(heartbeat((short) 4, "g", "m", 1)).isEqualTo(Errors.NOT_COORDINATOR);
  }

  // Membership.

  private static JoinGroupRequestData joinRequest(String group, String memberId) {
    JoinGroupRequestData request =
        new JoinGroupRequestData()
            .setGroupId(group)
            .setMemberId(memberId)
            .setSessionTimeoutMs(10_000)
            .setProtocolType("consumer");
    request
        .protocols()
        .add(new JoinGroupRequestProtocol().setName("range").setMetadata(new byte[] {1}));
    return request;
  }

  private JoinGroupResponseData join(short version, String group) {
    JoinGroupRequestData request = joinRequest(group, "");
    JoinGroupResponseData answer =
        ask(JoinGroupResponseData.class, ApiKeys.JOIN_GROUP, version, request);
    if (error(answer.errorCode()) == Errors.MEMBER_ID_REQUIRED) {
      request.setMemberId(answer.memberId());
      answer = ask(JoinGroupResponseData.class, ApiKeys.JOIN_GROUP, version, request);
    }
    return answer;
  }

  private SyncGroupResponseData sync(short version, String group, String memberId) {
    SyncGroupRequestData request =
        new SyncGroupRequestData().setGroupId(group).setMemberId(memberId).setGenerationId(1);
    if (version >= 5) {
      request.setProtocolType("consumer").setProtocolName("range");
    }
    request
        .assignments()
        .add(new SyncGroupRequestAssignment().setMemberId(memberId).setAssignment(new byte[] {7}));
    return ask(SyncGroupResponseData.class, ApiKeys.SYNC_GROUP, version, request);
  }

  private Errors heartbeat(short version, String group, String memberId, int generation) {
    return error(
        ask(
                HeartbeatResponseData.class,
                ApiKeys.HEARTBEAT,
                version,
                new HeartbeatRequestData()
                    .setGroupId(group)
                    .setMemberId(memberId)
                    .setGenerationId(generation))
            .errorCode());
  }

  /** A stable group of one member. */
  private String member(String group) {
    makeTopic();
    String id = join((short) 9, group).memberId();
    sync((short) 5, group, id);
    return id;
  }

  static Stream<Short> joinVersions() {
    return versions(ApiKeys.JOIN_GROUP);
  }

  @ParameterizedTest
  @MethodSource("joinVersions")
  void joins(short version) {
    makeTopic();

    JoinGroupResponseData joined = join(version, "g");

    assertThat(error(joined.errorCode())).isEqualTo(Errors.NONE);
    assertThat(joined.generationId()).isEqualTo(1);
    assertThat(joined.protocolName()).isEqualTo("range");
    assertThat(joined.members()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("joinVersions")
  void refusesToJoinAGroupWithoutAName(short version) {
    makeTopic();

    JoinGroupResponseData joined = join(version, "");

    assertThat(error(joined.errorCode())).isEqualTo(Errors.INVALID_GROUP_ID);
    assertThat(joined.protocolName()).isEqualTo(version >= 7 ? null : "");
  }

  static Stream<Short> syncVersions() {
    return versions(ApiKeys.SYNC_GROUP);
  }

  @ParameterizedTest
  @MethodSource("syncVersions")
  void assigns(short version) {
    makeTopic();
    String id = join((short) 9, "g").memberId();

    SyncGroupResponseData synced = sync(version, "g", id);

    assertThat(error(synced.errorCode())).isEqualTo(Errors.NONE);
    assertThat(synced.assignment()).containsExactly(7);
  }

  @Test
  void refusesASyncOfVersion5ThatNamesNoProtocol() {
    String id = member("g");
    SyncGroupRequestData request =
        new SyncGroupRequestData().setGroupId("g").setMemberId(id).setGenerationId(1);

    SyncGroupResponseData answer =
        ask(SyncGroupResponseData.class, ApiKeys.SYNC_GROUP, (short) 5, request);

    assertThat(error(answer.errorCode())).isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
  }

  static Stream<Short> heartbeatVersions() {
    return versions(ApiKeys.HEARTBEAT);
  }

  @ParameterizedTest
  @MethodSource("heartbeatVersions")
  void beats(short version) {
    String id = member("g");

    assertThat(heartbeat(version, "g", id, 1)).isEqualTo(Errors.NONE);
    assertThat(heartbeat(version, "g", id, 2)).isEqualTo(Errors.ILLEGAL_GENERATION);
    assertThat(heartbeat(version, "other", id, 1)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
  }

  static Stream<Short> leaveVersions() {
    return versions(ApiKeys.LEAVE_GROUP);
  }

  @ParameterizedTest
  @MethodSource("leaveVersions")
  void leaves(short version) {
    String id = member("g");

    assertThat(leave(version, "stranger")).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    assertThat(leave(version, id)).isEqualTo(Errors.NONE);
    assertThat(heartbeat((short) 4, "g", id, 1)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
  }

  private Errors leave(short version, String memberId) {
    LeaveGroupRequestData request = new LeaveGroupRequestData().setGroupId("g");
    if (version >= 3) {
      request.setMembers(List.of(new MemberIdentity().setMemberId(memberId)));
    } else {
      request.setMemberId(memberId);
    }
    LeaveGroupResponseData answer =
        ask(LeaveGroupResponseData.class, ApiKeys.LEAVE_GROUP, version, request);
    return error(version >= 3 ? answer.members().get(0).errorCode() : answer.errorCode());
  }

  // Administration.

  static Stream<Short> describeVersions() {
    return versions(ApiKeys.DESCRIBE_GROUPS);
  }

  @ParameterizedTest
  @MethodSource("describeVersions")
  void describes(short version) {
    String id = member("g");
    DescribeGroupsRequestData request =
        new DescribeGroupsRequestData().setGroups(List.of("g", "nobody"));
    if (version >= 3) {
      request.setIncludeAuthorizedOperations(true);
    }

    DescribeGroupsResponseData answer =
        ask(DescribeGroupsResponseData.class, ApiKeys.DESCRIBE_GROUPS, version, request);

    var group = answer.groups().get(0);
    assertThat(group.groupState()).isEqualTo("Stable");
    assertThat(group.protocolData()).isEqualTo("range");
    assertThat(group.members().get(0).memberId()).isEqualTo(id);
    assertThat(group.members().get(0).clientHost()).isEqualTo("/127.0.0.1");
    assertThat(group.members().get(0).memberAssignment()).containsExactly(7);
    assertThat(group.authorizedOperations() > 0).isEqualTo(version >= 3);
    var nobody = answer.groups().get(1);
    assertThat(nobody.groupState()).isEqualTo("Dead");
    assertThat(error(nobody.errorCode()))
        .isEqualTo(version >= 6 ? Errors.GROUP_ID_NOT_FOUND : Errors.NONE);
  }

  static Stream<Short> listVersions() {
    return versions(ApiKeys.LIST_GROUPS);
  }

  @ParameterizedTest
  @MethodSource("listVersions")
  void lists(short version) {
    member("g");
    member("h");

    ListGroupsResponseData answer =
        ask(
            ListGroupsResponseData.class,
            ApiKeys.LIST_GROUPS,
            version,
            new ListGroupsRequestData());

    assertThat(answer.groups())
        .extracting(ListedGroup::groupId)
        .containsExactlyInAnyOrder("g", "h");
    assertThat(answer.groups()).allMatch(g -> g.protocolType().equals("consumer"));
  }

  @Test
  void listsGroupsOfAStateAndAType() {
    member("g");
    makeTopic();
    commitTo("simple");

    assertThat(listed(List.of("empty"), List.of())).containsExactly("simple");
    assertThat(listed(List.of("STABLE"), List.of("Classic"))).containsExactly("g");
    assertThat(listed(List.of(), List.of("consumer"))).isEmpty();
  }

  private void commitTo(String group) {
    OffsetCommitRequestTopic topic = new OffsetCommitRequestTopic().setName("t");
    topic
        .partitions()
        .add(new OffsetCommitRequestPartition().setPartitionIndex(0).setCommittedOffset(1));
    ask(
        OffsetCommitResponseData.class,
        ApiKeys.OFFSET_COMMIT,
        (short) 9,
        new OffsetCommitRequestData().setGroupId(group).setTopics(List.of(topic)));
  }

  private List<String> listed(List<String> states, List<String> types) {
    return ask(
            ListGroupsResponseData.class,
            ApiKeys.LIST_GROUPS,
            (short) 5,
            new ListGroupsRequestData().setStatesFilter(states).setTypesFilter(types))
        .groups()
        .stream()
        .map(ListedGroup::groupId)
        .toList();
  }

  static Stream<Short> deleteVersions() {
    return versions(ApiKeys.DELETE_GROUPS);
  }

  @ParameterizedTest
  @MethodSource("deleteVersions")
  void deletes(short version) {
    member("busy");
    commitTo("idle");
    DeleteGroupsRequestData request =
        new DeleteGroupsRequestData().setGroupsNames(List.of("busy", "idle", "nobody"));

    DeleteGroupsResponseData answer =
        ask(DeleteGroupsResponseData.class, ApiKeys.DELETE_GROUPS, version, request);

    assertThat(error(answer.results().find("busy").errorCode())).isEqualTo(Errors.NON_EMPTY_GROUP);
    assertThat(answer.results().find("idle").errorCode()).isZero();
    assertThat(error(answer.results().find("nobody").errorCode()))
        .isEqualTo(Errors.GROUP_ID_NOT_FOUND);
  }
}
