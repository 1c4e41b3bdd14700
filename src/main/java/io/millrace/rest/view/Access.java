package io.millrace.rest.view;

import io.millrace.config.Spelling;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.TopicImage;
import io.millrace.model.Caller;
import io.millrace.rest.problem.Problem;
import io.millrace.rest.problem.ProblemException;
import io.millrace.security.Authorizer;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Asks the authorizer what the handlers of the Kafka protocol ask it. Thread-safe.
 *
 * @param authorizer who decides
 */
public record Access(Authorizer authorizer) {

  /** Whether the caller may do it to the topic. */
  public boolean mayTopic(Caller caller, AclOperation operation, String topic) {
    return authorizer.allows(caller, operation, ResourceType.TOPIC, topic);
  }

  /** Whether the caller may do it to the group. */
  public boolean mayGroup(Caller caller, AclOperation operation, String group) {
    return authorizer.allows(caller, operation, ResourceType.GROUP, group);
  }

  /** Whether the caller may do it to the cluster. */
  public boolean mayCluster(Caller caller, AclOperation operation) {
    return authorizer.allows(caller, operation, ResourceType.CLUSTER, Resource.CLUSTER_NAME);
  }

  /** Refuses what the caller may not do to the topic. */
  public void topic(Caller caller, AclOperation operation, String topic) {
    if (!mayTopic(caller, operation, topic)) {
      throw refused(Errors.TOPIC_AUTHORIZATION_FAILED, operation, "topic " + topic);
    }
  }

  /** Refuses what the caller may not do to the group. */
  public void group(Caller caller, AclOperation operation, String group) {
    if (!mayGroup(caller, operation, group)) {
      throw refused(Errors.GROUP_AUTHORIZATION_FAILED, operation, "group " + group);
    }
  }

  /** Refuses what the caller may not do to the cluster. */
  public void cluster(Caller caller, AclOperation operation) {
    if (!mayCluster(caller, operation)) {
      throw refused(Errors.CLUSTER_AUTHORIZATION_FAILED, operation, "the cluster");
    }
  }

  private static ProblemException refused(Errors error, AclOperation operation, String what) {
    return new ProblemException(
        Problem.of(error, "You may not " + operation + " " + what + ".")
            .hint("Who administers the cluster can grant it with kafka-acls.sh."));
  }

  /** The topic of that name, when the caller may describe it; else a problem with a hint. */
  public TopicImage describedTopic(Caller caller, ClusterImage image, String name) {
    topic(caller, AclOperation.DESCRIBE, name);
    TopicImage topic = image.topic(name);
    if (topic == null) {
      Collection<String> visible =
          image.topics().keySet().stream()
              .filter(other -> mayTopic(caller, AclOperation.DESCRIBE, other))
              .toList();
      throw unknown(Errors.UNKNOWN_TOPIC_OR_PARTITION, "The topic " + name, name, visible);
    }
    return topic;
  }

  /** The problem of a name that is not there, with one that is like it. */
  public static ProblemException unknown(
      Errors error, String what, String name, Collection<String> known) {
    Problem problem = Problem.of(error, what + " does not exist.");
    return new ProblemException(
        nearest(name, known)
            .map(near -> problem.hint("Did you mean " + near + "?"))
            .orElse(problem));
  }

  /** The known name that somebody may have meant. */
  public static Optional<String> nearest(String name, Collection<String> known) {
    int farthest = Math.max(2, name.length() / 5);
    return known.stream()
        .filter(other -> Math.abs(other.length() - name.length()) <= farthest)
        .filter(other -> Spelling.distance(other, name) <= farthest)
        .min(Comparator.comparingInt(other -> Spelling.distance(other, name)));
  }
}
