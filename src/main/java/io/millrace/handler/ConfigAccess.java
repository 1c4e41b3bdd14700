package io.millrace.handler;

import io.millrace.model.Caller;
import io.millrace.security.Authorizer;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;

/** Who may alter which configs. */
final class ConfigAccess {
  private ConfigAccess() {}

  /** NONE when the caller may alter configs of that resource, else the error that says no. */
  static Errors alter(Authorizer authorizer, Caller caller, byte type, String name) {
    if (ConfigResource.Type.forId(type) == ConfigResource.Type.TOPIC) {
      return authorizer.allows(caller, AclOperation.ALTER_CONFIGS, ResourceType.TOPIC, name)
          ? Errors.NONE
          : Errors.TOPIC_AUTHORIZATION_FAILED;
    }
    return authorizer.allows(
            caller, AclOperation.ALTER_CONFIGS, ResourceType.CLUSTER, Resource.CLUSTER_NAME)
        ? Errors.NONE
        : Errors.CLUSTER_AUTHORIZATION_FAILED;
  }
}
