package io.millrace.security;

import io.millrace.model.Caller;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Decides whether a caller may do an operation on a resource (KIP-11). Called on any thread; never
 * blocks.
 */
public interface Authorizer {

  /** Allows everything: the authorizer of a broker without {@code authorizer.class.name}. */
  Authorizer ALLOW_ALL = (caller, operation, type, name) -> true;

  /**
   * @param name name of the resource: topic, group, transactional id, or {@code kafka-cluster}
   * @return whether the caller may do it; when not, answer with the resource's AUTHORIZATION_FAILED
   */
  boolean allows(Caller caller, AclOperation operation, ResourceType type, String name);
}
