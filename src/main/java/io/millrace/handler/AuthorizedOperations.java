package io.millrace.handler;

import io.millrace.model.Caller;
import io.millrace.security.Authorizer;
import java.util.List;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;

/** What a caller may do with a resource, as the bit field of the protocol (KIP-430). */
final class AuthorizedOperations {
  private static final List<AclOperation> TOPIC =
      List.of(
          AclOperation.READ,
          AclOperation.WRITE,
          AclOperation.CREATE,
          AclOperation.DESCRIBE,
          AclOperation.DELETE,
          AclOperation.ALTER,
          AclOperation.DESCRIBE_CONFIGS,
          AclOperation.ALTER_CONFIGS);
  private static final List<AclOperation> CLUSTER =
      List.of(
          AclOperation.CREATE,
          AclOperation.CLUSTER_ACTION,
          AclOperation.DESCRIBE_CONFIGS,
          AclOperation.ALTER_CONFIGS,
          AclOperation.IDEMPOTENT_WRITE,
          AclOperation.ALTER,
          AclOperation.DESCRIBE);

  private AuthorizedOperations() {}

  /** What the caller may do with the topic. */
  static int topic(Authorizer authorizer, Caller caller, String name) {
    return bits(authorizer, caller, TOPIC, ResourceType.TOPIC, name);
  }

  /** What the caller may do with the cluster. */
  static int cluster(Authorizer authorizer, Caller caller) {
    return bits(authorizer, caller, CLUSTER, ResourceType.CLUSTER, Resource.CLUSTER_NAME);
  }

  private static int bits(
      Authorizer authorizer,
      Caller caller,
      List<AclOperation> operations,
      ResourceType type,
      String name) {
    int bits = 0;
    for (AclOperation operation : operations) {
      if (authorizer.allows(caller, operation, type, name)) {
        bits |= 1 << operation.code();
      }
    }
    return bits;
  }
}
