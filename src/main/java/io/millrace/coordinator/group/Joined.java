package io.millrace.coordinator.group;

import java.util.List;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/** The answers of JoinGroup. */
final class Joined {
  private static final int NO_GENERATION = -1;

  private Joined() {}

  /** An answer without a generation. */
  static JoinGroupResponseData refused(String memberId, Errors error) {
    return new JoinGroupResponseData()
        .setErrorCode(error.code())
        .setMemberId(memberId)
        .setGenerationId(NO_GENERATION)
        .setProtocolName("");
  }

  /** The group's generation; the leader learns all members. */
  static JoinGroupResponseData to(Group group, Member member) {
    return follower(group, member)
        .setMembers(group.isLeader(member.id()) ? group.memberResponses() : List.of());
  }

  /** The group's generation as a follower learns it. */
  static JoinGroupResponseData follower(Group group, Member member) {
    String protocol = group.protocol();
    String leader = group.leader();
    return new JoinGroupResponseData()
        .setMemberId(member.id())
        .setGenerationId(group.generation())
        .setProtocolType(group.protocolType())
        .setProtocolName(protocol == null ? "" : protocol)
        .setLeader(leader == null ? "" : leader);
  }
}
