package io.millrace.coordinator.group;

import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroupMember;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;

/** How a group looks in DescribeGroups and ListGroups. */
final class GroupAnswers {
  private static final String TYPE = "classic";

  private GroupAnswers() {}

  static DescribedGroup described(Group group) {
    // Metadata means something only between the members of a finished generation; an assignment
    // holds until the next one, so whoever looks on during a rebalance sees who had what.
    boolean stable = group.state() instanceof GroupState.Stable;
    String protocol = group.protocol();
    return new DescribedGroup()
        .setGroupId(group.id())
        .setGroupState(group.state().kafkaName())
        .setProtocolType(group.protocolType())
        .setProtocolData(stable && protocol != null ? protocol : "")
        .setMembers(group.members().stream().map(m -> member(group, m, stable)).toList());
  }

  private static DescribedGroupMember member(Group group, Member member, boolean stable) {
    return new DescribedGroupMember()
        .setMemberId(member.id())
        .setGroupInstanceId(member.instanceId())
        .setClientId(member.clientId())
        .setClientHost(member.clientHost())
        .setMemberMetadata(stable ? member.metadata(group.protocol()) : Member.NOTHING)
        .setMemberAssignment(member.assignment());
  }

  static ListedGroup listed(Group group) {
    return new ListedGroup()
        .setGroupId(group.id())
        .setProtocolType(group.protocolType())
        .setGroupState(group.state().kafkaName())
        .setGroupType(TYPE);
  }
}
