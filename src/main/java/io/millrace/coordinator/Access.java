package io.millrace.coordinator;

import io.millrace.security.Authorizer;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;

/** What a call may do, in the doors' own words (KIP-11). Thread-safe. */
record Access(Authorizer authorizer) {

  boolean toGroup(CoordinatorCall call, AclOperation operation, String groupId) {
    return authorizer.allows(call.caller(), operation, ResourceType.GROUP, groupId);
  }

  boolean toTopic(CoordinatorCall call, AclOperation operation, String topic) {
    return authorizer.allows(call.caller(), operation, ResourceType.TOPIC, topic);
  }

  boolean toCluster(CoordinatorCall call, AclOperation operation) {
    return authorizer.allows(call.caller(), operation, ResourceType.CLUSTER, "kafka-cluster");
  }

  /** Checks the name of a group that members join, and the right to read as it. */
  Errors join(CoordinatorCall call, String groupId) {
    if (groupId.isEmpty()) {
      return Errors.INVALID_GROUP_ID;
    }
    return toGroup(call, AclOperation.READ, groupId)
        ? Errors.NONE
        : Errors.GROUP_AUTHORIZATION_FAILED;
  }
}
